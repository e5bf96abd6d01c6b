import { BLACK, mix, parseHex, readableOn, toHex } from './color.ts'
import type { Rgb } from './color.ts'
import { dominantColor } from './dominant.ts'
import { capHeight, shortenText, textOutline, wrapText } from './lettering.ts'
import { encodePng, renderSvg } from './raster.ts'
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

/**
 * The height of a picture without the band that `captionImage` has put below it; the whole height if there is none. The
 * sides of the band have one colour, and above it is the hairline.
 */
export function heightAboveCaption({ data, width, height }: Raster): number {
  const margin = Math.max(1, Math.floor(width * SIDE_MARGIN) - 1)
  const pixel = (x: number, y: number) => data.subarray((y * width + x) * 3, (y * width + x + 1) * 3)
  const hasSide = (y: number, color: Buffer) =>
    Array.from({ length: margin }, (_, x) => x).every((x) => pixel(x, y).equals(color))
  const color = Buffer.from(pixel(0, height - 1))
  let top = height
  while (top > 0 && hasSide(top - 1, color)) top -= 1
  const line = Buffer.from(hairlineColor([color[0]!, color[1]!, color[2]!]))
  for (let rows = hairlineHeight(width); rows > 0; rows -= 1) {
    top -= 1
    if (top <= 0 || !hasSide(top, line)) return height
  }
  return top
}

function hairlineHeight(width: number): number {
  return Math.max(1, Math.round(width * HAIRLINE))
}

function hairlineColor(color: Rgb): Rgb {
  return parseHex(toHex(mix(color, BLACK, HAIRLINE_SHADE)))!
}

async function drawBand(width: number, text: string, color: Rgb): Promise<Raster> {
  const { content, height } = bandOf(width, text, color)
  return await renderSvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`
  )
}

/** The band as the content of an SVG of this width and height, in pixels. */
export function bandOf(width: number, text: string, color: Rgb): { content: string; height: number } {
  const { lines, size } = layOutText(text, width)
  const hairline = hairlineHeight(width)
  const padding = size * BAND_PADDING
  const height = Math.ceil(
    hairline + 2 * padding + (lines.length - 1) * size * LINE_HEIGHT + size * capHeight()
  )
  const firstBaseline = hairline + padding + size * capHeight()
  const letters = lines.map((line, index) =>
    textOutline(line, size, width * SIDE_MARGIN, firstBaseline + index * size * LINE_HEIGHT)
  )
  const content =
    `<rect width="100%" height="100%" fill="${toHex(color)}"/>` +
    `<rect width="100%" height="${hairline}" fill="${toHex(hairlineColor(color))}"/>` +
    `<path d="${letters.join('')}" fill="${toHex(readableOn(color))}"/>`
  return { content, height }
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
    lines: [...lines.slice(0, MAX_LINES - 1), shortenText(lines[MAX_LINES - 1]!, smallest, room)],
    size: smallest
  }
}
