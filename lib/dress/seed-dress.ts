import { errors } from '../errors.ts'
import type { Attribute } from '../schemas/dress.ts'
import type { ImageOrder } from '../schemas/order.ts'
import type { Series } from '../schemas/series.ts'
import { isAddress, pictureName } from '../storage/layout.ts'
import { seedOf, selectAttributes, selectByDigits } from './attributes.ts'
import { ATTRIBUTES } from './databases.ts'
import type { Databases } from './databases.ts'
import { describeDress } from './dress.ts'
import type { PreparedDress } from './dress.ts'
import { writePrompts } from './prompts.ts'

const ADDRESS_DIGITS = 40
const SEED_DIGITS = 64
/** The shortest text from which attributes are read. */
const TEXT_CHARACTERS = 66
const BACKSTYLES = 'backstyles'

/** The address of which a seed is the 64 digits; undefined if it is none. */
export function addressOfSeed(seed: string): string | undefined {
  const address = `0x${seed.slice(0, ADDRESS_DIGITS)}`
  return seed.length === SEED_DIGITS && isAddress(address) && seedOf(address) === seed ? address : undefined
}

/** The seed of an image in its record. */
export function recordedSeed(seed: string): string {
  return isAddress(seed) ? seedOf(seed) : seed
}

/**
 * The digits of a seed that is no address: the text before the first comma, followed by its own reverse. Of one that
 * begins with `0x`, 64 of them count.
 * @throws invalid_input if the seed is too short
 */
function digitsOfText(seed: string): string {
  const characters = [...seed.split(',', 1)[0]!]
  const text = [...characters, ...characters.toReversed()]
  if (text.length < TEXT_CHARACTERS) {
    throw errors.ofV1('invalid_input', `build preview prompt: seed length is less than ${TEXT_CHARACTERS}`, {
      details: `The seed has ${characters.length} characters before its first comma; it must have at least 33`
    })
  }
  const hasPrefix = text[0] === '0' && text[1] === 'x'
  return (hasPrefix ? text.slice(2, TEXT_CHARACTERS) : text).join('')
}

/**
 * Prepares the dress of a seed in a series. An address has its 18 attributes. Any other text has up to 17 from its
 * digits and, as the last one, the backstyle that is asked for, else the first one.
 * @throws invalid_input if the seed is too short or the backstyle cannot be used; TEMPLATE_ERROR
 */
export function prepareSeedDress(
  databases: Databases,
  series: Series,
  { seed, backstyle }: Pick<ImageOrder, 'seed' | 'backstyle'>
): PreparedDress {
  const ofSeed = isAddress(seed)
    ? selectAttributes(databases, series, seed)
    : selectByDigits(databases, series, digitsOfText(seed), ATTRIBUTES.slice(0, -1))
  const drawn = isAddress(seed) ? ofSeed.at(-1)! : backStyleOf(databases.rows[BACKSTYLES][0]!)
  const others = isAddress(seed) ? ofSeed.slice(0, -1) : ofSeed
  const attributes = [...others, backstyle === undefined ? drawn : backStyleOf(backstyle)]
  const colorLimit = series.colorLimit ?? ''
  const prompts = writePrompts(attributes, colorLimit)
  const identity = { name: pictureName(seed), seed: recordedSeed(seed) }
  return { dress: describeDress(databases, series, identity, attributes, prompts), prompts }
}

/** A backstyle that the digits of the seed do not decide. */
function backStyleOf(value: string): Attribute {
  return {
    database: BACKSTYLES,
    name: 'backStyle',
    bytes: '',
    number: 0,
    factor: 0,
    count: 1,
    selector: 0,
    value
  }
}
