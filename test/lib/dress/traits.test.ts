import t from 'tap'
import { selectAttributes } from '../../../lib/dress/attributes.ts'
import { mixingLevel, parseTraits } from '../../../lib/dress/traits.ts'
import { ADDRESS } from '../../helper.ts'
import { wearing } from '../../tools/prompt-rules.ts'
import { EMPTY, databases } from './built-in.ts'

const attributes = selectAttributes(databases, EMPTY, ADDRESS)

t.test('a trait is the parsed row of an attribute', async (t) => {
  const rows = { noun: 'owl, owls,,bird,chordate', gaze: 'up', adverb: 'none', place: 'a,b,' }
  const { noun, gaze, adverb, place } = parseTraits(wearing(attributes, rows))
  const fields = ['owl', 'owls', '', 'bird', 'chordate']
  t.same(noun, { row: rows.noun, fields, name: 'owl', detail: 'bird' })
  t.same(gaze, { row: 'up', fields: ['up'], name: 'up', detail: undefined })
  t.equal(adverb, undefined, 'an attribute that is none has no trait')
  t.equal(place!.detail, undefined, 'an empty column is not a detail')
})

t.test('the number of the second art style decides the mixing level, from 0 to 4', async (t) => {
  const levels = [0, 1, 4, 5, 9].map((number) =>
    mixingLevel(attributes.map((attribute) => ({ ...attribute, number })))
  )
  t.same(levels, [0, 1, 4, 0, 4])
  t.equal(mixingLevel([]), 0)
})
