import type { Gallery } from '../pictures/gallery.ts'
import type { Generation } from './orchestrator.ts'
import type { Activity, RunSummary } from '../schemas/activity.ts'
import { summarize } from '../progress/summary.ts'

/** Runs that are told of one by one; of more only the number, so that a long queue makes no long event. */
const RUNS_SHOWN = 24
const ENDED_SHOWN = 24
/** How long an ended run is told of: long enough for whoever connects anew meanwhile. */
const ENDED_MS = 60_000

/**
 * What is going on in the whole service, as one small state: whoever missed an earlier one has missed nothing.
 * Call `close` when nobody will ask any more.
 */
export function createActivity(
  generation: Pick<Generation, 'working' | 'subscribeAll'>,
  gallery: Pick<Gallery, 'size' | 'revision' | 'changes' | 'subscribe'>
) {
  let ended: Array<{ run: RunSummary; at: number }> = []
  const unsubscribe = generation.subscribeAll((snapshot) => {
    if (snapshot !== undefined) {
      ended = [{ run: summarize(snapshot), at: performance.now() }, ...ended.slice(0, ENDED_SHOWN - 1)]
    }
  })

  return {
    read(): Activity {
      ended = ended.filter(({ at }) => performance.now() - at < ENDED_MS)
      const { count, snapshots } = generation.working(RUNS_SHOWN)
      return {
        live: count,
        runs: snapshots.map(summarize),
        ended: ended.map(({ run }) => run),
        pictures: gallery.size,
        revision: gallery.revision,
        changes: [...gallery.changes]
      }
    },

    /** Calls `listener` at each change, until the returned function is called. */
    subscribe(listener: () => void): () => void {
      const stops = [generation.subscribeAll(listener), gallery.subscribe(listener)]
      return () => {
        for (const stop of stops) stop()
      }
    },

    close: unsubscribe
  }
}
