import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai/core/error'
import { isServiceError } from '../errors.ts'
import type { ServiceError } from '../errors.ts'
import { providerFailure } from './failures.ts'
import type { FailureKind, ProviderFailure } from './failures.ts'

const NO_MONEY = /^(?:insufficient_quota|insufficient_balance|billing)/
const REJECTED = /^(?:moderation_blocked|content_policy_violation|content_filter)$/
/** Statuses of a gateway that did not wait for the provider any longer. */
const GATEWAY_TIMEOUT = new Set([504, 524])
/** A connection that breaks, or a gateway that gives up, later than this may have broken off a drawing that is paid for. */
const LATE_MS = 2_000
/** The longest wait that is believed; a provider that asks for more is tried again after it. */
const MAX_WAIT_MS = 15 * 60_000
const MAX_CAUSES = 5
const DECIMAL = /^\d+(?:\.\d+)?$/

/** The error that a call ends with when its own time is over. */
export class CallTimeout extends Error {}

/** An answer that no repetition would make better: not JSON, without an image, too large. */
export class UnusableAnswer extends Error {}

/** The error of a request that was never sent, since nobody was reached. */
export class NotConnected extends Error {}

/**
 * What went wrong in a call to the provider. Errors of the service's own making, such as a spent budget, pass as they are.
 * @param elapsedMs since the call began
 */
export function failureOf(error: unknown, elapsedMs = 0): ProviderFailure | ServiceError {
  if (isServiceError(error)) return error
  return providerFailure(kindOf(error, elapsedMs > LATE_MS), {
    cause: error,
    waitMs: error instanceof APIError ? readRetryAfter(error.headers) : undefined
  })
}

function kindOf(error: unknown, isLate: boolean): FailureKind {
  const chain = [...causesOf(error)]
  if (chain.some((cause) => cause instanceof NotConnected)) return 'unreachable'
  if (chain.some((cause) => cause instanceof UnusableAnswer || cause instanceof SyntaxError)) {
    return 'unusable'
  }
  if (error instanceof CallTimeout || error instanceof APIConnectionTimeoutError) return 'timeout'
  if (error instanceof APIConnectionError || isFetchFailure(error)) return isLate ? 'interrupted' : 'reset'
  if (error instanceof APIError) {
    return isLate && GATEWAY_TIMEOUT.has(error.status) ? 'interrupted' : kindOfAnswer(error)
  }
  // What breaks while a body is read comes as a TypeError or a DOMException.
  return 'interrupted'
}

/** What fetch throws when there was no answer. */
function isFetchFailure(error: unknown): boolean {
  return error instanceof TypeError && error.message === 'fetch failed'
}

/** An error that the provider answered with; its code tells more than its status (no money may come as 400 or 429). */
function kindOfAnswer({ status, code, type }: APIError): FailureKind {
  const codes = [code, type].filter((text) => typeof text === 'string')
  if (codes.some((text) => NO_MONEY.test(text)) || status === 402) return 'no_money'
  if (codes.some((text) => REJECTED.test(text))) return 'rejected'
  // An error event within a stream has no status.
  if (status === undefined) return codes.includes('rate_limit_exceeded') ? 'throttled' : 'overloaded'
  if (status === 429) return 'throttled'
  if (status === 401 || status === 403) return 'no_permission'
  return status >= 500 || status === 408 || status === 409 ? 'overloaded' : 'wrong_request'
}

function* causesOf(error: unknown): Generator<Error> {
  for (let at = error, depth = 0; at instanceof Error && depth < MAX_CAUSES; at = at.cause, depth += 1) {
    yield at
  }
}

/**
 * Milliseconds that an answer asks to wait: `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), or OpenAI's more exact
 * `retry-after-ms`; a quarter of an hour at most.
 */
export function readRetryAfter(headers: Headers | undefined, nowMs = Date.now()): number | undefined {
  const ms = readMs(headers, nowMs)
  return ms === undefined || !Number.isFinite(ms) ? undefined : Math.min(Math.max(0, ms), MAX_WAIT_MS)
}

function readMs(headers: Headers | undefined, nowMs: number): number | undefined {
  const ms = headers?.get('retry-after-ms')?.trim() ?? ''
  if (DECIMAL.test(ms)) return Number(ms)
  const text = headers?.get('retry-after')?.trim() ?? ''
  if (DECIMAL.test(text)) return Number(text) * 1000
  return /[a-z]/i.test(text) ? Date.parse(text) - nowMs : undefined
}
