/** Ends of runs that the pace is measured over. */
const ENDS = 20
/** Seconds that a client waits while no pace is known. */
const FIRST_WAIT_SECONDS = 10
const LONGEST_WAIT_SECONDS = 3600

export interface PaceOptions {
  /** Runs that may wait. */
  queueLimit: number
  /** Milliseconds on a clock that never goes back. */
  now: () => number
}

/** How fast the queue drains, measured over the last runs. */
export function createPace({ queueLimit, now }: PaceOptions) {
  const ends: number[] = []
  /** Refused clients that were given a moment, and whose moment has not come. */
  let refused = 0

  /** Seconds from one end of a run to the next, as it is now: a run that takes long slows the pace. */
  function secondsPerRun(): number | undefined {
    if (ends.length < 2) return undefined
    const measured = (ends.at(-1)! - ends[0]!) / (ends.length - 1)
    return Math.max(measured, now() - ends.at(-1)!) / 1000
  }

  return {
    /** Call it when a run ends: a place of the queue becomes free. */
    recordEnd(): void {
      ends.push(now())
      if (ends.length > ENDS) ends.shift()
      refused = Math.max(0, refused - 1)
    },

    /**
     * Seconds after which a client that is refused now may find a free place. The first refused client gets the time of
     * one run, the second of two, and so on, so that they do not come back together. Nobody waits longer than the whole
     * queue takes.
     */
    secondsUntilFree(): number {
      refused = refused >= Math.max(1, queueLimit) ? 1 : refused + 1
      const perRun = secondsPerRun()
      const seconds = perRun === undefined ? FIRST_WAIT_SECONDS + refused - 1 : refused * perRun
      return Math.min(LONGEST_WAIT_SECONDS, Math.max(1, Math.ceil(seconds)))
    }
  }
}
