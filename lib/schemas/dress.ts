import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'

export const AttributeSchema = Type.Object({
  database: Type.String({ description: 'Database the value comes from, e.g. nouns' }),
  name: Type.String({ description: 'What the value is used as, e.g. noun' }),
  bytes: Type.String({ description: 'The six hexadecimal digits of the seed that chose it' }),
  number: Type.Integer({ description: 'Those digits as a number' }),
  factor: Type.Number({ description: 'number / 2^24, from 0 up to but not including 1' }),
  count: Type.Integer({ description: 'Rows that were left to choose from' }),
  selector: Type.Integer({ description: 'floor(factor × count), the row chosen, from 0' }),
  value: Type.String({ description: 'The row without its version column' })
})

export type Attribute = Static<typeof AttributeSchema>

export const DalleDressSchema = Type.Object(
  {
    original: Type.String({ description: 'What was asked for: the address' }),
    originalName: Type.String(),
    fileName: Type.String({ description: 'Name of the artifacts without their extension' }),
    fileSize: Type.Integer({ description: 'Bytes of the annotated PNG; 0 while there is none' }),
    modifiedAt: Type.Integer({ description: 'Unix seconds of its last change; 0 while there is none' }),
    seed: Type.String({ description: '64 hexadecimal digits' }),
    prompt: Type.String(),
    dataPrompt: Type.String(),
    titlePrompt: Type.String(),
    tersePrompt: Type.String(),
    enhancedPrompt: Type.String({ description: 'Empty when no language model was asked' }),
    attributes: Type.Array(AttributeSchema),
    seedChunks: Type.Array(Type.String()),
    selectedTokens: Type.Array(Type.String()),
    selectedRecords: Type.Array(Type.String()),
    imageUrl: Type.String({ description: "The provider's URL of the image, in the mode url; else empty" }),
    generatedPath: Type.String({ description: 'Relative to the output folder' }),
    annotatedPath: Type.String({ description: 'Relative to the output folder' }),
    downloadMode: Type.Union([
      Type.Literal(''),
      Type.Literal('b64'),
      Type.Literal('url'),
      Type.Literal('local')
    ]),
    ipfsHash: Type.String({
      description:
        'CID of the annotated PNG (version 1, raw, SHA2-256); empty while there is none and where it was not recorded'
    }),
    cacheHit: Type.Boolean(),
    completed: Type.Boolean(),
    series: Type.String(),
    colorLimit: Type.String(),
    databaseVersion: Type.String({
      description: 'Version of the databases it was chosen from; empty when that was not recorded'
    }),
    databaseHash: Type.String({
      description: '`sha256:` and a SHA-256 over those databases; empty when that was not recorded'
    })
  },
  { $id: 'DalleDress' }
)

export type DalleDress = Static<typeof DalleDressSchema>
