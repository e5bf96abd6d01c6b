import type { Place } from './shelf.ts'

export const ORDERS = ['newest', 'series'] as const

/** `newest`: all pictures, newest first. `series`: series by series, that with the newest picture first. */
export type Order = typeof ORDERS[number]

/** Where the next page begins: behind the place, which need not be taken any more. */
export interface Cursor extends Place {
  order: Order
  /** Unix milliseconds. Younger pictures than the first page's are left out of the following ones, and so cannot reorder them. */
  asOf: number
  /** The newest picture of the place's series; 0 where series are not told apart. */
  groupMs: number
}

/** A cursor as text for a URL. */
export function writeCursor ({ order, asOf, groupMs, modifiedMs, series, address }: Cursor): string {
  return Buffer.from(JSON.stringify([order, asOf, groupMs, modifiedMs, series, address])).toString('base64url')
}

/** The cursor in a text, undefined when it is none. */
export function readCursor (text: string): Cursor | undefined {
  try {
    const [order, asOf, groupMs, modifiedMs, series, address, ...rest] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[]
    const isRight = ORDERS.includes(order as Order) && [asOf, groupMs, modifiedMs].every(Number.isFinite) &&
      typeof series === 'string' && typeof address === 'string' && rest.length === 0
    return isRight ? { order, asOf, groupMs, modifiedMs, series, address } as Cursor : undefined
  } catch {
    return undefined
  }
}
