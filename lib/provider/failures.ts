import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai/core/error'
import { errors, isServiceError } from '../errors.ts'
import type { ProviderErrorCode, ServiceError } from '../errors.ts'
import type { Usage } from './prices.ts'
import { Refusal, kindOfRefusal } from './refusal.ts'
import type { QuotedAnswer } from './refusal.ts'
import { waitIn } from './refusal-signs.ts'

interface Rule {
  /** `lost` repeats the call at most once, and only where the configuration accepts a second bill. */
  retry: 'yes' | 'lost' | 'no'
  /** `count` counts as a failure, `open` opens the circuit at once, `ignore` has no effect on it. */
  breaker: 'count' | 'open' | 'ignore'
  /** Whether the provider may have done the work and may charge for it. */
  mayBeBilled: boolean
  /** Whether the provider is unavailable, so that the built-in artist may draw a stand-in. */
  away: boolean
  code: ProviderErrorCode
  /** Shown to the client. The provider's own words are never passed on. */
  message: string
}

/** The policy: how the service handles each kind of failed call to the provider. */
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
  blocked: {
    retry: 'no',
    breaker: 'count',
    mayBeBilled: false,
    away: true,
    code: 'OPENAI_UNAVAILABLE',
    message: 'A firewall before the model provider blocks the request'
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

/** A failed call to the provider: the error that the client reads, and its row of the policy. */
export interface ProviderFailure extends ServiceError {
  kind: FailureKind
  /** As in the policy, unless the provider says whether a repetition makes sense (`x-should-retry`). */
  retry: Rule['retry']
  /** Whether the provider may charge for the call. */
  mayBeBilled: boolean
  /** The tokens that the provider counts for the call, where it says so. */
  usage: Usage | undefined
  /** What the provider said, for the log. */
  answer: QuotedAnswer | undefined
  /**
   * How long the provider asks to wait, or the circuit stays open, in milliseconds. `retryAfter` is the same
   * in whole seconds.
   */
  waitMs: number | undefined
}

interface FailureParts {
  cause?: unknown
  waitMs?: number | undefined
  /** What the provider answers to whether the call should be repeated. */
  shouldRetry?: boolean | undefined
  usage?: Usage | undefined
  answer?: QuotedAnswer | undefined
  /** What was not sent is not paid. */
  isSent?: boolean
}

export function providerFailure(
  kind: FailureKind,
  { cause, waitMs, shouldRetry, usage, answer, isSent = true }: FailureParts = {}
): ProviderFailure {
  const { code, message, retry, mayBeBilled: mayBe }: Rule = POLICY[kind]
  const retryAfter = waitMs === undefined ? {} : { retryAfter: Math.max(1, Math.ceil(waitMs / 1000)) }
  const mayBeBilled = isSent && (mayBe || usage !== undefined)
  return Object.assign(errors.provider(code, message, { cause, ...retryAfter }), {
    kind,
    waitMs,
    retry: shouldRetry === false ? 'no' : shouldRetry === true && !mayBeBilled ? 'yes' : retry,
    mayBeBilled,
    usage,
    answer
  } as const)
}

export function isProviderFailure(error: unknown): error is ProviderFailure {
  return (
    error instanceof Error &&
    'kind' in error &&
    typeof error.kind === 'string' &&
    Object.hasOwn(POLICY, error.kind)
  )
}

/** The policy's rule for an error; undefined for an error that is no provider failure. */
export function ruleFor(error: unknown): Rule | undefined {
  return isProviderFailure(error) ? POLICY[error.kind] : undefined
}

/** Whether the answer of a call was lost that the provider may have charged for. */
export function isLost(error: unknown): boolean {
  return isProviderFailure(error) && (error.kind === 'aborted' || POLICY[error.kind].retry === 'lost')
}

/** Statuses of a gateway that stopped waiting for the provider. */
const GATEWAY_TIMEOUT = new Set([504, 524])
/**
 * A connection or a gateway that fails later than this may have interrupted a drawing that is already billed.
 */
const LATE_MS = 2_000
/** The longest wait that the provider can ask for; a longer one is shortened to it. */
const MAX_WAIT_MS = 15 * 60_000
const MAX_CAUSES = 5
const DECIMAL = /^\d+(?:\.\d+)?$/

/** A call that got no complete answer in its time. */
export class CallTimeout extends Error {}

/** A call that ended because its run ended. */
export class CallAborted extends Error {}

interface AnsweredOptions extends ErrorOptions {
  /** The tokens that the answer names. */
  usage?: Usage | undefined
}

/** An answer that a repeated call would not improve: not JSON, without an image, too large. */
export class UnusableAnswer extends Error {
  readonly usage: Usage | undefined

  constructor(message: string, { usage, ...options }: AnsweredOptions = {}) {
    super(message, options)
    this.usage = usage
  }
}

/** A language model that refuses to write. The provider charges for its answer. */
export class RefusedText extends UnusableAnswer {}

/** A request that was never sent, because no connection was made. */
export class NotConnected extends Error {}

/**
 * A stream that broke off before its image was complete. The cause is the error that the stream sent, if any.
 */
export class BrokenStream extends Error {}

/** The host of an image URL answered with an error that may pass. */
export class HostUnavailable extends Error {}

/**
 * Classifies what a call to the provider throws. The client calls it once for each call; all other code reads
 * the result. Errors of the service itself, such as an exhausted budget, are returned as they are.
 * @param elapsedMs since the call began
 * @param isSent whether its request was written to a connection
 */
export function failureOf(error: unknown, elapsedMs: number, isSent = true): ProviderFailure | ServiceError {
  if (isServiceError(error)) return error
  const chain = [...causesOf(error)]
  const answer = chain.find((cause) => cause instanceof APIError)
  const unusable = chain.find((cause) => cause instanceof UnusableAnswer)
  const kind = kindOf(error, elapsedMs > LATE_MS)
  return providerFailure(kind === 'timeout' && !isSent ? 'unreachable' : kind, {
    cause: error,
    isSent,
    waitMs: answer && (readRetryAfter(answer.headers) ?? readWait(answer.error)),
    shouldRetry: readShouldRetry(answer?.headers),
    usage: answer instanceof Refusal ? answer.usage : unusable?.usage,
    answer: answer instanceof Refusal ? answer.answer : undefined
  })
}

/** Why a request has failed, for one line of the log: the words of the provider, else of the system. */
export function reasonOf(error: unknown): string {
  const chain = [...causesOf(error)]
  const said =
    chain.find((cause) => cause instanceof Refusal) ?? chain.findLast(({ message }) => message !== '')
  const code = chain.map((cause) => (cause as NodeJS.ErrnoException).code).find((each) => each !== undefined)
  return said?.message ?? code ?? String(error)
}

function readShouldRetry(headers: Headers | undefined): boolean | undefined {
  const value = headers?.get('x-should-retry')?.trim().toLowerCase()
  return value === 'true' ? true : value === 'false' ? false : undefined
}

function kindOf(error: unknown, isLate: boolean): FailureKind {
  const chain = [...causesOf(error)]
  if (chain.some((cause) => cause instanceof NotConnected)) return 'unreachable'
  if (chain.some((cause) => cause instanceof RefusedText)) return 'rejected'
  if (chain.some((cause) => cause instanceof UnusableAnswer || cause instanceof SyntaxError)) {
    return 'unusable'
  }
  if (error instanceof CallAborted) return 'aborted'
  if (error instanceof CallTimeout || error instanceof APIConnectionTimeoutError) return 'timeout'
  if (error instanceof HostUnavailable) return 'overloaded'
  if (error instanceof BrokenStream) return kindOfBrokenStream(error, isLate)
  if (error instanceof APIConnectionError || isFetchFailure(error)) return isLate ? 'interrupted' : 'reset'
  if (error instanceof APIError) {
    if (isLate && GATEWAY_TIMEOUT.has(error.status)) return 'interrupted'
    return error instanceof Refusal
      ? error.kind
      : kindOfRefusal({ status: error.status, body: { error: error.error as unknown }, text: '' })
  }
  // An error while the body is read is a TypeError or a DOMException.
  return 'interrupted'
}

/** The drawing had begun, so a failure of the provider may be billed. */
function kindOfBrokenStream({ cause }: BrokenStream, isLate: boolean): FailureKind {
  const kind = cause === undefined ? 'interrupted' : kindOf(cause, isLate)
  return kind === 'overloaded' ? 'interrupted' : kind
}

/** Whether fetch itself failed, without a response. */
function isFetchFailure(error: unknown): boolean {
  return error instanceof TypeError && error.message === 'fetch failed'
}

function* causesOf(error: unknown): Generator<Error> {
  for (let at = error, depth = 0; at instanceof Error && depth < MAX_CAUSES; at = at.cause, depth += 1) {
    yield at
  }
}

/**
 * Milliseconds that a response asks to wait, at most 15 minutes: `Retry-After` in seconds or as a date (RFC
 * 9110, 10.2.3), or OpenAI's more exact `retry-after-ms`.
 */
export function readRetryAfter(headers: Headers | undefined, nowMs = Date.now()): number | undefined {
  const ms = readMs(headers, nowMs)
  return ms === undefined || !Number.isFinite(ms) ? undefined : Math.min(Math.max(0, ms), MAX_WAIT_MS)
}

/** The same, from the body of an answer. */
function readWait(body: unknown): number | undefined {
  const ms = waitIn(body)
  return ms === undefined ? undefined : Math.min(ms, MAX_WAIT_MS)
}

function readMs(headers: Headers | undefined, nowMs: number): number | undefined {
  const ms = headers?.get('retry-after-ms')?.trim() ?? ''
  if (DECIMAL.test(ms)) return Number(ms)
  const text = headers?.get('retry-after')?.trim() ?? ''
  if (DECIMAL.test(text)) return Number(text) * 1000
  return /[a-z]/i.test(text) ? Date.parse(text) - nowMs : undefined
}
