import { createHash } from 'node:crypto'
import { FILTERS, OWN_FILTERS } from '../schemas/series.ts'
import type { Series } from '../schemas/series.ts'

/** A series as /v1 and files have it: what is empty is left out, and a filter that is not set is `null`. */
export type SeriesRecord = Pick<Series, 'suffix'> &
  Partial<Omit<Series, (typeof FILTERS)[number]>> &
  Record<(typeof FILTERS)[number], string[] | null>

/** The record of a series, with its keys in the order of the Go server's. Unknown keys are left out. */
export function seriesRecord(series: Series): SeriesRecord {
  const { last, suffix, purpose, deleted, colorLimit, modifiedAt, version, source } = series
  const filters = Object.fromEntries(FILTERS.map((name) => [name, series[name] ?? null])) as Pick<
    SeriesRecord,
    (typeof FILTERS)[number]
  >
  const own = Object.fromEntries(
    OWN_FILTERS.filter((name) => Array.isArray(series[name])).map((name) => [name, series[name]])
  )
  return {
    ...(last && { last }),
    suffix,
    ...(purpose && { purpose }),
    ...(deleted && { deleted }),
    ...filters,
    ...own,
    ...(colorLimit && { colorLimit }),
    ...(modifiedAt && { modifiedAt }),
    ...(version && { version }),
    ...(source && { source })
  }
}

/** A text that changes whenever the content of a series changes, for an ETag. */
export function seriesVersion(series: Series): string {
  return createHash('sha256').update(JSON.stringify(series)).digest('hex').slice(0, 32)
}
