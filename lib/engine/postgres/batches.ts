import { randomUUID } from 'node:crypto'
import { systemClock } from '../../clock.ts'
import type { Clock } from '../../clock.ts'
import type {
  AddressEnd,
  BatchActivity,
  BatchClaim,
  BatchEnd,
  BatchRecord,
  BatchStore,
  KeptBatch,
  LivingBatch,
  NewBatch
} from '../batches.ts'
import { createKeptBatch } from '../kept-batch.ts'
import type { CountedBatch } from '../kept-batch.ts'
import { createBatchRows } from './batch-rows.ts'
import type { BatchRow } from './batch-rows.ts'
import type { Database } from './database.ts'
import type { Notices } from './notices.ts'
import { createWrites } from './writes.ts'

/** After this time without a renewal another process may feed a batch. */
const LEASE_MS = 15_000
const RENEW_MS = 5_000
/** How long a change waits for further ones before the other processes see it. */
const PUBLISH_MS = 500

export interface PostgresBatchesOptions {
  database: Pick<Database, 'query' | 'transaction'>
  notices: Pick<Notices, 'subscribe' | 'onGap'>
  /** Called when the database cannot be read or written, and the batch goes on. */
  onError: (error: unknown) => void
  clock?: Pick<Clock, 'startTimer'>
}

/** A batch in the memory of this process. Its record is read once. */
interface CachedBatch {
  kept: CountedBatch
  /** How many of its ends were read. */
  known: number
}

/** A batch that this process feeds. */
interface HeldBatch {
  cached: CachedBatch
  stopping: AbortController
  activity: BatchActivity | undefined
  cancelTimer: () => void
  /** This process ends the batch. */
  isEnding: boolean
}

export type PostgresBatches = ReturnType<typeof createPostgresBatches>

