import { setImmediate } from 'node:timers/promises'
import type { StreamClock } from '../lib/clock.ts'

/** 2023-11-14T22:13:20.000Z */
const START_MS = 1_700_000_000_000

/** A clock that moves only when the test moves it, with the timers that wait for it. */
export function createClock() {
  let nowMs = START_MS
  const timers = new Set<{ dueAt: number; expire: () => void }>()

  function nextDue(until: number) {
    const due = [...timers].filter(({ dueAt }) => dueAt <= until)
    return due.sort((a, b) => a.dueAt - b.dueAt)[0]
  }

  const clock: StreamClock = {
    now: () => nowMs,
    startTimer(ms, expire) {
      const timer = { dueAt: nowMs + ms, expire }
      timers.add(timer)
      return () => timers.delete(timer)
    }
  }

  return {
    ...clock,

    /** Unix time in nanoseconds. */
    nowNs: () => nowMs * 1e6,

    /** How many timers wait. */
    get timers(): number {
      return timers.size
    },

    /** Moves the clock. Between two timers, and after the last one, pending promises get their turn. */
    async advance(ms: number): Promise<void> {
      const end = nowMs + ms
      for (let timer = nextDue(end); timer !== undefined; timer = nextDue(end)) {
        timers.delete(timer)
        nowMs = Math.max(nowMs, timer.dueAt)
        timer.expire()
        await setImmediate()
      }
      nowMs = end
      await setImmediate()
    }
  }
}
