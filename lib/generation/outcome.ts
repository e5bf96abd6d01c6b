import type { Snapshot } from '../schemas/progress.ts'

export const OUTCOMES = ['completed', 'degraded', 'failed', 'cancelled'] as const
export const REJECTIONS = ['queue_full', 'budget_exhausted', 'provider_away', 'stopping'] as const

export type GenerationOutcome = (typeof OUTCOMES)[number]
export type Rejection = (typeof REJECTIONS)[number]

/** How a run ended, by its last snapshot. */
export function outcomeOf({
  errorCode,
  degraded
}: Pick<Snapshot, 'errorCode' | 'degraded'>): GenerationOutcome {
  if (errorCode === '') return degraded ? 'degraded' : 'completed'
  return errorCode === 'CANCELLED' ? 'cancelled' : 'failed'
}

/** How many runs work and wait now. */
export interface Load {
  working: number
  waiting: number
  /** How long the oldest of those at work has worked. */
  oldestSeconds: number
}
