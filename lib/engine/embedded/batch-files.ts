import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { createSingleFlight } from '../../single-flight.ts'
import { PROVIDER_PATTERN } from '../../schemas/progress.ts'
import { SeriesSchema } from '../../schemas/series.ts'
import type { Files } from '../../storage/files.ts'
import { FOLDERS, isAddress, isSeriesName } from '../../storage/layout.ts'
import { BATCH_ADDRESSES_MAX } from '../../schemas/batches.ts'
import { ADDRESS_OUTCOMES } from '../batches.ts'
import type { AddressEnd, BatchEnd, BatchRecord } from '../batches.ts'
import { inBatches } from '../in-batches.ts'

/** Ten thousand addresses have half a megabyte, and the definition of a series at most one. */
const RECORD_BYTES = 4 * 1024 * 1024
/** A line for each address, with the reason if it failed. */
const ENDS_BYTES = 16 * 1024 * 1024
const REASON_CHARACTERS = 500

const RECORD = '.json'
const ENDS = '.jsonl'
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A file `runs/batches/<batchId>.json`. It is written when the batch is accepted, and when it ends. */
const BatchSchema = Type.Object({
  version: Type.Literal(1),
  record: Type.Object({
    batchId: Type.String(),
    series: Type.String(),
    definition: SeriesSchema,
    databaseHash: Type.String(),
    provider: Type.String({ pattern: PROVIDER_PATTERN }),
    client: Type.String(),
    isLoopback: Type.Boolean(),
    acceptedNs: Type.Number({ minimum: 0 }),
    addresses: Type.Array(Type.String(), { minItems: 1, maxItems: BATCH_ADDRESSES_MAX }),
    duplicates: Type.Integer({ minimum: 0 }),
    existing: Type.Array(Type.Integer({ minimum: 0 })),
    estimatedUsd: Type.Union([Type.Number({ minimum: 0 }), Type.Null()])
  }),
  end: Type.Optional(
    Type.Object({
      state: Type.Union([Type.Literal('completed'), Type.Literal('cancelled')]),
      endedNs: Type.Number({ minimum: 0 }),
      reason: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() }))
    })
  )
})

/** A line of the file `runs/batches/<batchId>.jsonl`. */
const EndSchema = Type.Object({
  index: Type.Integer({ minimum: 0 }),
  outcome: Type.Union(ADDRESS_OUTCOMES.map((outcome) => Type.Literal(outcome))),
  usd: Type.Number({ minimum: 0 }),
  code: Type.Optional(Type.String()),
  error: Type.Optional(Type.String())
})

export interface ReadBatch {
  record: BatchRecord
  ends: AddressEnd[]
  end: BatchEnd | undefined
}

export interface BatchFilesOptions {
  files: Pick<Files, 'list' | 'readText' | 'write' | 'remove' | 'setAside' | 'appendLine'>
  /** Called with each file that is not one of a batch, after it was moved to `archives/broken/`. */
  onForeign: (file: string, reason: string) => void
}

export type BatchFiles = ReturnType<typeof createBatchFiles>

/**
 * The files of batches: one with the record, and one to which a line is added when an address ends. A line that a kill
 * has cut or lost costs nothing: the picture or the failure of the run is found again.
 */
