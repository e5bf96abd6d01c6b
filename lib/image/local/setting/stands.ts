import type { Pen } from '../pen.ts'
import { repeat } from '../repeat.ts'
import { ellipse, path, polygon, rectangle } from '../svg.ts'

/** What carries the thing of a trope: the ground, a table or plinth, or a board that shows it. */
export type Carrier = 'ground' | 'table' | 'board'

/** The things that stand on the ground themselves. */
const ON_GROUND = new Set(['chest', 'drum', 'flute', 'suitcase', 'sword', 'umbrella', 'wheel'])
/** Flat things, which no one would find on a table beside a figure: a sign or a painting shows them. */
const ON_BOARD = new Set(['gears', 'herring', 'key', 'letter', 'mask', 'moustache', 'scroll', 'spectacles'])

export const carrierOf = (name: string): Carrier =>
  ON_GROUND.has(name) ? 'ground' : ON_BOARD.has(name) ? 'board' : 'table'

/** The height of a table and of a plinth. */
export const TABLE_HEIGHT = 150

/** Half the width of a table, if half the width of what it carries is 1. */
export const TABLE_HALF = 1.2

/** A table with a cloth that hangs in folds. */
export function drawTable(pen: Pen, x: number, y: number, half: number, height: number): string {
  const [top, wide, fold] = [y - height, half * TABLE_HALF, (half * TABLE_HALF) / 3]
  return (
    pen.line(path`M${x - wide * 0.7} ${y - 50}V${y}M${x + wide * 0.7} ${y - 50}V${y}`, 'front', 16) +
    pen.solid(
      path`
        M${x - wide} ${top}L${x - wide} ${y - 34}
        Q${x - wide + fold / 2} ${y - 64} ${x - wide + fold} ${y - 34}
      ` +
        repeat(5, (index) => path`T${x - wide + fold * (index + 2)} ${y - 34 - (index % 2) * 4}`) +
        path`L${x + wide} ${top}Z`,
      'farDark',
      { depth: 0.2 }
    ) +
    pen.solid(ellipse(x, top, wide, 22), 'far', { depth: 0.1 })
  )
}

/** A plinth of stone. */
export function drawPlinth(pen: Pen, x: number, y: number, half: number, height: number): string {
  const top = y - height
  return (
    pen.solid(
      polygon(
        [x - half * 0.78, top + 20],
        [x + half * 0.78, top + 20],
        [x + half * 0.86, y - 20],
        [x - half * 0.86, y - 20]
      ),
      'farDark',
      { depth: 0.3 }
    ) +
    pen.solid(rectangle(x - half * 1.1, y - 28, half * 2.2, 32, 4), 'far', { depth: 0.1 }) +
    pen.solid(rectangle(x - half * 1.1, top - 6, half * 2.2, 32, 4), 'far', { depth: 0.1 })
  )
}

/** Where a board is: its middle, half its size, the ground below it, and its shape. */
export interface BoardSpot {
  x: number
  y: number
  half: number
  ground: number
  shape: BoardShape
}

export const BOARD_SHAPES = ['arched', 'round', 'square'] as const
export type BoardShape = (typeof BOARD_SHAPES)[number]

/** The outline of a board that is `inner` smaller on each side. */
function boardOutline({ x, y, half: whole, shape }: BoardSpot, inner = 0): string {
  const half = whole - inner
  switch (shape) {
    case 'arched':
      return path`
        M${x - half} ${y - half * 0.7}
        Q${x} ${y - half * 1.42} ${x + half} ${y - half * 0.7}
        V${y + half}H${x - half}Z
      `
    case 'round':
      return ellipse(x, y, half * 1.06)
    case 'square':
      return rectangle(x - half, y - half, half * 2, half * 2)
  }
}

/**
 * A painting on an easel, or the sign of an inn on its post, before the thing that it shows. Its pen has the colour of
 * the board as that of the belly.
 */
export function drawBoard(pen: Pen, spot: BoardSpot, isIndoors: boolean): string {
  const { x, y, half, ground } = spot
  const board = pen.solid(boardOutline(spot), 'bodyLight', { depth: 0.1 })
  if (!isIndoors) {
    return (
      pen.line(path`M${x} ${y + half}V${ground}`, 'front', 15) +
      board +
      pen.line(boardOutline(spot), 'front', 9)
    )
  }
  const top = y - half * 1.35
  return (
    pen.line(
      path`
        M${x} ${top}V${ground - 40}
        M${x - half * 0.1} ${top + half * 0.05}L${x - half * 0.86} ${ground}
        M${x + half * 0.1} ${top + half * 0.05}L${x + half * 0.86} ${ground}
      `,
      'front',
      10
    ) +
    board +
    pen.line(boardOutline(spot, 6), 'front', 8) +
    pen.line(path`M${x - half * 0.95} ${y + half + 4}H${x + half * 0.95}`, 'front', 12)
  )
}
