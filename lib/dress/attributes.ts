import type { Attribute } from '../schemas/dress.ts'
import type { Series } from '../schemas/series.ts'
import { ATTRIBUTES } from './databases.ts'
import type { DatabaseName, Databases } from './databases.ts'

/** What stands for a row where a series' filter leaves none. */
export const NONE = 'none'

const DIGITS_PER_ATTRIBUTE = 6
/** Attributes overlap: each begins four digits after the one before. */
const STRIDE = 4
const SEED_DIGITS = 64
const SENSITIVE = ',sensitive,'

/** The 80 digits that an address decides everything by: its own 40 and the same backwards. */
function digitsOf(address: string): string {
  const text = address + [...address].reverse().join('')
  return text.slice(2, 82)
}

/** The seed that names an image of this address: 64 hexadecimal digits. */
export function seedOf(address: string): string {
  return digitsOf(address).slice(0, SEED_DIGITS)
}

/**
 * The 18 attributes of an address. Attribute i reads the six hexadecimal digits from 4i as a number n and takes row
 * floor(n / 2^24 × count) of those that the series leaves.
 * @param address `0x` and 40 lower-case digits
 */
export function selectAttributes(databases: Databases, series: Series, address: string): Attribute[] {
  const digits = digitsOf(address)
  const filtered = filteredRows(databases, series)
  return ATTRIBUTES.map(({ database, name }, index) => {
    const bytes = digits.slice(index * STRIDE, index * STRIDE + DIGITS_PER_ATTRIBUTE)
    const number = Number.parseInt(bytes, 16)
    const factor = number / 2 ** 24
    const rows = filtered(database)
    const selector = Math.floor(factor * rows.length)
    return { database, name, bytes, number, factor, count: rows.length, selector, value: rows[selector]! }
  })
}

type RowsOf = (database: DatabaseName) => readonly string[]

const filteredBySeries = new WeakMap<Databases, WeakMap<Series, RowsOf>>()

/** The rows that a series leaves of each database, worked out once a series. */
function filteredRows(databases: Databases, series: Series): RowsOf {
  let bySeries = filteredBySeries.get(databases)
  if (bySeries === undefined) filteredBySeries.set(databases, (bySeries = new WeakMap()))
  let rowsOf = bySeries.get(series)
  if (rowsOf === undefined) {
    const known = new Map<DatabaseName, readonly string[]>()
    rowsOf = (database) => {
      let rows = known.get(database)
      if (rows === undefined) {
        known.set(database, (rows = filterRows(database, databases.rows[database], series[database])))
      }
      return rows
    }
    bySeries.set(series, rowsOf)
  }
  return rowsOf
}

function filterRows(
  database: DatabaseName,
  rows: readonly string[],
  filter: readonly string[] | null | undefined
): readonly string[] {
  const hasFilter = filter !== undefined && filter !== null && filter.length > 0
  const leavesOutSensitive = !hasFilter && (database === 'artstyles' || database === 'litstyles')
  const kept = hasFilter
    ? rows.filter((row) => filter.some((text) => row.includes(text)))
    : leavesOutSensitive
      ? rows.filter((row) => !row.includes(SENSITIVE))
      : rows
  return kept.length > 0 ? kept : [NONE]
}
