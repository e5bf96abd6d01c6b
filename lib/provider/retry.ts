import { setTimeout as sleep } from 'node:timers/promises'
import pRetry from 'p-retry'
import { POLICY, isProviderFailure, providerFailure, ruleFor } from './failures.ts'
import type { FailureKind } from './failures.ts'

/** Runs that waited together do not come back at one instant. */
const COOL_DOWN_JITTER = 0.1

export interface RetryOptions {
  /** Repetitions after the first attempt. */
  retries?: number
  /** Wait before the first repetition in milliseconds; each further one waits twice as long, and each up to double that by chance. */
  minTimeoutMs?: number
  maxTimeoutMs?: number
  /** The longest that a run waits because the provider asks for it; beyond, it ends at once. */
  patienceMs?: number
  onRetry?: (operation: string, kind: FailureKind) => void
}

interface RetryTask {
  /** What is repeated; operations of one name share what the provider asks to wait. */
  operation: string
  signal: AbortSignal
  /** Whether a call whose answer was lost may be made once more, at the risk of paying twice. */
  repeatsLost?: boolean
  /** Told of each attempt, counted from 1. */
  onAttempt?: (attempt: number) => void
}

export type Retry = ReturnType<typeof createRetry>

/** Repeats calls to the provider as the policy says, with exponential backoff and jitter. */
export function createRetry({
  retries = 3,
  minTimeoutMs = 1_000,
  maxTimeoutMs = 30_000,
  patienceMs = 60_000,
  onRetry = () => {}
}: RetryOptions = {}) {
  /** Until when each operation is to leave the provider alone, by the monotonic clock in milliseconds. */
  const coolUntil = new Map<string, number>()

  const coolMs = (operation: string) => Math.max(0, (coolUntil.get(operation) ?? 0) - performance.now())

  function refusal(operation: string) {
    const waitMs = coolMs(operation)
    return waitMs > patienceMs ? providerFailure('throttled', { waitMs }) : undefined
  }

  /** Waits as long as the provider asked, whichever run it asked; a later answer may prolong it meanwhile. */
  async function coolDown(operation: string, signal: AbortSignal): Promise<void> {
    for (let ms = coolMs(operation); ms > 0; ms = coolMs(operation)) {
      const tooLong = refusal(operation)
      if (tooLong !== undefined) throw tooLong
      await sleep(ms * (1 + Math.random() * COOL_DOWN_JITTER), undefined, { signal }).catch(() =>
        signal.throwIfAborted()
      )
    }
  }

  function prolongCoolDown(operation: string, ms: number): void {
    coolUntil.set(operation, Math.max(coolUntil.get(operation) ?? 0, performance.now() + ms))
  }

  return {
    /**
     * @throws the failure of the last attempt; the signal's reason when that came first
     */
    async run<T>(
      { operation, signal, repeatsLost = false, onAttempt = () => {} }: RetryTask,
      call: (attempt: number) => Promise<T>
    ): Promise<T> {
      let lost = 0
      return await pRetry(
        async (attempt) => {
          await coolDown(operation, signal)
          onAttempt(attempt)
          return await call(attempt)
        },
        {
          retries,
          minTimeout: minTimeoutMs,
          maxTimeout: maxTimeoutMs,
          randomize: true,
          signal,
          onFailedAttempt: ({ error }) => {
            const rule = ruleFor(error)
            if (rule?.retry === 'lost') lost += 1
            if (rule?.retry === 'yes' && isProviderFailure(error) && error.waitMs !== undefined) {
              prolongCoolDown(operation, error.waitMs)
            }
          },
          shouldRetry: ({ error }) => {
            if (!isProviderFailure(error) || refusal(operation) !== undefined) return false
            const { retry } = POLICY[error.kind]
            const repeats = retry === 'yes' || (retry === 'lost' && repeatsLost && lost === 1)
            if (repeats) onRetry(operation, error.kind)
            return repeats
          }
        }
      )
    },

    /** Why an operation would not be tried now: the provider asked to wait longer than a run can. */
    refusal
  }
}
