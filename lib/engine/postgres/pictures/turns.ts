import PQueue from 'p-queue'
import { errors } from '../../../errors.ts'

/** Searches of this process that work at the same time. They leave connections to other requests. */
const SEARCHES_AT_ONCE = 2
/** Searches that may wait for their turn. */
const WAITING_MAX = 50

/**
 * Searches when it is its turn.
 * @throws SERVICE_UNAVAILABLE when too many other searches wait
 */
export type InTurn = <Found>(search: () => Promise<Found>) => Promise<Found>

/** The searches of this process, a few at a time. */
export function createTurns(): InTurn {
  const searches = new PQueue({ concurrency: SEARCHES_AT_ONCE })
  return async (search) => {
    if (searches.size >= WAITING_MAX) {
      throw errors.unavailable(
        'Too many searches wait',
        `${WAITING_MAX} searches wait already; search again later`
      )
    }
    return await searches.add(search)
  }
}
