import { fileURLToPath } from 'node:url'
import type { Font } from 'fontkit'
import { createLastUsed } from '../last-used.ts'
import { loadLater } from '../load-later.ts'

// Text is drawn as outlines from this file, not with a font of the machine: so every machine produces the same pixels.
const FONT_FILE = fileURLToPath(import.meta.resolve('@expo-google-fonts/jost/500Medium/Jost_500Medium.ttf'))

const fontkit = loadLater<typeof import('fontkit')>('fontkit')
/** Texts whose widths are kept. A caption is measured at several sizes, and each time by the same few hundred texts. */
const WIDTHS_KEPT = 2_000
/** The widths of texts in units of the font. */
const widths = createLastUsed<string, number>(WIDTHS_KEPT)

let font: Font | undefined

function typeface(): Font {
  font ??= fontkit().openSync(FONT_FILE) as Font
  return font
}

/** Height of a capital letter as a share of the font size. */
export function capHeight(): number {
  return typeface().capHeight / typeface().unitsPerEm
}

/** Replacements for letters that the font lacks. */
const SIMILAR: Record<string, string> = { ʻ: '‘', ʼ: '’' }

/** Replaces letters that the font lacks: such a letter loses its marks, the last one first (ế becomes ê). */
function spell(text: string): string {
  const has = (letter: string) => typeface().hasGlyphForCodePoint(letter.codePointAt(0)!)
  return [...text.normalize('NFC')]
    .map((letter) => {
      if (has(letter)) return letter
      const parts = [...letter.normalize('NFD')]
      while (parts.length > 1) {
        parts.pop()
        const plainer = parts.join('').normalize('NFC')
        if (has(plainer)) return plainer
      }
      return SIMILAR[letter] ?? letter
    })
    .join('')
}

/** Width of a text in pixels at a font size in pixels. */
export function textWidth(text: string, size: number): number {
  const known = widths.get(text)
  const width = known ?? typeface().layout(spell(text)).advanceWidth
  if (known === undefined) widths.set(text, width)
  return (width * size) / typeface().unitsPerEm
}

/** The outline of a text as SVG path data. The baseline starts at (x, y), in pixels. */
export function textOutline(text: string, size: number, x: number, y: number): string {
  const { glyphs, positions } = typeface().layout(spell(text))
  const scale = size / typeface().unitsPerEm
  let pen = x
  return glyphs
    .map((glyph, index) => {
      const { xAdvance, xOffset, yOffset } = positions[index]!
      const outline = glyph.path
        .scale(scale, -scale)
        .translate(pen + xOffset * scale, y - yOffset * scale)
        .toSVG()
      pen += xAdvance * scale
      return outline
    })
    .join('')
}

/**
 * Breaks a text at its blanks into lines of at most `width` pixels. A word wider than a line is broken between letters.
 * @param width in pixels
 * @param size font size in pixels
 */
export function wrapText(text: string, size: number, width: number): string[] {
  const lines: string[] = []
  let line = ''
  const words = text.split(/\s+/).filter(Boolean)
  for (const word of words.flatMap((word) => breakWord(word, size, width))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && textWidth(longer, size) > width) {
      lines.push(line)
      line = word
    } else {
      line = longer
    }
  }
  return line === '' ? lines : [...lines, line]
}

function breakWord(word: string, size: number, width: number): string[] {
  if (textWidth(word, size) <= width) return [word]
  const pieces: string[] = []
  let piece = ''
  for (const letter of word) {
    if (piece !== '' && textWidth(piece + letter, size) > width) {
      pieces.push(piece)
      piece = letter
    } else {
      piece += letter
    }
  }
  return [...pieces, piece]
}

/** Replaces the last letters of a line by `…`, as many as it takes to fit in `width` pixels. */
export function shortenText(line: string, size: number, width: number): string {
  const letters = [...line]
  while (letters.length > 0 && textWidth(`${letters.join('')}…`, size) > width) letters.pop()
  return `${letters.join('').trimEnd()}…`
}
