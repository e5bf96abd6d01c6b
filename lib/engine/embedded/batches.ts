import { randomUUID } from 'node:crypto'
import type { AddressEnd, BatchEnd, BatchRecord, BatchStore, KeptBatch } from '../batches.ts'
import type { BatchFiles } from './batch-files.ts'

const NS_PER_MS = 1e6
/** How long a batch that has ended is remembered, in milliseconds. */
const ENDED_TTL_MS = 24 * 60 * 60_000
/** Batches that have ended and are remembered. A batch takes up to a megabyte of memory. */
const ENDED_MAX = 50

export interface BatchesOptions {
  files: BatchFiles
  /** Unix time in nanoseconds; never goes back. */
  now: () => number
  /** Called when a file of a batch cannot be written or removed, and the batch goes on. */
  onDiskError: (error: unknown) => void
}

type StoredBatch = ReturnType<typeof createStoredBatch>

export type EmbeddedBatches = ReturnType<typeof createBatches>

/** The batches of this process. Files keep them over its end. */
export function createBatches({ files, now, onDiskError }: BatchesOptions) {
  const batches = new Map<string, StoredBatch>()
  let isOpen = false

  /** A batch as another process has written it. */
  async function look(batchId: string): Promise<KeptBatch | undefined> {
    const read = await files.read(batchId)
    return typeof read === 'object' ? createStoredBatch(read.record, read.ends, read.end) : undefined
  }

  function forget({ record: { batchId } }: KeptBatch): void {
    batches.delete(batchId)
    files.remove(batchId).catch(onDiskError)
  }

  /** Forgets the batches that ended long ago. */
  function purge(): void {
    const ended = [...batches.values()]
      .filter(({ end }) => end !== undefined)
      .sort((a, b) => b.end!.endedNs - a.end!.endedNs)
    for (const [place, batch] of ended.entries()) {
      if (place >= ENDED_MAX || now() - batch.end!.endedNs > ENDED_TTL_MS * NS_PER_MS) forget(batch)
    }
  }

  return {
    async add(batch) {
      const record = { ...batch, batchId: randomUUID(), acceptedNs: now() }
      await files.write(record)
      const stored = createStoredBatch(record)
      batches.set(record.batchId, stored)
      return stored
    },

    async find(batchId) {
      return isOpen ? batches.get(batchId) : await look(batchId)
    },

    async list() {
      const all = isOpen ? [...batches.values()] : await Promise.all((await files.ids()).map(look))
      return all
        .filter((batch) => batch !== undefined)
        .sort((a, b) => a.record.acceptedNs - b.record.acceptedNs)
    },

    async note(batchId, end) {
      if (batches.get(batchId)?.add(end) === true) await files.append(batchId, end).catch(onDiskError)
    },

    async end(batchId, { state, reason }) {
      const batch = batches.get(batchId)
      if (batch === undefined || batch.end !== undefined) return
      const end = { state, endedNs: now(), ...(reason && { reason }) }
      await files.write(batch.record, end)
      batch.end = end
      purge()
    },

    /** Reads the batches that are kept. */
    async open(): Promise<void> {
      for (const { record, ends, end } of await files.readAll()) {
        batches.set(record.batchId, createStoredBatch(record, ends, end))
      }
      isOpen = true
      purge()
    },

    /** Reads the files for each question again, because another process works on them. */
    giveUp(): void {
      isOpen = false
      batches.clear()
    },

    purge
  } satisfies BatchStore & Record<string, unknown>
}

function createStoredBatch(record: BatchRecord, ends: readonly AddressEnd[] = [], end?: BatchEnd) {
  const ended = new Uint8Array(record.addresses.length)
  const tally = { completed: 0, degraded: 0, failed: 0, cancelled: 0 }
  const failures: AddressEnd[] = []
  for (const index of record.existing) ended[index] = 1

  const batch = {
    record,
    tally,
    usd: 0,
    failures,
    end,
    hasEnded: (index: number) => ended[index] === 1,

    /** Counts the end of an address. False if it has ended before. */
    add(addressEnd: AddressEnd): boolean {
      const { index, outcome, usd } = addressEnd
      if (ended[index] !== 0) return false
      ended[index] = 1
      tally[outcome] += 1
      batch.usd += usd
      if (outcome === 'failed') failures.push(addressEnd)
      return true
    }
  }
  for (const addressEnd of ends) batch.add(addressEnd)
  return batch
}
