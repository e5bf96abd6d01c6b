import type { Clock } from '../clock.ts'
import type { WorkPhase } from '../progress/phases.ts'
import type { Averages } from './engine.ts'

/** A phase may take this much longer than on average. */
const USUAL_FACTOR = 1.5

export interface LastOrdersOptions {
  clock: Pick<Clock, 'now'>
  averages: Pick<Averages, 'all'>
  /** What a run is suspended with. */
  reason: Error
}

/** Suspends runs of a process that stops before they pay for what there is no time for. */
export function createLastOrders({ clock, averages, reason }: LastOrdersOptions) {
  let endsAt = Infinity

  /** A phase that has no average yet might not end in time. */
  function hasTimeFor(phase: WorkPhase): boolean {
    if (endsAt === Infinity) return true
    const usualMs = (averages.all()[phase] ?? 0) / 1e6
    return usualMs > 0 && clock.now() + usualMs * USUAL_FACTOR <= endsAt
  }

  return {
    /** The process suspends its runs after this time. */
    endAfter(ms: number): void {
      endsAt = clock.now() + ms
    },

    /** Suspends a run before a phase that would not end in time, by its usual length. */
    checksOf(run: AbortController): (phase: WorkPhase) => void {
      return (phase) => {
        if (!hasTimeFor(phase)) run.abort(reason)
      }
    }
  }
}
