import { APIConnectionError, APIError } from 'openai'
import t from 'tap'
import { errors } from '../../../lib/errors.ts'
import {
  BrokenStream,
  CallAborted,
  CallTimeout,
  FAILURE_KINDS,
  HostUnavailable,
  NotConnected,
  POLICY,
  UnusableAnswer,
  failureOf,
  isProviderFailure,
  readRetryAfter
} from '../../../lib/provider/failures.ts'
import type { FailureKind } from '../../../lib/provider/failures.ts'

const answered = (status: number | undefined, code?: string, type?: string) =>
  new APIError(status, { code, type }, 'secret words', new Headers())
const brokenBy = (cause: unknown) => new BrokenStream('broken', { cause })
const caused = (code: string) =>
  Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('x'), { code }) })

t.test('every error of a call has a row in the policy', async (t) => {
  const cases: Array<[what: string, error: unknown, kind: FailureKind]> = [
    ['429', answered(429, 'rate_limit_exceeded'), 'throttled'],
    ['429 without money', answered(429, 'insufficient_quota', 'insufficient_quota'), 'no_money'],
    ['429 of an account that is not active', answered(429, 'billing_not_active'), 'no_money'],
    ['400 without money', answered(400, 'billing_hard_limit_reached'), 'no_money'],
    ['402', answered(402), 'no_money'],
    ['400 by moderation', answered(400, 'moderation_blocked'), 'rejected'],
    ['400 by an older moderation', answered(400, 'content_policy_violation'), 'rejected'],
    ['400', answered(400, 'invalid_value'), 'wrong_request'],
    ['404', answered(404, 'model_not_found'), 'wrong_request'],
    ['422', answered(422), 'wrong_request'],
    ['401', answered(401, 'invalid_api_key'), 'no_permission'],
    ['403', answered(403), 'no_permission'],
    ['408', answered(408), 'overloaded'],
    ...[500, 502, 503, 504, 520, 529].map((status): [string, unknown, FailureKind] => [
      String(status),
      answered(status),
      'overloaded'
    ]),
    ['an error within a stream', answered(undefined, 'server_error'), 'overloaded'],
    ['a refusal within a stream', answered(undefined, 'moderation_blocked'), 'rejected'],
    ['throttling within a stream', answered(undefined, 'rate_limit_exceeded'), 'throttled'],
    ['no connection', new APIConnectionError({ cause: new NotConnected('no connection') }), 'unreachable'],
    ["no connection to an image's host", new NotConnected('no connection'), 'unreachable'],
    ['a reset', new APIConnectionError({ cause: caused('ECONNRESET') }), 'reset'],
    ['a connection that ended', caused('UND_ERR_SOCKET'), 'reset'],
    ['no answer in time', new CallTimeout('late'), 'timeout'],
    ['a body that was cut', new TypeError('terminated'), 'interrupted'],
    ['a body that was aborted', new DOMException('aborted', 'AbortError'), 'interrupted'],
    ['a run that ended', new CallAborted('ended'), 'aborted'],
    ['an image host that answers 503', new HostUnavailable('503'), 'overloaded'],
    ['a stream that ended early', new BrokenStream('ended'), 'interrupted'],
    ['a stream broken by an error', brokenBy(answered(undefined, 'server_error')), 'interrupted'],
    ['a stream broken by a refusal', brokenBy(answered(undefined, 'moderation_blocked')), 'rejected'],
    ['a stream broken by a limit', brokenBy(answered(undefined, 'rate_limit_exceeded')), 'throttled'],
    ['no JSON', new SyntaxError('Unexpected end'), 'unusable'],
    ['an answer too large', new APIConnectionError({ cause: new UnusableAnswer('too large') }), 'unusable'],
    ['something that is no error', 'nonsense', 'interrupted']
  ]
  for (const [what, error, kind] of cases) {
    const failure = failureOf(error, 0)
    t.ok(isProviderFailure(failure), what)
    t.match(failure, { kind, code: POLICY[kind].code, message: POLICY[kind].message }, what)
    t.notMatch(failure.message, /secret/)
  }
  const late: Array<[what: string, error: unknown, kind: FailureKind]> = [
    ['a reset', new APIConnectionError({ cause: caused('ECONNRESET') }), 'interrupted'],
    ['a gateway that stopped waiting', answered(504), 'interrupted'],
    ['503', answered(503), 'overloaded']
  ]
  for (const [what, error, kind] of late) {
    t.match(failureOf(error, 2_001), { kind }, `${what}, after the provider may have drawn`)
  }
  const own = errors.budgetExhausted('spent', 60)
  t.equal(failureOf(own, 0), own, 'errors of the service are not changed')
})

t.test('the policy says what is repeated, what moves the breaker and what may be billed', async (t) => {
  const kindsWith = (test: (kind: FailureKind) => boolean) => FAILURE_KINDS.filter(test)
  t.same(
    kindsWith((kind) => POLICY[kind].retry === 'yes'),
    ['throttled', 'overloaded', 'unreachable', 'reset']
  )
  t.same(
    kindsWith((kind) => POLICY[kind].retry === 'lost'),
    ['timeout', 'interrupted']
  )
  t.same(
    kindsWith((kind) => POLICY[kind].breaker === 'open'),
    ['no_money', 'no_permission']
  )
  t.same(
    kindsWith((kind) => POLICY[kind].breaker === 'ignore'),
    ['throttled', 'rejected', 'wrong_request', 'undelivered', 'circuit_open', 'aborted']
  )
  t.same(
    kindsWith((kind) => POLICY[kind].mayBeBilled),
    ['reset', 'timeout', 'interrupted', 'unusable', 'undelivered', 'aborted']
  )
})

t.test('Retry-After is read in seconds, as a date and in milliseconds', async (t) => {
  const now = Date.parse('2026-11-25T12:00:00Z')
  const read = (headers: Record<string, string>) => readRetryAfter(new Headers(headers), now)
  t.equal(read({ 'retry-after': '7' }), 7_000)
  t.equal(read({ 'retry-after': '0.5' }), 500)
  t.equal(read({ 'retry-after': '7', 'retry-after-ms': '1234' }), 1_234)
  t.equal(read({ 'retry-after': 'Wed, 25 Nov 2026 12:01:30 GMT' }), 90_000)
  t.equal(read({ 'retry-after': 'Wed, 25 Nov 2026 11:00:00 GMT' }), 0, 'a time that is over means no wait')
  t.equal(read({ 'retry-after': '315360000' }), 900_000, 'at most 15 minutes')
  t.equal(read({ 'retry-after-ms': '9'.repeat(400) }), undefined)
  for (const text of ['soon', '', '-5', 'NaN', '1e3', 'Infinity', '9'.repeat(400)]) {
    t.equal(read({ 'retry-after': text, 'retry-after-ms': text }), undefined, text)
  }
  t.equal(readRetryAfter(undefined), undefined)
})
