import { parseTraits } from '../dress/traits.ts'
import type { Attribute } from '../schemas/dress.ts'

export const ORIENTATIONS = ['square', 'landscape', 'portrait'] as const

export type Orientation = (typeof ORIENTATIONS)[number]

const WIDE = new RegExp(
  [
    'panoram',
    'establishing',
    'long shot',
    'wide',
    'tracking',
    'two-point',
    'horizon',
    'triptych',
    'lead room',
    'negative space',
    'procession',
    'stepped planes',
    'theatre',
    'landscape',
    'leading lines',
    'atmospheric'
  ].join('|'),
  'i'
)
const TALL = new RegExp(
  [
    'full-length',
    'bust',
    'low angle',
    'worm',
    'three-point',
    'crane',
    'upright',
    'central axis',
    'pyramid',
    'staircase',
    'diamond',
    'niche',
    'tower',
    'vertical',
    'portrait'
  ].join('|'),
  'i'
)

/** The orientation that viewpoint and composition ask for; square where they disagree. */
export function orientationOf(attributes: ReadonlyArray<Pick<Attribute, 'name' | 'value'>>): Orientation {
  const lean = attributes
    .filter(({ name }) => name === 'viewpoint' || name === 'composition')
    .map(({ value }) => value.split(',', 1)[0]!)
    .reduce((sum, words) => sum + (WIDE.test(words) ? 1 : TALL.test(words) ? -1 : 0), 0)
  return lean > 0 ? 'landscape' : lean < 0 ? 'portrait' : 'square'
}

/**
 * The orientation that the Go server asks for: by words in the text that it draws from. Without an enhanced prompt that
 * is its plain prompt, of which the rows of the dress are the words.
 * @param firstBackstyle the row that the Go library takes for every address
 */
export function orientationInGo(
  enhancedPrompt: string,
  attributes: readonly Attribute[],
  firstBackstyle = ''
): Orientation {
  const text = enhancedPrompt || [...factsOfGo(attributes), firstBackstyle].join(' ')
  if (text.toLowerCase().includes('landscape') || text.includes('horizontal')) return 'landscape'
  return text.includes('vertical') ? 'portrait' : 'square'
}

/** The fields of the rows that the plain prompt of the Go library contains. It does not choose place and trope. */
function factsOfGo(attributes: readonly Attribute[]): string[] {
  const { adverb, adjective, noun, emotion, occupation, action, artStyle1, artStyle2, ...others } =
    parseTraits(attributes)
  const { litStyle, viewpoint, composition, gaze } = others
  return [
    ...[adverb, adjective, occupation, action, litStyle].flatMap((trait) => trait?.fields.slice(0, 2)),
    ...[noun, viewpoint, composition, gaze].map((trait) => trait?.name),
    ...[emotion?.name, emotion?.fields[4]],
    ...[artStyle1, artStyle2].flatMap((trait) => [trait?.name, trait?.fields[3]])
  ].filter((text) => text !== undefined)
}
