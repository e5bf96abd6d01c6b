import { AsyncLocalStorage } from 'node:async_hooks'
import { claimEnded } from '../claim-ended.ts'
import type { Database } from './database.ts'

/** The right of this process to work on a run. It ends when another worker claims the run, or when the run ends. */
export interface Claim {
  readonly runId: string
  readonly fence: number
}

/** A row if a claim holds, with the values run_id and fence. The row stays locked until the transaction ends. */
const holdsClaim =
  "select 1 from run where run_id = $1 and fence = $2 and state = 'working' for no key update"

const context = new AsyncLocalStorage<Claim>()

/** The claim that this asynchronous context works under; undefined outside of a run. */
export function currentClaim(): Claim | undefined {
  return context.getStore()
}

/** Does the work of a run. What it calls finds the claim by `currentClaim`. */
export async function withinClaim<Result>(claim: Claim, work: () => Promise<Result>): Promise<Result> {
  return await context.run(claim, work)
}

/**
 * Makes a transaction depend on the claim that it runs under, if any.
 * @throws SERVICE_UNAVAILABLE when the claim has ended
 */
export async function checkClaim(database: Pick<Database, 'query'>): Promise<void> {
  const claim = currentClaim()
  if (claim === undefined) return
  const rows = await database.query(holdsClaim, [claim.runId, claim.fence])
  if (rows.length === 0) throw claimEnded()
}
