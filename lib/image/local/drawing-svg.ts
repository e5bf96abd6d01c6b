import type { DalleDress } from '../../schemas/dress.ts'
import { bandOf } from '../caption.ts'
import { parseHex } from '../color.ts'
import { paletteOf } from './palette.ts'
import { composeScene } from './scene.ts'
import { traitsOf } from './traits.ts'

/** Pixels of the scene in a captioned drawing. The band below it is laid out for this width, as in a finished picture. */
const SCENE_SIDE = 1024

/**
 * The built-in artist's drawing of a dress as SVG. It has no script, no style and no font.
 * @param size pixels of the side of the square; with a caption, of the square that the drawing fits into
 * @param hasCaption whether the caption stands in a band below the drawing, in a colour of its palette
 */
export function drawingSvg(dress: DalleDress, size: number, hasCaption: boolean): string {
  if (!hasCaption) return composeScene(dress, size)
  const color = parseHex(paletteOf(traitsOf(dress)).ground)!
  const { content, height } = bandOf(SCENE_SIDE, dress.tersePrompt, color)
  const total = SCENE_SIDE + height
  const width = Math.max(1, Math.round((size * SCENE_SIDE) / total))
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${size}" ` +
    `viewBox="0 0 ${SCENE_SIDE} ${total}" preserveAspectRatio="none">${composeScene(dress, SCENE_SIDE)}` +
    `<svg y="${SCENE_SIDE}" width="${SCENE_SIDE}" height="${height}">${content}</svg></svg>`
  )
}
