import type { DalleDress } from '../../schemas/dress.ts'
import { gridOf, without } from './grid/grid.ts'
import type { Print } from './grid/prints.ts'
import { FRAME, PICTURE_SIDE } from './frame.ts'
import type { Hand, Paint } from './hands/hand.ts'
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
  const paint = isSmall ? undefined : hand.paint
  const isPlain = print === undefined && paint === undefined
  const surface = isPlain && !isSmall ? createSvgSurface(detailPixels) : createMarkSurface(marks, isSmall)
  const parts = drawParts({ traits, hand, palette, rarity, surface, isSmall })
  const scene: Scene = { parts, hand, palette, marks, detailPixels, isSmall }
  if (print !== undefined) return svg(printed(scene, print))
  if (paint !== undefined) return svg(painted(scene, paint))
  const content = Object.values(parts).join('')
  if (isSmall) return svg(smallSvg(content, marks, detailPixels))
  return svg(`<defs>${surface.defs()}</defs>${content}`)
}

/** What pens have drawn into `marks`. */
interface Scene {
  parts: Parts
  hand: Hand
  palette: Palette
  marks: readonly Mark[]
  detailPixels: number
  isSmall: boolean
}

/** A scene in the cells of a grid, or in two with finer cells for the figure and its face. */
function printed({ parts, hand, palette, marks, detailPixels, isSmall }: Scene, print: Print): string {
  const { face, ...others } = parts
  const scene = Object.values(others).join('')
  const gridAt = (content: string, side: number) =>
    gridOf(content, marks, side, hand.isCoarse === true, palette.ground)
  if (hand.isCoarse === true) return print.draw(gridAt(scene + face, print.side))
  const { story, near, figure, foreground, front, ...rest } = others
  const ground = Object.values(rest).join('')
  const over = story + near + figure + foreground + front
  const fine = isSmall ? undefined : hand.finePrints?.(palette)
  if (fine === undefined) {
    const [set, drawn] = hand.paint === undefined ? [scene, face] : [ground, over + face]
    return print.draw(gridAt(set, print.side)) + smallSvg(drawn, marks, detailPixels)
  }
  const figureGrid = gridAt(over, fine.figure.side)
  // What the finer cells of the figure hide is not set.
  const groundGrid = without(gridAt(ground, print.side), figureGrid)
  const setFace = fine.face.draw(gridAt(face, fine.face.side))
  return print.draw(groundGrid, true) + fine.figure.draw(figureGrid) + setFace
}

/** A scene as it is, with strokes or dots over its ground, its figure and its face. */
function painted({ parts, marks, detailPixels }: Scene, paint: Paint): string {
  const { figure, foreground, front, face, ...rest } = parts
  const behind = Object.values(rest).join('')
  const over = figure + foreground
  const drawn = (content: string, name: string) => smallSvg(content, marks, detailPixels, name)
  const gridAt = (content: string, { side }: Print) => gridOf(content, marks, side, false, '')
  const figureGrid = gridAt(over, paint.figure)
  return (
    drawn(behind, 'g') +
    (paint.ground?.draw(without(gridAt(behind, paint.ground), figureGrid)) ?? '') +
    drawn(over, 'b') +
    paint.figure.draw(figureGrid) +
    drawn(front, 'c') +
    drawn(face, 'e') +
    (paint.face?.draw(gridAt(face, paint.face)) ?? '')
  )
}
