import type { DalleDress } from '../../schemas/dress.ts'
import { bandOf } from '../caption.ts'
import { parseHex } from '../color.ts'
import { paletteOf } from './palette.ts'
import { composeScene } from './scene.ts'
import { traitsOf } from './traits.ts'

/** Units of the width of a band, as in a finished picture. */
const BAND_WIDTH = 1024

/**
 * The built-in artist's drawing of a dress as SVG. It has no script, no style and no font.
 * @param size pixels of the side of the square; with a caption, of the square that the drawing fits into
 * @param hasCaption whether the caption stands in a band below the drawing, in a colour of its palette
 */
export function drawingSvg(dress: DalleDress, size: number, hasCaption: boolean): string {
  if (!hasCaption) return composeScene(dress, size, size)
  const color = parseHex(paletteOf(traitsOf(dress)).ground)!
  const { content, height } = bandOf(BAND_WIDTH, dress.tersePrompt, color)
  const width = Math.round((size * BAND_WIDTH) / (BAND_WIDTH + height))
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${size}" viewBox="0 0 ${width} ${size}">` +
    `${composeScene(dress, width, width)}<svg y="${width}" width="${width}" height="${size - width}" ` +
    `viewBox="0 0 ${BAND_WIDTH} ${height}" preserveAspectRatio="none">${content}</svg></svg>`
  )
}
