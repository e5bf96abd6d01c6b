import type { AddressEnd, BatchActivity, BatchEnd, BatchRecord } from './batches.ts'

export type CountedBatch = ReturnType<typeof createKeptBatch>

/** A batch in the memory of a process, which counts the ends of its addresses. */
export function createKeptBatch(record: BatchRecord, ends: readonly AddressEnd[] = [], end?: BatchEnd) {
  const isEnded = new Uint8Array(record.addresses.length)
  const tally = { completed: 0, degraded: 0, failed: 0, cancelled: 0 }
  const failures: AddressEnd[] = []
  for (const index of record.existing) isEnded[index] = 1

  const batch = {
    record,
    tally,
    usd: 0,
    failures,
    end,
    activity: undefined as BatchActivity | undefined,
    /** Addresses that have ended; those that existed are not among them. */
    ended: 0,
    hasEnded: (index: number) => isEnded[index] === 1,

    /** Counts the end of an address. False if it has ended before. */
    add(addressEnd: AddressEnd): boolean {
      const { index, outcome, usd } = addressEnd
      if (isEnded[index] !== 0) return false
      isEnded[index] = 1
      tally[outcome] += 1
      batch.ended += 1
      batch.usd += usd
      if (outcome === 'failed') failures.push(addressEnd)
      return true
    }
  }
  for (const addressEnd of ends) batch.add(addressEnd)
  return batch
}
