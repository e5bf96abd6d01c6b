import t from 'tap'
import { ADDRESS, buildApp, json, pollUntilDone, until } from '../../helper.ts'
import type { TestApp } from '../../helper.ts'
import type { Attribute } from '../../../lib/schemas/dress.ts'
import { putDressed } from '../dressed.ts'
import { smallArtist } from '../openapi/artist.ts'

interface FacetAnswer {
  name: string
  label: string
  values: Array<{ value: string; count: number }>
  distinct: number
  complete: boolean
}

const addressOf = (index: number) => `0x${String(index).padStart(40, '0')}`

async function readData(ask: TestApp['ask'], query: string) {
  return (await json(await ask(`/v1/gallery?${query}`))).data
}

/** Adds pictures with a noun, an emotion and two colours each; the last one is the newest. */
async function addDressed({ app }: TestApp, dresses: Array<[noun: string, emotion: string, color: string]>) {
  for (const [at, [noun, emotion, color]] of dresses.entries()) {
    const picture = { series: at % 2 === 0 ? 'simple' : 'birds', address: addressOf(at + 1) }
    const dress = { noun, emotion, color1: `${color},#000000`, color2: 'navy,#000080' }
    await putDressed(app, picture, dress)
  }
  await until(() => app.engine.pictures.size === dresses.length && app.engine.pictures.unread === 0)
}

const OTTER = 'sea otter,weasels,carnivores,mammal,chordate'
const HERON = 'heron,herons,waders,bird,chordate'
const JOY = 'azart,joy,mixed,Russian,a fervour'
const CALM = 'abbiocco,calm,mixed,Italian,a slump'

async function buildDressed(t: Parameters<typeof buildApp>[0]) {
  const server = await buildApp(t)
  await addDressed(server, [
    [OTTER, JOY, 'red'],
    [OTTER, CALM, 'blue'],
    [HERON, JOY, 'red'],
    [HERON, JOY, 'teal']
  ])
  const { ask } = server
  const find = async (query: string) =>
    (await readData(ask, query)).images.map(({ address }: { address: string }) => Number(address)).sort()
  return { ...server, find }
}

t.test('a run leaves what its picture can be found by: every attribute of the dress', async (t) => {
  const { ask, app } = await buildApp(t, { artist: smallArtist })
  const { dalleDress } = await pollUntilDone(`/dalle/simple/${ADDRESS}?generate=1`, ask)
  await until(() => app.engine.pictures.size === 1 && app.engine.pictures.unread === 0)
  const attributes = new Map((dalleDress.attributes as Attribute[]).map(({ name, value }) => [name, value]))
  const first = (name: string) => attributes.get(name)!.split(',')[0]!
  for (const name of ['noun', 'emotion', 'occupation', 'litStyle', 'gaze', 'place', 'trope', 'adverb']) {
    const query = new URLSearchParams({ [name]: first(name), facets: name })
    const { total, facets } = await readData(ask, query.toString())
    t.equal(total, 1, `${query}`)
    t.match(facets, [{ name, values: [{ value: first(name), count: 1 }], distinct: 1 }])
  }
  for (const [parameter, value] of [
    ['color', first('color2')],
    ['background', first('color3')],
    ['style', first('artStyle2')],
    ['class', attributes.get('noun')!.split(',')[3]!],
    ['mood', attributes.get('emotion')!.split(',')[1]!]
  ] as const) {
    t.equal((await readData(ask, new URLSearchParams({ [parameter]: value }).toString())).total, 1, parameter)
  }
  const [backdrop] = (await readData(ask, 'facets=backStyle')).facets[0].values
  t.match(backdrop.value, /…/, 'without the colour and the style of this one picture')
  t.equal((await readData(ask, new URLSearchParams({ backStyle: backdrop.value }).toString())).total, 1)
})

