import { setImmediate as nextTurn } from 'node:timers/promises'
import { facetKey } from '../../../dress/facets.ts'
import type { FacetValue } from '../../../dress/facets.ts'
import { searchWordsOf, valueTestOf } from '../../search-words.ts'
import type { SearchWord } from '../../search-words.ts'
import type { Entry, GalleryIndex } from './gallery-index.ts'
import { createSortedPictures } from './sorted.ts'
import type { SortedPictures } from './sorted.ts'
import { createTurns, lookAtEach } from './turns.ts'

/** Pictures in order, as a whole and by series. */
export interface PictureLists {
  all: SortedPictures<Entry>
  bySeries: ReadonlyMap<string, SortedPictures<Entry>>
}

/** A word, and a test whether a row of the table of facets has a value with it. */
interface Term extends SearchWord {
  isInValues: (row: number) => boolean
}

/**
 * Searches for pictures that have every word of a text in title, series, address or the values of their dress, and one
 * of the chosen values of each facet. Only hexadecimal words are searched in addresses. One search works at a time, and
 * in short slices, so that searches delay no other request.
 */
export function createSearch(
  index: Pick<GalleryIndex, 'all' | 'bySeries' | 'version' | 'facets'>,
  inTurn = createTurns(index)
) {
  /**
   * The pictures that match; all pictures if the text has no words and nothing is chosen.
   * @throws SERVICE_UNAVAILABLE when too many other searches wait
   */
  return async function find(text: string, chosen: readonly FacetValue[] = []): Promise<PictureLists> {
    const words = searchWordsOf(text)
    if (words.length === 0 && chosen.length === 0) return index
    return await inTurn(searchKey(text, chosen), async () => {
      const tests = [...index.facets.tests(chosen).values()]
      const hasWords = createFilter(await termsOf(words, index.facets))
      return await scan(
        [...index.all.items],
        (picture) => tests.every((test) => test(picture.facetRow)) && hasWords(picture)
      )
    })
  }
}

/** Names the words and the chosen values. */
export function searchKey(text = '', chosen: readonly FacetValue[] = []): string {
  const words = searchWordsOf(text).map(({ word }) => word)
  return JSON.stringify([words, chosen.map(({ facet, value }) => `${facet} ${facetKey(value)}`).sort()])
}

/** The pictures that match, in the same order. */
async function scan(pictures: readonly Entry[], matches: (picture: Entry) => boolean): Promise<PictureLists> {
  const found: Entry[] = []
  const groups = new Map<string, Entry[]>()
  await lookAtEach(pictures, (picture) => {
    if (!matches(picture)) return
    found.push(picture)
    const group = groups.get(picture.series)
    if (group === undefined) groups.set(picture.series, [picture])
    else group.push(picture)
  })
  return {
    all: createSortedPictures(found),
    bySeries: new Map([...groups].map(([name, group]) => [name, createSortedPictures(group)]))
  }
}

/** Compares each word with the values once, and not with those of each picture. */
async function termsOf(words: SearchWord[], facets: GalleryIndex['facets']): Promise<Term[]> {
  const terms: Term[] = []
  for (const word of words) {
    if (terms.length > 0) await nextTurn()
    terms.push({ ...word, isInValues: facets.testOfMeant(valueTestOf(word)) })
  }
  return terms
}

function createFilter(terms: Term[]): (picture: Entry) => boolean {
  // A word in the name of the series need not be looked for in each of its pictures.
  const termsOfSeries = new Map<string, Term[]>()
  return ({ searchTitle, series, address, facetRow }) => {
    let left = termsOfSeries.get(series)
    if (left === undefined) {
      left = terms.filter(({ word }) => !series.includes(word))
      termsOfSeries.set(series, left)
    }
    return left.every(
      ({ word, isHexadecimal, isInValues }) =>
        searchTitle.includes(word) || (isHexadecimal && address.includes(word)) || isInValues(facetRow)
    )
  }
}
