import { systemClock } from './clock.ts'
import type { Clock } from './clock.ts'

/**
 * Makes a value at most once in a period. All calls in a period get the same one. A failure is not kept.
 * @param periodMs milliseconds from the begin of `make`; 0 makes a value for each call
 * @param revision a number whose change ends the period
 */
export function createRemembered<T>(
  make: () => Promise<T>,
  periodMs: number,
  { now }: Pick<Clock, 'now'> = systemClock,
  revision = () => 0
): () => Promise<T> {
  let made: { at: number; of: number; value: Promise<T> } | undefined

  return async () => {
    const of = revision()
    if (made !== undefined && made.of === of && now() - made.at < periodMs) return await made.value
    const current = { at: now(), of, value: make() }
    made = current
    try {
      return await current.value
    } catch (error) {
      if (made === current) made = undefined
      throw error
    }
  }
}
