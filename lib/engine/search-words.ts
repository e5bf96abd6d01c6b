import { shownValue } from '../dress/facets.ts'
import type { FacetValue } from '../dress/facets.ts'

/** More words would make a search slow: each word is compared with each picture. */
const WORDS_MAX = 8
const HEXADECIMAL = /^(0x)?[0-9a-f]+$/
/** Shorter words are the beginnings of too many values. */
const VALUE_CHARACTERS_MIN = 3
/** Each caption has these words, so they say nothing beside others. */
const OF_EVERY_CAPTION = new Set('a an in of sight style the with within'.split(' '))
/** What people write around words. A word is searched without it. */
const AROUND = /^["'“”„‟‘’‚«»‹›]+|[,.;:!?"'“”„‟‘’‚«»‹›]+$/gu
/** A word of a value begins where no ASCII letter, no digit and no letter of another script is before it. */
const WORD_BEGINS = '(^|[ -/:-@\\[-`{-~])'
const WORD_ENDS = '($|[ -/:-@\\[-`{-~])'

export interface SearchWord {
  /** In lower case. */
  word: string
  /** Only hexadecimal words are searched in addresses. */
  isHexadecimal: boolean
  /**
   * A regular expression for the values that have a word which begins with this one, in the syntax that JavaScript and
   * PostgreSQL share; undefined if the word is not searched in values.
   */
  pattern: string | undefined
}

/**
 * The different words of a text, at most eight. A picture matches if each is in its title, series or address, or begins
 * a word of a value of its dress.
 */
export function searchWordsOf(text: string): SearchWord[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .map((word) => word.replace(AROUND, '') || word)
    .filter((word) => word !== '')
  const telling = words.filter((word) => !OF_EVERY_CAPTION.has(word))
  return [...new Set(telling.length > 0 ? telling : words)].slice(0, WORDS_MAX).map((word) => ({
    word,
    isHexadecimal: HEXADECIMAL.test(word),
    pattern: [...word].length < VALUE_CHARACTERS_MIN ? undefined : patternOf(word)
  }))
}

/** A test whether a value, as people see it or as the database has it, has a word that begins with this one. */
export function valueTestOf({ pattern }: SearchWord): (value: FacetValue) => boolean {
  if (pattern === undefined) return () => false
  const begins = new RegExp(pattern)
  return (each) => begins.test(shownValue(each)) || begins.test(each.value)
}

/** Whether a value, as people see it, has this whole word. */
export function hasWord(value: FacetValue, { pattern }: SearchWord): boolean {
  return pattern !== undefined && new RegExp(pattern + WORD_ENDS).test(shownValue(value))
}

/** Spellings that differ between countries are the same. */
function patternOf(word: string): string {
  const parts = word.split(/(colou?r|gr[ae]y)/).map((part, index) => {
    if (index % 2 === 0) return [...part].map(eitherCase).join('')
    return part.startsWith('c') ? '[cC][oO][lL][oO][uU]?[rR]' : '[gG][rR][aAeE][yY]'
  })
  return WORD_BEGINS + parts.join('')
}

/** A letter in either case. PostgreSQL knows only the cases of ASCII in some databases. */
function eitherCase(character: string): string {
  const upper = character.toUpperCase()
  if (upper !== character && upper.length === 1 && character.length === 1) return `[${character}${upper}]`
  return character.replace(/[!-/:-@[-`{-~]/, '\\$&')
}
