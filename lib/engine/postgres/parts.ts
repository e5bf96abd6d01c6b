import type { Files } from '../../storage/files.ts'
import type { PngFiles } from '../../storage/png-files.ts'
import { createKeptAverages } from '../embedded/averages.ts'
import { createBatchFiles } from '../embedded/batch-files.ts'
import { createBatches } from '../embedded/batches.ts'
import { createCircuits } from '../embedded/circuits.ts'
import type { CircuitOptions } from '../embedded/circuits.ts'
import { createLedger } from '../embedded/ledger.ts'
import { createPictureIndex } from '../embedded/pictures/picture-index.ts'
import type { DailyLimits } from '../engine.ts'

export interface PartsOptions {
  files: Pick<
    Files,
    'list' | 'stat' | 'statAll' | 'readText' | 'write' | 'remove' | 'setAside' | 'appendLine'
  >
  pngs: Pick<PngFiles, 'stat' | 'open'>
  limits: DailyLimits
  circuits?: CircuitOptions
  archiveRuns: boolean
  onError?: (error: unknown) => void
}

/** The parts of the engine besides its runs. */
export function createParts({
  files,
  pngs,
  limits,
  circuits: circuitOptions,
  archiveRuns,
  onError = () => {}
}: PartsOptions) {
  const averages = createKeptAverages({ files, archiveRuns, onDiskError: onError })
  const ledger = createLedger({ files, limits, onDiskError: onError })
  const circuits = createCircuits(circuitOptions)
  const pictures = createPictureIndex({ files, pngs })
  const batches = createBatches({
    files: createBatchFiles({ files, onForeign: () => {} }),
    now: () => Date.now() * 1e6,
    onDiskError: onError
  })
  return {
    averages,
    ledger,
    circuits,
    pictures,
    batches,
    async open() {
      await Promise.all([averages.open(), ledger.open(), batches.open()])
    },
    async close() {
      circuits.stop()
      await Promise.all([averages.close(), ledger.closeFile(), pictures.stop()])
    }
  }
}
