import { FRAME } from '../frame.ts'
import type { Outline } from '../small/outline.ts'

/** Which cells of a grid are covered. All are in the rows and columns from `top` and `left` to `bottom` and `right`. */
export interface Cells {
  side: number
  covered: Uint8Array
  top: number
  bottom: number
  left: number
  right: number
}

export const createCells = (side: number): Cells => ({
  side,
  covered: new Uint8Array(side * side),
  top: side,
  bottom: -1,
  left: side,
  right: -1
})

/** Covers none, in less time than other cells take to create. */
export function empty(cells: Cells): void {
  const { side, covered, top, bottom } = cells
  covered.fill(0, top * side, (bottom + 1) * side)
  cells.top = side
  cells.bottom = -1
  cells.left = side
  cells.right = -1
}

/** Covers the cells of a row. */
function cover(cells: Cells, row: number, from: number, to: number): void {
  if (from > to) return
  cells.covered.fill(1, row * cells.side + from, row * cells.side + to + 1)
  if (row < cells.top) cells.top = row
  if (row > cells.bottom) cells.bottom = row
  if (from < cells.left) cells.left = from
  if (to > cells.right) cells.right = to
}

// The functions below run for thousands of lines in each drawing, so they create nothing on the way.

/**
 * Where outlines cross the middles of the rows: each x with its way, 1 down and -1 up. They are empty between two calls
 * of `fill`.
 */
const crossings: number[][] = []

/**
 * Covers the cells whose middles are inside of an outline, by the rule of SVG (`nonzero`): where the parts of an
 * outline overlap, both cover, if they turn the same way.
 */
export function fill(cells: Cells, { points, starts }: Outline): void {
  const { side } = cells
  const unit = FRAME / side
  while (crossings.length < side) crossings.push([])
  let top = side
  let bottom = -1
  for (let index = 0; index < starts.length; index += 1) {
    const start = starts[index]!
    const end = starts[index + 1] ?? points.length
    let x2 = tidy(points[end - 2]!)
    let y2 = tidy(points[end - 1]!)
    for (let at = start; at < end; at += 2) {
      const x1 = tidy(points[at]!)
      const y1 = tidy(points[at + 1]!)
      const low = Math.min(y1, y2)
      const high = Math.max(y1, y2)
      const last = Math.min(side - 1, Math.ceil(high / unit))
      for (let row = Math.max(0, Math.floor(low / unit) - 1); row <= last; row += 1) {
        const y = (row + 0.5) * unit
        if (y < low || y >= high) continue
        crossings[row]!.push(((x2 - x1) * (y - y1)) / (y2 - y1) + x1, y1 < y2 ? 1 : -1)
        if (row < top) top = row
        if (row > bottom) bottom = row
      }
      x2 = x1
      y2 = y1
    }
  }
  for (let row = top; row <= bottom; row += 1) fillRow(cells, row, crossings[row]!)
}

/** Covers the cells of a row that the outline goes around, and empties its crossings. */
function fillRow(cells: Cells, row: number, crossed: number[]): void {
  const unit = FRAME / cells.side
  sort(crossed)
  let turns = 0
  let start = 0
  for (let index = 0; index < crossed.length; index += 2) {
    if (turns === 0) start = crossed[index]!
    turns += crossed[index + 1]!
    if (turns !== 0) continue
    const from = Math.max(0, Math.ceil(start / unit - 0.5))
    const to = Math.min(cells.side - 1, Math.floor(crossed[index]! / unit - 0.5))
    cover(cells, row, from, to)
  }
  crossed.length = 0
}

/** Sorts few pairs by their first number, which takes less time than to call `Array.prototype.sort`. */
function sort(pairs: number[]): void {
  for (let index = 2; index < pairs.length; index += 2) {
    const first = pairs[index]!
    const second = pairs[index + 1]!
    let at = index
    for (; at > 0 && pairs[at - 2]! > first; at -= 2) {
      pairs[at] = pairs[at - 2]!
      pairs[at + 1] = pairs[at - 1]!
    }
    pairs[at] = first
    pairs[at + 1] = second
  }
}

/** Covers the cells whose middles are near the line of an outline. @param reach half the width of the line */
export function stroke(cells: Cells, { points, starts }: Outline, reach: number): void {
  for (let index = 0; index < starts.length; index += 1) {
    const start = starts[index]!
    const end = starts[index + 1] ?? points.length
    for (let at = start; at < end; at += 2) {
      const last = Math.max(start, at - 2)
      strokeLine(cells, points[last]!, points[last + 1]!, points[at]!, points[at + 1]!, reach)
    }
  }
}

/** Units that a cell may be further away than `reach`, because distances are rounded. */
const SLACK = 0.25

function strokeLine(cells: Cells, x1: number, y1: number, x2: number, y2: number, reach: number): void {
  const { side } = cells
  const unit = FRAME / side
  const dx = x2 - x1
  const dy = y2 - y1
  const length = dx * dx + dy * dy || 1
  const wide = reach + SLACK
  const bottom = cellOf(Math.max(y1, y2) + wide, side)
  for (let row = cellOf(Math.min(y1, y2) - wide, side); row <= bottom; row += 1) {
    const y = (row + 0.5) * unit - y1
    // The part of the line that is near enough to the row.
    const above = dy === 0 ? 0 : Math.max(0, Math.min(1, (y - wide) / dy))
    const below = dy === 0 ? 1 : Math.max(0, Math.min(1, (y + wide) / dy))
    const from = x1 + Math.min(above * dx, below * dx)
    const to = x1 + Math.max(above * dx, below * dx)
    const right = cellOf(to + wide, side)
    let first = -1
    let last = -1
    for (let column = cellOf(from - wide, side); column <= right; column += 1) {
      const x = (column + 0.5) * unit - x1
      const share = Math.max(0, Math.min(1, (x * dx + y * dy) / length))
      const awayX = x - share * dx
      const awayY = y - share * dy
      if (tidy(awayX * awayX + awayY * awayY) > reach * reach) continue
      if (first === -1) first = column
      last = column
    }
    if (first !== -1) cover(cells, row, first, last)
  }
}

/** The row or column of a position, in the grid. */
const cellOf = (position: number, side: number): number =>
  Math.max(0, Math.min(side - 1, Math.floor((position * side) / FRAME)))

/** Rounded, so that the last digits that a machine computes change no cell. */
const tidy = (value: number) => Math.round(value * 16) / 16
