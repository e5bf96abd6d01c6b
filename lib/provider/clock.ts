import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Time, as calls to the provider use it. Tests pass a clock of their own, so that nothing waits for real
 * time.
 */
export interface Clock {
  /** Milliseconds since some fixed moment; the value never goes back. */
  now(): number
  /** Resolves after `ms` milliseconds. When the signal aborts first, it rejects with the signal's reason. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
  /** A signal that aborts after `ms` milliseconds. */
  timeout(ms: number): AbortSignal
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: async (ms, signal) =>
    await sleep(ms, undefined, { signal }).catch(() => {
      throw signal.reason
    }),
  timeout: (ms) => AbortSignal.timeout(ms)
}
