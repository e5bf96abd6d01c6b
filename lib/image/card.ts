import { readableOn, toHex } from './color.ts'
import { dominantColor } from './dominant.ts'
import { capHeight, shortenText, textOutline, wrapText } from './lettering.ts'
import { decodeRaster } from './raster.ts'
import { sharp } from './sharp.ts'

/** The size of a card in pixels, as sites show it that unfurl a link. */
export const CARD = { width: 1200, height: 630 } as const

/** Changes when the same picture would get another card. */
export const CARD_EDITION = 1

// Pixels.
const MARGIN = 56
const TEXT_LEFT = CARD.height + MARGIN
const TEXT_WIDTH = CARD.width - TEXT_LEFT - MARGIN
const SMALL_FONT = 26
const TITLE_FONTS = [58, 52, 46, 40, 36]

const LINE_HEIGHT = 1.22
const TITLE_LINES = 6
/** So many characters of an address stand on one line. */
const ADDRESS_CHARACTERS = 21

export interface CardTexts {
  series: string
  title: string
  address: string
}

/**
 * The card of a picture as PNG: the picture at the left, series, title and address at its right, on the dominant colour
 * of the picture.
 * @param square the picture without its caption, as an image with the side `CARD.height`
 */
export async function drawCard(square: Buffer, texts: CardTexts): Promise<Buffer> {
  const picture = await decodeRaster(square)
  const color = await dominantColor(picture)
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${CARD.width}" height="${CARD.height}">` +
    `<rect width="100%" height="100%" fill="${toHex(color)}"/>` +
    `<path d="${letters(texts)}" fill="${toHex(readableOn(color))}"/></svg>`
  const { data, width, height } = picture
  return await sharp(Buffer.from(svg))
    .composite([{ input: data, raw: { width, height, channels: 3 }, left: 0, top: 0 }])
    .removeAlpha()
    .png({ compressionLevel: 6, adaptiveFiltering: true })
    .toBuffer()
}

/** The outlines of all texts. The series is at the top, the address at the bottom, the title between them. */
function letters({ series, title, address }: CardTexts): string {
  const top = MARGIN + SMALL_FONT * capHeight()
  const parts = address.match(new RegExp(`.{1,${ADDRESS_CHARACTERS}}`, 'gsu')) ?? []
  const lines = parts.slice(0, 2).map((line) => fitted(line, SMALL_FONT))
  const bottom = CARD.height - MARGIN - (lines.length - 1) * SMALL_FONT * LINE_HEIGHT
  const { size, lines: titleLines } = layOutTitle(title)
  const titleHeight = (titleLines.length - 1) * size * LINE_HEIGHT - size * capHeight()
  return [
    outlines([fitted(series, SMALL_FONT)], SMALL_FONT, top),
    outlines(titleLines, size, (CARD.height - titleHeight) / 2),
    outlines(lines, SMALL_FONT, bottom)
  ].join('')
}

function outlines(lines: string[], size: number, baseline: number): string {
  return lines
    .map((line, index) => textOutline(line, size, TEXT_LEFT, baseline + index * size * LINE_HEIGHT))
    .join('')
}

/** The text if it fits on one line, else its beginning. */
function fitted(text: string, size: number): string {
  const lines = wrapText(text, size, TEXT_WIDTH)
  return lines.length > 1 ? shortenText(text.slice(0, 100), size, TEXT_WIDTH) : text
}

/** The title in the largest font in which it has few lines. A title that is too long is cut. */
function layOutTitle(title: string): { size: number; lines: string[] } {
  const smallest = TITLE_FONTS.at(-1)!
  const size =
    TITLE_FONTS.find((each) => wrapText(title, each, TEXT_WIDTH).length <= TITLE_LINES - 1) ?? smallest
  const lines = wrapText(title, size, TEXT_WIDTH)
  if (lines.length <= TITLE_LINES) return { size, lines }
  const last = shortenText(lines[TITLE_LINES - 1]!, size, TEXT_WIDTH)
  return { size, lines: [...lines.slice(0, TITLE_LINES - 1), last] }
}
