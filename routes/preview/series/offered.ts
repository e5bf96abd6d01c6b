import { familyOf } from '../../../lib/dress/series-families.ts'
import type { Series } from '../../../lib/schemas/series.ts'
import type { OfferedSeries } from '../view.ts'

/** What the pages show of a series of the registry. */
export function offeredSeries({ suffix: name, purpose = '', source }: Series): OfferedSeries {
  const isOwn = source === 'user'
  return { name, purpose, isOwn, family: familyOf(name, !isOwn) }
}
