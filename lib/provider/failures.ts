import { errors } from '../errors.ts'
import type { ProviderErrorCode, ServiceError } from '../errors.ts'

interface Rule {
  /** `lost` repeats at most once, and only where an operation may be billed twice. */
  retry: 'yes' | 'lost' | 'no'
  /** What the breaker makes of it. `ignore`: it says nothing of the provider, so it neither opens nor closes. */
  breaker: 'count' | 'open' | 'ignore'
  /** Whether the provider may have done the work, and charge for it. */
  mayBeBilled: boolean
  /** Whether the built-in artist may stand in: the provider is away, rather than the request wrong. */
  away: boolean
  code: ProviderErrorCode
  /** What the client reads. A provider's own words are never passed on. */
  message: string
}

/** What is done about each way in which a call to the provider can fail. */
export const POLICY = {
  throttled: {
    retry: 'yes',
    breaker: 'ignore',
    mayBeBilled: false,
    away: true,
    code: 'OPENAI_RATE_LIMIT',
    message: 'The model provider takes no more requests for now'
  },
  overloaded: {
    retry: 'yes',
    breaker: 'count',
    mayBeBilled: false,
    away: true,
    code: 'OPENAI_UNAVAILABLE',
    message: 'The model provider has trouble'
  },
  unreachable: {
    retry: 'yes',
    breaker: 'count',
    mayBeBilled: false,
    away: true,
    code: 'OPENAI_UNAVAILABLE',
    message: 'The model provider cannot be reached'
  },
  reset: {
    retry: 'yes',
    breaker: 'count',
    mayBeBilled: true,
    away: true,
    code: 'OPENAI_UNAVAILABLE',
    message: 'The model provider broke the connection'
  },
  timeout: {
    retry: 'lost',
    breaker: 'count',
    mayBeBilled: true,
    away: true,
    code: 'OPENAI_TIMEOUT',
    message: 'The model provider took too long'
  },
  interrupted: {
    retry: 'lost',
    breaker: 'count',
    mayBeBilled: true,
    away: true,
    code: 'OPENAI_UNAVAILABLE',
    message: 'The model provider broke off its answer'
  },
  unusable: {
    retry: 'no',
    breaker: 'count',
    mayBeBilled: true,
    away: false,
    code: 'IMAGE_DOWNLOAD_ERROR',
    message: 'The model provider sent an answer that cannot be used'
  },
  no_money: {
    retry: 'no',
    breaker: 'open',
    mayBeBilled: false,
    away: true,
    code: 'OPENAI_UNAVAILABLE',
    message: 'The account at the model provider has no money left'
  },
  no_permission: {
    retry: 'no',
    breaker: 'open',
    mayBeBilled: false,
    away: true,
    code: 'OPENAI_UNAVAILABLE',
    message: 'The model provider does not accept the key of this server'
  },
  rejected: {
    retry: 'no',
    breaker: 'ignore',
    mayBeBilled: false,
    away: false,
    code: 'CONTENT_REJECTED',
    message: 'The model provider refuses to draw this picture'
  },
  wrong_request: {
    retry: 'no',
    breaker: 'ignore',
    mayBeBilled: false,
    away: false,
    code: 'OPENAI_UNAVAILABLE',
    message: 'The model provider does not take the request: its model or a setting is wrong'
  },
  undelivered: {
    retry: 'no',
    breaker: 'ignore',
    mayBeBilled: true,
    away: false,
    code: 'IMAGE_DOWNLOAD_ERROR',
    message: 'The image could not be fetched from where the model provider put it'
  },
  circuit_open: {
    retry: 'no',
    breaker: 'ignore',
    mayBeBilled: false,
    away: true,
    code: 'OPENAI_UNAVAILABLE',
    message: 'The model provider has trouble and is left alone for a while'
  },
  aborted: {
    retry: 'no',
    breaker: 'ignore',
    mayBeBilled: true,
    away: false,
    code: 'CANCELLED',
    message: 'Generation was cancelled'
  }
} as const satisfies Record<string, Rule>

export type FailureKind = keyof typeof POLICY

export const FAILURE_KINDS = Object.keys(POLICY) as FailureKind[]

/** A failed call to the provider: the client's error, and the row of the policy it comes from. */
export interface ProviderFailure extends ServiceError {
  kind: FailureKind
  /** How long the provider asks to wait, or the circuit stays open, in milliseconds; what the client is told is rounded up. */
  waitMs: number | undefined
}

export function providerFailure(
  kind: FailureKind,
  { cause, waitMs }: { cause?: unknown; waitMs?: number | undefined } = {}
): ProviderFailure {
  const { code, message } = POLICY[kind]
  const retryAfter = waitMs === undefined ? {} : { retryAfter: Math.max(1, Math.ceil(waitMs / 1000)) }
  return Object.assign(errors.provider(code, message, { cause, ...retryAfter }), { kind, waitMs })
}

export function isProviderFailure(error: unknown): error is ProviderFailure {
  return (
    error instanceof Error &&
    'kind' in error &&
    typeof error.kind === 'string' &&
    Object.hasOwn(POLICY, error.kind)
  )
}

/** The rule for an error; undefined for one that is not of the provider's making. */
export function ruleFor(error: unknown): Rule | undefined {
  return isProviderFailure(error) ? POLICY[error.kind] : undefined
}
