import { CallAborted, CallTimeout } from './failures.ts'
import { systemClock } from '../clock.ts'
import type { CallClock } from '../clock.ts'
import { abortable } from '../abortable.ts'

/** The error code of a run that reached its own deadline. */
const RUN_DEADLINE = 'GENERATION_TIMEOUT'
/**
 * A call that the run's deadline ends counts as a timeout only if it had at least this share of its own time.
 */
const TIMEOUT_SHARE = 0.5

/**
 * Calls `call` with a signal that aborts after `ms` milliseconds, or when the caller's signal aborts. The
 * SDK's own timeout ends at the response's headers; this signal bounds the whole response.
 * @param rescue called when the time is over: what the aborted call still makes of what had come, if anything
 * @throws CallTimeout after `ms` milliseconds, or at the run's deadline if the provider had at least half of
 * its time; CallAborted when the caller's signal aborts for another reason
 */
export async function withDeadline<T>(
  ms: number,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
  clock: CallClock = systemClock,
  rescue: (working: Promise<T>) => Promise<T | undefined> = async () => undefined
): Promise<T> {
  signal.throwIfAborted()
  const startedAt = clock.now()
  // AbortSignal.any holds its sources weakly, so the timeout must stay referenced until the call ends.
  const timeout = clock.timeout(ms)
  const bounded = AbortSignal.any([signal, timeout])
  const working = call(bounded)
  try {
    return await abortable(working, bounded)
  } catch (error) {
    if (!bounded.aborted) throw error
    const rescued = timeout.aborted ? await rescue(working) : undefined
    if (rescued !== undefined) return rescued
    if (timeout.aborted) throw new CallTimeout(`no answer within ${ms} ms`)
    const cause: unknown = signal.reason
    const isTimeout =
      (cause as { code?: string }).code === RUN_DEADLINE && clock.now() - startedAt >= ms * TIMEOUT_SHARE
    throw isTimeout
      ? new CallTimeout('the run ended before the answer came', { cause })
      : new CallAborted('the run ended', { cause })
  }
}
