import type { DalleDress } from '../../schemas/dress.ts'
import { gridOf, without } from './grid/grid.ts'
import type { Grid } from './grid/grid.ts'
import { asDrawn } from './grid/prints.ts'
import type { Print } from './grid/prints.ts'
import { FRAME, PICTURE_SIDE } from './frame.ts'
import type { Hand } from './hands/hand.ts'
import { handOf } from './hands/index.ts'
import { paletteOf } from './palette.ts'
import type { Palette } from './palette.ts'
import { drawParts } from './parts.ts'
import type { Parts } from './parts.ts'
import { rareRule, rarityOf } from './rarity.ts'
import { smallSvg } from './small/index.ts'
import { createMarkSurface } from './small/surface.ts'
import { createSvgSurface } from './surface.ts'
import type { Mark } from './surface.ts'
import { traitsOf } from './traits.ts'

/** Pixels up to which a picture has few elements, because more can hardly be seen in it. */
const SMALL_SIDE = 256

/**
 * The picture of a dress as SVG. It depends on the dress only.
 * @param sidePixels width and height of the SVG
 * @param detailPixels the size that details are made for: textures have tiles of whole pixels at this size, so that
 *   they are drawn quickly, and a small size has no textures and few elements
 */
export function composeScene(dress: DalleDress, sidePixels: number, detailPixels = PICTURE_SIDE): string {
  const traits = traitsOf(dress)
  const hand = handOf(traits.artStyle1)
  const rarity = rarityOf(traits)
  const palette = paletteOf(traits, rareRule(hand.palette, rarity))
  const isSmall = detailPixels <= SMALL_SIDE
  const svg = (content: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="${sidePixels}" height="${sidePixels}" ` +
    `viewBox="0 0 ${FRAME} ${FRAME}">${content}</svg>`
  const marks: Mark[] = []
  const print = (isSmall ? hand.smallPrint : hand.print)?.(palette)
  const surface =
    isSmall || print !== undefined ? createMarkSurface(marks, isSmall) : createSvgSurface(detailPixels)
  const parts = drawParts({ traits, hand, palette, rarity, surface, isSmall })
  const content = Object.values(parts).join('')
  if (print !== undefined) return svg(printed(parts, { hand, palette, marks, print, detailPixels, isSmall }))
  if (isSmall) return svg(smallSvg(content, marks, detailPixels))
  return svg(`<defs>${surface.defs()}</defs>${content}`)
}

/** A scene and how it is printed. */
interface Printing {
  hand: Hand
  palette: Palette
  /** What the pens have drawn. */
  marks: readonly Mark[]
  /** How the ground is set. */
  print: Print
  detailPixels: number
  isSmall: boolean
}

/** A scene in the cells, strokes or dots of a hand. */
function printed({ face, ...parts }: Parts, printing: Printing): string {
  const { hand, palette, marks, print, detailPixels, isSmall } = printing
  const scene = Object.values(parts).join('')
  const gridAt = (content: string, { side, isOver }: Print) =>
    gridOf(content, marks, side, hand.isCoarse === true, isOver === true ? '' : palette.ground)
  if (hand.isCoarse === true) return print.draw(gridAt(scene + face, print))
  const { story, near, figure, foreground, front, ...rest } = parts
  const ground = Object.values(rest).join('')
  const things = story + near
  const isPainted = hand.isPainted === true
  const fine = isSmall ? undefined : hand.finePrints?.(palette)
  if (fine === undefined) {
    const [set, drawn] = isPainted ? [ground, things + figure + foreground + front + face] : [scene, face]
    return print.draw(gridAt(set, print)) + smallSvg(drawn, marks, detailPixels)
  }
  const [behind, over] = isPainted
    ? [ground + things, figure + foreground]
    : [ground, things + figure + foreground + front]
  const figureGrid = gridAt(over, fine.figure)
  // What the finer cells of the figure hide is not set.
  const groundGrid = () => without(gridAt(behind, print), figureGrid)
  const set = (print: Print, content: string, name: string, grid: () => Grid, isWhole = false) =>
    (print.isOver === true ? smallSvg(content, marks, detailPixels, name) : '') +
    (print === asDrawn ? '' : print.draw(grid(), isWhole))
  return (
    set(print, behind, 'g', groundGrid, true) +
    set(fine.figure, over, 'b', () => figureGrid) +
    (isPainted ? smallSvg(front, marks, detailPixels) : '') +
    set(fine.face, face, 'e', () => gridAt(face, fine.face))
  )
}
