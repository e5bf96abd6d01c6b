import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { isoTime } from '../../progress/polls.ts'
import { PROVIDER_PATTERN, SnapshotSchema } from '../../schemas/progress.ts'
import type { Snapshot } from '../../schemas/progress.ts'
import { ImageOrderSchema } from '../../schemas/order.ts'
import { SeriesSchema } from '../../schemas/series.ts'
import type { Files } from '../../storage/files.ts'
import { FOLDERS, isAddress, isPictureName, isSeriesName } from '../../storage/layout.ts'
import { RUN_STEPS } from '../engine.ts'
import { inBatches } from '../in-batches.ts'
import type { RunRecord } from '../engine.ts'

/** A record contains the definition of its series, which has at most a megabyte. */
const RECORD_BYTES = 4 * 1024 * 1024
/** Folders in that of the journal that are not part of it. */
const OTHER_FOLDERS: string[] = [FOLDERS.answers, FOLDERS.failed, FOLDERS.batches]
const FILE = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.json$/

/** A snapshot without what follows from its other fields. Older versions did not write these. */
const StoredSnapshotSchema = Type.Omit(SnapshotSchema, ['startedAt', 'nextPollMs'])

/** A file `runs/<runId>.json`. */
const EntrySchema = Type.Object({
  version: Type.Literal(1),
  sequence: Type.Integer({ minimum: 0, description: 'The order of acceptance' }),
  record: Type.Object({
    runId: Type.String(),
    series: Type.String(),
    address: Type.String(),
    client: Type.Optional(Type.String()),
    provider: Type.String({ pattern: PROVIDER_PATTERN }),
    force: Type.Boolean(),
    replaces: Type.Boolean(),
    acceptedNs: Type.Number({ minimum: 0 }),
    order: Type.Optional(ImageOrderSchema),
    definition: SeriesSchema,
    databaseHash: Type.String(),
    step: Type.Union(RUN_STEPS.map((step) => Type.Literal(step))),
    restarts: Type.Integer({ minimum: 0 })
  }),
  percent: Type.Number({ minimum: 0, maximum: 100 }),
  failed: Type.Optional(
    Type.Object({
      snapshot: StoredSnapshotSchema,
      endedNs: Type.Number(),
      retryAfter: Type.Optional(Type.Number()),
      mayBeBilled: Type.Optional(Type.Boolean()),
      costUsd: Type.Optional(Type.Number({ minimum: 0 }))
    })
  )
})

/** A run that failed: its last snapshot. */
export interface FailedRun {
  snapshot: Snapshot
  /** Unix time in nanoseconds. */
  endedNs: number
  /** Seconds from the end until another request may succeed. */
  retryAfter?: number | undefined
  /** Whether the provider may charge for the call that failed the run. Older versions did not write it. */
  mayBeBilled?: boolean | undefined
  /** What the run has cost, in USD. Older versions did not write it. */
  costUsd?: number | undefined
}

export interface JournalEntry {
  /** The order of acceptance. */
  sequence: number
  record: RunRecord
  /** The highest percentage that the run has reached. */
  percent: number
  failed?: FailedRun | undefined
}

export interface JournalOptions {
  files: Pick<Files, 'list' | 'readText' | 'write' | 'remove' | 'setAside'>
  /** Called with each file that is not a record of this version, after it was moved to `archives/broken/`. */
  onForeign: (file: string, reason: string) => void
}

export type Journal = ReturnType<typeof createJournal>

/** The journal: a file for each run that has not ended, and for each failed run while its failure is remembered. */
export function createJournal({ files, onForeign }: JournalOptions) {
  const isEntry = TypeCompiler.Compile(EntrySchema)

  /** The record in a file, else why there is none. */
  async function readEntry(name: string): Promise<JournalEntry | string> {
    const text = await files.readText(`${FOLDERS.runs}/${name}`, { maxBytes: RECORD_BYTES })
    return text === undefined ? 'it is not a file, or too long' : parseEntry(name, text)
  }

  async function read(name: string): Promise<JournalEntry | undefined> {
    const entry = await readEntry(name)
    if (typeof entry !== 'string') return entry
    const path = `${FOLDERS.runs}/${name}`
    await files.setAside(path)
    onForeign(path, entry)
    return undefined
  }

  async function names(): Promise<string[]> {
    return (await files.list(FOLDERS.runs))
      .filter(({ name }) => !name.startsWith('.') && !OTHER_FOLDERS.includes(`${FOLDERS.runs}/${name}`))
      .map(({ name }) => name)
  }

  /** The record in a file, else why the file is not a record. */
  function parseEntry(name: string, text: string): JournalEntry | string {
    let entry: unknown
    try {
      entry = JSON.parse(text)
    } catch {
      return 'it is not JSON'
    }
    const { version } = (entry ?? {}) as Partial<Static<typeof EntrySchema>>
    if (typeof version === 'number' && version > 1) return 'a newer version of the server wrote it'
    if (!isEntry.Check(entry)) return 'it is not the record of a run'
    const { runId, series, address, definition, order } = entry.record
    if (FILE.exec(name)?.[1] !== runId) return 'its name is not the one of its run'
    const isName = order === undefined ? isAddress(address) : isPictureName(address)
    const isPicture = isSeriesName(series) && isName && definition.suffix === series
    return isPicture ? withSnapshot(entry) : 'it names no picture'
  }

  return {
    /** All records in the order of acceptance. Files that are no records are moved to `archives/broken/`. */
    async read(): Promise<JournalEntry[]> {
      const entries = (await inBatches(await names(), read)).filter((entry) => entry !== undefined)
      return entries.sort((a, b) => a.sequence - b.sequence)
    },

    names,

    /** The record in a file, for a process that changes nothing; undefined if there is none. */
    async look(name: string): Promise<JournalEntry | undefined> {
      const entry = await readEntry(name)
      return typeof entry === 'string' ? undefined : entry
    },

    /** Writes a record durably. */
    async write(entry: JournalEntry): Promise<void> {
      await files.write(pathOf(entry.record.runId), `${JSON.stringify({ version: 1, ...entry })}\n`)
    },

    async remove(runId: string): Promise<void> {
      await files.remove(pathOf(runId))
    }
  }
}

/** The entry with the whole snapshot of a failed run. */
function withSnapshot({ failed, ...entry }: Static<typeof EntrySchema>): JournalEntry {
  if (failed === undefined) return entry
  const { snapshot } = failed
  const derived = { startedAt: isoTime(snapshot.startedNs), nextPollMs: 0 }
  return { ...entry, failed: { ...failed, snapshot: { ...snapshot, ...derived } } }
}

function pathOf(runId: string): string {
  return `${FOLDERS.runs}/${runId}.json`
}
