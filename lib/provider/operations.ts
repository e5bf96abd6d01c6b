import type { FailureKind } from './failures.ts'
import type { Usage } from './prices.ts'

/** What the provider is asked for, each with a circuit breaker of its own. */
export const OPERATIONS = ['enhance', 'draw'] as const

export type Operation = (typeof OPERATIONS)[number]

/** One request to the provider. */
export interface ProviderRequest {
  operation: Operation | 'download'
  /** Absent for a download. */
  model?: string
  /** Counted from 1; above, it repeats one that failed. */
  attempt: number
}

/** One request to the provider that ended. */
export interface ProviderCall extends ProviderRequest {
  outcome: 'success' | FailureKind
  durationMs: number
}

/** What the provider charged for, as far as it is known. */
export interface ProviderCharge {
  model: string
  usage: Usage | undefined
  images: number
  /** Undefined where the model has no price. */
  usd: number | undefined
}
