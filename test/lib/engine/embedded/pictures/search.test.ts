import t from 'tap'
import { createFacetTable } from '../../../../../lib/engine/embedded/pictures/facet-table.ts'
import type { Entry } from '../../../../../lib/engine/embedded/pictures/gallery-index.ts'
import { createSearch } from '../../../../../lib/engine/embedded/pictures/search.ts'
import { createSortedPictures } from '../../../../../lib/engine/embedded/pictures/sorted.ts'

const EIGHT_WORDS = 'the a e i n r t'
const address = (index: number) => `0x${String(index).padStart(40, '0')}`

/** An index of pictures whose titles are counted each time that they are read. */
function indexOf(titles: string[]) {
  let reads = 0
  const pictures = titles.map((title, index): Entry => ({
    series: index % 2 === 0 ? 'even' : 'odd',
    address: address(index),
    bytes: 1,
    modifiedMs: titles.length - index,
    title,
    width: 1,
    height: 1,
    isRead: true,
    facetRow: 0,
    get searchTitle() {
      reads += 1
      return title
    }
  }))
  const bySeries = new Map(
    ['even', 'odd'].map((name) => [
      name,
      createSortedPictures(pictures.filter(({ series }) => series === name))
    ])
  )
  return {
    all: createSortedPictures(pictures),
    bySeries,
    version: 1,
    facets: createFacetTable(),
    reads: () => reads
  }
}

const addressesOf = (pictures: { items: readonly Entry[] }) =>
  pictures.items.map((picture) => Number(picture.address))

t.test('a search finds the pictures that have every word, as a whole and by series', async (t) => {
  const search = createSearch(indexOf(['an otter', 'a heron', 'an otter and a heron', 'nothing']))
  const found = await search(' OTTER otter  an')
  t.same(addressesOf(found.all), [0, 2])
  t.same([...found.bySeries.keys()], ['even'])
  t.same(addressesOf((await search('odd')).all), [1, 3], 'the name of the series')
  t.same(addressesOf((await search('heron even')).all), [2])
  t.same(addressesOf((await search('003')).all), [3], 'a part of the address')
  t.same(addressesOf((await search('nowhere')).all), [])
})

t.test('other work takes its turn while a search compares many pictures', async (t) => {
  const title = 'the placid heron and the effervescent otter of kinderdijk'
  const search = createSearch(indexOf(Array<string>(20_000).fill(title)))
  let turns = 0
  let isSearching = true
  const turn = () => {
    turns += 1
    if (isSearching) setImmediate(turn)
  }
  setImmediate(turn)
  const found = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => await search(`${EIGHT_WORDS} ${address(index)}`))
  )
  isSearching = false
  t.same(
    found.map(({ all }) => addressesOf(all)),
    found.map((_, index) => [Number(address(index))])
  )
  t.ok(turns >= 20, `${turns} turns of the event loop`)
})

t.test('a repeated search costs nothing until a picture or a title changes', async (t) => {
  const index = indexOf(['an otter', 'a heron'])
  const search = createSearch(index)
  const [first, same] = await Promise.all([search('otter'), search('Otter')])
  t.equal(first, same, 'searches at the same time share the work')
  t.equal(await search('otter'), first)
  t.equal(index.reads(), 2)
  index.version += 1
  t.not(await search('otter'), first)
  t.equal(index.reads(), 4)
})

t.test('more than fifty searches do not wait', async (t) => {
  const search = createSearch(indexOf(['an otter']))
  const results = await Promise.allSettled(
    Array.from({ length: 60 }, async (_, index) => await search(`otter ${index}`))
  )
  const refused = results.filter(({ status }) => status === 'rejected')
  t.equal(refused.length, 9, 'one works and fifty wait')
  t.match(refused[0], { reason: { code: 'SERVICE_UNAVAILABLE', retryAfter: 5 } })
  t.equal((await search('otter')).all.items.length, 1)
})
