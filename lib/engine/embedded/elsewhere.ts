import { createRunProgress } from '../../progress/run.ts'
import { createSingleFlight } from '../../single-flight.ts'
import { pictureKey } from '../../storage/layout.ts'
import type { RunView, Worker } from '../engine.ts'
import type { KeptAverages } from './averages.ts'
import { inBatches } from '../in-batches.ts'
import type { Journal, JournalEntry } from './journal.ts'

export interface ElsewhereOptions {
  journal: Pick<Journal, 'names' | 'look'>
  averages: KeptAverages
  /** Unix time in nanoseconds. */
  now: () => number
  /** The failure of a run that ended in another process. */
  viewFailure: (entry: JournalEntry) => RunView
  /** Called when the journal or a record in it cannot be read. The other runs are still shown. */
  onDiskError: (error: unknown) => void
}

/**
 * The runs of the process that works on the data folder, for one that waits. They are read from its journal when a
 * client asks for them, and nothing is changed.
 */
export function createElsewhere({ journal, averages, now, viewFailure, onDiskError }: ElsewhereOptions) {
  const pictures = new Map<string, string>()
  const views = new Map<string, RunView | undefined>()
  const listing = createSingleFlight()
  let worker: Worker | undefined

  async function view(entry: JournalEntry, by: Worker): Promise<RunView> {
    if (entry.failed !== undefined) return viewFailure(entry)
    const { record, percent } = entry
    const { dress } = await by.prepare(record)
    return createRunProgress({
      ...record,
      startedNs: record.acceptedNs,
      percent,
      dress,
      averages,
      now,
      onChange: () => {}
    })
  }

  async function read(name: string, by: Worker): Promise<void> {
    views.set(name, undefined)
    try {
      const entry = await journal.look(name)
      if (entry === undefined) return
      views.set(name, await view(entry, by))
      pictures.set(pictureKey(entry.record.series, entry.record.address), name)
    } catch (error) {
      onDiskError(error)
    }
  }

  /** Reads the files of the journal that are new. */
  async function list(by: Worker): Promise<void> {
    const names = await journal.names()
    const existing = new Set(names)
    for (const name of views.keys()) if (!existing.has(name)) views.delete(name)
    for (const [key, name] of pictures) if (!existing.has(name)) pictures.delete(key)
    const added = names.filter((name) => !views.has(name))
    await inBatches(added, async (name) => await read(name, by))
  }

  return {
    /** Begins to look at the other process' runs. */
    begin(by: Worker): void {
      worker = by
    },

    /** This process works now. */
    end(): void {
      worker = undefined
      pictures.clear()
      views.clear()
    },

    /** The run of a picture that another process works on or has failed; undefined where this process works. */
    async find(series: string, address: string): Promise<RunView | undefined> {
      if (worker === undefined) return undefined
      const known = pictures.get(pictureKey(series, address))
      if (known !== undefined) await read(known, worker)
      const found = known && views.get(known)
      if (found) return found
      const by = worker
      await listing.runNext('list', async () => await list(by)).catch(onDiskError)
      return views.get(pictures.get(pictureKey(series, address)) ?? '')
    }
  }
}
