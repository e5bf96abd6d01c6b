import type { Picture } from './gallery.ts'

/** More words than anybody types; each costs time for every picture. */
const WORDS_MAX = 8
const HEXADECIMAL = /^(0x)?[0-9a-f]+$/

/** Whether a picture has every word of the text in its title, series or address; undefined where the text has no word. */
export function createSearch(text: string): ((picture: Picture) => boolean) | undefined {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, WORDS_MAX)
  if (words.length === 0) return undefined
  const terms = words.map((word) => ({ word, isHexadecimal: HEXADECIMAL.test(word) }))
  return ({ words: title, series, address }) =>
    terms.every(
      ({ word, isHexadecimal }) =>
        title.includes(word) || series.includes(word) || (isHexadecimal && address.includes(word))
    )
}
