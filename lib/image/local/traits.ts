import { LRUCache } from 'lru-cache'
import type { AttributeName } from '../../dress/databases.ts'
import { MIXING_LEVELS, mixingLevel, parseTraits } from '../../dress/traits.ts'
import type { Trait as ParsedTrait } from '../../dress/traits.ts'
import type { DalleDress } from '../../schemas/dress.ts'
import { createRandom } from './random.ts'
import type { Random } from './random.ts'

/** An attribute of a dress as the artist reads it. If a filter left nothing, `name`, `words` and `fields` are empty. */
export interface Trait {
  /** The first column. */
  name: string
  /** The whole row in lower case, in which `match` searches. */
  words: string
  /** The columns. */
  fields: string[]
  /** A random source that depends only on the row of this attribute. */
  random: () => Random
}

export type Traits = Record<AttributeName, Trait> & {
  /** How strong the second art style is, from 0 to 1. */
  mixing: number
  colorLimit: string
  /** A random source that depends on the address and the series. */
  random: (purpose: string) => Random
}

const EMPTY: Pick<ParsedTrait, 'row' | 'fields' | 'name'> = { row: '', fields: [''], name: '' }

export function traitsOf(dress: DalleDress): Traits {
  const parsed = parseTraits(dress.attributes)
  const traits = Object.fromEntries(
    dress.attributes.map((attribute) => {
      const { row, fields, name } = parsed[attribute.name as AttributeName] ?? EMPTY
      const random = () => createRandom(`${attribute.name}/${row}`)
      return [attribute.name, { name, words: row.toLowerCase(), fields, random }]
    })
  ) as Record<AttributeName, Trait>
  return {
    ...traits,
    mixing: (mixingLevel(dress.attributes) + 1) / MIXING_LEVELS,
    colorLimit: dress.colorLimit.trim().toLowerCase(),
    random: (purpose) => createRandom(`${dress.series}/${dress.seed}/${purpose}`)
  }
}

/**
 * The value of the first entry whose pattern matches at the start of a word, in the name first, then in the row.
 * If no entry matches, a random one of `otherwise`; the same row always gets the same one.
 */
export function match<T>(
  trait: Trait,
  entries: ReadonlyArray<readonly [RegExp, T]>,
  otherwise: readonly T[]
): T {
  return (
    (entryOf(trait, entries) as (typeof entries)[number] | undefined)?.[1] ?? trait.random().pick(otherwise)
  )
}

type Entry = readonly [RegExp, unknown]

/** The entries that rows have matched; there are as many as rows in the databases. */
const entriesByRow = new WeakMap<readonly Entry[], LRUCache<string, { entry: Entry | undefined }>>()
const KEPT_ROWS = 2000

function entryOf(trait: Trait, entries: readonly Entry[]): Entry | undefined {
  const rows = entriesByRow.get(entries) ?? new LRUCache({ max: KEPT_ROWS })
  entriesByRow.set(entries, rows)
  const known = rows.get(trait.words)
  if (known !== undefined) return known.entry
  const find = (text: string) => entries.find(([pattern]) => atWordStart(pattern).test(text))
  const entry = find(trait.name.toLowerCase()) ?? find(trait.words)
  rows.set(trait.words, { entry })
  return entry
}

const wordStartPatterns = new WeakMap<RegExp, RegExp>()

/** The pattern restricted to the start of a word, so that `rain` does not match in `train`. */
function atWordStart(pattern: RegExp): RegExp {
  let bound = wordStartPatterns.get(pattern)
  if (bound === undefined) {
    wordStartPatterns.set(pattern, (bound = new RegExp(`(?<![\\p{L}'])(?:${pattern.source})`, 'u')))
  }
  return bound
}
