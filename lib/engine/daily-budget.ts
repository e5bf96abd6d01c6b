import type { DailyLimits, Expense, Ledger } from './engine.ts'

const DAY_MS = 86_400_000
const DECIMALS = 6

/** What is left of the limits of a day. */
export interface DailyBudget {
  /** Whether less is left than one picture reserves, also when the calls at work have ended. */
  isExhausted: boolean
  /** Undefined without the limit. */
  usd: number | undefined
  images: number | undefined
  /** When the count starts anew: midnight UTC. */
  until: Date
}

/**
 * Reads what is left of the limits of today.
 * @param onePicture what one picture reserves
 */
export function readBudget(
  ledger: Pick<Ledger, 'limits' | 'refusal' | 'spent'>,
  onePicture: Expense,
  now: number
): DailyBudget {
  const { limits } = ledger
  const refusal = hasLimit(limits) ? ledger.refusal(onePicture) : undefined
  return {
    isExhausted: refusal !== undefined && refusal.isHeld !== true,
    usd: left(limits.usd, ledger.spent().usd),
    images: left(limits.images, ledger.spent().images),
    until: new Date((Math.floor(now / DAY_MS) + 1) * DAY_MS)
  }
}

/**
 * Calls `onExhausted` when the budget is exhausted, once a day.
 * @returns call it with the budget whenever that may have changed
 */
export function createExhaustionWatch(onExhausted: (budget: DailyBudget) => void) {
  let reportedUntil = 0
  return (budget: DailyBudget): void => {
    const until = budget.until.getTime()
    if (!budget.isExhausted || until === reportedUntil) return
    reportedUntil = until
    onExhausted(budget)
  }
}

export function hasLimit({ usd, images }: DailyLimits): boolean {
  return usd !== undefined || images !== undefined
}

/** The state of the daily limits, for `/health`. Pictures that exist are served, whatever is spent. */
export function budgetFinding({ isExhausted, usd, images, until }: DailyBudget) {
  const left = [
    ...(usd === undefined ? [] : [`${usd} USD`]),
    ...(images === undefined ? [] : [`${images} images`])
  ]
  return {
    status: isExhausted ? ('degraded' as const) : ('healthy' as const),
    message: isExhausted
      ? 'Less is left today than one picture reserves: new pictures are refused until midnight UTC'
      : `${left.join(' and ')} are left until midnight UTC`,
    details: {
      ...(usd !== undefined && { left_usd: usd }),
      ...(images !== undefined && { left_images: images }),
      until: until.toISOString()
    }
  }
}

// Sums of floating-point numbers are a little off.
function left(limit: number | undefined, spent: number): number | undefined {
  return limit === undefined ? undefined : Number(Math.max(0, limit - spent).toFixed(DECIMALS))
}
