import { systemClock } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { isServiceError } from '../errors.ts'
import type { Artist } from '../image/artist.ts'

/** How long a run waits before it tries again, in milliseconds, and how often it tries. */
const RETRY_MS = 1_000
const TRIES_MAX = 300

/** What waiting needs. */
interface Waiting {
  clock?: Pick<Clock, 'sleep'> | undefined
  signal: AbortSignal
}

/**
 * Tries again while only money is in the way that other calls have reserved and may not need.
 * @throws what `attempt` throws, or the signal's reason
 */
export async function whenFree<T>(
  { clock = systemClock, signal }: Waiting,
  attempt: () => Promise<T>
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (!isServiceError(error) || error.isHeld !== true || tries === TRIES_MAX) throw error
      await clock.sleep(RETRY_MS, signal)
    }
  }
}

/**
 * Resolves when the artist can draw.
 * @throws why it cannot, or the signal's reason
 */
export async function untilDrawable(artist: Pick<Artist, 'refusal'>, waiting: Waiting): Promise<void> {
  await whenFree(waiting, async () => {
    const refusal = artist.refusal?.()
    if (refusal !== undefined) throw refusal
  })
}
