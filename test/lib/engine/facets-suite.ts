import { rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { seedOf } from '../../../lib/dress/attributes.ts'
import type { FacetName } from '../../../lib/dress/facets.ts'
import type { PictureFile, PictureFilter, PictureIndex } from '../../../lib/engine/pictures.ts'
import { readCursor, writeCursor } from '../../../lib/engine/cursor.ts'
import { until } from '../../helper.ts'
import { wholePng } from '../pictures/png.ts'
import { put } from '../storage/faults.ts'
import { addressOf } from './engine-suite.ts'

/** The rows of a dress by attribute, as files have them. */
type Dress = Record<string, string>

/** Writes the PNG and the dress of a picture. The index of an engine that is open does not see it yet. */
export async function writeDressed(
  folder: string,
  { series = 'a', index, dress }: { series?: string; index: number; dress?: Dress | undefined }
): Promise<PictureFile> {
  const address = addressOf(index)
  const png = wholePng()
  const path = await put(folder, `output/${series}/annotated/${address}.png`, png)
  await utimes(path, index, index)
  await put(folder, `output/${series}/title/${address}.txt`, `Number ${index}`)
  const attributes = Object.entries({ ...dress }).map(([name, value]) => ({ name, value }))
  const selector = JSON.stringify({ original: address, attributes })
  if (dress !== undefined) await put(folder, `output/${series}/selector/${address}.json`, selector)
  return { series, address, modifiedMs: index * 1_000, bytes: png.length }
}

export interface FacetsUnderTest {
  name: string
  /** A folder, and the index of what is in it. */
  createStore(t: Test): Promise<{ folder: string; open(): Promise<PictureIndex> }>
}

const OTTER = 'sea otter,weasels,carnivores,mammal,chordate'
const FOX = 'red fox,dogs,carnivores,mammal,chordate'
const HERON = 'heron,herons,waders,bird,chordate'
const JOY = 'azart,joy,mixed,Russian,a fervour'
const CALM = 'abbiocco,calm,mixed,Italian,a slump'

const DRESSES: Array<[number, Dress | undefined]> = [
  [
    1,
    {
      noun: OTTER,
      emotion: JOY,
      color1: 'red,#f00',
      color2: 'navy,#008',
      artStyle1: 'ASCII art,digital,,rows'
    }
  ],
  [2, { noun: OTTER, emotion: CALM, color1: 'blue,#00f', color3: 'Red,#f00', gaze: 'up at the sky,as if' }],
  [3, { noun: FOX, emotion: JOY, color1: 'navy,#008', gaze: 'up at the sky,as if' }],
  [4, { noun: HERON, emotion: JOY, color1: 'red,#f00', artStyle2: 'ASCII art,digital,,rows' }],
  [5, undefined]
]

const numbers = (pictures: PictureFile[]) => pictures.map(({ address }) => Number(address))

/** What every index must do with facets. */
export function testFacets({ name, createStore }: FacetsUnderTest): void {
  async function openDressed(t: Test, series = (_index: number): string => 'a') {
    const { folder, open } = await createStore(t)
    for (const [index, dress] of DRESSES) await writeDressed(folder, { series: series(index), index, dress })
    const pictures = await open()
    await pictures.reading
    await until(() => pictures.unread === 0)
    const find = async (filter: PictureFilter) =>
      numbers((await pictures.page({ order: 'newest', limit: 9, ...filter })).pictures)
    const count = async (facet: FacetName, filter: PictureFilter = {}, limit = 9) => {
      const [found] = await pictures.facets({ facets: [facet], limit, ...filter })
      t.match(found, { name: facet, isComplete: true })
      // A value is shown as the picture that was read first spells it.
      return Object.fromEntries(found!.values.map(({ value, count }) => [value.toLowerCase(), count]))
    }
    return { folder, pictures, find, count }
  }

  t.test(`${name}: values of one facet widen a filter, and other facets narrow it`, async (t) => {
    const { pictures, find } = await openDressed(t, (index) => (index % 2 === 0 ? 'even' : 'odd'))
    t.same(await find({ chosen: [{ facet: 'class', value: 'mammal' }] }), [3, 2, 1])
    t.same(await find({ chosen: [{ facet: 'class', value: ' MAMMAL ' }] }), [3, 2, 1], 'in any case')
    const joy = { facet: 'mood', value: 'joy' } as const
    t.same(await find({ chosen: [{ facet: 'class', value: 'mammal' }, joy] }), [3, 1])
    const birds = [
      { facet: 'class', value: 'mammal' } as const,
      { facet: 'class', value: 'bird' } as const,
      joy
    ]
    t.same(await find({ chosen: birds }), [4, 3, 1])
    t.same(await find({ chosen: birds, series: 'odd' }), [3, 1])
    t.same(await find({ chosen: birds, without: new Set(['odd']) }), [4])
    t.same(await find({ chosen: birds, text: addressOf(4) }), [4])
    t.same(await find({ chosen: [{ facet: 'color', value: 'red' }] }), [4, 2, 1], 'any of the colours')
    t.same(await find({ chosen: [{ facet: 'background', value: 'red' }] }), [2])
    t.same(await find({ chosen: [{ facet: 'style', value: 'ASCII art' }] }), [4, 1], 'any of the styles')
    t.same(await find({ chosen: [{ facet: 'noun', value: 'unicorn' }] }), [])
    t.equal((await find({})).length, 5, 'a picture without a dress is in the gallery')
    for (const order of ['newest', 'series'] as const) {
      const first = await pictures.page({ order, limit: 2, chosen: birds })
      const cursor = readCursor(writeCursor(first.next!))
      const { pictures: rest, next, total } = await pictures.page({ order, limit: 2, chosen: birds, cursor })
      t.same([total, numbers([...first.pictures, ...rest]).sort(), next], [3, [1, 3, 4], undefined], order)
    }
  })

  t.test(`${name}: the words of a search are in titles and in the values of dresses`, async (t) => {
    const { folder, pictures, find, count } = await openDressed(t, (index) => (index === 4 ? 'birds' : 'a'))
    const dress = {
      noun: 'eel,eels,eel-like,fish,chordate',
      artStyle1: 'English watercolour,painting,,veils',
      color1: 'lightsteelblue,#b0c4de',
      place: 'Évora,Alentejo,Portugal',
      occupation: "ship's carpenter (retired)"
    }
    const { revision } = pictures
    await pictures.put(await writeDressed(folder, { index: 6, dress }))
    await until(() => pictures.revision > revision)
    t.same(await find({ text: 'otter' }), [2, 1])
    t.same(await find({ text: 'WEASELS' }), [], 'a column that nothing can be chosen by')
    t.same(await find({ text: 'mammal joy' }), [3, 1], 'each word in another value')
    t.same(await find({ text: 'birds ascii 4' }), [4], 'in the series, a value and the title')
    t.same(await find({ text: 'mam' }), [3, 2, 1], 'the beginning of a word')
    t.same(await find({ text: 'ammal' }), [], 'and no other part of it')
    t.same(await find({ text: 'ma' }), [], 'two letters begin too many values')
    t.same(await find({ text: 'watercolor' }), [6], 'the spelling of another country')
    t.same(await find({ text: 'colour' }), [])
    t.same(await find({ text: 'steel' }), [6], 'a word in the name of a colour')
    t.same(await find({ text: 'lightsteelblue' }), [6], 'its name in one word')
    t.same(await find({ text: 'lightsteel' }), [6])
    t.same(await find({ text: '"sea otter"' }), [2, 1], 'quotation marks do not count')
    t.same(await find({ text: '“Otter,” ‘joy’ «azart»' }), [1])
    t.same(await find({ text: "ship's" }), [6], 'an apostrophe in a word does')
    t.same(await find({ text: '"weasels"' }), [])
    t.same(await find({ text: 'eel' }), [6], 'a noun')
    t.same(await find({ text: 'évora' }), [6], 'a letter that is not ASCII, in another case')
    t.same(await find({ text: 'vora' }), [])
    t.same(await find({ text: 'retired' }), [6], 'after a bracket')
    t.same(await find({ text: '(retired)' }), [6])
    t.same(await find({ text: '.tired .* [a-z] ottér' }), [], 'no regular expression')
    t.same(await find({ text: 'A sea otter, of the azart.' }), [1], 'words of every caption do not count')
    t.same(await find({ text: 'joy', chosen: [{ facet: 'class', value: 'mammal' }] }), [3, 1])
    t.same(await count('class', { text: 'joy' }), { mammal: 2, bird: 1 })
    const like = { series: 'a', address: addressOf(1) }
    t.same(numbers(await pictures.similar({ like, limit: 9, text: 'heron' })), [4])
    for (const order of ['newest', 'series'] as const) {
      const first = await pictures.page({ order, limit: 1, text: 'joy' })
      const cursor = readCursor(writeCursor(first.next!))
      const { pictures: rest, next, total } = await pictures.page({ order, limit: 2, text: 'joy', cursor })
      t.same([total, numbers([...first.pictures, ...rest]).sort(), next], [3, [1, 3, 4], undefined], order)
    }
  })

  t.test(`${name}: each facet is counted without what is chosen of it`, async (t) => {
    const { pictures, count } = await openDressed(t, (index) => (index === 1 ? 'one' : 'others'))
    t.same(await count('class'), { mammal: 3, bird: 1 })
    t.same(await count('class', { chosen: [{ facet: 'class', value: 'bird' }] }), { mammal: 3, bird: 1 })
    const joy = [{ facet: 'mood', value: 'joy' } as const]
    t.same(await count('class', { chosen: joy }), { mammal: 2, bird: 1 })
    t.same(await count('mood', { chosen: joy }), { joy: 3, calm: 1 })
    t.same(await count('mood', { chosen: [...joy, { facet: 'class', value: 'mammal' }] }), {
      joy: 2,
      calm: 1
    })
    t.same(await count('color'), { red: 3, navy: 2, blue: 1 }, 'a value in another case is the same')
    t.same(await count('class', { series: 'one' }), { mammal: 1 })
    t.same(await count('class', { without: new Set(['one']), text: 'number' }), { mammal: 2, bird: 1 })
    t.same(await count('trope'), {})
    t.same(await count('color', {}, 1), { red: 3 })
    const absent = [{ facet: 'color', value: 'blue' } as const, { facet: 'color', value: 'pink' } as const]
    t.same(await count('color', { chosen: absent }, 1), { red: 3, blue: 1, pink: 0 }, 'and what is chosen')
    const several = await pictures.facets({ facets: ['mood', 'class', 'color'], limit: 1, chosen: joy })
    t.match(several, [
      { name: 'mood', values: [{ value: 'joy', count: 3 }], distinct: 2 },
      { name: 'class', values: [{ value: 'mammal', count: 2 }], distinct: 2 },
      { name: 'color', values: [{ value: 'navy', count: 2 }], distinct: 2 }
    ])
    t.ok(await pictures.knowsValue({ facet: 'noun', value: 'Heron' }))
    t.notOk(await pictures.knowsValue({ facet: 'class', value: 'heron' }))
  })

  t.test(`${name}: facets follow pictures that come, change and go`, async (t) => {
    const { folder, pictures, find, count } = await openDressed(t)
    const { length: before } = await find({ chosen: [{ facet: 'class', value: 'bird' }] })
    t.equal(before, 1)
    const arrived = async (revision: number) => await until(() => pictures.revision >= revision)
    let { revision } = pictures
    await pictures.put(await writeDressed(folder, { index: 6, dress: { noun: HERON } }))
    await arrived((revision += 1))
    t.same(await find({ chosen: [{ facet: 'class', value: 'bird' }] }), [6, 4])
    await pictures.put({
      ...(await writeDressed(folder, { index: 6, dress: { noun: FOX } })),
      modifiedMs: 6_500
    })
    await arrived((revision += 1))
    t.same(await find({ chosen: [{ facet: 'class', value: 'bird' }] }), [4])
    t.same(await count('noun'), { heron: 1, 'red fox': 2, 'sea otter': 2 })
    await rm(join(folder, `output/a/annotated/${addressOf(4)}.png`))
    await pictures.remove('a', addressOf(4))
    await arrived((revision += 1))
    t.same(await find({ chosen: [{ facet: 'class', value: 'bird' }] }), [])
    t.same(await count('noun'), { 'red fox': 2, 'sea otter': 2 })
    await pictures.put(await writeDressed(folder, { index: 7, dress: { gaze: 'down,as if' } }))
    await arrived((revision += 1))
    t.same(await count('noun'), { 'red fox': 2, 'sea otter': 2 }, 'a place that is used again')
  })

  t.test(
    `${name}: a dress that only its record has counts, and one that cannot be read does not`,
    async (t) => {
      const { folder, open } = await createStore(t)
      await writeDressed(folder, { index: 1 })
      const record = {
        selectedRecords: [{ attribute: 'noun', record: HERON }, null, { attribute: 7, record: 'x' }]
      }
      await put(folder, `output/a/metadata/${seedOf(addressOf(1))}.json`, JSON.stringify(record))
      await writeDressed(folder, { index: 2 })
      await put(folder, `output/a/selector/${addressOf(2)}.json`, '{"attributes": [')
      await writeDressed(folder, { index: 3 })
      const foreign = { original: addressOf(9), attributes: [{ name: 'noun', value: HERON }] }
      await put(folder, `output/a/selector/${addressOf(3)}.json`, JSON.stringify(foreign))
      const pictures = await open()
      await pictures.reading
      const [found] = await pictures.facets({ facets: ['noun'], limit: 9 })
      t.same(found!.values, [{ value: 'heron', count: 1 }])
    }
  )

  t.test(`${name}: the likest pictures share the heaviest values`, async (t) => {
    const { pictures } = await openDressed(t, (index) => (index === 3 ? 'b' : 'a'))
    const similar = async (index: number, filter: PictureFilter = {}, limit = 9) =>
      numbers(
        await pictures.similar({
          like: { series: index === 3 ? 'b' : 'a', address: addressOf(index) },
          limit,
          ...filter
        })
      )
    // The heron shares emotion, mood, colour, style and its group: 3 + 2 + 2 + 3 + 1. The otter shares kind, noun
    // and colour: 4 + 4 + 2. The fox shares kind, emotion, mood and colour: 4 + 3 + 2 + 2.
    t.same(await similar(1), [4, 3, 2])
    t.same(await similar(1, {}, 1), [4])
    t.same(await similar(1, { series: 'a' }), [4, 2])
    t.same(await similar(1, { without: new Set(['a']) }), [3])
    t.same(await similar(1, { chosen: [{ facet: 'class', value: 'mammal' }] }), [3, 2])
    t.same(await similar(2), [1, 3, 4], 'of equally like ones the newer first')
    t.same(await similar(5), [], 'nothing is known of it')
    t.same(await similar(99), [], 'there is none')
    t.match(await pictures.similar({ like: { series: 'a', address: addressOf(1) }, limit: 1 }), [
      { title: 'Number 4' }
    ])
  })
}
