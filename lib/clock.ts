/** The time and the timers of a part of the service. Tests inject a clock of their own. */
export interface Clock {
  /** Milliseconds since some moment; never goes back. */
  now: () => number
  /** Calls `expire` after `ms` milliseconds. The timer does not keep the process alive. The result cancels it. */
  startTimer: (ms: number, expire: () => void) => () => void
}

/** The clock and the timers of Node. */
export const systemClock: Clock = {
  now: () => performance.now(),
  startTimer(ms, expire) {
    const timer = setTimeout(expire, ms).unref()
    return () => clearTimeout(timer)
  }
}
