import fc from 'fast-check'
import { fileURLToPath } from 'node:url'
import { openSync } from 'fontkit'
import type { Font } from 'fontkit'
import t from 'tap'
import { textOutline, textWidth, wrapText } from '../../../lib/image/lettering.ts'
import { databases } from '../dress/built-in.ts'

t.test('lines are as wide as asked at most and lose no letter', async () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom(...'abcijlmwWMÅø.-'), minLength: 1, maxLength: 40 }), {
        maxLength: 30
      }),
      fc.integer({ min: 20, max: 400 }),
      fc.integer({ min: 8, max: 20 }),
      (words, width, size) => {
        const lines = wrapText(words.join(' '), size, width)
        return (
          lines.every((line) => textWidth(line, size) <= width) &&
          lines.join('').replaceAll(' ', '') === words.join('')
        )
      }
    ),
    { seed: 7, numRuns: 150 }
  )
})

t.test('words are kept whole where they fit', async (t) => {
  t.same(wrapText('an otter  sleeps', 10, textWidth('an otter', 10) + 1), ['an otter', 'sleeps'])
  t.same(wrapText('', 10, 100), [])
  t.same(wrapText('WW', 10, 1), ['W', 'W'], 'a letter wider than the line stands alone')
  t.ok(textWidth('an otter', 20) === 2 * textWidth('an otter', 10))
})

t.test('the font has every letter that a name in the databases has', async (t) => {
  const missing = textOutline('\uf8ff', 100, 0, 0)
  const letters = new Set(
    Object.values(databases.rows)
      .flat()
      .flatMap((row) => [...row.split(',')[0]!])
  )
  t.same(
    [...letters, ...'āéíáøñüçßÅØłőș…,.'].filter(
      (letter) => letter !== ' ' && [missing, ''].includes(textOutline(letter, 100, 0, 0))
    ),
    []
  )
  t.not(textOutline('Māori', 100, 0, 0), textOutline('Maori', 100, 0, 0))
  t.equal(
    textOutline('tủi, Bến, Hawaiʻi', 100, 0, 0),
    textOutline('tui, Bên, Hawai‘i', 100, 0, 0),
    'or at least the letter without its marks'
  )
})

t.test(
  'words by themselves have the outlines of the whole line, as the font library gives them',
  async (t) => {
    const file = fileURLToPath(import.meta.resolve('@expo-google-fonts/jost/500Medium/Jost_500Medium.ttf'))
    const font = openSync(file) as Font
    const size = 30.3
    const whole = (text: string) => {
      const { glyphs, positions } = font.layout(text.normalize('NFC'))
      const scale = size / font.unitsPerEm
      let pen = 3.3
      return glyphs.map(({ path }, index) => {
        const { xAdvance, xOffset, yOffset } = positions[index]!
        const placed = path.scale(scale, -scale).translate(pen + xOffset * scale, 9.1 - yOffset * scale)
        pen += xAdvance * scale
        return placed.toSVG()
      })
    }
    const letters = font.characterSet
      .map((code) => String.fromCodePoint(code))
      .filter((letter) => /[^\p{M}\s]/u.test(letter) && letter === letter.normalize('NFC'))
    const beside = letters.flatMap((letter) => [`Va ${letter} To`, `A${letter} ${letter}Y`])
    const texts = [...beside, '1/2 3 4', ' two  blanks ', 'fi ffl AV', '7 8', '…', 'я Я x', '']
    const different = texts.filter((text) => textOutline(text, size, 3.3, 9.1) !== whole(text).join(''))
    t.ok(beside.length > 1_000)
    t.same(different, [])
  }
)
