import { errors } from '../errors.ts'
import type { ServiceError } from '../errors.ts'
import type { DailyLimits, Expense } from './engine.ts'

/**
 * The error for an expense that the limits of the day have no room for.
 * @param spent what is spent or reserved today
 * @param retryAfter seconds until the day ends
 */
export function limitRefusal(
  limits: DailyLimits,
  spent: Expense,
  { usd, images }: Expense,
  retryAfter: number
): ServiceError | undefined {
  if (limits.images !== undefined && images > 0 && spent.images + images > limits.images) {
    const pictures = limits.images === 1 ? 'picture' : 'pictures'
    return errors.budgetExhausted(
      `${limits.images} ${pictures} a day may be bought; the count starts anew at midnight UTC`,
      retryAfter
    )
  }
  // Sums of floating-point numbers are a little off.
  if (limits.usd !== undefined && round(spent.usd + usd) > limits.usd) {
    const left = round(Math.max(0, limits.usd - spent.usd))
    return errors.budgetExhausted(
      `${limits.usd} USD a day may be spent, ${left} are left, and ${round(usd)} would be reserved; ` +
        'the count starts anew at midnight UTC',
      retryAfter
    )
  }
}

function round(usd: number): number {
  return Number(usd.toFixed(6))
}
