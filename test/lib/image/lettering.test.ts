import fc from 'fast-check'
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
