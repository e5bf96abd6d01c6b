import type { ServiceError } from '../errors.ts'
import type { DalleDress } from '../schemas/dress.ts'
import type { PhaseTiming, Provider } from '../schemas/progress.ts'
import type { WorkPhase } from './phases.ts'

/** How a run failed, as clients see it. */
export type RunFailure = Pick<ServiceError, 'code' | 'message' | 'details' | 'retryAfter' | 'mayBeBilled'>

/** What a run knows of itself, as plain data. Another process makes the same snapshots from it. */
export interface RunState {
  working: WorkPhase
  ending?: 'failed' | 'completed' | undefined
  failure?: RunFailure | undefined
  percent: number
  attempt: number
  provider: Provider
  isStandIn: boolean
  degradations: string[]
  costUsd: number
  partialImages: number
  timings: PhaseTiming[]
  dress: DalleDress
}
