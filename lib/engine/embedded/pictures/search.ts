import { setImmediate as nextTurn } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import PQueue from 'p-queue'
import { errors } from '../../../errors.ts'
import { createSingleFlight } from '../../../single-flight.ts'
import { searchWordsOf } from '../../search-words.ts'
import type { SearchWord } from '../../search-words.ts'
import type { Entry, GalleryIndex } from './gallery-index.ts'
import { createSortedPictures } from './sorted.ts'
import type { SortedPictures } from './sorted.ts'

/** A search that has worked for this long lets other work take its turn. */
const SLICE_MS = 2
/** Pictures between two looks at the clock. */
const BATCH_SIZE = 100
/** Different searches that may wait for their turn. */
const WAITING_MAX = 50
/** Results that are kept, so that the next page of a search costs nothing. */
const RESULTS_KEPT = 16

/** Pictures in order, as a whole and by series. */
export interface PictureLists {
  all: SortedPictures<Entry>
  bySeries: ReadonlyMap<string, SortedPictures<Entry>>
}

/**
 * Searches for pictures that have every word of a text in title, series or address. Only hexadecimal words are searched
 * in addresses. One search works at a time, and in short slices, so that searches delay no other request.
 */
export function createSearch(index: Pick<GalleryIndex, 'all' | 'bySeries' | 'version'>) {
  const queue = new PQueue({ concurrency: 1 })
  const flights = createSingleFlight<PictureLists>()
  const results = new LRUCache<string, { version: number; found: PictureLists }>({ max: RESULTS_KEPT })

  async function search(key: string, words: SearchWord[]): Promise<PictureLists> {
    const { version } = index
    const found = await scan([...index.all.items], words)
    results.set(key, { version, found })
    return found
  }

  /**
   * The pictures that match the text; all pictures if the text has no words.
   * @throws SERVICE_UNAVAILABLE when too many other searches wait
   */
  return async function find(text: string): Promise<PictureLists> {
    const words = searchWordsOf(text)
    if (words.length === 0) return index
    const key = words.map(({ word }) => word).join(' ')
    const known = results.get(key)
    if (known?.version === index.version) return known.found
    return await flights.run(key, async () => {
      if (queue.size >= WAITING_MAX) {
        throw errors.unavailable(
          'Too many searches wait',
          `${WAITING_MAX} searches wait already; search again later`
        )
      }
      return await queue.add(async () => await search(key, words))
    })
  }
}

/** The pictures that match, in the same order. */
async function scan(pictures: readonly Entry[], words: SearchWord[]): Promise<PictureLists> {
  const matches = createFilter(words)
  const found: Entry[] = []
  const groups = new Map<string, Entry[]>()
  let sliceAt = performance.now()
  for (const [at, picture] of pictures.entries()) {
    if (at % BATCH_SIZE === 0 && performance.now() - sliceAt > SLICE_MS) {
      await nextTurn()
      sliceAt = performance.now()
    }
    if (!matches(picture)) continue
    found.push(picture)
    const group = groups.get(picture.series)
    if (group === undefined) groups.set(picture.series, [picture])
    else group.push(picture)
  }
  return {
    all: createSortedPictures(found),
    bySeries: new Map([...groups].map(([name, group]) => [name, createSortedPictures(group)]))
  }
}

function createFilter(words: SearchWord[]): (picture: Entry) => boolean {
  // A word in the name of the series need not be looked for in each of its pictures.
  const termsOfSeries = new Map<string, SearchWord[]>()
  return ({ searchTitle, series, address }) => {
    let left = termsOfSeries.get(series)
    if (left === undefined) {
      left = words.filter(({ word }) => !series.includes(word))
      termsOfSeries.set(series, left)
    }
    return left.every(
      ({ word, isHexadecimal }) => searchTitle.includes(word) || (isHexadecimal && address.includes(word))
    )
  }
}
