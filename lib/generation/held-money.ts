import { systemClock } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { isServiceError } from '../errors.ts'
import type { RunTime } from '../engine/engine.ts'
import type { Artist } from '../image/artist.ts'

/** How long a run waits before it tries again, in milliseconds, and how often it does so altogether. */
const RETRY_MS = 1_000
const RETRIES_MAX = 300

/** How often each run has waited, by its signal. */
const retries = new WeakMap<AbortSignal, number>()

/** What waiting needs. */
interface Waiting {
  clock?: Pick<Clock, 'sleep'> | undefined
  signal: AbortSignal
  time?: RunTime | undefined
}

/**
 * Tries again while only money is in the way that other calls have reserved and may not need. The wait does not count
 * as working time of the run, so that the drawing after it has all of its time.
 * @throws what `attempt` throws, or the signal's reason
 */
export async function whenFree<T>(
  { clock = systemClock, signal, time }: Waiting,
  attempt: () => Promise<T>
): Promise<T> {
  try {
    return await attempt()
  } catch (error) {
    if (!mayRetry(signal, error)) throw error
  }
  const wait = async () => {
    for (;;) {
      time?.checkTimeFor?.('image_wait')
      await clock.sleep(RETRY_MS, signal)
      try {
        return await attempt()
      } catch (error) {
        if (!mayRetry(signal, error)) throw error
      }
    }
  }
  return await (time?.pause?.(wait) ?? wait())
}

/** Whether a run may wait once more, which counts. */
function mayRetry(signal: AbortSignal, error: unknown): boolean {
  const before = retries.get(signal) ?? 0
  if (!isServiceError(error) || error.isHeld !== true || before >= RETRIES_MAX) return false
  retries.set(signal, before + 1)
  return true
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
