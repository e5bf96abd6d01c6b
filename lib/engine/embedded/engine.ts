import type { Clock } from '../../clock.ts'
import type { RunProgress } from '../../progress/run.ts'
import type { Files } from '../../storage/files.ts'
import type { PngFiles } from '../../storage/png-files.ts'
import type { DailyLimits, Engine, LostCalls, Recovery, Worker } from '../engine.ts'
import { createKeptAverages } from './averages.ts'
import { createBatchFiles } from './batch-files.ts'
import { createBatches } from './batches.ts'
import { createElsewhere } from './elsewhere.ts'
import { createCircuits } from './circuits.ts'
import type { CircuitOptions } from './circuits.ts'
import { createJournal } from './journal.ts'
import { createLedger } from './ledger.ts'
import type { BulkReader } from './pictures/bulk-reader.ts'
import { createPictureIndex } from './pictures/picture-index.ts'
import { createOwedWrites } from './owed-writes.ts'
import { createRunQueue } from './queue.ts'
import type { RunQueueOptions } from './queue.ts'
import { createRuns } from './runs.ts'

/** How often failures that are too old are forgotten. */
const PURGE_INTERVAL_MS = 60_000

export interface EmbeddedEngineOptions {
  files: Pick<
    Files,
    'list' | 'stat' | 'statAll' | 'readText' | 'write' | 'remove' | 'setAside' | 'appendLine'
  >
  pngs: Pick<PngFiles, 'stat' | 'open'>
  /** Whether the data folder is another one than that of the start. */
  isReplaced?: () => Promise<boolean>
  /** Reads the files of many pictures in a thread. */
  bulk?: BulkReader
  /** Runs that work at the same time. */
  concurrency: number
  /** Runs that may wait. */
  queueLimit: number
  /** Longest time that a run may work, in milliseconds. */
  lockTtlMs: number
  limits: DailyLimits
  circuits?: CircuitOptions
  /** Writes the last snapshot of every run to disk. */
  archiveRuns: boolean
  within?: RunQueueOptions['within']
  onRecover?: (action: Recovery) => void
  /** Called with each file of the journal that is not a record. */
  onForeign?: (file: string, reason: string) => void
  /** Called with paid calls whose answers were lost with the process that made them. */
  onLost?: (lost: LostCalls) => void
  /** Called when the recorded day of the budget lies more than a day ahead of the clock. */
  onDayAhead?: (recorded: string, today: string) => void
  /** Called when a file of the engine cannot be read or written, and the service goes on. */
  onDiskError?: (error: unknown) => void
  clock?: Pick<Clock, 'now' | 'startTimer'>
  /** Unix time in nanoseconds; never goes back. */
  now?: () => number
  /** Unix milliseconds of the calendar. */
  calendar?: () => number
  finishedTtlMs?: number
  finishedMax?: number
}

export type EmbeddedEngine = ReturnType<typeof createEmbeddedEngine>

/** The engine of one process: runs and queue live in this process, and files keep them over its end. */
export function createEmbeddedEngine(options: EmbeddedEngineOptions) {
  const { files, limits, archiveRuns, queueLimit, finishedTtlMs, finishedMax } = options
  const {
    now = unixNanoseconds,
    onRecover = () => {},
    onForeign = () => {},
    onDiskError = () => {}
  } = options
  const averages = createKeptAverages({ files, archiveRuns, onDiskError })
  const owed = createOwedWrites({ onDiskError, clock: options.clock })
  const ledger = createLedger({
    files,
    limits,
    onDiskError,
    owed,
    onLost: options.onLost,
    ...(options.onDayAhead && { onDayAhead: options.onDayAhead }),
    ...(options.calendar && { now: options.calendar })
  })
  const circuits = createCircuits(options.circuits)
  const pictures = createPictureIndex(options)
  const queue = createRunQueue({ ...options, averages })
  const setAside = (file: string, reason: string) => {
    onRecover('set_aside')
    onForeign(file, reason)
  }
  const journal = createJournal({ files, onForeign: setAside })
  const batches = createBatches({
    files: createBatchFiles({ files, onForeign: setAside }),
    now,
    onDiskError
  })
  const runs = createRuns({
    journal,
    queue,
    averages,
    ledger,
    owed,
    queueLimit,
    now,
    onRecover,
    onDiskError,
    finishedTtlMs,
    finishedMax
  })
  const elsewhere = createElsewhere({ journal, averages, now, viewFailure: runs.viewFailure, onDiskError })
  let isOpen = false
  let isStarted = false
  let announceOpen = () => {}
  const opened = new Promise<void>((resolve) => {
    announceOpen = resolve
  })
  let purgeTimer: NodeJS.Timeout | undefined

  return {
    runs,
    batches,
    opened,
    queue,
    events: runs.bus,
    ledger,
    circuits,
    pictures,
    averages,

    get isOpen(): boolean {
      return isOpen
    },

    findElsewhere: elsewhere.find,

    wait(worker: Worker): void {
      elsewhere.begin(worker)
    },

    async open(worker: Worker): Promise<void> {
      try {
        await Promise.all([averages.open(), ledger.open(), batches.open()])
        ledger.keepOnly(await runs.open(worker))
      } catch (error) {
        batches.giveUp()
        throw error
      }
      purgeTimer = setInterval(() => {
        runs.purge()
        batches.purge()
      }, PURGE_INTERVAL_MS).unref()
      isOpen = true
      elsewhere.end()
      if (isStarted) queue.start()
      announceOpen()
    },

    start(): void {
      isStarted = true
      if (isOpen) queue.start()
    },

    async stop(graceMs: number): Promise<void> {
      isOpen = false
      await queue.stop(graceMs)
    },

    async close(): Promise<void> {
      clearInterval(purgeTimer)
      circuits.stop()
      await owed.close()
      await Promise.all([averages.close(), ledger.closeFile(), pictures.stop()])
    },

    local: {
      oldest: (limit: number): RunProgress[] => runs.oldest(limit),
      subscribe: (listener: (run: RunProgress) => void): (() => void) => runs.bus.subscribeAll(listener)
    }
  } satisfies Engine
}

function unixNanoseconds(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1e6)
}
