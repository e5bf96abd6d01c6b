import type { Progress, Snapshot } from '../schemas/progress.ts'

const MIN_POLL_MS = 250
const MAX_POLL_MS = 10_000
/** The part of the remaining time until the next poll. The averages may be wrong, and a run may end early. */
const OF_REMAINING = 1 / 2
/** The part of the time since the start until the next poll, for a run whose remaining time is not known. */
const OF_ELAPSED = 1 / 20
/** The last time that a Date can have, in milliseconds. */
const MAX_TIME_MS = 8.64e15

/**
 * Milliseconds until the next poll of a run makes sense: half of the remaining time. Without averages, and when the run
 * takes longer than they say, it doubles with the time that the run has taken. Intervals are 250 ms to 10 s.
 * @param remainingNs nanoseconds by the averages, with the wait in the queue; 0 if not known
 * @param elapsedNs nanoseconds since the run was accepted
 */
export function pollIntervalMs(remainingNs: number, elapsedNs: number): number {
  const ms =
    remainingNs > 0
      ? Math.round((remainingNs * OF_REMAINING) / 1e6)
      : // Steps, because each new value would be an event of each stream.
        MIN_POLL_MS * 2 ** Math.floor(Math.log2(Math.max((elapsedNs * OF_ELAPSED) / 1e6 / MIN_POLL_MS, 1)))
  return Math.min(Math.max(ms, MIN_POLL_MS), MAX_POLL_MS)
}

/** Unix nanoseconds in ISO 8601, UTC. A time that no Date can have becomes the nearest one. */
export function isoTime(ns: number): string {
  return new Date(Math.min(Math.max(Math.round(ns / 1e6), 0), MAX_TIME_MS)).toISOString()
}

/** The short form of a snapshot: without the phases, the dress and the averages. */
export function shortenSnapshot({ phases, dalleDress, phaseAverages, ...progress }: Snapshot): Progress {
  return progress
}
