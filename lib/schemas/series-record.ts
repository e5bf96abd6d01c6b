import { Type } from '@sinclair/typebox'
import { FILTERS, SeriesSchema } from './series.ts'

const { suffix, purpose, last, deleted, version, colorLimit } = SeriesSchema.properties

const Filter = Type.Union([Type.Array(Type.String()), Type.Null()], {
  description: 'Keeps the rows that contain any of these strings; null and an empty list keep all'
})

/** A series as /v1 sends it. Of the filters that are not set, those that the Go server knows are null. */
export const SeriesRecordSchema = Type.Object(
  {
    last,
    suffix,
    purpose,
    deleted,
    ...(Object.fromEntries(FILTERS.map((name) => [name, Filter])) as Record<
      (typeof FILTERS)[number],
      typeof Filter
    >),
    places: Type.Optional(Filter),
    tropes: Type.Optional(Filter),
    colorLimit,
    modifiedAt: Type.Optional(
      Type.String({
        description: 'As in its file; in the list, the time of the file of a series of the user'
      })
    ),
    version,
    source: Type.Optional(Type.String({ description: 'builtin or user' })),
    empty: Type.Optional(
      Type.Array(Type.String(), {
        description: 'The databases in which the filters leave no row: pictures have none of those attributes'
      })
    )
  },
  { $id: 'SeriesRecord' }
)
