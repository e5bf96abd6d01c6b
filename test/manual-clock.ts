import type { Test } from 'tap'
import type { CallClock } from '../lib/clock.ts'

/**
 * A clock for calls to the provider that tests control. A sleep ends at once and moves the time forward; a
 * timeout aborts only when the test says so.
 */
export function createManualClock() {
  let now = 0
  const sleeps: number[] = []
  let timeouts: Array<{ ms: number; expire: () => void }> = []
  const clock: CallClock = {
    now: () => now,
    async sleep(ms, signal) {
      signal.throwIfAborted()
      sleeps.push(ms)
      now += ms
    },
    timeout(ms) {
      const controller = new AbortController()
      const expire = () => controller.abort(new DOMException('The time is over', 'TimeoutError'))
      timeouts.push({ ms, expire })
      return controller.signal
    }
  }
  return {
    clock,
    /** The length of each sleep, in milliseconds. */
    sleeps,
    advance(ms: number): void {
      now += ms
    },
    /** Lets the time of every call that began before now run out. */
    expireTimeouts(): void {
      const pending = timeouts
      timeouts = []
      for (const { expire } of pending) expire()
    }
  }
}

/**
 * Holds back all timers of exactly `ms` milliseconds, such as opossum's, which accepts no clock, until the
 * returned function is called. Other timers are not touched.
 */
export function holdTimers(t: Test, ms: number): () => void {
  const { setTimeout: original } = globalThis
  let held: Array<() => void> = []
  const replacement = (callback: (...args: unknown[]) => void, delay?: number, ...args: unknown[]) => {
    if (delay !== ms) return original(callback, delay, ...args)
    held.push(() => callback(...args))
    // A timer that the caller can clear; it is too late to matter.
    return original(() => {}, 2 ** 31 - 1).unref()
  }
  globalThis.setTimeout = Object.assign(replacement, original) as typeof setTimeout
  t.teardown(() => {
    globalThis.setTimeout = original
  })
  return () => {
    const due = held
    held = []
    for (const run of due) run()
  }
}
