import { Type } from '@sinclair/typebox'
import type { Static, TArray, TOptional, TString } from '@sinclair/typebox'
import { FACETS } from '../../../lib/dress/facets.ts'
import type { Facet, FacetName } from '../../../lib/dress/facets.ts'
import { ORDERS, writeCursor } from '../../../lib/engine/cursor.ts'
import type { Order } from '../../../lib/engine/cursor.ts'
import { FACET_VALUES_MAX, SEARCH_CHARACTERS_MAX } from '../../../lib/engine/pictures.ts'
import { EXAMPLE_ADDRESS } from '../../../lib/schemas/api.ts'

export const LIMIT = { minimum: 1, maximum: 200, default: 48 }
export const FACET_LIMIT = { minimum: 1, maximum: FACET_VALUES_MAX, default: 100 }

/** A value of the built-in databases for each facet. */
const EXAMPLES: Record<FacetName, string> = {
  class: 'bird',
  noun: 'sea otter',
  phylum: 'chordate',
  color: 'red',
  background: 'navy',
  mood: 'joy',
  emotion: 'acceptance',
  styleGroup: 'digital',
  style: 'ASCII art',
  litStyle: 'Aesopic fable',
  occupation: 'balloonist',
  action: 'bowling',
  adjective: 'aerodynamic',
  adverb: 'amply',
  country: 'Argentina',
  place: 'Aconcagua',
  viewpoint: 'Dutch angle',
  gaze: 'up at the sky',
  composition: 'a bold foreground',
  trope: 'a message in a bottle',
  backStyle: 'a heavy … curtain embroidered with patterns from …'
}

function describe({ name, label, attributes }: Facet): string {
  const plural = attributes.length > 1
  const of = plural ? `any of ${attributes.map((each) => `\`${each}\``).join(', ')}` : `\`${attributes[0]!}\``
  return name === attributes[0]
    ? `${label}: only pictures with this ${of}. Repeated: with any of the values.`
    : `${label}: only pictures with this value in ${of}. Repeated: with any of the values.`
}

const FacetParameters = Object.fromEntries(
  FACETS.map((facet) => [
    facet.name,
    Type.Optional(
      Type.Array(Type.String(), { description: describe(facet), examples: [[EXAMPLES[facet.name]]] })
    )
  ])
) as Record<FacetName, TOptional<TArray<TString>>>

const EXAMPLE_CURSOR = writeCursor({
  order: 'newest',
  asOf: 1_763_851_712_000,
  finishedSeries: '',
  modifiedMs: 1_763_851_700_000,
  series: 'simple',
  address: EXAMPLE_ADDRESS
})

export const QuerySchema = Type.Object({
  series: Type.Optional(Type.String({ description: 'Only pictures of this series.', examples: ['simple'] })),
  q: Type.Optional(
    Type.String({
      maxLength: SEARCH_CHARACTERS_MAX,
      description:
        'Up to eight words. Each must be in the title, the series or the address, or begin a word of a value of the ' +
        'dress, such as `sadness` or `sea otter`; for a value it needs three letters or more. Words that every ' +
        'caption has, such as `the` and `of`, count only alone.',
      examples: ['otter gozo']
    })
  ),
  ...FacetParameters,
  facets: Type.Optional(
    Type.Array(Type.String(), {
      description:
        'Counts the values of this facet, one of the parameters from `class` to `backStyle`. ' +
        'Repeated: those of several.',
      examples: [['mood']]
    })
  ),
  facetLimit: Type.Optional(
    Type.Integer({ ...FACET_LIMIT, description: 'Values of a facet, with `facets`.', examples: [20] })
  ),
  like: Type.Optional(
    Type.String({
      description:
        'The series and the address of a picture: answers the pictures most like it, the likest first, in one page.',
      examples: [`simple/${EXAMPLE_ADDRESS}`]
    })
  ),
  order: Type.Optional(
    Type.Unsafe<Order>({
      type: 'string',
      enum: ORDERS,
      default: 'newest',
      description: '`newest`: the newest pictures first; `series`: one series after the other.',
      examples: ['newest']
    })
  ),
  limit: Type.Optional(Type.Integer({ ...LIMIT, description: 'Pictures of a page.', examples: [24] })),
  cursor: Type.Optional(
    Type.String({
      description: '`nextCursor` of the page before, with the same order.',
      examples: [EXAMPLE_CURSOR]
    })
  )
})

export type GalleryQuery = Static<typeof QuerySchema>
