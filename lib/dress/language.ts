// "an" goes by sound: these begin with a vowel letter but are spoken with a "y" or "w" first.
const CONSONANT_SOUND = /^(eu|ew|one\b|once|uni(?![nm])|us[aeiu]|ut[aeio]|ub[io]|uk|ur[aeiou](?!n?g)|oui)/i
const SILENT_H = /^(heir|honest|honou?r|hour)/i

/** The words with `a` or `an` in front, whichever is spoken: `an otter`, `a unicorn`, `an hourglass`. */
export function indefinite (words: string): string {
  const vowelSound = SILENT_H.test(words) || (/^[aeiouàáâäåèéêëìíîïòóôöøùúûü]/i.test(words) && !CONSONANT_SOUND.test(words))
  return `${vowelSound ? 'an' : 'a'} ${words}`
}

export function capitalize (text: string): string {
  const [first = ''] = text
  return first.toUpperCase() + text.slice(first.length)
}

const SMALL_WORDS = new Set(['a', 'an', 'and', 'at', 'by', 'de', 'for', 'from', 'in', 'of', 'on', 'or', 'the', 'to', 'with'])

/** The text as a title: every word but the small ones begins with a capital. */
export function titleCase (text: string): string {
  return text.split(' ').map((word, index) => index > 0 && SMALL_WORDS.has(word) ? word : capitalize(word)).join(' ')
}
