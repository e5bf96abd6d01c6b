import { createHash } from 'node:crypto'

export const ORDERS = ['newest', 'series'] as const

/**
 * `newest`: all pictures, newest first. `series`: one series after the other, the series with the newest picture
 * first.
 */
export type Order = (typeof ORDERS)[number]

/** What decides the order of a picture among others. */
export interface Position {
  readonly modifiedMs: number
  readonly series: string
  readonly address: string
}

/**
 * The end of a page: the position of its last picture, which may be removed meanwhile. The next page begins after
 * it.
 */
export interface Cursor extends Position {
  order: Order
  /** Unix milliseconds. Pages after the first leave out newer pictures, so new pictures do not change their order. */
  asOf: number
  /** Short hashes of the series that earlier pages have shown completely, joined; empty in the order `newest`. */
  finishedSeries: string
}

/** Encodes a cursor for a URL. Clients keep cursors, so the format must not change. */
export function writeCursor({ order, asOf, finishedSeries, modifiedMs, series, address }: Cursor): string {
  const parts = [order, asOf, finishedSeries, modifiedMs, series, address]
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/** Decodes a cursor; undefined if the text is not a cursor. */
export function readCursor(text: string): Cursor | undefined {
  try {
    const [order, asOf, finishedSeries, modifiedMs, series, address, ...rest] = JSON.parse(
      Buffer.from(text, 'base64url').toString()
    ) as unknown[]
    const isCursor =
      ORDERS.includes(order as Order) &&
      [asOf, modifiedMs].every(Number.isFinite) &&
      typeof finishedSeries === 'string' &&
      typeof series === 'string' &&
      typeof address === 'string' &&
      rest.length === 0
    return isCursor ? ({ order, asOf, finishedSeries, modifiedMs, series, address } as Cursor) : undefined
  } catch {
    return undefined
  }
}

const HASH_CHARACTERS = 6

/** A short hash of a series' name. Names may be long and a cursor may list many of them. */
export function hashSeries(name: string): string {
  return createHash('sha256').update(name).digest('base64url').slice(0, HASH_CHARACTERS)
}

/** Splits joined hashes of series. */
export function splitHashes(joined: string): Set<string> {
  return new Set(joined.match(new RegExp(`.{${HASH_CHARACTERS}}`, 'gs')) ?? [])
}
