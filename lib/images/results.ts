import { errors } from '../errors.ts'
import type { ErrorCode, ServiceError } from '../errors.ts'
import type { Databases } from '../dress/databases.ts'
import { addressOfSeed } from '../dress/seed-dress.ts'
import { shownArtifact, shownRecord } from '../records/describe.ts'
import type { ImageRecord } from '../schemas/image-record.ts'
import type { StoredRecord } from '../records/store.ts'
import type { GenerateResult, ImageMetadataRecord } from '../schemas/images.ts'
import type { ImageOrder } from '../schemas/order.ts'
import type { Snapshot } from '../schemas/progress.ts'
import { pictureName } from '../storage/layout.ts'

/** The codes of failed calls to the provider. */
const PROVIDER_CODES = ['CONTENT_REJECTED', 'IMAGE_DOWNLOAD_ERROR', 'ANSWER_LOST']

/** The text of a record's backstyle; empty if it has none. */
export function backStyleOf({ selectedRecords }: ImageRecord): string {
  return selectedRecords.find(({ attribute }) => attribute === 'backStyle')?.record ?? ''
}

/** The name of the files of an image. */
export function nameOf({ artifacts, series, seed }: ImageRecord): string {
  for (const [kind, path] of Object.entries(artifacts)) {
    const folder = `${series.name}/${kind}/`
    const name = path.slice(folder.length, -'.png'.length)
    if (path.startsWith(folder) && path.endsWith('.png') && !name.includes('/')) return name
  }
  return addressOfSeed(seed) ?? pictureName(seed)
}

/** Whether a record has all that is asked for. Whether its files still exist does not count. */
export function satisfies(record: ImageRecord, { enhance, image, annotate, backstyle }: ImageOrder): boolean {
  const { prompts, artifacts } = record
  return (
    (!enhance || prompts.enhancedPrompt !== undefined) &&
    (!image || artifacts.generated !== undefined) &&
    (!annotate || artifacts.annotated !== undefined) &&
    (backstyle === undefined || backStyleOf(record) === backstyle)
  )
}

/** The error for a record that was made with other databases than those in use; undefined for any other. */
export function refusalOf({ database }: ImageRecord, databases: Databases): ServiceError | undefined {
  const { version, archiveHash } = database
  if (version !== '' && version !== databases.version) {
    return errors.ofV1(
      'regeneration_refused',
      `database version differs: database_version_unavailable: metadata uses ${version}; ` +
        `current archive is ${databases.version}`
    )
  }
  if (archiveHash !== '' && archiveHash !== databases.hash) {
    return errors.ofV1(
      'regeneration_refused',
      `database archive hash differs: database_hash_mismatch: metadata uses ${archiveHash}; ` +
        `current archive is ${databases.hash}`
    )
  }
  return undefined
}

/** The answer for an image. Of an address, the seed is the address. */
export function resultOf({ path, record }: StoredRecord, isCacheHit = false): GenerateResult {
  const { input, seed, series, recipe, artifacts, status } = record
  const generatedPath = shownArtifact(artifacts.generated)
  const annotatedPath = shownArtifact(artifacts.annotated)
  return {
    input,
    seed: addressOfSeed(seed) ?? seed,
    series: series.name,
    recipe: recipe.name,
    metadataPath: path,
    ...(generatedPath !== undefined && { generatedPath }),
    ...(annotatedPath !== undefined && { annotatedPath }),
    metadata: shownRecord(isCacheHit ? { ...record, status: { ...status, cacheHit: true } } : record)
  }
}

/** A record as the list shows it. */
export function listed({ path, record }: StoredRecord): ImageMetadataRecord {
  return { path, metadata: shownRecord(record), archived: false }
}

/** The error of /v1 for a run that ended without its result; undefined if it has its result. */
export function failureOf(snapshot: Snapshot, retryAfter?: number): ServiceError | undefined {
  const { error, errorCode, phases, dalleDress, degradedReason } = snapshot
  const isStandIn = dalleDress.annotatedPath.startsWith(`${dalleDress.series}/standin/`)
  if (error === '' && !isStandIn) return undefined
  const isOfProvider = isStandIn || PROVIDER_CODES.includes(errorCode) || errorCode.startsWith('OPENAI_')
  if (isOfProvider) {
    const isEnhancement = phases.some((phase) => phase.name === 'enhance_prompt' && phase.error !== '')
    const step = isEnhancement && !isStandIn ? 'enhance prompt' : 'generate image'
    return errors.ofV1('provider_failed', `${step}: ${isStandIn ? degradedReason : error}`, {
      ...(retryAfter !== undefined && { retryAfter }),
      ...(errorCode === 'ANSWER_LOST' && {
        details: 'The call may have been charged; only force draws again'
      })
    })
  }
  return errors.ofRun(errorCode as ErrorCode, error, retryAfter)
}
