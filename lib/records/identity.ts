import { createHash } from 'node:crypto'
import { seriesRecord } from '../dress/series-record.ts'
import { goJson } from '../go-json.ts'
import type { Series } from '../schemas/series.ts'
import type { ImageRecord } from '../schemas/image-record.ts'

/**
 * The hash of a series in the records of images, computed as the Go server does: over its compact JSON. `seriesHash`
 * of the series registry says whether two series give the same pictures; this one changes with notes too.
 */
export function recordedSeriesHash(series: Series): string {
  return sha256(goJson(seriesRecord(series), 0))
}

/** The id of an image: a hash over everything it is made from. */
export function imageIdOf({
  input,
  seed,
  series,
  recipe,
  database
}: Pick<ImageRecord, 'input' | 'seed' | 'series' | 'recipe' | 'database'>): string {
  const parts = [
    input,
    seed,
    series.name,
    series.hash,
    recipe.name,
    recipe.version,
    database.version,
    database.archiveHash
  ]
  return sha256(parts.join('\0'))
}

function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}
