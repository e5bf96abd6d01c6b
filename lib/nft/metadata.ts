import { createHash } from 'node:crypto'
import { checksumAddress } from '../checksum.ts'
import { capitalize, spokenColor, titleCase } from '../dress/language.ts'
import { placeNames } from '../dress/prompts.ts'
import { withFilledSlots } from '../dress/slots.ts'
import { labelOf, parseTraits } from '../dress/traits.ts'
import type { Trait, Traits } from '../dress/traits.ts'
import type { DalleDress } from '../schemas/dress.ts'
import type { Collection, Token } from '../schemas/nft.ts'
import type { Series } from '../schemas/series.ts'

const HEX_COLOR = /#([0-9a-f]{6})(?![0-9a-f])/i
const COLORS = ['color1', 'color2', 'color3']

export interface TokenFacts {
  dress: DalleDress
  /** Whether the description may contain a prompt. */
  withPrompts: boolean
  /** The absolute URL of an image. */
  image: string
  /** The absolute URL of the page. */
  page: string
  cid: string | undefined
}

/**
 * The metadata of a token (ERC-721). All attributes are texts, so they have no `display_type`.
 * @see https://docs.opensea.io/docs/metadata-standards
 */
export function describeToken({ dress, withPrompts, image, page, cid }: TokenFacts): Token {
  const { original, series, titlePrompt, tersePrompt } = dress
  const traits = parseTraits(withFilledSlots(dress).attributes)
  const address = checksumAddress(original)
  const [, color] = HEX_COLOR.exec(traits.color3?.row ?? '') ?? []
  const origin = `The picture of ${address} in the series ${series}.`
  return {
    name: titlePrompt || `Picture of ${address}`,
    description: withPrompts && tersePrompt !== '' ? `${tersePrompt}\n\n${origin}` : origin,
    image,
    external_url: page,
    ...(color !== undefined && { background_color: color.toLowerCase() }),
    attributes: Object.entries(traits)
      .map(([name, trait]) => ({ trait_type: labelOf(name), value: valueOf(name, trait, traits) }))
      .filter(({ value }) => value !== ''),
    ...(cid !== undefined && { image_cid: cid })
  }
}

/** What people call the value of an attribute, without the columns that explain it. */
function valueOf(attribute: string, { name, fields }: Trait, traits: Traits): string {
  if (COLORS.includes(attribute)) return capitalize(spokenColor(name))
  if (attribute === 'place') return capitalize(placeNames(traits)[0] ?? name)
  // A backstyle is one text, which may contain commas.
  if (attribute === 'backStyle') return capitalize(fields.join(', '))
  return capitalize(name)
}

/**
 * The metadata of a contract whose tokens are the pictures of a series (ERC-7572).
 * @param image the absolute URL of an image
 * @param page the absolute URL of the page
 */
export function describeCollection({ suffix, purpose }: Series, image: string, page: string): Collection {
  const about = purpose?.trim().replace(/\.$/, '')
  return {
    name: titleCase(suffix.replaceAll('-', ' ')),
    description: `${about ? `${about}. ` : ''}One picture for each Ethereum address.`,
    image,
    external_link: page
  }
}

/** The address whose picture stands for a series. It is made from the name, so it is always the same. */
export function exampleAddress(series: string): string {
  return `0x${createHash('sha256').update(series).digest('hex').slice(0, 40)}`
}
