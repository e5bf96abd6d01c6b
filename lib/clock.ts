import { setTimeout as sleep } from 'node:timers/promises'

/** The time and the timers of a part of the service. Tests inject a clock of their own. */
export interface Clock {
  /** Milliseconds since some moment; never goes back. */
  now: () => number
  /** Calls `expire` after `ms` milliseconds. The result cancels the timer, which keeps the process alive until then. */
  startTimer: (ms: number, expire: () => void) => () => void
  /** Resolves after `ms` milliseconds. When the signal aborts first, it rejects with the signal's reason. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** A signal that aborts after `ms` milliseconds. */
  timeout: (ms: number) => AbortSignal
}

/** The part of a clock that event streams use. */
export type StreamClock = Pick<Clock, 'now' | 'startTimer'>

/** The part of a clock that calls to the model provider use. */
export type CallClock = Pick<Clock, 'now' | 'sleep' | 'timeout'>

/** The clock and the timers of Node. */
export const systemClock: Clock = {
  now: () => performance.now(),
  startTimer(ms, expire) {
    const timer = setTimeout(expire, ms)
    return () => clearTimeout(timer)
  },
  sleep: async (ms, signal) =>
    await sleep(ms, undefined, { signal }).catch(() => {
      throw signal.reason
    }),
  timeout: (ms) => AbortSignal.timeout(ms)
}
