import { LRUCache } from 'lru-cache'
import { systemClock } from './clock.ts'
import type { Clock } from './clock.ts'
import { createSingleFlight } from './single-flight.ts'
import type { SharedBody } from './shared-body.ts'

export interface AnswerCacheOptions {
  /** The bytes of all bodies that are kept. A body has up to two forms, plain and compressed. */
  maxBytes: number
  /** How long a body is used again, in milliseconds. */
  maxAgeMs: number
  /** A text whose change makes all bodies old. */
  revision: () => string
  clock?: Pick<Clock, 'now'>
}

/**
 * Bodies of answers that many clients ask for, by a key that says what is asked. One that is asked for several times at
 * once is made once. A failure is not kept.
 */
export function createAnswerCache({ maxBytes, maxAgeMs, revision, clock = systemClock }: AnswerCacheOptions) {
  const kept = new LRUCache<string, { at: number; of: string; body: SharedBody }>({
    maxSize: maxBytes,
    sizeCalculation: ({ body }, key) => 2 * body.bytes + key.length
  })
  const making = createSingleFlight<SharedBody>()

  return {
    async read(key: string, make: () => Promise<SharedBody>): Promise<SharedBody> {
      const of = revision()
      const known = kept.get(key)
      if (known !== undefined && known.of === of && clock.now() - known.at < maxAgeMs) return known.body
      return await making.run(`${of} ${key}`, async () => {
        const at = clock.now()
        const body = await make()
        kept.set(key, { at, of, body })
        return body
      })
    },

    /** The bytes that are kept. */
    get bytes(): number {
      return kept.calculatedSize
    }
  }
}
