import { createHash } from 'node:crypto'
import { goJson } from '../go-json.ts'
import type { Series } from '../schemas/series.ts'
import type { ImageRecord } from '../schemas/image-record.ts'

/** The filters of a series in the order of the Go server's type. Those it has are always written. */
const LISTS = [
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

/** Filters that the Go server does not have. They count only where they are set. */
const ADDED_LISTS = ['places', 'tropes'] as const

/**
 * The hash of a series in the records of images, computed as the Go server does: over its compact JSON. `seriesHash`
 * of the series registry says whether two series give the same pictures; this one changes with notes too.
 */
export function recordedSeriesHash(series: Series): string {
  const text = (name: 'purpose' | 'colorLimit' | 'modifiedAt' | 'version' | 'source') =>
    series[name] ? { [name]: series[name] } : {}
  const ordered = {
    ...(series.last && { last: series.last }),
    suffix: series.suffix,
    ...text('purpose'),
    ...(series.deleted && { deleted: true }),
    ...Object.fromEntries(LISTS.map((name) => [name, series[name] ?? null])),
    ...Object.fromEntries(ADDED_LISTS.filter((name) => series[name]).map((name) => [name, series[name]])),
    ...text('colorLimit'),
    ...text('modifiedAt'),
    ...text('version'),
    ...text('source')
  }
  return sha256(goJson(ordered, 0))
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