export function createBatchFiles({ files, onForeign }: BatchFilesOptions) {
  const isBatch = TypeCompiler.Compile(BatchSchema)
  const isEnd = TypeCompiler.Compile(EndSchema)
  const appending = createSingleFlight()
  const lines = new Map<string, string[]>()

  async function names(): Promise<string[]> {
    return (await files.list(FOLDERS.batches)).map(({ name }) => name).filter((name) => !name.startsWith('.'))
  }

  async function setAside(name: string, reason: string): Promise<void> {
    const path = `${FOLDERS.batches}/${name}`
    await files.setAside(path)
    onForeign(path, reason)
  }

  /** The record in a text, else why it is none. */
  function parseBatch(batchId: string, text: string): Static<typeof BatchSchema> | string {
    const value = parse(text)
    if (value === undefined) return 'it is not JSON'
    const { version } = (value ?? {}) as { version?: unknown }
    if (typeof version === 'number' && version > 1) return 'a newer version of the server wrote it'
    if (!isBatch.Check(value)) return 'it is not the record of a batch'
    const { record } = value
    if (record.batchId !== batchId) return 'its name is not the one of its batch'
    const { addresses, existing, series, definition } = record
    const areAddresses = addresses.every(isAddress) && new Set(addresses).size === addresses.length
    const areExisting =
      existing.every((index) => index < addresses.length) && new Set(existing).size === existing.length
    const isSeries = isSeriesName(series) && definition.suffix === series
    return areAddresses && areExisting && isSeries ? value : 'it names no pictures'
  }

  async function readEnds(batchId: string, count: number): Promise<AddressEnd[]> {
    const text = (await files.readText(pathOf(batchId, ENDS), { maxBytes: ENDS_BYTES })) ?? ''
    return text
      .split('\n')
      .map(parse)
      .filter((value) => isEnd.Check(value))
      .filter(({ index }) => index < count)
  }

  /** A batch, else why the file is none. */
  async function read(batchId: string): Promise<ReadBatch | string> {
    const text = ID.test(batchId)
      ? await files.readText(pathOf(batchId, RECORD), { maxBytes: RECORD_BYTES })
      : undefined
    if (text === undefined) return 'it is not a file, or too long'
    const parsed = parseBatch(batchId, text)
    if (typeof parsed === 'string') return parsed
    const { record, end } = parsed
    return { record, end, ends: await readEnds(batchId, record.addresses.length) }
  }

  return {
    read,

    /** The ids of all batches. */
    async ids(): Promise<string[]> {
      return (await names()).map((name) => idIn(name, RECORD)).filter((id) => id !== undefined)
    },

    /** All batches. Files that are none of a batch are moved to `archives/broken/`. */
    async readAll(): Promise<ReadBatch[]> {
      const all = await names()
      const found = await inBatches(all, async (name) => {
        const endsOf = idIn(name, ENDS)
        if (endsOf !== undefined && all.includes(endsOf + RECORD)) return undefined
        const batchId = idIn(name, RECORD)
        const batch = batchId === undefined ? 'its name is not the one of a batch' : await read(batchId)
        if (typeof batch === 'object') return batch
        await setAside(name, batch)
        return undefined
      })
      return found.filter((batch) => batch !== undefined)
    },

    /** Writes a record durably. */
    async write(record: BatchRecord, end?: BatchEnd): Promise<void> {
      await files.write(pathOf(record.batchId, RECORD), `${JSON.stringify({ version: 1, record, end })}\n`)
    },

    /** Adds how an address ended. */
    async append(batchId: string, { error, ...end }: AddressEnd): Promise<void> {
      const line = JSON.stringify({ ...end, ...(error && { error: error.slice(0, REASON_CHARACTERS) }) })
      lines.set(batchId, [...(lines.get(batchId) ?? []), line])
      // All ends during a write share the next one.
      await appending.runNext(batchId, async () => {
        const added = lines.get(batchId)
        lines.delete(batchId)
        if (added !== undefined) await files.appendLine(pathOf(batchId, ENDS), added.join('\n'))
      })
    },

    /** Removes the files of a batch. A kill in between leaves the record, which is then removed again. */
    async remove(batchId: string): Promise<void> {
      await files.remove(pathOf(batchId, ENDS))
      await files.remove(pathOf(batchId, RECORD))
    }
  }
}

/** The id of the batch that a file belongs to by its name. */
function idIn(name: string, extension: string): string | undefined {
  const id = name.slice(0, -extension.length)
  return name.endsWith(extension) && ID.test(id) ? id : undefined
}

function pathOf(batchId: string, extension: string): string {
  return `${FOLDERS.batches}/${batchId}${extension}`
}

/** The value of a JSON text; undefined if it is none. */
function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown
  } catch {
    return undefined
  }
}
