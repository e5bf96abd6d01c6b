import type { FailureKind } from './failures.ts'
import type { ImageParameters } from './models.ts'
import type { PriceList, Usage } from './prices.ts'
import type { QuotedAnswer } from './refusal.ts'

/** How to call a provider. */
export interface ProviderConfig {
  /** In snapshots, pictures, metrics and the log. */
  readonly name: string
  readonly apiKey: string
  /** May have a query, which every request gets. */
  readonly baseUrl: string
  /** Added to each request, in place of those of the same name; null leaves one out. */
  readonly headers: Readonly<Record<string, string | null>>
  readonly organization: string | undefined
  readonly project: string | undefined
  readonly prices: PriceList
  /** Whether the next provider draws what this one refuses because of its content. */
  readonly passesRefusals: boolean
  /** Absent where prompts are not enhanced. */
  readonly enhancement?: EnhancementSettings
  /** Absent where the built-in artist draws. */
  readonly image?: ImageSettings
}

export interface EnhancementSettings {
  readonly model: string
  /** Absent where the model takes none; the same holds for the temperature. */
  readonly seed: number | undefined
  readonly temperature: number | undefined
  /** The whole URL of the endpoint, where it is not below the base URL. */
  readonly url: string | undefined
  readonly timeoutMs: number
}

export interface ImageSettings extends ImageParameters {
  /** The whole URL of the endpoint, where it is not below the base URL. */
  readonly url: string | undefined
  readonly timeoutMs: number
  /** Whether a drawing whose answer was lost is repeated once, at the risk of paying twice. */
  readonly retryOnTimeout: boolean
}

/** The operations of the provider. Each has a circuit breaker of its own. */
export const OPERATIONS = ['enhance', 'draw'] as const

export type Operation = (typeof OPERATIONS)[number]

/** One request to the provider. */
export interface ProviderRequest {
  /** The name of the provider. */
  provider: string
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
  /** The name of the provider. */
  provider: string
  model: string
  usage: Usage | undefined
  images: number
  /** Undefined where the model has no price. */
  usd: number | undefined
}
