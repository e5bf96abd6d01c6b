import pRetry from 'p-retry'
import { systemClock } from '../clock.ts'
import type { CallClock } from '../clock.ts'
import type { Circuits } from '../engine/engine.ts'
import { POLICY, isProviderFailure, providerFailure } from './failures.ts'
import type { FailureKind } from './failures.ts'

/** Spreads the runs that waited for the same moment, as a share of the wait. */
const COOL_DOWN_JITTER = 0.1

export interface RetryOptions {
  /** Keeps the waits that the provider asks for. */
  circuits: Pick<Circuits, 'of'>
  /** Repetitions after the first attempt. */
  retries?: number
  /**
   * Wait before the first repetition, in milliseconds. Each further wait is twice as long; jitter adds up to
   * 100 %.
   */
  minTimeoutMs?: number
  maxTimeoutMs?: number
  /**
   * The longest wait that a run accepts when the provider asks for one, in milliseconds; the run fails at
   * once beyond it.
   */
  patienceMs?: number
  onRetry?: (operation: string, kind: FailureKind) => void
  clock?: CallClock
  /** A number from 0 to 1, for jitter. */
  random?: () => number
}

interface RetryTask {
  /** What is repeated. Calls of one operation share the wait that the provider asks for. */
  operation: string
  signal: AbortSignal
  /** Whether a call whose answer was lost may be made once more, at the risk of paying twice. */
  repeatsLost?: boolean
  /** Whether another provider can be asked. Then this one is not waited for, and a lost call is not repeated. */
  hasNext?: (() => boolean) | undefined
  /** Called before each attempt, with its number from 1. */
  onAttempt?: (attempt: number) => void
}

export type Retry = ReturnType<typeof createRetry>

/**
 * Repeats calls to the provider as the policy says, with exponential backoff and jitter. p-retry keeps the
 * loop; the waits are made here, so that they use one clock with the waits that the provider asks for.
 */
export function createRetry({
  circuits,
  retries = 3,
  minTimeoutMs = 1_000,
  maxTimeoutMs = 30_000,
  patienceMs = 60_000,
  onRetry = () => {},
  clock = systemClock,
  random = Math.random
}: RetryOptions) {
  const coolMs = (operation: string) => circuits.of(operation).coolDownMs()

  function refusal(operation: string, hasNext = () => false) {
    const waitMs = coolMs(operation)
    return waitMs > 0 && (waitMs > patienceMs || hasNext())
      ? providerFailure('throttled', { waitMs })
      : undefined
  }

  async function backOff(attempt: number, signal: AbortSignal): Promise<void> {
    if (attempt === 1) return
    await clock.sleep(Math.min(minTimeoutMs * 2 ** (attempt - 2) * (1 + random()), maxTimeoutMs), signal)
  }

  /**
   * Waits as long as the provider asked any run of the operation to wait. A later answer can prolong the
   * wait.
   */
  async function coolDown({ operation, signal, hasNext }: RetryTask): Promise<void> {
    for (let ms = coolMs(operation); ms > 0; ms = coolMs(operation)) {
      const tooLong = refusal(operation, hasNext)
      if (tooLong !== undefined) throw tooLong
      await clock.sleep(ms * (1 + random() * COOL_DOWN_JITTER), signal)
    }
  }

  return {
    /**
     * @throws the failure of the last attempt; the signal's reason when the signal aborts first
     */
    async run<T>(task: RetryTask, call: (attempt: number) => Promise<T>): Promise<T> {
      const { operation, signal, repeatsLost = false, hasNext = () => false, onAttempt = () => {} } = task
      let lost = 0
      let repeated: FailureKind | undefined
      return await pRetry(
        async (attempt) => {
          await backOff(attempt, signal)
          await coolDown(task)
          // The signal may have ended the wait: then nothing is repeated.
          if (repeated !== undefined) onRetry(operation, repeated)
          onAttempt(attempt)
          return await call(attempt)
        },
        {
          retries,
          minTimeout: 0,
          signal,
          onFailedAttempt: async ({ error }) => {
            if (!isProviderFailure(error)) return
            if (error.retry === 'lost') lost += 1
            if (POLICY[error.kind].retry === 'yes' && error.waitMs !== undefined) {
              await circuits.of(operation).coolDown(error.waitMs)
            }
          },
          shouldRetry: ({ error }) => {
            if (!isProviderFailure(error) || refusal(operation, hasNext) !== undefined) return false
            const { retry } = error
            const repeats = retry === 'yes' || (retry === 'lost' && repeatsLost && lost === 1 && !hasNext())
            if (repeats) repeated = error.kind
            return repeats
          }
        }
      )
    },

    /**
     * The failure of a call that would have to wait longer than a run accepts; undefined when the operation
     * may be tried.
     */
    refusal: (operation: string) => refusal(operation)
  }
}
