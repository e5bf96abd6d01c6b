import type { Expense, Ledger } from '../engine/engine.ts'
import { errors, HELD_SECONDS } from '../errors.ts'
import type { ServiceError } from '../errors.ts'

/**
 * The error for a batch that costs more than may be spent today.
 * @param promised what other batches will still cost
 */
export function budgetRefusal(
  ledger: Pick<Ledger, 'limits' | 'spent' | 'refusal'>,
  cost: Expense,
  promised: Expense
): ServiceError | undefined {
  if (cost.images === 0 && cost.usd === 0) return undefined
  const refusal = ledger.refusal({ usd: cost.usd + promised.usd, images: cost.images + promised.images })
  if (refusal === undefined) return undefined
  const { limits } = ledger
  const spent = ledger.spent()
  const left = (limit: number, gone: number) => Math.max(0, limit - gone)
  const imagesLeft = left(limits.images ?? Infinity, spent.images + promised.images)
  const usdLeft = left(limits.usd ?? Infinity, spent.usd + promised.usd)
  const isTooMany = cost.images > imagesLeft
  const needed = isTooMany ? `${cost.images} pictures must be bought` : `${usd(cost.usd)} USD are expected`
  const available = isTooMany
    ? `${imagesLeft} of ${limits.images} a day are left`
    : `${usd(usdLeft)} of ${limits.usd} USD a day are left`
  const fitsInADay = cost.images <= (limits.images ?? Infinity) && cost.usd <= (limits.usd ?? Infinity)
  const tooDear = (advice: string, retryAfter?: number) =>
    errors.batchTooDear(`${needed}, and ${available}; ${advice}`, retryAfter)
  if (!fitsInADay) return tooDear('make the batch smaller')
  if (refusal.isHeld === true) {
    return tooDear('ask again when the pictures that are drawn now are ready', HELD_SECONDS)
  }
  return tooDear('the count starts anew at midnight UTC', refusal.retryAfter)
}

function usd(amount: number): string {
  return String(Number(amount.toFixed(4)))
}
