import { createHash } from 'node:crypto'
import type { Position } from './sorted.ts'

export const ORDERS = ['newest', 'series'] as const

/** `newest`: all pictures, newest first. `series`: series by series, that with the newest picture first. */
export type Order = (typeof ORDERS)[number]

/** Where the next page begins: behind the place, which need not be taken any more. */
export interface Cursor extends Position {
  order: Order
  /** Unix milliseconds. Younger pictures than the first page's are left out of the following ones, and so cannot reorder them. */
  asOf: number
  /** The series whose pictures were all told, as short hashes in a row; empty where series are not told apart. */
  past: string
}

/** A cursor as text for a URL. */
export function writeCursor({ order, asOf, past, modifiedMs, series, address }: Cursor): string {
  return Buffer.from(JSON.stringify([order, asOf, past, modifiedMs, series, address])).toString('base64url')
}

/** The cursor in a text, undefined when it is none. */
export function readCursor(text: string): Cursor | undefined {
  try {
    const [order, asOf, past, modifiedMs, series, address, ...rest] = JSON.parse(
      Buffer.from(text, 'base64url').toString()
    ) as unknown[]
    const isRight =
      ORDERS.includes(order as Order) &&
      [asOf, modifiedMs].every(Number.isFinite) &&
      typeof past === 'string' &&
      typeof series === 'string' &&
      typeof address === 'string' &&
      rest.length === 0
    return isRight ? ({ order, asOf, past, modifiedMs, series, address } as Cursor) : undefined
  } catch {
    return undefined
  }
}

const HASH_CHARACTERS = 6

/** A series' name for the list in a cursor: names may be long, and there may be many. */
export function hashOfSeries(name: string): string {
  return createHash('sha256').update(name).digest('base64url').slice(0, HASH_CHARACTERS)
}

/** The hashes in such a list. */
export function hashesIn(past: string): Set<string> {
  return new Set(past.match(new RegExp(`.{${HASH_CHARACTERS}}`, 'gs')) ?? [])
}
