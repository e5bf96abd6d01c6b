import { createHash } from 'node:crypto'
import t from 'tap'
import { selectAttributes, withDistinctColors } from '../../../lib/dress/attributes.ts'
import type { Attribute } from '../../../lib/schemas/dress.ts'
import type { Series } from '../../../lib/schemas/series.ts'
import { databases } from './built-in.ts'

const DRESSES = 2_000
const addressOf = (index: number) =>
  `0x${createHash('sha256').update(`twin${index}`).digest('hex').slice(0, 40)}`
const colorsOf = (attributes: readonly Attribute[]) =>
  attributes.filter(({ database }) => database === 'colors')
const hexOf = ({ value }: Attribute) => value.split(',')[1]

t.test(
  'of 2,000 dresses only those change whose colours were the same, and only in these colours',
  async (t) => {
    const others = { ...databases, isBuiltIn: false }
    const series: Series[] = [
      { suffix: 'all' },
      { suffix: 'greys', colors: ['gray', 'grey', 'aqua', 'cyan'] }
    ]
    let changed = 0
    for (let index = 0; index < DRESSES; index += 1) {
      const definition = series[index % series.length]!
      const plain = selectAttributes(others, definition, addressOf(index))
      const distinct = selectAttributes(databases, definition, addressOf(index))
      const hexes = new Set(colorsOf(distinct).map(hexOf))
      if (hexes.size !== 3) t.fail(`${addressOf(index)} has a colour twice`)
      const hadTwins = new Set(colorsOf(plain).map(hexOf)).size !== 3
      const isSame = JSON.stringify(plain) === JSON.stringify(distinct)
      if (isSame === hadTwins) {
        t.fail(`${addressOf(index)} ${isSame ? 'kept its twins' : 'changed without twins'}`)
      }
      if (hadTwins) changed += 1
      for (const [at, attribute] of distinct.entries()) {
        const before = plain[at]!
        const isLater = colorsOf(plain.slice(0, at)).some((color) => hexOf(color) === hexOf(before))
        if (attribute.value !== before.value && !(attribute.database === 'colors' && isLater)) {
          // The third colour moves too where the second one has moved onto its value.
          const isMoved = colorsOf(distinct.slice(0, at)).some((color) => hexOf(color) === hexOf(before))
          if (!isMoved) t.fail(`${attribute.name} of ${addressOf(index)} changed`)
        }
      }
    }
    t.ok(changed > 20, `${changed} dresses had twins`)
  }
)

t.test('a twin takes the next row that differs, and the first one after the last', async (t) => {
  const rows = ['aqua,#00ffff', 'cyan,#00FFFF', 'gray,#808080', 'grey,#808080']
  const dress = (...selectors: number[]) =>
    selectors.map((selector, index) => ({
      database: 'colors',
      name: `color${index + 1}`,
      bytes: '000000',
      number: 0,
      factor: 0,
      count: rows.length,
      selector,
      value: rows[selector]!
    }))
  const chosen = (selectors: number[], of = rows) =>
    withDistinctColors(dress(...selectors), of).map(({ selector, value }) => [selector, value.split(',')[0]])
  t.same(chosen([2, 3, 0]), [
    [2, 'gray'],
    [0, 'aqua'],
    [0, 'aqua']
  ])
  t.same(chosen([0, 1]), [
    [0, 'aqua'],
    [2, 'gray']
  ])
  t.same(chosen([0, 2]), [
    [0, 'aqua'],
    [2, 'gray']
  ])
  t.same(
    selectAttributes(databases, { suffix: 'one', colors: ['gray'] }, addressOf(1)).filter(
      ({ database }) => database === 'colors'
    ).length,
    3,
    'without another row a colour stays'
  )
})

t.test("a user's databases are left as they are", async (t) => {
  const twins = {
    ...databases,
    isBuiltIn: false,
    rows: { ...databases.rows, colors: ['a,#000000', 'b,#000000'] }
  }
  const [first, second] = colorsOf(selectAttributes(twins, { suffix: 'all' }, `0x${'0'.repeat(40)}`))
  t.equal(first!.value, 'a,#000000')
  t.equal(second!.value, 'a,#000000')
})
