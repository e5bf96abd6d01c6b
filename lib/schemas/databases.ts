import { Type } from '@sinclair/typebox'

const Hash = Type.String({ pattern: '^sha256:[0-9a-f]{64}$' })

/** A set of databases. */
export const DatabaseManifestSchema = Type.Object(
  {
    version: Type.String({ description: 'For example v1.0.0' }),
    archiveHash: Hash,
    files: Type.Array(
      Type.Object({
        name: Type.String(),
        path: Type.String({ description: 'For example databases/actions.csv' }),
        hash: Hash,
        rows: Type.Integer({ minimum: 0 }),
        columns: Type.Array(Type.String())
      })
    )
  },
  { $id: 'DatabaseManifest' }
)

/** A part of the rows of a database. */
export const DatabaseRecordsSchema = Type.Object(
  {
    name: Type.String(),
    version: Type.String({ description: 'The version of the rows' }),
    columns: Type.Optional(Type.Array(Type.String(), { description: 'Only of nouns' })),
    records: Type.Array(
      Type.Object({
        key: Type.String({ description: 'The first value' }),
        values: Type.Array(Type.String(), { description: 'The row without its version, split at each comma' })
      })
    ),
    nextCursor: Type.Union([Type.String(), Type.Null()], {
      description: 'The cursor of the next rows; null at the end'
    })
  },
  { $id: 'DatabaseRecords' }
)
