import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'
import { ImageRecordSchema } from './image-record.ts'

const Text = (description: string) => Type.Optional(Type.String({ description }))
const Flag = (description: string) => Type.Optional(Type.Boolean({ description }))

/** The text of the example below, and its SHA-256, which is its seed. */
const EXAMPLE_INPUT = 'Person Tour Coordinates'
export const EXAMPLE_SEED = 'dddd723c8a04831545f4890b843c520370f1547db507786023325b4b9de98a1c'

/** The body of `POST /v1/images/preview` and `POST /v1/images/generate`. */
export const ImageRequestSchema = Type.Object(
  {
    input: Text('Any text; needed unless the seed is an address'),
    seed: Text('An address, or any text of at least 33 characters; the SHA-256 of the input if absent'),
    series: Text('Default: empty'),
    recipe: Text('A name for the record; default: default'),
    backstyle: Text('Takes the place of the backstyle'),
    enhance: Flag('A language model rewrites the prompt'),
    image: Flag('Draws'),
    annotate: Flag('Writes the caption below the drawing'),
    force: Flag('Makes it anew, whatever there is')
  },
  {
    description: 'Keys match in any case, and unknown keys are ignored. The Content-Type is not looked at.',
    examples: [{ input: EXAMPLE_INPUT, series: 'simple', image: true, annotate: true }]
  }
)

export type ImageRequest = Static<typeof ImageRequestSchema>

/** The body of `POST /v1/images/{id}/export`. */
export const ExportRequestSchema = Type.Object(
  {
    dir: Text('A folder below exports/ of the data folder'),
    includePrompt: Type.Optional(Type.Boolean()),
    includeData: Type.Optional(Type.Boolean()),
    includeTitle: Type.Optional(Type.Boolean()),
    includeTerse: Type.Optional(Type.Boolean()),
    includeEnhanced: Type.Optional(Type.Boolean()),
    includeTechnical: Type.Optional(Type.Boolean())
  },
  {
    description: 'Which texts to write; without a flag, all but `technical`. The body may be absent.',
    examples: [{ dir: 'exports/mine', includeTitle: true, includePrompt: true }]
  }
)

export type ExportRequest = Static<typeof ExportRequestSchema>

const Path = 'Relative to the data folder'

export const GenerateResultSchema = Type.Object(
  {
    input: Type.String(),
    seed: Type.String(),
    series: Type.String(),
    recipe: Type.String(),
    metadataPath: Type.Optional(Type.String({ description: Path })),
    generatedPath: Type.Optional(Type.String({ description: Path })),
    annotatedPath: Type.Optional(Type.String({ description: Path })),
    metadata: ImageRecordSchema
  },
  { $id: 'GenerateResult' }
)

export type GenerateResult = Static<typeof GenerateResultSchema>

export const ImageMetadataRecordSchema = Type.Object(
  {
    path: Type.String({ description: Path }),
    metadata: ImageRecordSchema,
    archived: Type.Boolean({ description: 'Always false: what lies in archives/ is not listed' })
  },
  { $id: 'ImageMetadataRecord' }
)

export type ImageMetadataRecord = Static<typeof ImageMetadataRecordSchema>

export const ExportResultSchema = Type.Object({
  dir: Type.String({ description: Path }),
  files: Type.Record(Type.String(), Type.String(), { description: 'The path of each text' })
})

export type ExportResult = Static<typeof ExportResultSchema>

export const RestoreResultSchema = Type.Object({
  restored: Type.Array(Type.String(), {
    description: 'The files that are back, relative to the data folder'
  }),
  image: Type.Optional(ImageMetadataRecordSchema)
})

export type RestoreResult = Static<typeof RestoreResultSchema>

/** The answer to `Prefer: respond-async`. */
export const AcceptedSchema = Type.Object({
  imageId: Type.String({ description: 'The id of the image when its run has ended' }),
  series: Type.String(),
  seed: Type.String()
})
