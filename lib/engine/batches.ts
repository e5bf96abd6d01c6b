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
  /** Whether an address existed or has ended. */
  hasEnded(index: number): boolean
}

/** The batches: those that live, and those that ended within the last day. */
export interface BatchStore {
  /**
   * Keeps a batch. Resolves when it survives the process.
   * @throws FILE_SYSTEM_ERROR
   */
  add(batch: NewBatch): Promise<KeptBatch>
  find(batchId: string): Promise<KeptBatch | undefined>
  /** All batches, in the order of their acceptance. */
  list(): Promise<KeptBatch[]>
  /** Keeps how an address ended. The first end of an address counts. */
  note(batchId: string, end: AddressEnd): Promise<void>
  /**
   * Keeps that a batch has ended. Resolves when it survives the process.
   * @throws FILE_SYSTEM_ERROR
   */
  end(batchId: string, end: Omit<BatchEnd, 'endedNs'>): Promise<void>
}
