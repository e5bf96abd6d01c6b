/** Beginnings that are written with a vowel but spoken with "y" or "w" first, as in `unicorn` and `one`. */
const CONSONANT_SOUNDS = [
  'eu',
  'ew',
  'one\\b',
  'once',
  'uni(?!dent|mag|mp|n)',
  'us[aeiu]',
  'ut[aeio]',
  'ub[io]',
  'uk',
  'ur[aeiou]',
  'oui'
]
/** Beginnings that are not written with a vowel but spoken with one first: a silent h, numbers, single letters. */
const VOWEL_SOUNDS = ['heir', 'honest', 'honou?r', 'hour', '8', '1[18](?!\\d)', '[AEFHILMNORSX](?!\\p{Ll})']
const CONSONANT_SOUND = new RegExp(`^(?:${CONSONANT_SOUNDS.join('|')})`, 'i')
const VOWEL_SOUND = new RegExp(`^(?:${VOWEL_SOUNDS.join('|')})`, 'u')
const VOWEL_LETTER = /^[aeiouàáâäåèéêëìíîïòóôöøùúûü]/i

const ARTICLE = /^(?:an?|the)\s/i

/**
 * The words with the article that fits their sound: `an otter`, `a unicorn`, `an hourglass`. Words that have an article
 * keep it.
 */
export function indefinite(words: string): string {
  if (ARTICLE.test(words)) return words
  const isVowel = VOWEL_SOUND.test(words) || (VOWEL_LETTER.test(words) && !CONSONANT_SOUND.test(words))
  return `${isVowel ? 'an' : 'a'} ${words}`
}

/** Art styles that are the name of a group of people. */
const GROUP = /(?:^|\s)(?:School|Secession)$/
/** Art styles that are one work of their kind, by the last word. All others are names or kinds: `cubism`. */
const WORKS = [
  'autochrome bas-relief bodegón broadside capriccio carpet cartoon chart cyanotype daguerreotype diagram exposure',
  'film fresco geoglyph landscape mandala matryoshka miniature mola monotype mosaic mundi petroglyph photogram plate',
  'poster print relief retablo sampler sign strip tapestry tughra veduta vessel life'
]
const WORK = new RegExp(`(?:^|\\s)(?:${WORKS.join(' ').replaceAll(' ', '|')})$`)

/** An art style in a sentence: `cubism`, `a Byzantine mosaic`, `the Hague School`. */
export function artStyle(name: string): string {
  if (GROUP.test(name) && !ARTICLE.test(name)) return `the ${name}`
  return WORK.test(name) ? indefinite(name) : name
}

/** Emotions of which there is one at a time, and those of which there are several. All others are kinds: `joy`. */
const SINGLE_EMOTIONS = /^(?:coup de foudre|craving|frisson|hankering|kippage|scunner|swither|thrill)$/
const PLURAL_EMOTIONS = /^(?:heebie-jeebies|jitters)$/

/** An emotion in a sentence: `joy`, `a thrill`, `the jitters`. */
export function feelingOf(name: string): string {
  if (PLURAL_EMOTIONS.test(name)) return `the ${name}`
  return SINGLE_EMOTIONS.test(name) ? indefinite(name) : name
}

/** Plurals that do not end with an s. */
const PLURALS =
  /(?:\b(?:algae|bacteria|fungi|mammalia|people|men|women|mice|geese|larvae|amoebae)|zoa|phyta)$/i

/** A member of a kind: `a reptile`, and `one of the reptiles` for the Go library's plurals. */
export function kind(name: string): string {
  const isPlural = PLURALS.test(name) || (/s$/i.test(name) && !/(?:ss|us|is|ops|ws)$/i.test(name))
  return isPlural ? `one of the ${name.replace(/^the\s+/i, '')}` : indefinite(name)
}

export function capitalize(text: string): string {
  const [first = ''] = text
  return first.toUpperCase() + text.slice(first.length)
}

const SMALL_WORDS = new Set('a an and at by de for from in of on or the to with'.split(' '))

/** The text as a title: every word has a capital, except small words after the first. */
export function titleCase(text: string): string {
  return text
    .split(' ')
    .map((word, index) => (index > 0 && SMALL_WORDS.has(word) ? word : capitalize(word)))
    .join(' ')
}

const COLOR_BEGINNINGS = [
  'alice antique blanched blue cadet cornflower dark deep dim dodger floral forest ghost goldenrod green hot indian',
  'lavender lawn lemon light lime medium midnight mint misty navajo old olive orange pale papaya peach powder rebecca',
  'rosy royal saddle sandy sea sky slate spring steel violet white yellow'
]
const COLOR_ENDINGS = [
  'almond aquamarine blue blush brown chiffon coral cream cyan drab goldenrod gr[ae]y green khaki lace magenta orange',
  'orchid pink puff purple red rose salmon smoke turquoise violet whip white yellow'
]
const alternatives = (lines: string[]) => lines.join(' ').replaceAll(' ', '|')
const BEGINNING = `(?:${alternatives(COLOR_BEGINNINGS)})`
const ENDING = `(?:${alternatives(COLOR_ENDINGS)})`
/** The positions between the words of a CSS colour name. */
const COLOR_SEAM = new RegExp(`(?<=^${BEGINNING}+)(?=${BEGINNING}*${ENDING}$)`, 'g')

/**
 * The name of a CSS colour in separate words: `light steel blue` for `lightsteelblue`. Other texts stay as they
 * are.
 */
export function spokenColor(name: string): string {
  return name.replace(COLOR_SEAM, ' ')
}
