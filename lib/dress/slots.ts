import type { Attribute, DalleDress } from '../schemas/dress.ts'
import { spokenColor } from './language.ts'
import { parseTraits } from './traits.ts'
import type { Traits } from './traits.ts'

/** Fills of a row's slots: the trait, or these words if a filter left none. */
const SLOTS = {
  '[{Color3}]': { trait: 'color3', otherwise: 'soft grey' },
  '[{ArtStyle2}]': { trait: 'artStyle2', otherwise: 'simple geometry' }
} as const

export const SLOT_NAMES = Object.keys(SLOTS)

const SLOT = /\[\{(.*?)\}\]/g

/** The text with its slots filled. A slot that is not known stays. */
export function fillSlots(text: string, traits: Traits): string {
  let filled = text
  for (const [slot, { trait, otherwise }] of Object.entries(SLOTS)) {
    filled = filled.replaceAll(slot, spokenColor(traits[trait]?.name ?? otherwise))
  }
  return filled
}

/** The first slot in a text. */
export function findSlot(text: string): string | undefined {
  return text.match(SLOT)?.[0]
}

/** Attributes never change, and each poll of a run shows them. */
const filledAttributes = new WeakMap<readonly Attribute[], Attribute[]>()

/** The dress as clients and files show it: with filled slots. Artists get the rows as the databases have them. */
export function withFilledSlots(dress: DalleDress): DalleDress {
  let attributes = filledAttributes.get(dress.attributes)
  if (attributes === undefined) {
    const traits = parseTraits(dress.attributes)
    const fill = (text: string) => (text.includes('[{') ? fillSlots(text, traits).replace(SLOT, '$1') : text)
    attributes = dress.attributes.map((attribute) => ({ ...attribute, value: fill(attribute.value) }))
    filledAttributes.set(dress.attributes, attributes)
  }
  return { ...dress, attributes, selectedRecords: attributes.map(({ value }) => value) }
}
