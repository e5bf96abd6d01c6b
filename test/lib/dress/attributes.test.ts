import t from 'tap'
import { seedOf, selectAttributes } from '../../../lib/dress/attributes.ts'
import type { DatabaseName } from '../../../lib/dress/databases.ts'
import type { Attribute } from '../../../lib/schemas/dress.ts'
import type { Series } from '../../../lib/schemas/series.ts'
import { ADDRESS } from '../../helper.ts'
import {
  ADDRESSES,
  DATABASES,
  EMPTY,
  ORDER,
  TAXONOMY,
  builtInSeries,
  csvRows,
  databases,
  databasesWith
} from './built-in.ts'

/** The rows of every database as section 4 of the contract describes them, read without the code's help. */
async function rowsByContract(): Promise<Map<DatabaseName, string[]>> {
  const rows = new Map<DatabaseName, string[]>()
  for (const database of DATABASES) rows.set(database, await csvRows(database))
  const [families, orders, classes, phyla] = (await Promise.all(TAXONOMY.map(csvRows))) as [
    string[],
    string[],
    string[],
    string[]
  ]
  const find = (table: string[], key: string) =>
    table.map((row) => row.split(',')).find(([name]) => name === key)
  rows.set(
    'nouns',
    rows.get('nouns')!.map((row) => {
      const [noun, familyKey] = row.split(',') as [string, string]
      const family = find(families, familyKey)
      const order = family && find(orders, family[1]!)
      const klass = order && find(classes, order[1]!)
      const phylum = klass && find(phyla, klass[1]!)
      return [noun, family?.[2] ?? '', order?.[2] ?? '', klass?.[2] ?? '', phylum?.[1] ?? ''].join(',')
    })
  )
  return rows
}

function attributesByContract(
  rows: Map<DatabaseName, string[]>,
  series: Series,
  address: string
): Attribute[] {
  const hex = address.slice('0x'.length)
  const digits = hex + hex.split('').reverse().join('')
  const hexes: string[] = []
  return ORDER.map(([database, name], index) => {
    const bytes = digits.slice(4 * index, 4 * index + 6)
    const number = BigInt(`0x${bytes}`)
    const filter = series[database]
    let left = rows.get(database)!
    if (filter?.length) left = left.filter((row) => filter.some((text) => row.includes(text)))
    else if (database === 'artstyles' || database === 'litstyles') {
      left = left.filter((row) => !row.includes(',sensitive,'))
    }
    if (left.length === 0) left = ['none']
    let selector = Number((number * BigInt(left.length)) / 2n ** 24n)
    if (database === 'colors') {
      const hexOf = (at: number) => left[at % left.length]!.split(',')[1] ?? 'none'
      for (let step = 0; step < left.length; step += 1) {
        if (hexes.includes(hexOf(selector + step))) continue
        selector = (selector + step) % left.length
        break
      }
      hexes.push(hexOf(selector))
    }
    return {
      database,
      name,
      bytes,
      number: Number(number),
      factor: Number(number) / 16_777_216,
      count: left.length,
      selector,
      value: left[selector]!
    }
  })
}

function attributeOf(
  series: Omit<Series, 'suffix'>,
  name: string,
  from = databases,
  address = ADDRESS
): Attribute {
  return selectAttributes(from, { suffix: 'some', ...series }, address).find(
    (attribute) => attribute.name === name
  )!
}

t.test(
  'an address decides eighteen attributes in every built-in series, as the contract describes',
  async (t) => {
    const rows = await rowsByContract()
    for (const series of await builtInSeries()) {
      const wrong = ADDRESSES.filter((address) => {
        const found = selectAttributes(databases, series, address)
        return JSON.stringify(found) !== JSON.stringify(attributesByContract(rows, series, address))
      })
      t.same(wrong, [], series.suffix)
    }
    t.same(selectAttributes(databases, EMPTY, ADDRESS), attributesByContract(rows, EMPTY, ADDRESS))
  }
)

