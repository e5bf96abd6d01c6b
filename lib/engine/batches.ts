import type { Provider } from '../schemas/progress.ts'
import type { Series } from '../schemas/series.ts'

/** What a batch needs to go on in another process. */
export interface BatchRecord {
  readonly batchId: string
  readonly series: string
  /** The series as it was when the batch was accepted. */
  readonly definition: Series
  /** The databases that the dresses come from. A batch does not go on with others. */
  readonly databaseHash: string
  /** Who drew when the batch was accepted. */
  readonly provider: Provider
  /** Who asked for the batch. Its runs take turns as those of this client. */
  readonly client: string
  /** Whether the client was on the machine of the server. */
  readonly isLoopback: boolean
  /** Unix time in nanoseconds. */
  readonly acceptedNs: number
  /** Each address once, in the order of the request. */
  readonly addresses: readonly string[]
  /** How many addresses of the request repeated another one. */
  readonly duplicates: number
  /** The indexes of the addresses that had a picture when the batch was accepted. */
  readonly existing: readonly number[]
  /** USD that the batch was expected to cost; null where a model has no price. */
  readonly estimatedUsd: number | null
}

export type NewBatch = Omit<BatchRecord, 'batchId' | 'acceptedNs'>

export const ADDRESS_OUTCOMES = ['completed', 'degraded', 'failed', 'cancelled'] as const

/** How an address of a batch ended. `degraded` is a picture with a fallback, or a stand-in. */
export type AddressOutcome = (typeof ADDRESS_OUTCOMES)[number]

export interface AddressEnd {
  /** The index of the address. */
  readonly index: number
  readonly outcome: AddressOutcome
  /** What its runs have cost, in USD. */
  readonly usd: number
  /** Why it failed. */
  readonly code?: string | undefined
  readonly error?: string | undefined
}

/** How a batch ended. */
export interface BatchEnd {
  readonly state: 'completed' | 'cancelled'
  /** Unix time in nanoseconds. */
  readonly endedNs: number
  /** Why the server ended it. */
  readonly reason?: { code: string; message: string } | undefined
}

/** What a batch does in the process that feeds it. */
export interface BatchActivity {
  /** Addresses whose run is queued or working. */
  running: number
  /** Whether the batch ends with the runs that it has. */
  isCancelled: boolean
  /** Why no run starts now. `retryMs` is the time until the next try, in milliseconds. */
  pause: { code: string; message: string; retryMs: number } | undefined
}

/** A batch as it is kept. */
export interface KeptBatch {
  readonly record: BatchRecord
  /** How many addresses ended in each way; those that existed are not among them. */
  readonly tally: Readonly<Record<AddressOutcome, number>>
  /** What the runs have cost, in USD. */
  readonly usd: number
  /** The addresses that failed, in the order of their ends. */
  readonly failures: readonly AddressEnd[]
  /** Undefined while the batch lives. */
  readonly end: BatchEnd | undefined
  /** What it does in another process, if one feeds it. */
  readonly activity?: BatchActivity | undefined
  /** Whether an address existed or has ended. */
  hasEnded(index: number): boolean
}

/** A batch that has not ended. */
export interface LivingBatch {
  client: string
  /** How many of its addresses have not ended. */
  left: number
}

/** The right of this process to feed a batch. No other process feeds it meanwhile. */
export interface BatchClaim {
  /** Its ends are those of this process too, as soon as they are noted. */
  readonly batch: KeptBatch
  /** Aborts when another process has ended the batch, or feeds it because this one did not respond. */
  readonly signal: AbortSignal
  /** Shows the other processes what the batch does. */
  publish(activity: BatchActivity): void
  /** Leaves the batch to any process. */
  release(): void
}

/** The batches: those that live, and those that ended within the last day. */
export interface BatchStore {
  /** Whether several processes feed batches. A batch whose process has ended is there to be claimed at any time. */
  readonly isShared: boolean
  /**
   * Keeps a batch. Resolves when it survives the process. This process may claim it.
   * @param admit throws if the batch is refused; gets the batches that live, and none is added meanwhile
   * @throws FILE_SYSTEM_ERROR, SERVICE_UNAVAILABLE, and what `admit` throws
   */
  add(batch: NewBatch, admit?: (living: LivingBatch[]) => Promise<void>): Promise<KeptBatch>
  living(): Promise<LivingBatch[]>
  /**
   * Takes a living batch for this process: the one with this id, else the oldest one that no process feeds.
   * Undefined if there is none.
   */
  claim(batchId?: string): Promise<BatchClaim | undefined>
  /**
   * Calls `listener` when a batch has changed in another process; without an id when any may have changed.
   * @returns ends the subscription
   */
  subscribe(listener: (batchId?: string) => void): () => void
  find(batchId: string): Promise<KeptBatch | undefined>
  /** All batches, in the order of their acceptance. */
  list(): Promise<KeptBatch[]>
  /** Keeps how an address ended. The first end of an address counts. */
  note(batchId: string, end: AddressEnd): Promise<void>
  /**
   * Keeps that a batch has ended. Resolves when it survives the process.
   * @throws FILE_SYSTEM_ERROR, SERVICE_UNAVAILABLE
   */
  end(batchId: string, end: Omit<BatchEnd, 'endedNs'>): Promise<void>
}
