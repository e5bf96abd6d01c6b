import t from 'tap'
import { seedOf } from '../../../lib/dress/attributes.ts'
import { prepareDress } from '../../../lib/dress/dress.ts'
import { addressOfSeed, prepareSeedDress, recordedSeed } from '../../../lib/dress/seed-dress.ts'
import { ADDRESS } from '../../helper.ts'
import { databases } from './built-in.ts'

const EMPTY = { suffix: 'empty' }

t.test('the dress of an address as seed is that of the address', async (t) => {
  t.same(prepareSeedDress(databases, EMPTY, { seed: ADDRESS }), prepareDress(databases, EMPTY, ADDRESS))
  t.equal(addressOfSeed(seedOf(ADDRESS)), ADDRESS)
  t.equal(recordedSeed(ADDRESS), seedOf(ADDRESS))
  const hash = 'ab12'.repeat(16)
  t.equal(addressOfSeed(hash), undefined)
  t.equal(recordedSeed(hash), hash)
})

t.test('attribute i reads six characters from the position 4i of a text and its reverse', async (t) => {
  const seed = `${'0'.repeat(30)}ffffff${'0'.repeat(28)}`
  const { dress } = prepareSeedDress(databases, EMPTY, { seed })
  t.equal(dress.attributes.length, 18)
  t.same(
    dress.attributes.slice(6, 10).map(({ bytes }) => bytes),
    ['000000', '00ffff', 'ffff00', '000000']
  )
  const emoji = prepareSeedDress(databases, EMPTY, { seed: `${'😀'.repeat(32)}a` }).dress
  t.equal(emoji.attributes[7]!.bytes, '😀'.repeat(4) + 'aa', 'characters count, not their halves')
  t.equal(emoji.attributes[7]!.number, 0)
})

t.test('the backstyle of a text is the one that is asked for, else the first', async (t) => {
  const seed = 'ab12'.repeat(16)
  const backStyle = (backstyle?: string) =>
    prepareSeedDress(
      databases,
      { suffix: 'x', backstyles: ['nothing has this'] },
      { seed, ...(backstyle && { backstyle }) }
    ).dress.attributes.at(-1)
  t.match(backStyle(), { name: 'backStyle', selector: 0, value: databases.rows.backstyles[0] })
  t.match(backStyle('a wall'), { name: 'backStyle', selector: 0, value: 'a wall' })
})
