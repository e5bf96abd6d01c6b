import { FRAME } from '../frame.ts'
import { moved } from '../small/matrix.ts'
import { outlineOf } from '../small/outline.ts'
import type { Outline } from '../small/outline.ts'
import { readPath } from '../small/path-data.ts'
import { shapesOf } from '../small/shapes.ts'
import type { Clip, Shape } from '../small/shapes.ts'
import type { Mark } from '../surface.ts'
import { mixedTone } from '../tone.ts'

/** A picture in few square cells, row by row from the top left. */
export interface Grid {
  side: number
  /** The colour of each cell; empty where nothing is drawn. */
  colors: string[]
}

/** The thresholds of ordered dithering (Bayer), of 16. A share of the cells stands for an opacity. */
const BAYER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5] as const

/** Which cells a shape covers, and the rows that it reaches. */
interface Cells {
  covered: Uint8Array
  top: number
  bottom: number
}

/**
 * A scene in cells. Each has the colour at its middle, so the drawing stays hard and keeps to its few colours.
 * @param scene what pens have drawn into `marks`, in groups
 * @param side how many cells a row has
 * @param isDithered whether a share of the cells stands for an opacity. Else colours mix.
 */
export function gridOf(scene: string, marks: readonly Mark[], side: number, isDithered: boolean): Grid {
  const colors = Array.from({ length: side * side }, () => '')
  const masks = new Map<Clip, Cells>()
  for (const shape of shapesOf(scene, marks)) paint(shape, { colors, side, masks, isDithered })
  return { side, colors }
}

/** What shapes are painted on. */
interface Sheet {
  colors: string[]
  side: number
  masks: Map<Clip, Cells>
  isDithered: boolean
}

function paint({ mark, matrix, clips }: Shape, { colors, side, masks, isDithered }: Sheet): void {
  const { fill, stroke, lit, opacity = 1 } = mark
  const path = readPath(mark.d)
  const outline = outlineOf(path, matrix, 0)
  const allowed = clips.map((clip) => {
    const mask = masks.get(clip) ?? filled(outlineOf(readPath(clip.d), clip.matrix, 0), side)
    masks.set(clip, mask)
    return mask
  })
  const share = opacity * 16
  const set = (cells: Cells, color: string, within?: Cells) => {
    let [lastBelow, lastMixed] = ['', '']
    for (let at = cells.top * side; at < (cells.bottom + 1) * side; at += 1) {
      if (cells.covered[at] === 0 || within?.covered[at] === 0) continue
      if (isDithered && share < 16 && BAYER[(Math.floor(at / side) % 4) * 4 + (at % 4)]! >= share) continue
      if (allowed.length > 0 && !allowed.every(({ covered }) => covered[at] === 1)) continue
      if (isDithered || opacity === 1) {
        colors[at] = color
        continue
      }
      const below = colors[at]!
      if (below !== lastBelow || lastMixed === '') {
        lastBelow = below
        lastMixed = below === '' ? color : mixedTone(below, color, opacity)
      }
      colors[at] = lastMixed
    }
  }
  if (fill !== undefined) {
    const cells = filled(outline, side)
    set(cells, fill)
    if (lit !== undefined) {
      set(filled(outlineOf(path, moved(matrix, lit.dx, lit.dy), 0), side), lit.fill, cells)
    }
  }
  if (stroke !== undefined) set(stroked(outline, (stroke.width * matrix.scale) / 2, side), stroke.color)
}

/** The cells whose middles are inside of an outline. */
function filled({ points, starts, box }: Outline, side: number): Cells {
  const covered = new Uint8Array(side * side)
  const unit = FRAME / side
  const { top, bottom } = rowsOf(box.top, box.bottom, side)
  for (let row = top; row <= bottom; row += 1) {
    const y = (row + 0.5) * unit
    const crossings: number[] = []
    starts.forEach((start, index) => {
      const end = starts[index + 1] ?? points.length
      for (let at = start, last = end - 2; at < end; last = at, at += 2) {
        const y1 = tidy(points[at + 1]!)
        const y2 = tidy(points[last + 1]!)
        if (y1 > y === y2 > y) continue
        const [x1, x2] = [tidy(points[at]!), tidy(points[last]!)]
        crossings.push(((x2 - x1) * (y - y1)) / (y2 - y1) + x1)
      }
    })
    crossings.sort((one, other) => one - other)
    for (let index = 0; index + 1 < crossings.length; index += 2) {
      const from = Math.max(0, Math.ceil(crossings[index]! / unit - 0.5))
      const to = Math.min(side - 1, Math.floor(crossings[index + 1]! / unit - 0.5))
      for (let column = from; column <= to; column += 1) covered[row * side + column] = 1
    }
  }
  return { covered, top, bottom }
}

/** The rows that a shape can reach. */
function rowsOf(top: number, bottom: number, side: number): { top: number; bottom: number } {
  const row = (y: number) => Math.max(0, Math.min(side - 1, Math.floor((y * side) / FRAME)))
  return { top: row(top - 1), bottom: row(bottom + 1) }
}

/** The cells whose middles are near the line of an outline. A thin line is a cell wide. */
function stroked({ points, starts, box }: Outline, half: number, side: number): Cells {
  const cells = new Uint8Array(side * side)
  const unit = FRAME / side
  const reach = Math.max(half, unit * 0.5)
  starts.forEach((start, index) => {
    const end = starts[index + 1] ?? points.length
    for (let at = start; at < end; at += 2) {
      const last = Math.max(start, at - 2)
      markSegment(cells, side, reach, [points[last]!, points[last + 1]!, points[at]!, points[at + 1]!])
    }
  })
  return { covered: cells, ...rowsOf(box.top - reach, box.bottom + reach, side) }
}

function markSegment(
  cells: Uint8Array,
  side: number,
  reach: number,
  [x1, y1, x2, y2]: readonly [number, number, number, number]
): void {
  const unit = FRAME / side
  const cellOf = (position: number) => Math.max(0, Math.min(side - 1, Math.floor(position / unit)))
  const [dx, dy] = [x2 - x1, y2 - y1]
  const length = dx * dx + dy * dy || 1
  for (let row = cellOf(Math.min(y1, y2) - reach); row <= cellOf(Math.max(y1, y2) + reach); row += 1) {
    for (
      let column = cellOf(Math.min(x1, x2) - reach);
      column <= cellOf(Math.max(x1, x2) + reach);
      column += 1
    ) {
      const [x, y] = [(column + 0.5) * unit - x1, (row + 0.5) * unit - y1]
      const share = Math.max(0, Math.min(1, (x * dx + y * dy) / length))
      const [awayX, awayY] = [x - share * dx, y - share * dy]
      if (tidy(awayX * awayX + awayY * awayY) <= reach * reach) cells[row * side + column] = 1
    }
  }
}

/** Rounded, so that the last digits that a machine computes change no cell. */
const tidy = (value: number) => Math.round(value * 16) / 16
