import { createHash } from 'node:crypto'
import { facetKey } from '../../../dress/facets.ts'
import type { FacetValue } from '../../../dress/facets.ts'
import type { Database } from '../database.ts'
import { withoutNul } from './text.ts'

/** Numbers that were made before: each picture has some 25, most of which others have too. */
const known = new Map<string, string>()
const KNOWN_MAX = 20_000

/** The number of a value: the first eight bytes of a hash. */
export function facetId({ facet, value }: FacetValue): string {
  const text = `${facet}\0${facetKey(withoutNul(value))}`
  const found = known.get(text)
  if (found !== undefined) return found
  const id = createHash('sha256').update(text).digest().readBigInt64BE(0).toString()
  if (known.size >= KNOWN_MAX) known.clear()
  known.set(text, id)
  return id
}

/** The numbers of a picture's values, as a text that PostgreSQL reads as an array. */
export function facetIds(values: readonly FacetValue[]): string {
  return `{${values.map(facetId).join(',')}}`
}

/** The values of pictures, each once, in columns for a statement; in the order of their numbers. */
export function facetColumns(pictures: ReadonlyArray<{ facets?: readonly FacetValue[] }>): string[][] {
  const values = new Map(
    pictures.flatMap(({ facets = [] }) => facets.map((each) => [facetId(each), each] as const))
  )
  // All processes lock new rows in the same order.
  const sorted = [...values].sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    sorted.map(([id]) => id),
    sorted.map(([, { facet }]) => facet),
    sorted.map(([, { value }]) => withoutNul(value))
  ]
}

/** Whether a picture has, or once had, this value. */
export async function knowsFacetValue(
  database: Pick<Database, 'query'>,
  value: FacetValue
): Promise<boolean> {
  const rows = await database.query('select 1 from facet_value where id = $1', [facetId(value)])
  return rows.length > 0
}
