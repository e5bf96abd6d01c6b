import type { Clock } from '../clock.ts'

export interface TimeLimitOptions {
  clock: Pick<Clock, 'now' | 'startTimer'>
  /** Longest time that the work may take, in milliseconds. */
  limitMs: number
  /** When the work began, by the clock: now, if absent. */
  since?: number
  /** Called when the time is over. */
  onOver: () => void
  /** Called after each pause with its length. */
  onPaused?: (pausedMs: number) => Promise<void>
}

export type TimeLimit = ReturnType<typeof createTimeLimit>

/** Limits the time that a run works. The time of its pauses does not count. */
export function createTimeLimit({ clock, limitMs, since, onOver, onPaused }: TimeLimitOptions) {
  let begin = clock.now()
  let earlierMs = begin - (since ?? begin)
  let [isPaused, isStopped] = [false, false]

  /** Milliseconds of work so far. */
  const workedMs = (): number => (isPaused ? earlierMs : earlierMs + clock.now() - begin)
  const startTimer = () => clock.startTimer(Math.max(0, limitMs - earlierMs), onOver)
  let stopTimer = startTimer()

  return {
    workedMs,

    /** Waits for something that is not the work of the run. @returns what it has waited for */
    async pause<Result>(wait: () => Promise<Result>): Promise<Result> {
      stopTimer()
      earlierMs = workedMs()
      isPaused = true
      const pausedAt = clock.now()
      try {
        return await wait()
      } finally {
        begin = clock.now()
        isPaused = false
        if (!isStopped) stopTimer = startTimer()
        await onPaused?.(begin - pausedAt)
      }
    },

    /** The work has ended. */
    stop(): void {
      isStopped = true
      stopTimer()
    }
  }
}
