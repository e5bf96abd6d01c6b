import { setImmediate as nextTurn } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import PQueue from 'p-queue'
import { errors } from '../../../errors.ts'
import { createSingleFlight } from '../../../single-flight.ts'

/** A search that has worked for this long lets other work take its turn. */
const SLICE_MS = 2
/** Pictures between two looks at the clock. */
const BATCH_SIZE = 100
/** Different searches that may wait for their turn. */
const WAITING_MAX = 50
/** Results that are kept, so that the next page of a search costs nothing. */
const RESULTS_KEPT = 16

/**
 * Does what a search wants, or answers what it has found before if nothing has changed since.
 * @param key names the search
 * @throws SERVICE_UNAVAILABLE when too many other searches wait
 */
export type InTurn = <Found extends object>(key: string, work: () => Promise<Found>) => Promise<Found>

/** One search works at a time. */
export function createTurns(index: { readonly version: number }): InTurn {
  const queue = new PQueue({ concurrency: 1 })
  const flights = createSingleFlight<object>()
  const results = new LRUCache<string, { version: number; found: object }>({ max: RESULTS_KEPT })

  async function search(key: string, work: () => Promise<object>): Promise<object> {
    const { version } = index
    const found = await work()
    results.set(key, { version, found })
    return found
  }

  return async <Found extends object>(key: string, work: () => Promise<Found>) => {
    const known = results.get(key)
    if (known?.version === index.version) return known.found as Found
    const found = await flights.run(key, async () => {
      if (queue.size >= WAITING_MAX) {
        throw errors.unavailable(
          'Too many searches wait',
          `${WAITING_MAX} searches wait already; search again later`
        )
      }
      return await queue.add(async () => await search(key, work))
    })
    return found as Found
  }
}

/** Calls `look` with each picture, and lets other work take its turn in between. */
export async function lookAtEach<Picture>(
  pictures: readonly Picture[],
  look: (picture: Picture) => void
): Promise<void> {
  let sliceAt = performance.now()
  for (const [at, picture] of pictures.entries()) {
    if (at % BATCH_SIZE === 0 && performance.now() - sliceAt > SLICE_MS) {
      await nextTurn()
      sliceAt = performance.now()
    }
    look(picture)
  }
}
