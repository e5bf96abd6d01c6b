import type { Databases } from '../dress/databases.ts'
import { EDITION } from '../image/local/edition.ts'
import type { Attribute } from '../schemas/dress.ts'
import type { Provider } from '../schemas/progress.ts'
import type { Series } from '../schemas/series.ts'
import { FOLDERS, inOutput } from '../storage/layout.ts'
import { isBelowOutput } from './artifact-paths.ts'
import { imageIdOf, recordedSeriesHash } from './identity.ts'
import { EMBEDDED, filled, stage } from './record.ts'
import type { ImageRecord, RecordPrompts } from '../schemas/image-record.ts'

/** The recipe that turns a dress into prompts. Its version changes when the same dress gives other prompts. */
export const RECIPE = { name: 'default', version: '1.0.0' }

const METADATA_VERSION = '1.0.0'

/** What a record is made from. */
export interface ImageFacts {
  input: string
  seed: string
  series: Series
  /** Where the series comes from, as `sourceOf` of the records says it. */
  source: string
  recipe?: string | undefined
  databases: Pick<Databases, 'version' | 'hash'>
  provider?: Provider
  /** Unix seconds. */
  modifiedAt?: number
  /** The CID of the picture with its caption. */
  ipfsHash?: string
  attributes: readonly Attribute[]
  prompts: RecordPrompts
  /** Paths relative to the output folder; of files that do not exist there is none. */
  artifacts: ImageRecord['artifacts']
  /** Whether all steps that were asked for are done. */
  isCompleted: boolean
}

/** The part of a record that its id is made from. It is known before the image is made. */
export function identify({
  input,
  seed,
  series,
  source,
  recipe = RECIPE.name,
  databases
}: Omit<ImageFacts, 'attributes' | 'prompts' | 'artifacts' | 'isCompleted'>) {
  const identity = {
    input,
    seed,
    series: { name: series.suffix, hash: recordedSeriesHash(series), source },
    recipe: { name: recipe, version: RECIPE.version },
    database: { version: databases.version, archiveHash: databases.hash }
  }
  return { metadataVersion: METADATA_VERSION, imageId: imageIdOf(identity), ...identity }
}

/** The record of an image. */
export function describeImage(facts: ImageFacts): ImageRecord {
  const { provider, modifiedAt, ipfsHash, attributes, artifacts, isCompleted } = facts
  const prompts = filled(facts.prompts)
  return {
    ...identify(facts),
    ...(provider !== undefined && { provider }),
    ...(provider === 'local' && { artist: EDITION }),
    ...(modifiedAt !== undefined && { modifiedAt }),
    ...(ipfsHash !== undefined && { ipfsHash }),
    selectedRecords: attributes.map(({ name, database, selector, value }) => ({
      attribute: name,
      database,
      rowIndex: selector,
      record: value
    })),
    prompts,
    artifacts: filled(artifacts),
    stages: {
      selected: stage(true),
      prompted: stage(true),
      enhanced: stage(prompts.enhancedPrompt !== undefined),
      generated: stage(artifacts.generated !== undefined),
      annotated: stage(artifacts.annotated !== undefined)
    },
    status: { completed: isCompleted, cacheHit: false }
  }
}

/** A record as answers show it: its paths are relative to the data folder, and no path of the machine is in it. */
export function shownRecord(record: ImageRecord): ImageRecord {
  const { source } = record.series
  const shownSource = source === EMBEDDED ? source : `${FOLDERS.legacySeries}/${source.split(/[/\\]/).at(-1)}`
  return {
    ...record,
    series: { ...record.series, source: shownSource },
    artifacts: filled({
      generated: shownArtifact(record.artifacts.generated),
      annotated: shownArtifact(record.artifacts.annotated)
    })
  }
}

/** The path of an artifact relative to the data folder; undefined for none, and for one outside the output folder. */
export function shownArtifact(path: string | undefined): string | undefined {
  return path === undefined || !isBelowOutput(path) ? undefined : inOutput(path)
}
