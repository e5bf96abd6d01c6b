import { systemClock } from '../clock.ts'
import type { Clock } from '../clock.ts'
import type { PictureIndex } from '../engine/pictures.ts'
import type { Activity, RunSummary } from '../schemas/activity.ts'
import type { Snapshot } from '../schemas/progress.ts'
import type { Generation } from './generation.ts'

/** More runs are only counted, so that a long queue makes no long event. */
const MAX_RUNS = 24
const MAX_ENDED_RUNS = 24
/** A client that reconnects within this time still sees how its run ended. */
const ENDED_RUN_MS = 60_000

/**
 * The activity of the whole service as one small state. Each state is complete: a client may miss any number of them.
 * Call `close` after the last `read`.
 */
export function createActivity(
  generation: Pick<Generation, 'working' | 'endedWithin' | 'subscribeAll'>,
  gallery: Pick<PictureIndex, 'size' | 'revision' | 'changes' | 'subscribe'>,
  now: Clock['now'] = systemClock.now
) {
  let ended: Array<{ run: RunSummary; at: number }> = []
  let earlier: Promise<void> | undefined
  const unsubscribe = generation.subscribeAll((snapshot) => {
    if (snapshot === undefined) return
    ended = [{ run: summarize(snapshot), at: now() }, ...ended.slice(0, MAX_ENDED_RUNS - 1)]
  })

  /** Reads the runs that ended in another process, before this one heard of it. */
  async function readEarlier(): Promise<void> {
    const snapshots = await generation.endedWithin(ENDED_RUN_MS / 1000, MAX_ENDED_RUNS)
    const known = new Set(ended.map(({ run }) => run.runId))
    const added = snapshots.filter(({ runId }) => !known.has(runId))
    ended = [...ended, ...added.map((snapshot) => ({ run: summarize(snapshot), at: now() }))]
  }

  return {
    async read(): Promise<Activity> {
      earlier ??= readEarlier().catch(() => {
        earlier = undefined
      })
      await earlier
      const { count, snapshots } = await generation.working(MAX_RUNS)
      ended = ended.filter(({ at }) => now() - at < ENDED_RUN_MS)
      return {
        live: count,
        runs: snapshots.map(summarize),
        ended: ended.map(({ run }) => run),
        pictures: gallery.size,
        revision: gallery.revision,
        changes: [...gallery.changes]
      }
    },

    /**
     * Calls `listener` at each change.
     * @returns ends the subscription
     */
    subscribe(listener: () => void): () => void {
      // The listener of a channel would take the snapshot for a state.
      const announce = () => listener()
      const stops = [generation.subscribeAll(announce), gallery.subscribe(announce)]
      return () => {
        for (const stop of stops) stop()
      }
    },

    close: unsubscribe
  }
}

function summarize(snapshot: Snapshot): RunSummary {
  const { runId, series, address, dalleDress, currentPhase, startedNs, percent, etaSeconds } = snapshot
  const { queuePosition, partialImages, done, error, errorCode, degraded, degradedReason } = snapshot
  return {
    runId,
    series,
    address,
    title: dalleDress.titlePrompt,
    currentPhase,
    startedNs,
    percent,
    etaSeconds,
    queuePosition,
    partialImages,
    done,
    error,
    errorCode,
    degraded,
    degradedReason
  }
}
