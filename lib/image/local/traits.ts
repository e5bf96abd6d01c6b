import { NONE } from '../../dress/attributes.ts'
import type { AttributeName } from '../../dress/databases.ts'
import type { DalleDress } from '../../schemas/dress.ts'
import { createRandom } from './random.ts'
import type { Random } from './random.ts'

/** One attribute of a dress as the artist reads it. */
export interface Trait {
  /** The first column; empty where a filter left nothing. */
  name: string
  /** The whole row in lower case: what words are looked for in. */
  words: string
  /** The columns. */
  fields: string[]
  /** A choice that hangs on this attribute's row alone. */
  random: () => Random
}

export type Traits = Record<AttributeName, Trait> & {
  /** How strongly the second art style speaks, from 0 to 1. */
  mixing: number
  colorLimit: string
  /** A choice that hangs on the address and the series. */
  random: (purpose: string) => Random
}

export function traitsOf(dress: DalleDress): Traits {
  const traits = Object.fromEntries(
    dress.attributes.map(({ name, value }) => {
      const row = value === NONE ? '' : value
      const fields = row.split(',').map((field) => field.trim())
      return [
        name,
        { name: fields[0]!, words: row.toLowerCase(), fields, random: () => createRandom(`${name}/${row}`) }
      ]
    })
  ) as Record<AttributeName, Trait>
  const second = dress.attributes.find(({ name }) => name === 'artStyle2')
  return {
    ...traits,
    mixing: (((second?.number ?? 0) % 5) + 1) / 5,
    colorLimit: dress.colorLimit.trim().toLowerCase(),
    random: (purpose) => createRandom(`${dress.series}/${dress.seed}/${purpose}`)
  }
}

/**
 * The value of the first entry whose pattern begins a word of the name, else of the row; else the one that the row's own chance picks.
 */
export function match<T>(
  trait: Trait,
  entries: ReadonlyArray<readonly [RegExp, T]>,
  otherwise: readonly T[]
): T {
  const found = (text: string) => entries.find(([pattern]) => atWord(pattern).test(text))
  return (found(trait.name.toLowerCase()) ?? found(trait.words))?.[1] ?? trait.random().pick(otherwise)
}

const atWords = new WeakMap<RegExp, RegExp>()

/** The pattern where a word begins only, so that rain is not found in train. */
function atWord(pattern: RegExp): RegExp {
  let bound = atWords.get(pattern)
  if (bound === undefined) {
    atWords.set(pattern, (bound = new RegExp(`(?<![\\p{L}'])(?:${pattern.source})`, 'u')))
  }
  return bound
}
