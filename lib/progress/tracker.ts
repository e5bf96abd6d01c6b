import { EventEmitter } from 'node:events'
import { LRUCache } from 'lru-cache'
import type { DalleDress } from '../schemas/dress.ts'
import type { Provider } from '../schemas/progress.ts'
import { FOLDERS, pictureKey, runArchivePath } from '../storage/layout.ts'
import type { Files } from '../storage/files.ts'
import { createAverages } from './averages.ts'
import { createRunProgress } from './run.ts'
import type { RunProgress } from './run.ts'

const FINISHED_TTL_MS = 10 * 60_000
const FINISHED_MAX = 10_000
/** The event for changes of any run. It is not the key of a run, because those contain a slash. */
const ANY_RUN = 'any'
const SAVE_DELAY_MS = 1_000
const STATS = `${FOLDERS.metrics}/progress_phase_stats.json`
const HISTORY = `${FOLDERS.metrics}/progress_phase_history.jsonl`

export interface TrackerOptions {
  files: Pick<Files, 'readText' | 'write' | 'appendLine'>
  /** Writes the last snapshot of every run to disk. */
  archiveRuns: boolean
  /** Called when statistics cannot be read or written. Runs go on without them. */
  onDiskError: (error: unknown) => void
  finishedTtlMs?: number
  finishedMax?: number
  /** Unix time in nanoseconds; never goes back. */
  now?: () => number
}

export type Tracker = Awaited<ReturnType<typeof createTracker>>

/** The progress of all live runs, and of the runs that ended within the last ten minutes. */
export async function createTracker({
  files,
  archiveRuns,
  onDiskError,
  finishedTtlMs = FINISHED_TTL_MS,
  finishedMax = FINISHED_MAX,
  now = unixNanoseconds
}: TrackerOptions) {
  const averages = createAverages(
    await files.readText(STATS).catch((error: unknown) => {
      onDiskError(error)
      return undefined
    })
  )
  const live = new Map<string, RunProgress>()
  const finished = new LRUCache<string, RunProgress>({
    max: finishedMax,
    ttl: finishedTtlMs,
    // By default the cache reads its clock at most once a millisecond, and holds the time with a timer.
    ttlResolution: 0,
    perf: { now: () => now() / 1e6 }
  })
  const changes = new EventEmitter().setMaxListeners(0)

  let saveTimer: NodeJS.Timeout | undefined
  let saving: Promise<void> = Promise.resolve()

  function save(): void {
    saveTimer = undefined
    saving = saving
      .then(() => files.write(STATS, `${JSON.stringify(averages.stats, null, 2)}\n`))
      .catch(onDiskError)
  }

  function saveSoon(): void {
    saveTimer ??= setTimeout(save, SAVE_DELAY_MS).unref()
  }

  function record(run: RunProgress): void {
    // A run that is refused at once costs nothing, so any client can make many. They are not written to disk.
    if (!run.hasBegun) return
    if (!run.failed && !run.isStandIn) averages.addRun(run.durationsNs())
    saveSoon()
    const { phaseAverages: phases, generationRuns: runs, cacheHits } = averages.stats
    const line = JSON.stringify({
      timestamp: new Date(run.endedNs / 1e6).toISOString(),
      phases,
      runs,
      cacheHits
    })
    saving = saving.then(() => files.appendLine(HISTORY, line)).catch(onDiskError)
    if (archiveRuns) {
      const path = runArchivePath(run.series, run.address, Math.floor(run.endedNs / 1e9))
      const snapshot = `${JSON.stringify(run.snapshot(), null, 2)}\n`
      saving = saving.then(() => files.write(path, snapshot)).catch(onDiskError)
    }
  }

  return {
    averages,

    /** Seconds since a run ended. */
    secondsSinceEnd(run: RunProgress): number {
      return (now() - run.endedNs) / 1e9
    },

    start(series: string, address: string, provider: Provider, dress: DalleDress): RunProgress {
      const key = pictureKey(series, address)
      const run = createRunProgress({ series, address, provider, dress, averages, now, onChange })
      function onChange() {
        if (run.done && live.get(key) === run) {
          live.delete(key)
          finished.set(key, run)
          record(run)
        }
        changes.emit(key, run)
        changes.emit(ANY_RUN, run)
      }
      finished.delete(key)
      live.set(key, run)
      changes.emit(ANY_RUN, run)
      return run
    },

    /**
     * A completed run for a picture that exists already. The tracker does not keep it.
     * @param counts whether it counts as a cache hit
     */
    cacheHit(
      series: string,
      address: string,
      provider: Provider,
      dress: DalleDress,
      counts = true
    ): RunProgress {
      if (counts) {
        averages.addCacheHit()
        saveSoon()
      }
      const run = createRunProgress({ series, address, provider, dress, averages, now, onChange: () => {} })
      run.completeFromCache()
      return run
    },

    /** The live run of the picture, else the last one that ended, while it is remembered. */
    get(series: string, address: string): RunProgress | undefined {
      const key = pictureKey(series, address)
      return live.get(key) ?? finished.get(key)
    },

    /**
     * Calls `listener` at each change of the runs of this picture.
     * @returns ends the subscription
     */
    subscribe(series: string, address: string, listener: (run: RunProgress) => void): () => void {
      const key = pictureKey(series, address)
      changes.on(key, listener)
      return () => changes.off(key, listener)
    },

    /** How many runs work or wait. */
    get liveCount(): number {
      return live.size
    },

    /** The oldest `limit` runs that work or wait. */
    live(limit: number): RunProgress[] {
      const runs: RunProgress[] = []
      for (const run of live.values()) {
        if (runs.length >= limit) break
        runs.push(run)
      }
      return runs
    },

    /**
     * Calls `listener` at each change of any run, and at its start in the context of the request that started it.
     * @returns ends the subscription
     */
    subscribeAll(listener: (run: RunProgress) => void): () => void {
      changes.on(ANY_RUN, listener)
      return () => changes.off(ANY_RUN, listener)
    },

    /** Resolves when everything is on disk. */
    async close(): Promise<void> {
      if (saveTimer !== undefined) {
        clearTimeout(saveTimer)
        save()
      }
      await saving
    }
  }
}

function unixNanoseconds(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1e6)
}
