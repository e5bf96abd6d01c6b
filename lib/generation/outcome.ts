import type { Snapshot } from '../schemas/progress.ts'

export const OUTCOMES = ['completed', 'degraded', 'failed', 'cancelled'] as const
export const REJECTIONS = ['queue_full', 'budget_exhausted', 'provider_away', 'stopping'] as const

export type GenerationOutcome = (typeof OUTCOMES)[number]

/** Why a request that could have started a run did not start one. */
export type Rejection = (typeof REJECTIONS)[number]

/** The runs of this moment. */
export interface Load {
  /** Runs that work. */
  working: number
  /** Runs that wait in the queue. */
  waiting: number
  /** Seconds since the oldest working run left the queue; 0 when none works. */
  oldestSeconds: number
}

/** How a run ended, read from its last snapshot. */
export function outcomeOf({
  errorCode,
  degraded
}: Pick<Snapshot, 'errorCode' | 'degraded'>): GenerationOutcome {
  if (errorCode === '') return degraded ? 'degraded' : 'completed'
  return errorCode === 'CANCELLED' ? 'cancelled' : 'failed'
}