t.test('the rows of one address never change', async (t) => {
  const attributes = selectAttributes(databases, EMPTY, ADDRESS)
  t.equal(seedOf(ADDRESS), 'f503017d7baf7fbc0fff7492b751025c6a78179bb97187a6c520157b2947fff0')
  t.same(
    attributes.map(({ bytes }) => bytes),
    [
      'f50301',
      '017d7b',
      '7baf7f',
      '7fbc0f',
      '0fff74',
      '7492b7',
      'b75102',
      '025c6a',
      '6a7817',
      '179bb9',
      'b97187',
      '87a6c5',
      'c52015',
      '157b29',
      '2947ff',
      'fff0cb',
      'cbf7fa',
      'fab7d7'
    ]
  )
  t.same(
    attributes.map(({ selector }) => selector),
    [1186, 5, 860, 256, 36, 387, 340, 4, 75, 13, 107, 78, 32, 3, 6, 1416, 35, 41]
  )
  t.same(
    attributes.map(({ value }) => value.split(',')[0]),
    [
      'unmistakably',
      'amphibious',
      'highwayman',
      'kilig',
      'ballet dancer',
      'picking tea',
      'natural history plate',
      'Amish quilting',
      'biography',
      'cadetblue',
      'orchid',
      'lightslategray',
      'telephoto view',
      'at a passing butterfly',
      'a low horizon',
      'the Ġgantija temples',
      'the self-fulfilling prophecy',
      'an underwater haze of [{Color3}] with bubbles outlined in the idiom of [{ArtStyle2}]'
    ]
  )
})

t.test('a filter keeps the rows that contain one of its strings', async (t) => {
  const all = databases.rows.emotions.length
  const few = databasesWith({
    adverbs: ['boldly,with no fear of how it might turn out', 'shyly,from behind the door'],
    emotions: [
      'hygge,calm,positive,Danish,candles',
      'joy,joy,positive,English,a fizz',
      'toska,longing,negative,Russian,an ache'
    ]
  })
  t.match(attributeOf({ adverbs: ['boldly'] }, 'adverb', few), {
    count: 1,
    selector: 0,
    value: 'boldly,with no fear of how it might turn out'
  })
  t.match(
    attributeOf({ adverbs: ['might turn'] }, 'adverb', few),
    { count: 1, value: /^boldly,/ },
    'anywhere in the row'
  )
  t.match(
    attributeOf({ emotions: ['toska', 'hygge,calm'] }, 'emotion', few, `0x${'0'.repeat(40)}`),
    { count: 2, value: /^hygge,/ },
    'several strings are alternatives, the rows keep their order'
  )
  t.match(
    attributeOf({ nouns: [',bird,'] }, 'noun'),
    { value: /,bird,chordate$/ },
    'a noun is filtered by its taxonomy too'
  )
  t.match(attributeOf({ adverbs: ['BOLDLY'] }, 'adverb', few), { value: 'none' }, 'case counts')
  t.match(attributeOf({ places: ['Kinderdijk'] }, 'place'), { count: 1, value: /Kinderdijk/ })
  t.match(attributeOf({ tropes: ['banana'] }, 'trope'), { count: 1, value: /banana/ })
  t.equal(attributeOf({ emotions: null }, 'emotion').count, all, 'null keeps all')
  t.equal(attributeOf({ emotions: [] }, 'emotion').count, all, 'an empty list keeps all')
  t.equal(attributeOf({}, 'emotion').count, all, 'none given keeps all')
  t.match(
    attributeOf({ emotions: ['no such feeling'] }, 'emotion'),
    { count: 1, selector: 0, value: 'none' },
    'nothing left is the single row none'
  )
})

t.test('a sensitive style is selected only if a filter names it', async (t) => {
  const marked = databasesWith({
    artstyles: ['plain style,group,,what it does', 'sacred style,group,sensitive,what it does'],
    litstyles: ['sacred verse,sensitive,what it does', 'plain verse,,what it does'],
    tropes: ['a trope,sensitive,what it does']
  })
  for (const name of ['artStyle1', 'artStyle2', 'litStyle']) {
    const chosen = ADDRESSES.map((address) => attributeOf({}, name, marked, address))
    t.same(
      [...new Set(chosen.map(({ count, value }) => `${count} ${value.split(' ')[0]}`))],
      ['1 plain'],
      name
    )
    const asked = ADDRESSES.map((address) =>
      attributeOf({ artstyles: ['style'], litstyles: ['verse'] }, name, marked, address)
    )
    t.same(
      new Set(asked.map(({ count, value }) => `${count} ${value.split(' ')[0]}`)),
      new Set(['2 plain', '2 sacred']),
      `${name} with a filter`
    )
  }
  t.match(attributeOf({}, 'trope', marked), { value: /^a trope/ }, 'other databases know no such mark')
  t.match(attributeOf({}, 'artStyle1', databasesWith({ artstyles: ['sacred style,group,sensitive,x'] })), {
    value: 'none'
  })
  t.equal(
    attributeOf({ artstyles: [',sensitive,'] }, 'artStyle1').count,
    databases.rows.artstyles.filter((row) => row.includes(',sensitive,')).length
  )
})
