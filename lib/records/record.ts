import { Type } from '@sinclair/typebox'
import type { Static, TSchema } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { goJson } from '../go-json.ts'
import { RecordPromptsSchema, STAGES, stagesOf } from '../schemas/image-record.ts'
import type { ImageRecord, RecordPrompts, Stage, StageName } from '../schemas/image-record.ts'
import { relativeArtifact, savedArtifact } from './artifact-paths.ts'

const Text = Type.String()
const Maybe = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]))
const Required = Type.String({ minLength: 1 })

/** The source of a series that has no file in series/. */
export const EMBEDDED = 'embedded'

/**
 * What may stand in a file: the form of the Go server, with absolute paths, and that of older versions of this server,
 * with paths relative to the output folder and without stages, status and the series' source. Null and absent are the
 * same, and unknown keys are ignored.
 */
const FileSchema = Type.Object({
  metadataVersion: Required,
  imageId: Maybe(Text),
  input: Required,
  seed: Required,
  series: Type.Object({ name: Required, hash: Maybe(Text), source: Maybe(Text) }),
  recipe: Type.Object({ name: Required, version: Required }),
  database: Maybe(Type.Object({ version: Maybe(Text), archiveHash: Maybe(Text) })),
  provider: Maybe(Text),
  artist: Maybe(Type.Integer()),
  modifiedAt: Maybe(Type.Integer()),
  ipfsHash: Maybe(Text),
  selectedRecords: Maybe(
    Type.Array(
      Type.Object({
        attribute: Maybe(Text),
        database: Maybe(Text),
        rowIndex: Maybe(Type.Integer()),
        record: Maybe(Text)
      })
    )
  ),
  prompts: Maybe(Type.Record(Text, Type.Unknown())),
  artifacts: Maybe(Type.Object({ generated: Maybe(Text), annotated: Maybe(Text) })),
  stages: Maybe(
    Type.Object(
      stagesOf(
        Maybe(Type.Object({ status: Maybe(Text), cacheHit: Maybe(Type.Boolean()), error: Maybe(Text) }))
      )
    )
  ),
  status: Maybe(Type.Object({ completed: Maybe(Type.Boolean()), cacheHit: Maybe(Type.Boolean()) }))
})

type RecordFile = Static<typeof FileSchema>

const isFile = TypeCompiler.Compile(FileSchema)
const isPrompts = TypeCompiler.Compile(Type.Object(promptsFields()))

function promptsFields() {
  return Object.fromEntries(Object.keys(RecordPromptsSchema.properties).map((name) => [name, Maybe(Text)]))
}

/** The stage of a step by whether it was done. */
export function stage(isComplete: boolean): Stage {
  return { status: isComplete ? 'complete' : 'skipped' }
}

/**
 * Reads the text of a file in either form.
 * @param root the data folder, absolute
 * @returns the record, or why it is none
 */
export function parseRecord(text: string, root: string): ImageRecord | string {
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch {
    return 'it is not JSON'
  }
  if (!isFile.Check(file)) {
    const path = isFile.Errors(file).First()?.path.slice(1).replaceAll('/', '.') ?? ''
    return path === '' ? 'it is not the record of an image' : `its ${path} is missing or of another type`
  }
  if (!isPrompts.Check(file.prompts ?? {})) return 'one of its prompts is not a text'
  return fromFile(file, root)
}

function fromFile(file: RecordFile, root: string): ImageRecord {
  const artifacts = filled({
    generated: relativeArtifact(file.artifacts?.generated ?? '', root),
    annotated: relativeArtifact(file.artifacts?.annotated ?? '', root)
  })
  const prompts = filled((file.prompts ?? {}) as RecordPrompts)
  const known = Object.keys(RecordPromptsSchema.properties) as Array<keyof RecordPrompts>
  const done: Record<StageName, boolean> = {
    selected: true,
    prompted: true,
    enhanced: prompts.enhancedPrompt !== undefined,
    generated: artifacts.generated !== undefined,
    annotated: artifacts.annotated !== undefined
  }
  return {
    metadataVersion: file.metadataVersion,
    imageId: file.imageId ?? '',
    input: file.input,
    seed: file.seed,
    series: { name: file.series.name, hash: file.series.hash ?? '', source: file.series.source || EMBEDDED },
    recipe: { name: file.recipe.name, version: file.recipe.version },
    database: {
      version: file.database?.version ?? '',
      archiveHash: file.database?.archiveHash ?? ''
    },
    ...(file.provider && { provider: file.provider }),
    ...(typeof file.artist === 'number' && { artist: file.artist }),
    ...(typeof file.modifiedAt === 'number' && { modifiedAt: file.modifiedAt }),
    ...(file.ipfsHash && { ipfsHash: file.ipfsHash }),
    selectedRecords: (file.selectedRecords ?? []).map(({ attribute, database, rowIndex, record }) => ({
      attribute: attribute ?? '',
      database: database ?? '',
      rowIndex: rowIndex ?? 0,
      record: record ?? ''
    })),
    prompts: Object.fromEntries(known.filter((name) => prompts[name]).map((name) => [name, prompts[name]])),
    artifacts,
    stages: Object.fromEntries(
      STAGES.map((name) => [name, stageOf(file.stages?.[name], done[name])])
    ) as ImageRecord['stages'],
    status: {
      completed: file.status?.completed ?? (file.status == null && done.annotated),
      cacheHit: file.status?.cacheHit ?? false
    }
  }
}

function stageOf(
  given: { status?: string | null; cacheHit?: boolean | null; error?: string | null } | null | undefined,
  isDone: boolean
): Stage {
  if (given == null) return stage(isDone)
  const { status, cacheHit, error } = given
  return { status: status ?? '', ...(cacheHit && { cacheHit }), ...(error && { error }) }
}

/** An object without the fields that are empty. */
export function filled<T extends Record<string, unknown>>(
  fields: T
): { [K in keyof T]?: Exclude<T[K], null> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null && value !== '')) as {
    [K in keyof T]?: Exclude<T[K], null>
  }
}

/**
 * The text of a record's file: two-space JSON with absolute paths, as the Go server and the desktop app read it.
 * @param root the data folder, absolute
 */
export function writeRecord(record: ImageRecord, root: string): string {
  const { generated = '', annotated = '' } = record.artifacts
  const artifacts = filled({
    generated: savedArtifact(generated, root),
    annotated: savedArtifact(annotated, root)
  })
  return `${goJson({ ...record, prompts: filled(record.prompts), artifacts })}\n`
}
