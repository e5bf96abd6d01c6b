// "an" goes by sound. These begin with a vowel letter, but are spoken with a "y" or a "w" first …
const CONSONANT_SOUND = /^(eu|ew|one\b|once|uni(?!dent|mag|mp|n)|us[aeiu]|ut[aeio]|ub[io]|uk|ur[aeiou]|oui)/i
// … and these the other way round: a silent h, a number as it is read, a letter that stands for itself.
const VOWEL_SOUND = /^(heir|honest|honou?r|hour|8|1[18](?!\d)|[AEFHILMNORSX](?!\p{Ll}))/u
const VOWEL_LETTER = /^[aeiouàáâäåèéêëìíîïòóôöøùúûü]/i

/** The words with `a` or `an` in front, whichever is spoken: `an otter`, `a unicorn`, `an hourglass`. */
export function indefinite(words: string): string {
  const isVowel = VOWEL_SOUND.test(words) || (VOWEL_LETTER.test(words) && !CONSONANT_SOUND.test(words))
  return `${isVowel ? 'an' : 'a'} ${words}`
}

export function capitalize(text: string): string {
  const [first = ''] = text
  return first.toUpperCase() + text.slice(first.length)
}

const SMALL_WORDS = new Set([
  'a',
  'an',
  'and',
  'at',
  'by',
  'de',
  'for',
  'from',
  'in',
  'of',
  'on',
  'or',
  'the',
  'to',
  'with'
])

/** The text as a title: every word but the small ones begins with a capital. */
export function titleCase(text: string): string {
  return text
    .split(' ')
    .map((word, index) => (index > 0 && SMALL_WORDS.has(word) ? word : capitalize(word)))
    .join(' ')
}

const COLOR_BEGINNINGS =
  'alice|antique|blanched|blue|cadet|cornflower|dark|deep|dim|dodger|floral|forest|ghost|goldenrod|green|hot|indian|lavender|lawn|lemon|light|lime|' +
  'medium|midnight|mint|misty|navajo|old|olive|orange|pale|papaya|peach|powder|rebecca|rosy|royal|saddle|sandy|sea|sky|slate|spring|steel|violet|white|yellow'
const COLOR_ENDINGS =
  'almond|aquamarine|blue|blush|brown|chiffon|coral|cream|cyan|drab|goldenrod|gr[ae]y|green|khaki|lace|magenta|orange|orchid|pink|puff|purple|red|rose|salmon|' +
  'smoke|turquoise|violet|whip|white|yellow'
const COLOR_SEAM = new RegExp(
  `(?<=^(?:${COLOR_BEGINNINGS})+)(?=(?:${COLOR_BEGINNINGS})*(?:${COLOR_ENDINGS})$)`,
  'g'
)

/** The name of a CSS colour as it is spoken: `light steel blue` for `lightsteelblue`; other words as they are. */
export function spokenColor(name: string): string {
  return name.replace(COLOR_SEAM, ' ')
}
