import type { Attribute } from '../schemas/dress.ts'
import type { Series } from '../schemas/series.ts'
import { ATTRIBUTES, DATABASES } from './databases.ts'
import type { DatabaseName, Databases } from './databases.ts'
import { filterRows } from './row-filter.ts'

/** The value of an attribute if the series' filter leaves no row. */
export const NONE = 'none'

const DIGITS_PER_ATTRIBUTE = 6
/** Attributes share digits: each begins four digits after the previous one. */
const STRIDE = 4
const SEED_DIGITS = 64
const HEXADECIMAL = /^[0-9a-f]+$/i

/** The 80 digits that decide all attributes: those of the address, followed by the same in reverse. */
function digitsOf(address: string): string {
  const text = address + [...address].reverse().join('')
  return text.slice(2, 82)
}

/** The seed of an address: 64 hexadecimal digits. Metadata files are named after it. */
export function seedOf(address: string): string {
  return digitsOf(address).slice(0, SEED_DIGITS)
}

/**
 * Selects the 18 attributes of an address. Attribute i reads the six hexadecimal digits from position 4i as a
 * number n and takes row floor(n / 2^24 × count) of the rows that the series' filter leaves.
 * @param address `0x` and 40 lower-case digits
 */
export function selectAttributes(databases: Databases, series: Series, address: string): Attribute[] {
  return selectByDigits(databases, series, digitsOf(address), ATTRIBUTES)
}

/**
 * Selects as many of these attributes as the digits reach. Six characters that are not all hexadecimal count as 0.
 * @param digits any text
 */
export function selectByDigits(
  databases: Databases,
  series: Series,
  digits: string,
  attributes: ReadonlyArray<(typeof ATTRIBUTES)[number]>
): Attribute[] {
  const characters = [...digits]
  const filtered = filteredRows(databases, series)
  const count = Math.floor((characters.length - DIGITS_PER_ATTRIBUTE) / STRIDE) + 1
  const selected = attributes.slice(0, count).map(({ database, name }, index) => {
    const bytes = characters.slice(index * STRIDE, index * STRIDE + DIGITS_PER_ATTRIBUTE).join('')
    const number = HEXADECIMAL.test(bytes) ? Number.parseInt(bytes, 16) : 0
    const factor = number / 2 ** 24
    const rows = filtered(database)
    const selector = Math.floor(factor * rows.length)
    return { database, name, bytes, number, factor, count: rows.length, selector, value: rows[selector]! }
  })
  return databases.isBuiltIn ? withDistinctColors(selected, filtered('colors')) : selected
}

/**
 * The attributes with colours that differ: a colour whose hexadecimal value occurs in the dress already, such as `grey`
 * after `gray`, is the next row with another one. Without such a row it stays.
 * @param rows the rows that the series' filter leaves of the colours
 */
export function withDistinctColors(attributes: Attribute[], rows: readonly string[]): Attribute[] {
  const seen = new Set<string>()
  return attributes.map((attribute) => {
    if (attribute.database !== 'colors') return attribute
    const following = rows.map((_, step) => (attribute.selector + step) % rows.length)
    const selector = following.find((at) => !seen.has(hexOf(rows[at]!))) ?? attribute.selector
    seen.add(hexOf(rows[selector]!))
    return selector === attribute.selector ? attribute : { ...attribute, selector, value: rows[selector]! }
  })
}

/** The hexadecimal value of a colour's row. */
function hexOf(row: string): string {
  return row.split(',')[1]?.trim().toLowerCase() ?? row
}

type RowsOf = (database: DatabaseName) => readonly string[]

const filteredBySeries = new WeakMap<Databases, WeakMap<Series, RowsOf>>()

/** The rows that a series' filters leave of each database. Each database is filtered once per series. */
function filteredRows(databases: Databases, series: Series): RowsOf {
  let bySeries = filteredBySeries.get(databases)
  if (bySeries === undefined) filteredBySeries.set(databases, (bySeries = new WeakMap()))
  let rowsOf = bySeries.get(series)
  if (rowsOf === undefined) {
    const known = new Map<DatabaseName, readonly string[]>()
    rowsOf = (database) => {
      let rows = known.get(database)
      if (rows === undefined) {
        const kept = filterRows(database, databases.rows[database], series[database])
        known.set(database, (rows = kept.length > 0 ? kept : [NONE]))
      }
      return rows
    }
    bySeries.set(series, rowsOf)
  }
  return rowsOf
}

/** The databases, in alphabetical order, in which the filters of a series leave no row. */
export function emptyDatabases({ rows }: Databases, series: Series): DatabaseName[] {
  return DATABASES.filter(
    (database) => filterRows(database, rows[database], series[database]).length === 0
  ).sort()
}
