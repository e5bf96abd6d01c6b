/** More words would make a search slow: each word is compared with each picture. */
const WORDS_MAX = 8
const HEXADECIMAL = /^(0x)?[0-9a-f]+$/

export interface SearchWord {
  /** In lower case. */
  word: string
  /** Only hexadecimal words are searched in addresses. */
  isHexadecimal: boolean
}

/** The different words of a text, at most eight. A picture matches if each is in its title, series or address. */
export function searchWordsOf(text: string): SearchWord[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return [...new Set(words)]
    .slice(0, WORDS_MAX)
    .map((word) => ({ word, isHexadecimal: HEXADECIMAL.test(word) }))
}