t.test('filters go together with words, series, order and pages', async (t) => {
  const { ask, find } = await buildDressed(t)
  t.same(await find('class=bird'), [3, 4])
  t.same(await find('class=bird&class=mammal'), [1, 2, 3, 4])
  t.same(await find('mood=joy&color=RED'), [1, 3])
  t.same(await find('mood=joy&color=red&series=simple&order=series'), [1, 3])
  t.same(await find('mood=joy&series=birds'), [4])
  t.same(await find(`mood=joy&q=${addressOf(3)}`), [3])
  t.same(await find('gaze=up%20at%20the%20sky'), [], 'a value of the databases that no picture has')
  const first = await readData(ask, 'mood=joy&limit=2')
  const second = await readData(ask, `mood=joy&limit=2&cursor=${first.nextCursor}`)
  t.same([first.total, first.images.length, second.images.length, second.nextCursor], [3, 2, 1, null])
  t.same(first.series.map(({ name }: { name: string }) => name).sort(), ['birds', 'simple'])
  t.notOk('facets' in first, 'counts only for who asks')
})

t.test('the values of facets are counted for the filter, on request', async (t) => {
  const { ask } = await buildDressed(t)
  const { facets, total } = await readData(ask, 'mood=joy&facets=mood&facets=class&facets=color&facetLimit=1')
  t.equal(total, 3)
  t.same(facets as FacetAnswer[], [
    { name: 'mood', label: 'Mood', values: [{ value: 'joy', count: 3 }], distinct: 2, complete: true },
    { name: 'class', label: 'Kind', values: [{ value: 'bird', count: 2 }], distinct: 2, complete: true },
    { name: 'color', label: 'Colour', values: [{ value: 'navy', count: 3 }], distinct: 3, complete: true }
  ])
})

t.test('pictures like another one come with the likest first', async (t) => {
  const { ask, find } = await buildDressed(t)
  const like = async (query: string) =>
    (await readData(ask, query)).images.map(({ address }: { address: string }) => Number(address))
  // 4 has kind, noun, mood, emotion and a colour of 3; 1 has mood, emotion and two colours of it.
  t.same(await like(`like=simple/${addressOf(3)}`), [4, 1, 2])
  t.same(await like(`like=simple/${addressOf(3)}&limit=1`), [4])
  t.same(await like(`like=simple/${addressOf(3)}&series=simple`), [1])
  t.same(await like(`like=simple/${addressOf(3)}&mood=calm`), [2])
  t.same((await readData(ask, `like=simple/${addressOf(3)}&limit=2`)).series, [
    { name: 'birds', count: 1 },
    { name: 'simple', count: 1 }
  ])
  t.same(await find('class=bird'), [3, 4])
})

t.test('a wrong name or value is refused in a sentence that says what is right', async (t) => {
  const { ask } = await buildDressed(t)
  const { nextCursor } = await readData(ask, 'limit=1')
  for (const [query, details] of [
    ['colour=red', /^There is no parameter "colour": color is meant$/],
    ['litstyle=x', /^There is no parameter "litstyle": litStyle is meant$/],
    ['emotoin=joy', /^There is no parameter "emotoin": the parameters are series, q, class, .*, cursor$/],
    ['class=dragon', /^class is "dragon": it must be one of \d+ values such as ".+"; facets=class lists/],
    ['class=bird&class=', /^class is "": it must be one of/],
    ['facets=colour', /^facets is "colour": it must be one of class, noun, /],
    ['facets=mood&facetLimit=0', /^facetLimit is "0": it must be at least 1/],
    [`like=${addressOf(1)}`, /^like is "0x.*": it must be the series and the address of a picture/],
    ['like=simple/0x12', /^like is "simple\/0x12": it must be/],
    [`like=../x/${addressOf(1)}`, /it must be the series/],
    [`like=simple/${addressOf(1)}&order=series`, /^order=series is given with like/],
    [`like=simple/${addressOf(1)}&cursor=${nextCursor}`, /^cursor is given with like/],
    [`like=simple/${addressOf(1)}&facets=class`, /^facets is given with like/],
    [Array.from({ length: 101 }, () => 'class=bird').join('&'), /^101 values are chosen: at most 100/]
  ] as const) {
    const refused = await ask(`/v1/gallery?${query}`)
    t.equal(refused.status, 400, query.slice(0, 50))
    t.match(await json(refused), { error: { code: 'invalid_input', details } })
  }
})
