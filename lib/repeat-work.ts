import { systemClock } from './clock.ts'
import type { Clock } from './clock.ts'

export interface RepeatOptions {
  /** Milliseconds from the end of the work to its next begin. */
  everyMs: number
  onError: (error: unknown) => void
  clock?: Pick<Clock, 'startTimer'>
  /** Whether the work begins now, and not only after `everyMs`. */
  isAtOnce?: boolean
}

/**
 * Does work again and again, one at a time.
 * @param work its signal aborts when no more work is wanted
 * @returns ends the repetition; it resolves when the work that is under way has ended
 */
export function repeatWork(
  work: (signal: AbortSignal) => Promise<void>,
  { everyMs, onError, clock = systemClock, isAtOnce = false }: RepeatOptions
): () => Promise<void> {
  const stopping = new AbortController()
  const { signal } = stopping
  let cancelTimer = () => {}
  let working: Promise<void> = Promise.resolve()

  function begin(): void {
    working = work(signal)
      .catch(onError)
      .then(() => {
        if (!signal.aborted) wait()
      })
  }

  function wait(): void {
    cancelTimer = clock.startTimer(everyMs, begin)
  }

  if (isAtOnce) begin()
  else wait()
  return async () => {
    stopping.abort()
    cancelTimer()
    await working
  }
}
