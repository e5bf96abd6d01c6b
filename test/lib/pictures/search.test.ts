import t from 'tap'
import { createGallery } from '../../../lib/pictures/gallery.ts'
import type { Picture } from '../../../lib/pictures/gallery.ts'
import { createSearch } from '../../../lib/pictures/search.ts'
import { createSortedPictures } from '../../../lib/pictures/sorted.ts'

const EIGHT_WORDS = 'the a e i n r t'
const address = (index: number) => `0x${String(index).padStart(40, '0')}`

/** An index of pictures whose titles are counted each time that they are read. */
function indexOf(titles: string[]) {
  let reads = 0
  const pictures = titles.map((title, index): Picture => ({
    series: index % 2 === 0 ? 'even' : 'odd',
    address: address(index),
    bytes: 1,
    modifiedMs: titles.length - index,
    title,
    width: 1,
    height: 1,
    isRead: true,
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
  return { all: createSortedPictures(pictures), bySeries, version: 1, reads: () => reads }
}

const addressesOf = (pictures: { items: readonly Picture[] }) =>
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
  const count = 20_000
  const gallery = createGallery({
    images: {
      newest: async () =>
        Array.from({ length: count }, (_, index) => ({
          series: `series-${index % 20}`,
          address: address(index),
          bytes: 1,
          modifiedMs: index
        })),
      subscribe: () => () => {},
      find: async () => undefined,
      open: async () => undefined
    },
    files: { readText: async () => 'The placid heron and the effervescent otter of Kinderdijk' }
  })
  t.teardown(gallery.stop)
  await gallery.reading
  let turns = 0
  let isSearching = true
  const turn = () => {
    turns += 1
    if (isSearching) setImmediate(turn)
  }
  setImmediate(turn)
  const pages = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const text = `${EIGHT_WORDS} ${address(index)}`
      return await gallery.page({ order: 'newest', limit: 9, text })
    })
  )
  isSearching = false
  t.same(
    pages.map(({ total, pictures }) => [total, pictures[0]!.address]),
    pages.map((_, index) => [1, address(index)])
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
