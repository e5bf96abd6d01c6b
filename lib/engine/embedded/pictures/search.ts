import type { Entry } from './gallery-index.ts'

/** More words would make a search slow: each word is compared with each picture. */
const WORDS_MAX = 8
const HEXADECIMAL = /^(0x)?[0-9a-f]+$/

/**
 * A filter of the pictures that have every word of the text in title, series or address; undefined if the text has no
 * words. Only hexadecimal words are searched in addresses.
 */
export function createSearch(text: string): ((picture: Entry) => boolean) | undefined {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, WORDS_MAX)
  if (words.length === 0) return undefined
  const terms = words.map((word) => ({ word, isHexadecimal: HEXADECIMAL.test(word) }))
  return ({ searchTitle, series, address }) =>
    terms.every(
      ({ word, isHexadecimal }) =>
        searchTitle.includes(word) || series.includes(word) || (isHexadecimal && address.includes(word))
    )
}
