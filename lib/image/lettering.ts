import { fileURLToPath } from 'node:url'
import type { Font, Path } from 'fontkit'
import { createLastUsed } from '../last-used.ts'
import { loadLater } from '../load-later.ts'

// Text is drawn as outlines from this file, not with a font of the machine: so every machine produces the same pixels.
const FONT_FILE = fileURLToPath(import.meta.resolve('@expo-google-fonts/jost/500Medium/Jost_500Medium.ttf'))

const fontkit = loadLater<typeof import('fontkit')>('fontkit')
/** Texts whose widths are kept. A caption is measured at several sizes, and each time by the same few hundred texts. */
const WIDTHS_KEPT = 2_000
/** The widths of texts in units of the font. */
const widths = createLastUsed<string, number>(WIDTHS_KEPT)

/** Words whose letters are kept. Captions have many in common. */
const WORDS_KEPT = 2_000
const words = createLastUsed<string, readonly Letter[]>(WORDS_KEPT)

/** Texts of one script: ASCII, the Latin letters up to U+024F, and punctuation. */
const LATIN = /^[ -~\u00a0-\u024f\u2010-\u2027]*$/
const LATIN_LETTER = /[a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]/i

/** The commands of a path, as SVG writes them. */
const LETTERS: Record<Path['commands'][number]['command'], string> = {
  moveTo: 'M',
  lineTo: 'L',
  quadraticCurveTo: 'Q',
  bezierCurveTo: 'C',
  closePath: 'Z'
}

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

/** A letter in its place: units of the font from the place where the last one ends, and to the next one. */
interface Letter {
  path: Path
  xAdvance: number
  xOffset: number
  yOffset: number
}

/** The letters of a text, in units of the font. */
function lettersOf(text: string): Letter[] {
  if (!LATIN.test(text) || !LATIN_LETTER.test(text)) return layOut(text)
  const letters: Letter[] = []
  // In this font a blank moves no letter beside it, so each word is laid out by itself. Captions share most words.
  for (const [index, word] of text.split(' ').entries()) {
    if (index > 0) letters.push(...lettersOfWord(' '))
    letters.push(...lettersOfWord(word))
  }
  return letters
}

function lettersOfWord(word: string): readonly Letter[] {
  const known = words.get(word)
  if (known !== undefined) return known
  const letters = layOut(word, 'latn')
  words.set(word, letters)
  return letters
}

/** @param script as OpenType names it; absent to take that of the text */
function layOut(text: string, script?: string): Letter[] {
  const { glyphs, positions } = typeface().layout(spell(text), undefined, script)
  return glyphs.map(({ path }, index) => ({ path, ...positions[index]! }))
}

/** Width of a text in pixels at a font size in pixels. */
export function textWidth(text: string, size: number): number {
  const known = widths.get(text)
  const width = known ?? lettersOf(text).reduce((sum, { xAdvance }) => sum + xAdvance, 0)
  if (known === undefined) widths.set(text, width)
  return (width * size) / typeface().unitsPerEm
}

/** The outline of a text as SVG path data. The baseline starts at (x, y), in pixels. */
export function textOutline(text: string, size: number, x: number, y: number): string {
  const scale = size / typeface().unitsPerEm
  let pen = x
  return lettersOf(text)
    .map(({ path, xAdvance, xOffset, yOffset }) => {
      const outline = pathData(path, scale, pen + xOffset * scale, y - yOffset * scale)
      pen += xAdvance * scale
      return outline
    })
    .join('')
}

/**
 * The path of a glyph as SVG path data, with its origin at (x, y). It is what `scale`, `translate` and `toSVG` of
 * fontkit give, which make a new path at each step.
 */
function pathData({ commands }: Path, scale: number, x: number, y: number): string {
  let data = ''
  for (const { command, args } of commands) {
    data += LETTERS[command]
    for (let at = 0; at < args.length; at += 2) {
      if (at > 0) data += ' '
      data += `${hundredths(args[at]! * scale + x)} ${hundredths(args[at + 1]! * -scale + y)}`
    }
  }
  return data
}

const hundredths = (value: number) => Math.round(value * 100) / 100

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
