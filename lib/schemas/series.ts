import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'

const Filter = Type.Optional(
  Type.Union([Type.Array(Type.String()), Type.Null()], {
    description: 'Keeps the rows that contain any of these strings; absent, null or empty keeps all'
  })
)

/** The filters that the Go server has too, in the order of its records. */
export const FILTERS = [
  'adverbs',
  'adjectives',
  'nouns',
  'emotions',
  'occupations',
  'actions',
  'artstyles',
  'litstyles',
  'colors',
  'viewpoints',
  'gazes',
  'backstyles',
  'compositions'
] as const

/** The filters that only this server has. */
export const OWN_FILTERS = ['places', 'tropes'] as const

const ALL_FILTERS = [...FILTERS, ...OWN_FILTERS]

/** A series: which rows of each database its dresses may be made of. */
export const SeriesSchema = Type.Object(
  {
    suffix: Type.String({ description: 'Its name' }),
    purpose: Type.Optional(Type.String()),
    last: Type.Optional(Type.Integer()),
    deleted: Type.Optional(Type.Boolean({ description: 'Hidden: neither listed nor served' })),
    version: Type.Optional(Type.String()),
    colorLimit: Type.Optional(
      Type.String({ description: 'How many colours a picture may have, in the words of a prompt' })
    ),
    modifiedAt: Type.Optional(Type.String()),
    source: Type.Optional(Type.String()),
    ...(Object.fromEntries(ALL_FILTERS.map((database) => [database, Filter])) as Record<
      (typeof ALL_FILTERS)[number],
      typeof Filter
    >)
  },
  { $id: 'Series' }
)

export type Series = Static<typeof SeriesSchema>
