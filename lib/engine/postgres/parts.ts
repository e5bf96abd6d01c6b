import type { Clock } from '../../clock.ts'
import type { Files } from '../../storage/files.ts'
import type { PngFiles } from '../../storage/png-files.ts'
import type { CircuitOptions } from '../embedded/circuits.ts'
import type { DailyLimits, LostCalls } from '../engine.ts'
import { createPostgresAverages } from './averages.ts'
import { createPostgresBatches } from './batches.ts'
import { createPostgresCircuits } from './circuits.ts'
import type { Database } from './database.ts'
import { createPostgresLedger } from './ledger.ts'
import type { Notices } from './notices.ts'
import { createPostgresPictures } from './pictures/picture-index.ts'

export interface PartsOptions {
  database: Database
  notices: Notices
  files: Pick<
    Files,
    'list' | 'stat' | 'statAll' | 'readText' | 'write' | 'remove' | 'setAside' | 'appendLine'
  >
  pngs: Pick<PngFiles, 'stat' | 'open'>
  /** Whether the data folder is another one than that of the start. */
  isReplaced?: (() => Promise<boolean>) | undefined
  limits: DailyLimits
  circuits?: CircuitOptions | undefined
  archiveRuns: boolean
  /** Called once if the data folder has pictures, and none were ever imported. */
  onNotImported?: (() => void) | undefined
  /** Called with paid calls whose answers were lost with the process that made them. */
  onLost?: ((lost: LostCalls) => void) | undefined
  onError: (error: unknown) => void
  clock: Pick<Clock, 'now' | 'startTimer'>
}

/** The parts of the engine besides its runs. */
export function createParts({
  database,
  notices,
  files,
  pngs,
  isReplaced,
  limits,
  circuits: circuitOptions,
  archiveRuns,
  onNotImported,
  onLost,
  onError,
  clock
}: PartsOptions) {
  const averages = createPostgresAverages({ database, files, archiveRuns, onError, clock })
  const ledger = createPostgresLedger({ database, limits, onLost, onError, clock })
  const circuits = createPostgresCircuits({ ...circuitOptions, database, notices, onError, timers: clock })
  const pictures = createPostgresPictures({
    database,
    notices,
    files,
    pngs,
    isReplaced,
    ...(onNotImported && { onNotImported }),
    clock
  })
  const batches = createPostgresBatches({ database, notices, onError, clock })
  return {
    averages,
    ledger,
    circuits,
    pictures,
    batches,
    async open() {
      await Promise.all([averages.open(), ledger.open()])
    },
    async close() {
      await Promise.all([averages.stop(), ledger.stop(), circuits.stop(), pictures.stop(), batches.stop()])
    }
  }
}
