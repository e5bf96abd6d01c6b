import { Type } from '@sinclair/typebox'
import type { Static, TSchema } from '@sinclair/typebox'

const Text = Type.String()

/** What is done with a step of a record: `complete` or `skipped`. */
const StageSchema = Type.Object({
  status: Text,
  cacheHit: Type.Optional(Type.Boolean()),
  error: Type.Optional(Text)
})

export type Stage = Static<typeof StageSchema>

const SelectedRecordSchema = Type.Object({
  attribute: Text,
  database: Text,
  rowIndex: Type.Integer(),
  record: Type.String({ description: 'The row without its version' })
})

export type SelectedRecord = Static<typeof SelectedRecordSchema>

export const RecordPromptsSchema = Type.Object({
  prompt: Type.Optional(Text),
  dataPrompt: Type.Optional(Text),
  titlePrompt: Type.Optional(Text),
  tersePrompt: Type.Optional(Text),
  enhancedPrompt: Type.Optional(Text),
  technicalPrompt: Type.Optional(Text)
})

export type RecordPrompts = Static<typeof RecordPromptsSchema>

export const STAGES = ['selected', 'prompted', 'enhanced', 'generated', 'annotated'] as const

export type StageName = (typeof STAGES)[number]

/** An object with the same for each stage. */
export const stagesOf = <T extends TSchema>(stage: T) =>
  Object.fromEntries(STAGES.map((name) => [name, stage])) as Record<StageName, T>

/** The record of an image: `output/<series>/metadata/<seed>.json`, in the form of the Go server. */
export const ImageRecordSchema = Type.Object(
  {
    metadataVersion: Text,
    imageId: Type.String({ description: '`sha256:` and a SHA-256 of what the image is made from' }),
    input: Text,
    seed: Text,
    series: Type.Object({
      name: Text,
      hash: Text,
      source: Type.String({ description: '`embedded`, or the path of its file in series/' })
    }),
    recipe: Type.Object({ name: Text, version: Text }),
    database: Type.Object({ version: Text, archiveHash: Text }),
    provider: Type.Optional(Type.String({ description: 'What drew the picture: openai or local' })),
    artist: Type.Optional(
      Type.Integer({ description: 'The edition of the built-in artist, if it drew the picture: 2' })
    ),
    modifiedAt: Type.Optional(Type.Integer({ description: 'Unix seconds' })),
    ipfsHash: Type.Optional(
      Type.String({ description: 'CID of the picture with its caption (version 1, raw, SHA2-256)' })
    ),
    selectedRecords: Type.Array(SelectedRecordSchema),
    prompts: RecordPromptsSchema,
    artifacts: Type.Object({
      generated: Type.Optional(Type.String({ description: 'The path of the drawing' })),
      annotated: Type.Optional(Type.String({ description: 'The path of the picture with its caption' }))
    }),
    stages: Type.Object(stagesOf(StageSchema)),
    status: Type.Object({ completed: Type.Boolean(), cacheHit: Type.Boolean() })
  },
  { $id: 'ImageRecord' }
)

/** A record in memory. Its artifacts are relative to the output folder. */
export type ImageRecord = Static<typeof ImageRecordSchema>
