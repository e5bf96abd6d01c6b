import type { Clock } from '../../clock.ts'
import type { RunFailure } from '../../progress/run-state.ts'
import type { Claim } from './claims.ts'
import type { RunRows } from './run-rows.ts'

/** After this time without a renewal another worker may claim a run. The clock of the database decides. */
export const LEASE_MS = 15_000
export const LEASE_NS = LEASE_MS * 1e6
const RENEW_MS = 5_000

export interface LeaseOptions {
  claim: Claim
  rows: Pick<RunRows, 'renew'>
  clock: Pick<Clock, 'now' | 'startTimer'>
  /** When the claim was asked for, by the clock. */
  claimedAt: number
  /** Called when another worker has the run, or may have it. */
  onLost: () => void
  /** Called when the run must end. */
  onCancel: (reason: RunFailure) => void
  onError: (error: unknown) => void
}

export type Lease = ReturnType<typeof keepLease>

/**
 * Renews the lease of a claim until it is stopped. A lease is lost when another worker has claimed the run, and in
 * doubt when it could not be renewed in time by this process' own clock. Then the work ends, but not in the middle of
 * a paid call: its answer can still be kept.
 */
export function keepLease({ claim, rows, clock, claimedAt, onLost, onCancel, onError }: LeaseOptions) {
  let isLost = false
  let isStopped = false
  let heldCalls = 0
  let cancelRenewal = () => {}
  let cancelExpiry = () => {}

  function lose(): void {
    isLost = true
    if (heldCalls === 0 && !isStopped) onLost()
  }

  function expireAfter(begin: number): void {
    cancelExpiry()
    cancelExpiry = clock.startTimer(Math.max(0, LEASE_MS - (clock.now() - begin)), lose)
  }

  async function renew(): Promise<void> {
    const begin = clock.now()
    try {
      const renewed = await rows.renew(claim, LEASE_NS)
      if (isStopped) return
      if (renewed === undefined) return lose()
      isLost = false
      expireAfter(begin)
      if (renewed.cancel !== null) onCancel(renewed.cancel)
    } catch (error) {
      onError(error)
    }
  }

  function next(): void {
    cancelRenewal = clock.startTimer(RENEW_MS, () => {
      renew().then(() => {
        if (!isStopped) next()
      }, onError)
    })
  }

  expireAfter(claimedAt)
  next()

  return {
    renew,
    lose,

    get isLost(): boolean {
      return isLost
    },

    /** Keeps the work going while a paid call is open. The result ends it. */
    hold(): () => void {
      heldCalls += 1
      let isHeld = true
      return () => {
        if (!isHeld) return
        isHeld = false
        heldCalls -= 1
        if (isLost && heldCalls === 0 && !isStopped) onLost()
      }
    },

    stop(): void {
      isStopped = true
      cancelRenewal()
      cancelExpiry()
    }
  }
}