/** The batches of all processes. One process at a time feeds a batch, under a lease by the clock of the database. */
export function createPostgresBatches(options: PostgresBatchesOptions) {
  const { database, notices, onError, clock = systemClock } = options
  const rows = createBatchRows(database, randomUUID(), LEASE_MS * 1e6)
  const writes = createWrites({ onError, clock })
  const cache = new Map<string, CachedBatch>()
  const held = new Map<string, HeldBatch>()
  const listeners = new Set<(batchId?: string) => void>()
  let cancelRenewal = () => {}
  let isStopped = false

  function keep(record: BatchRecord): CachedBatch {
    const cached = { kept: createKeptBatch(record), known: 0 }
    cache.set(record.batchId, cached)
    return cached
  }

  /** Takes in what the row of a batch says. Undefined if the batch was removed meanwhile. */
  async function take(row: BatchRow): Promise<CachedBatch | undefined> {
    const { batch_id: id, activity } = row
    const record = cache.has(id) ? undefined : await rows.readRecord(id)
    const cached = cache.get(id) ?? (record && keep(record))
    if (cached === undefined) return undefined
    if (cached.known < row.ended) {
      const ends = await rows.readEnds(id, cached.known)
      for (const end of ends) cached.kept.add(end)
      cached.known += ends.length
    }
    const { kept } = cached
    if (row.end_state !== null) {
      kept.end = {
        state: row.end_state,
        endedNs: row.ended_ns!,
        ...(row.end_reason !== null && { reason: row.end_reason })
      }
    }
    const pause = activity?.pause
    kept.activity =
      activity === null ? undefined : { ...activity, pause: pause && { ...pause, retryMs: row.pause_ms } }
    return cached
  }

  async function load(batchId: string): Promise<CachedBatch | undefined> {
    const [row] = await rows.read(batchId)
    if (row !== undefined) return await take(row)
    if (!held.has(batchId)) cache.delete(batchId)
    return undefined
  }

  /** Ends the claim of a batch that this process feeds no more. */
  function lose(batchId: string): void {
    const holding = held.get(batchId)
    if (holding === undefined || holding.isEnding) return
    held.delete(batchId)
    holding.cancelTimer()
    // What this process has counted last may not be what is kept.
    if (holding.cached.kept.end === undefined) cache.delete(batchId)
    holding.stopping.abort()
  }

  /** Looks whether this process still feeds the batches that it holds. */
  async function checkHeld(): Promise<void> {
    const before = [...held.keys()]
    if (before.length === 0) return
    const after = await rows.renew(before)
    for (const batchId of before) {
      if (after.includes(batchId)) continue
      await load(batchId)
      lose(batchId)
    }
  }

  function renewLater(): void {
    cancelRenewal()
    cancelRenewal = clock.startTimer(RENEW_MS, () => {
      checkHeld()
        .catch(onError)
        .finally(() => {
          if (!isStopped && held.size > 0) renewLater()
        })
    })
  }

  function publish(batchId: string, activity: BatchActivity): void {
    const holding = held.get(batchId)
    if (holding === undefined) return
    const isDue = holding.activity !== undefined
    holding.activity = activity
    if (isDue) return
    holding.cancelTimer = clock.startTimer(PUBLISH_MS, () => {
      const newest = holding.activity!
      holding.activity = undefined
      rows.publish(batchId, newest).catch(onError)
    })
  }

  function release(batchId: string): void {
    const holding = held.get(batchId)
    if (holding === undefined) return
    held.delete(batchId)
    holding.cancelTimer()
    writes.later(async () => await rows.release(batchId))
  }

  function announced(batchId: string): void {
    for (const listener of listeners) listener(batchId)
    const holding = held.get(batchId)
    if (holding === undefined || holding.isEnding) return
    load(batchId).then((cached) => {
      if (cached?.kept.end !== undefined) lose(batchId)
    }, onError)
  }

  const stops = [
    notices.subscribe('dalle_batch', announced),
    notices.onGap(() => {
      for (const listener of listeners) listener()
      checkHeld().catch(onError)
    })
  ]

  return {
    isShared: true,

    async add(batch: NewBatch, admit: (living: LivingBatch[]) => Promise<void> = async () => {}) {
      const record = await rows.add({ ...batch, batchId: randomUUID() }, admit)
      return keep(record).kept
    },

    living: rows.living,

    async claim(wanted?: string): Promise<BatchClaim | undefined> {
      const batchId = await rows.claim(wanted, [...held.keys()])
      if (batchId === undefined) return undefined
      const cached = await load(batchId)
      if (cached === undefined) return undefined
      const stopping = new AbortController()
      held.set(batchId, { cached, stopping, activity: undefined, cancelTimer: () => {}, isEnding: false })
      if (held.size === 1) renewLater()
      return {
        batch: cached.kept,
        signal: stopping.signal,
        publish: (activity) => publish(batchId, activity),
        release: () => release(batchId)
      }
    },

    subscribe(listener: (batchId?: string) => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    async find(batchId: string): Promise<KeptBatch | undefined> {
      return (await load(batchId))?.kept
    },

    async list(): Promise<KeptBatch[]> {
      const all = await rows.read()
      const ids = new Set(all.map(({ batch_id: id }) => id))
      for (const id of cache.keys()) if (!ids.has(id) && !held.has(id)) cache.delete(id)
      const batches: KeptBatch[] = []
      for (const row of all) {
        const cached = await take(row)
        if (cached !== undefined) batches.push(cached.kept)
      }
      return batches
    },

    async note(batchId: string, end: AddressEnd): Promise<void> {
      // A process that does not feed the batch learns from the database which end is kept.
      if (held.get(batchId)?.cached.kept.add(end) === false) return
      await writes.add(async () => await rows.addEnd(batchId, end))
    },

    async end(batchId: string, end: Omit<BatchEnd, 'endedNs'>): Promise<void> {
      const holding = held.get(batchId)
      if (holding !== undefined) holding.isEnding = true
      try {
        await writes.flush()
        await rows.end(batchId, end)
      } catch (error) {
        if (holding !== undefined) holding.isEnding = false
        throw error
      }
      await load(batchId)
    },

    /** Writes what waits, if that is possible now. Other processes may feed the batches of this one. */
    async stop(): Promise<void> {
      isStopped = true
      cancelRenewal()
      for (const stop of stops) stop()
      for (const batchId of [...held.keys()]) release(batchId)
      await writes.stop()
    }
  } satisfies BatchStore & Record<string, unknown>
}
