import { randomUUID } from 'node:crypto'
import type { BatchStore, KeptBatch, LivingBatch, NewBatch } from '../batches.ts'
import { createKeptBatch } from '../kept-batch.ts'
import type { CountedBatch } from '../kept-batch.ts'
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

export type EmbeddedBatches = ReturnType<typeof createBatches>

/** The batches of this process. Files keep them over its end. */
export function createBatches({ files, now, onDiskError }: BatchesOptions) {
  const batches = new Map<string, CountedBatch>()
  const claimed = new Set<string>()
  let isOpen = false

  /** A batch as another process has written it. */
  async function look(batchId: string): Promise<KeptBatch | undefined> {
    const read = await files.read(batchId)
    return typeof read === 'object' ? createKeptBatch(read.record, read.ends, read.end) : undefined
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

  function living(): LivingBatch[] {
    return [...batches.values()]
      .filter(({ end }) => end === undefined)
      .map(({ record: { client, addresses, existing }, ended }) => ({
        client,
        left: addresses.length - existing.length - ended
      }))
  }

  return {
    isShared: false,

    async add(batch: NewBatch, admit?: Parameters<BatchStore['add']>[1]) {
      await admit?.(living())
      const record = { ...batch, batchId: randomUUID(), acceptedNs: now() }
      await files.write(record)
      const stored = createKeptBatch(record)
      batches.set(record.batchId, stored)
      return stored
    },

    living: async () => living(),

    async claim(batchId) {
      const batch = [...batches.values()].find(
        ({ record, end }) =>
          end === undefined &&
          (record.batchId === batchId || (batchId === undefined && !claimed.has(record.batchId)))
      )
      if (batch === undefined) return undefined
      const { batchId: id } = batch.record
      claimed.add(id)
      // No other process ends a batch of this one. Each claim has its own signal: listeners of a batch that has ended
      // would stay on a shared one.
      const { signal } = new AbortController()
      return { batch, signal, publish() {}, release: () => claimed.delete(id) }
    },

    subscribe: () => () => {},

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
        batches.set(record.batchId, createKeptBatch(record, ends, end))
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
