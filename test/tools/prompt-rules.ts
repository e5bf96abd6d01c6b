import { NONE, selectAttributes } from '../../lib/dress/attributes.ts'
import { ATTRIBUTES } from '../../lib/dress/databases.ts'
import type { AttributeName, Databases } from '../../lib/dress/databases.ts'
import { spokenColor } from '../../lib/dress/language.ts'
import { enhancerPersona, writePrompts } from '../../lib/dress/prompts.ts'
import type { Prompts } from '../../lib/dress/prompts.ts'
import type { Attribute } from '../../lib/schemas/dress.ts'

/** Writes prompts for every row of every database, each beside rows that stay the same, and returns their faults. */
export function lintPrompts(databases: Databases): string[] {
  const base = selectAttributes(databases, { suffix: 'lint' }, `0x${'8'.repeat(40)}`)
  return ATTRIBUTES.flatMap(({ database, name }) =>
    databases.rows[database].flatMap((row) => {
      const attributes = wearing(base, { [name]: row })
      const prompts = writePrompts(attributes, '')
      const limited = writePrompts(attributes, 'three')
      const alone = withoutModifiers(name, attributes)
      const flaws = [
        ...promptFlaws(prompts),
        ...(alone === undefined ? [] : promptFlaws(writePrompts(alone, ''))),
        // Only these differ from the prompts without a limit of colours.
        ...wordingFlaws({ prompt: limited.prompt, technical: limited.technical }),
        ...wordingFlaws({ persona: personaSentence(attributes) })
      ]
      return [...new Set(flaws), ...missingFrom(prompts, attributes)].map(
        (flaw) => `${database}.csv: ${row}: ${flaw}`
      )
    })
  )
}

/** The attributes without the words before this one, so that its name follows an article directly. */
function withoutModifiers(name: AttributeName, attributes: readonly Attribute[]): Attribute[] | undefined {
  if (name === 'adjective') return wearing(attributes, { adverb: NONE })
  if (name === 'noun') return wearing(attributes, { adverb: NONE, adjective: NONE })
  return undefined
}

/** The only sentence of the enhancer's system message that depends on the dress. */
function personaSentence(attributes: readonly Attribute[]): string {
  return /Today you write .*?\.(?= )/.exec(enhancerPersona(attributes))?.[0] ?? ''
}

/** The attributes with some rows replaced. */
export function wearing(
  attributes: readonly Attribute[],
  rows: Partial<Record<string, string>>
): Attribute[] {
  return attributes.map((attribute) => ({ ...attribute, value: rows[attribute.name] ?? attribute.value }))
}

/** Whether a word takes `an`, decided without the code under test. */
function takesAn(word: string): boolean {
  if (/^(?:hour|honest|honour|heir)/i.test(word)) return true
  return (
    /^[aeiouàáâäåèéêëìíîïòóôöøùúûü]/i.test(word) &&
    !/^(?:uni(?:c|f|q|t|v|o)|use|usual|utop|ukulele|eu|ewe|one\b|once\b|ubi|ura|ouija|oui|usur)/i.test(word)
  )
}

/** A word that another word must follow. */
const DANGLING = /(?<![\p{L}'-])(?:who|which|with|the|an?|and|is)[.,;:]/u
const FLAWS = [
  / {2}/,
  / [,.;:)]/,
  /[,;:.(|][,;:.]/,
  /\(\)/,
  DANGLING,
  /undefined|null|NaN/,
  /\bnone\b/i,
  /\b(?:an?) (?:an?|the)\b/i,
  /^\s|\s$/
]

const ANY_FLAW = new RegExp(FLAWS.map(({ source }) => source).join('|'), 'iu')

/** Faults in the wording of texts, given by their kind. */
function wordingFlaws(texts: Record<string, string>): string[] {
  const flaws: string[] = []
  for (const [kind, text] of Object.entries(texts)) {
    // One pass for all patterns first: most texts have no flaw.
    for (const pattern of ANY_FLAW.test(text) ? FLAWS : []) {
      const at = text.search(pattern)
      if (at >= 0) flaws.push(`${kind} has ${pattern.source}: …${text.slice(Math.max(0, at - 30), at + 30)}…`)
    }
    if (text.includes('[{')) flaws.push(`${kind} has an empty slot: ${text}`)
    for (const [pair, article, word] of text.matchAll(/\b([Aa]n?) ([\p{L}\d'-]+)/gu)) {
      if (takesAn(word!) !== (article!.toLowerCase() === 'an')) flaws.push(`${kind} says ${pair}`)
    }
  }
  return flaws
}

/** Faults of a set of prompts: in the wording of all, and in the form of each. */
export function promptFlaws(prompts: Prompts): string[] {
  const flaws = wordingFlaws({ ...prompts })
  const { title, terse, prompt, technical, data } = prompts
  if (!/^The \p{Lu}.*[\p{L}\p{N}]$/u.test(title) || title.endsWith(' of')) flaws.push(`title: ${title}`)
  if (!/^An? [^.!?]*[^.!?,;: ]\.$/.test(terse) || terse.length > 260) {
    flaws.push(`terse is not one sentence of 260 characters: ${terse}`)
  }
  if (!/^Draw an? /.test(prompt) || !prompt.endsWith('.')) flaws.push(`prompt: ${prompt}`)
  if (technical.split('\n').some((line) => !/^\p{Lu}.*[^.]\.$/u.test(line))) {
    flaws.push(`technical: ${technical}`)
  }
  if (data !== '' && data.split('\n').some((line) => !/^[a-zA-Z\d]+: [^|]+( \| [^|]+)*$/.test(line))) {
    flaws.push(`data: ${data}`)
  }
  return flaws
}

const spokenNames = new Map<string, string>()

/** The name in a row as prompts write it. Kept, because most rows are the same for each row that is checked. */
function spokenName(row: string): string {
  let name = spokenNames.get(row)
  if (name === undefined) spokenNames.set(row, (name = spokenColor(row.split(',')[0]!)))
  return name
}

/** Attributes that the data prompt or the full prompt lacks; those that are none may be absent. */
export function missingFrom(prompts: Prompts, attributes: readonly Attribute[]): string[] {
  const worn = attributes.filter(({ value }) => value !== NONE)
  const slot = (wanted: AttributeName, otherwise: string) =>
    spokenName(worn.find(({ name }) => name === wanted)?.value ?? otherwise)
  const filled = (row: string) =>
    row
      .replaceAll('[{Color3}]', slot('color3', 'soft grey'))
      .replaceAll('[{ArtStyle2}]', slot('artStyle2', 'simple geometry'))
  const data = worn
    .map(
      ({ name, value }) =>
        `${name}: ${filled(value)
          .split(',')
          .filter((field) => field !== '')
          .join(' | ')}`
    )
    .join('\n')
  const unsaid = worn.filter(
    ({ name, value }) => !prompts.prompt.includes(name === 'backStyle' ? filled(value) : spokenName(value))
  )
  return [
    ...unsaid.map(({ name }) => `the prompt does not say the ${name}`),
    ...(data === prompts.data ? [] : ['the data is not every row'])
  ]
}
