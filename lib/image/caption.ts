import sharp from 'sharp'
import { BLACK, mix, readableOn, toHex } from './color.ts'
import type { Rgb } from './color.ts'
import { dominantColor } from './dominant.ts'
import { capHeight, textOutline, textWidth, wrapText } from './lettering.ts'
import { encodePng } from './raster.ts'
import type { Raster } from './raster.ts'

// Shares of the picture's width.
const LARGEST_FONT = 1 / 30
const SMALLEST_FONT = 1 / 46
const SIDE_MARGIN = 1 / 24
const HAIRLINE = 1 / 400

const SMALLEST_FONT_PX = 9
const PREFERRED_LINES = 2
const MAX_LINES = 8
const LINE_HEIGHT = 1.32
const BAND_PADDING = 0.95
const HAIRLINE_SHADE = 0.4

/**
 * Encodes the picture as PNG with the text in a band below it. The band has the dominant colour of the picture and
 * a darker hairline at its top; the letters are black or white, whichever has more contrast. The pixels of the
 * picture stay as they are.
 */
export async function captionImage(picture: Raster, text: string): Promise<Buffer> {
  const band = await drawBand(picture.width, text, await dominantColor(picture))
  return await encodePng({
    data: Buffer.concat([picture.data, band.data]),
    width: picture.width,
    height: picture.height + band.height
  })
}

async function drawBand(width: number, text: string, color: Rgb): Promise<Raster> {
  const { lines, size } = layOutText(text, width)
  const hairline = Math.max(1, Math.round(width * HAIRLINE))
  const padding = size * BAND_PADDING
  const height = Math.ceil(
    hairline + 2 * padding + (lines.length - 1) * size * LINE_HEIGHT + size * capHeight()
  )
  const firstBaseline = hairline + padding + size * capHeight()
  const letters = lines.map((line, index) =>
    textOutline(line, size, width * SIDE_MARGIN, firstBaseline + index * size * LINE_HEIGHT)
  )
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<rect width="100%" height="100%" fill="${toHex(color)}"/>` +
    `<rect width="100%" height="${hairline}" fill="${toHex(mix(color, BLACK, HAIRLINE_SHADE))}"/>` +
    `<path d="${letters.join('')}" fill="${toHex(readableOn(color))}"/></svg>`
  const { data, info } = await sharp(Buffer.from(svg))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}

/**
 * Finds the largest size at which the text takes PREFERRED_LINES; a longer text gets the smallest size and is cut
 * at MAX_LINES.
 */
function layOutText(text: string, width: number): { lines: string[]; size: number } {
  const room = width * (1 - 2 * SIDE_MARGIN)
  const smallest = Math.max(width * SMALLEST_FONT, SMALLEST_FONT_PX)
  const largest = Math.max(width * LARGEST_FONT, smallest)
  for (let size = largest; size > smallest; size -= (largest - smallest) / 8) {
    const lines = wrapText(text, size, room)
    if (lines.length <= PREFERRED_LINES) return { lines, size }
  }
  const lines = wrapText(text, smallest, room)
  if (lines.length <= MAX_LINES) return { lines, size: smallest }
  return {
    lines: [...lines.slice(0, MAX_LINES - 1), shorten(lines[MAX_LINES - 1]!, smallest, room)],
    size: smallest
  }
}

/** Replaces the last letters of the line by `…` so that it fits. */
function shorten(line: string, size: number, room: number): string {
  const letters = [...line]
  while (letters.length > 0 && textWidth(`${letters.join('')}…`, size) > room) letters.pop()
  return `${letters.join('').trimEnd()}…`
}
