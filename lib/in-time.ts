import { systemClock } from './clock.ts'
import type { Clock } from './clock.ts'

export interface InTimeOptions<Result> {
  ms: number
  /** Gets a result that comes later. */
  onLate: (result: Result) => void
  clock?: Pick<Clock, 'startTimer'>
}

/**
 * The result of work that nothing may wait for long. If it does not come within `ms` milliseconds, or the work fails,
 * the result is undefined.
 */
export async function inTime<Result>(
  work: Promise<Result>,
  { ms, onLate, clock = systemClock }: InTimeOptions<Result>
): Promise<Result | undefined> {
  let isLate = false
  return await new Promise((resolve) => {
    const stopTimer = clock.startTimer(ms, () => {
      isLate = true
      resolve(undefined)
    })
    work.then(
      (result) => {
        stopTimer()
        if (isLate) onLate(result)
        else resolve(result)
      },
      () => {
        stopTimer()
        resolve(undefined)
      }
    )
  })
}
