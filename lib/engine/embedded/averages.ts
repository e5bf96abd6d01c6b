import { createAverages } from '../../progress/averages.ts'
import type { PhaseStats } from '../../progress/averages.ts'
import type { RunProgress } from '../../progress/run.ts'
import { FOLDERS, runArchivePath } from '../../storage/layout.ts'
import type { Files } from '../../storage/files.ts'
import type { Averages } from '../engine.ts'

const SAVE_DELAY_MS = 1_000
const STATS = `${FOLDERS.metrics}/progress_phase_stats.json`
const HISTORY = `${FOLDERS.metrics}/progress_phase_history.jsonl`

export interface KeptAveragesOptions {
  files: Pick<Files, 'readText' | 'write' | 'appendLine'>
  /** Writes the last snapshot of every run to disk. */
  archiveRuns: boolean
  /** Called when statistics cannot be read or written. Runs go on without them. */
  onDiskError: (error: unknown) => void
}

export type KeptAverages = Averages & {
  /** What is written to `metrics/`. */
  readonly stats: PhaseStats
  /** Reads the stored averages. */
  open(): Promise<void>
  /** Adds a run that has ended. */
  addRun(run: RunProgress): void
  /** Resolves when everything is on disk. */
  close(): Promise<void>
}

/** The averages in `metrics/`, with a line in the history for each run. */
export function createKeptAverages({ files, archiveRuns, onDiskError }: KeptAveragesOptions): KeptAverages {
  let averages = createAverages()
  let isOpen = false
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

  return {
    get stats() {
      return averages.stats
    },

    of: (phase) => averages.of(phase),
    all: () => averages.all(),

    async open() {
      averages = createAverages(
        await files.readText(STATS).catch((error: unknown) => {
          onDiskError(error)
          return undefined
        })
      )
      isOpen = true
    },

    addCacheHit() {
      // A process that waits for its turn has not read the averages, and must not overwrite those of the other one.
      if (!isOpen) return
      averages.addCacheHit()
      saveSoon()
    },

    addRun(run) {
      // A run that is refused at once costs nothing, so any client can make many. They are not written to disk.
      if (!run.hasBegun) return
      if (!run.failed && !run.isStandIn) averages.addRun(run.durationsNs())
      saveSoon()
      const { phaseAverages: phases, generationRuns: runs, cacheHits } = averages.stats
      const timestamp = new Date(run.endedNs / 1e6).toISOString()
      const line = JSON.stringify({ timestamp, phases, runs, cacheHits })
      saving = saving.then(() => files.appendLine(HISTORY, line)).catch(onDiskError)
      if (archiveRuns) {
        const path = runArchivePath(run.series, run.address, Math.floor(run.endedNs / 1e9))
        const snapshot = `${JSON.stringify(run.snapshot(), null, 2)}\n`
        saving = saving.then(() => files.write(path, snapshot)).catch(onDiskError)
      }
    },

    async close() {
      if (saveTimer !== undefined) {
        clearTimeout(saveTimer)
        save()
      }
      await saving
    }
  }
}
