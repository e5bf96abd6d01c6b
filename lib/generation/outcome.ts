import type { Snapshot } from '../schemas/progress.ts'

export const OUTCOMES = ['completed', 'degraded', 'failed', 'cancelled'] as const
export const REJECTIONS = [
  'queue_full',
  'rate_limited',
  'budget_exhausted',
  'provider_away',
  'folder_unusable',
  'not_kept',
  'standby',
  'stopping'
] as const

export type GenerationOutcome = (typeof OUTCOMES)[number]

/** Why a request that could have started a run did not start one. */
export type Rejection = (typeof REJECTIONS)[number]

/** How a run ended, read from its last snapshot. */
export function outcomeOf({
  errorCode,
  degraded
}: Pick<Snapshot, 'errorCode' | 'degraded'>): GenerationOutcome {
  if (errorCode === '') return degraded ? 'degraded' : 'completed'
  return errorCode === 'CANCELLED' ? 'cancelled' : 'failed'
}
