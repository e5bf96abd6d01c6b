import { errors } from '../errors.ts'
import type { ServiceError } from '../errors.ts'
import type { DailyLimits, Expense } from './engine.ts'

/** What counts against the limits of a day. */
export interface Spent {
  /** What is spent or reserved today. */
  spent: Expense
  /** The part of it that calls at work have reserved. */
  held: Expense
  /** Seconds until the day ends. */
  secondsLeft: number
}

/**
 * The error for an expense that the limits of the day have no room for. It `isHeld` if there is room when all calls at
 * work end without an expense.
 */
export function limitRefusal(
  limits: DailyLimits,
  { spent, held, secondsLeft }: Spent,
  expected: Expense
): ServiceError | undefined {
  const obstacle = obstacleOf(limits, spent, expected)
  if (obstacle === undefined) return undefined
  const settled = { usd: spent.usd - held.usd, images: spent.images - held.images }
  const isHeld = obstacleOf(limits, settled, expected) === undefined
  const relief = isHeld
    ? 'what the pictures that are drawn now do not need is free again when they are ready'
    : 'the count starts anew at midnight UTC'
  return Object.assign(errors.budgetExhausted(`${obstacle}; ${relief}`, secondsLeft), isHeld && { isHeld })
}

/** The limit that has no room for an expense, and what is left of it. */
function obstacleOf(limits: DailyLimits, spent: Expense, { usd, images }: Expense): string | undefined {
  if (limits.images !== undefined && images > 0 && spent.images + images > limits.images) {
    const pictures = limits.images === 1 ? 'picture' : 'pictures'
    return `${limits.images} ${pictures} a day may be bought`
  }
  // Sums of floating-point numbers are a little off.
  if (limits.usd !== undefined && round(spent.usd + usd) > limits.usd) {
    const left = round(Math.max(0, limits.usd - spent.usd))
    return `${limits.usd} USD a day may be spent, ${left} are left, and ${round(usd)} would be reserved`
  }
  return undefined
}

function round(usd: number): number {
  return Number(usd.toFixed(6))
}
