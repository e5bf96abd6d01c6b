import { FRAME } from '../frame.ts'
import { moved } from '../small/matrix.ts'
import { outlineOf } from '../small/outline.ts'
import { readPath } from '../small/path-data.ts'
import { shapesOf } from '../small/shapes.ts'
import type { Clip, Shape } from '../small/shapes.ts'
import type { Mark } from '../surface.ts'
import { mixedTone } from '../tone.ts'
import { createCells, empty, fill, stroke } from './cells.ts'
import type { Cells } from './cells.ts'

/** A picture in few square cells, row by row from the top left. */
export interface Grid {
  side: number
  /** The colour of each cell; empty where nothing is drawn. */
  colors: string[]
}

/** The thresholds of ordered dithering (Bayer), of 16. A share of the cells stands for an opacity. */
const BAYER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5] as const

/**
 * A scene in cells. Each has the colour at its middle, so the drawing stays hard and keeps to its few colours.
 * @param scene what pens have drawn into `marks`, in groups
 * @param side how many cells a row has
 * @param isDithered whether a share of the cells stands for an opacity. Else colours mix.
 * @param base the colour below what is not opaque, where the scene has nothing behind it. Where it is empty, such cells
 *   stay empty; without it, they have the colour of the drawing.
 */
export function gridOf(
  scene: string,
  marks: readonly Mark[],
  side: number,
  isDithered: boolean,
  base?: string
): Grid {
  const sheet: Sheet = {
    side,
    colors: new Array<string>(side * side).fill(''),
    masks: new Map(),
    isDithered,
    base,
    cells: createCells(side),
    inner: createCells(side)
  }
  for (const shape of shapesOf(scene, marks)) paint(shape, sheet)
  return { side, colors: sheet.colors }
}

/** A grid without the cells that lie wholly below those of a finer one. Its side is a multiple of the coarse one. */
export function without({ side, colors }: Grid, fine: Grid): Grid {
  const parts = fine.side / side
  const isHidden = (at: number) => {
    const first = Math.floor(at / side) * parts * fine.side + (at % side) * parts
    for (let row = 0; row < parts; row += 1) {
      for (let column = 0; column < parts; column += 1) {
        if (fine.colors[first + row * fine.side + column] === '') return false
      }
    }
    return true
  }
  return { side, colors: colors.map((color, at) => (isHidden(at) ? '' : color)) }
}

/** What shapes are painted on. */
interface Sheet {
  side: number
  colors: string[]
  masks: Map<Clip, Cells>
  isDithered: boolean
  base: string | undefined
  /** Two sets of cells that each shape uses anew: those of the shape, and of its lit part. */
  cells: Cells
  inner: Cells
}

/** What colours cells of a shape. */
interface Paint {
  opacity: number
  /** The cells that may be coloured. */
  within: readonly Cells[]
}

function paint({ mark, matrix, clips }: Shape, sheet: Sheet): void {
  const { side, cells, inner } = sheet
  const { opacity = 1, lit } = mark
  const path = readPath(mark.d)
  const outline = outlineOf(path, matrix, 0)
  const within = clips.map((clip) => maskOf(clip, sheet))
  if (mark.fill !== undefined) {
    fill(cells, outline)
    color(sheet, cells, mark.fill, { opacity, within })
    if (lit !== undefined) {
      fill(inner, outlineOf(path, moved(matrix, lit.dx, lit.dy), 0))
      color(sheet, inner, lit.fill, { opacity, within: [...within, cells] })
      empty(inner)
    }
    empty(cells)
  }
  if (mark.stroke === undefined) return
  stroke(cells, outline, Math.max((mark.stroke.width * matrix.scale) / 2, (FRAME / side) * 0.5))
  color(sheet, cells, mark.stroke.color, { opacity, within })
  empty(cells)
}

function maskOf(clip: Clip, { masks, side }: Sheet): Cells {
  const known = masks.get(clip)
  if (known !== undefined) return known
  const mask = createCells(side)
  fill(mask, outlineOf(readPath(clip.d), clip.matrix, 0))
  masks.set(clip, mask)
  return mask
}

function color({ colors, side, isDithered, base }: Sheet, cells: Cells, tone: string, paint: Paint): void {
  const { opacity, within } = paint
  const { covered, top, bottom, left, right } = cells
  const share = opacity * 16
  const isMixed = !isDithered && opacity !== 1
  let lastBelow: string | undefined = ''
  let lastMixed = ''
  for (let row = top; row <= bottom; row += 1) {
    for (let at = row * side + left; at <= row * side + right; at += 1) {
      if (covered[at] === 0 || !isWithin(within, at)) continue
      if (isDithered && share < 16 && BAYER[(row % 4) * 4 + (at % 4)]! >= share) continue
      if (!isMixed) {
        colors[at] = tone
        continue
      }
      const below = colors[at]! || base
      if (below === '') continue
      if (below !== lastBelow) {
        lastBelow = below
        lastMixed = below === undefined ? tone : mixedTone(below, tone, opacity)
      }
      colors[at] = lastMixed
    }
  }
}

function isWithin(masks: readonly Cells[], at: number): boolean {
  for (let index = 0; index < masks.length; index += 1) if (masks[index]!.covered[at] === 0) return false
  return true
}
