import type { FailureKind } from './failures.ts'
import type { Usage } from './prices.ts'
import type { QuotedAnswer } from './refusal.ts'

/** How to call the provider. */
export interface ProviderConfig {
  readonly apiKey: string
  readonly baseUrl: string
  /** Absent where prompts are not enhanced. */
  readonly enhancement?: EnhancementSettings
  /** Absent where the built-in artist draws. */
  readonly image?: ImageSettings
}

export interface EnhancementSettings {
  readonly model: string
  readonly seed: number
  readonly temperature: number
  /** The whole URL of the endpoint, where it is not below the base URL. */
  readonly url: string | undefined
  readonly timeoutMs: number
}

export interface ImageSettings {
  readonly model: string
  readonly quality: 'auto' | 'low' | 'medium' | 'high' | 'standard' | 'hd'
  readonly style: 'vivid' | 'natural' | undefined
  /** The whole URL of the endpoint, where it is not below the base URL. */
  readonly url: string | undefined
  readonly timeoutMs: number
  /** Whether a drawing whose answer was lost is repeated once, at the risk of paying twice. */
  readonly retryOnTimeout: boolean
  /** Unfinished images that the model sends while it draws. */
  readonly partialImages: number
}

/** The operations of the provider. Each has a circuit breaker of its own. */
export const OPERATIONS = ['enhance', 'draw'] as const

export type Operation = (typeof OPERATIONS)[number]

/** One request to the provider. */
export interface ProviderRequest {
  operation: Operation | 'download'
  /** Absent for a download. */
  model?: string
  /** Counted from 1; a higher number repeats a failed request. */
  attempt: number
}

/** One request to the provider that ended. */
export interface ProviderCall extends ProviderRequest {
  outcome: 'success' | FailureKind
  durationMs: number
  /** What the provider said, where it refused. */
  answer?: QuotedAnswer
}

/** What the provider charges for one call, as far as it is known. */
export interface ProviderCharge {
  model: string
  usage: Usage | undefined
  images: number
  /** Undefined where the model has no price. */
  usd: number | undefined
}
