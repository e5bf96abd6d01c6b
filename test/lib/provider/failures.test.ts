import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { APIConnectionError, APIError } from 'openai'
import t from 'tap'
import { errors } from '../../lib/errors.ts'
import { createBreaker } from '../../lib/provider/breaker.ts'
import type { BreakerState } from '../../lib/provider/breaker.ts'
import {
  CallTimeout,
  NotConnected,
  UnusableAnswer,
  failureOf,
  readRetryAfter
} from '../../lib/provider/classify.ts'
import { withDeadline } from '../../lib/provider/deadline.ts'
import { FAILURE_KINDS, POLICY, isProviderFailure, providerFailure } from '../../lib/provider/failures.ts'
import type { FailureKind } from '../../lib/provider/failures.ts'
import { createRetry } from '../../lib/provider/retry.ts'
import { until } from '../helper.ts'

const answered = (status: number | undefined, code?: string, type?: string) =>
  new APIError(status, { code, type }, 'secret words', new Headers())
const caused = (code: string) =>
  Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('x'), { code }) })

t.test('whatever a call throws has its row in the policy', async (t) => {
  const cases: Array<[what: string, error: unknown, kind: FailureKind]> = [
    ['429', answered(429, 'rate_limit_exceeded'), 'throttled'],
    ['429 for want of money', answered(429, 'insufficient_quota', 'insufficient_quota'), 'no_money'],
    ['429 of an account that is not active', answered(429, 'billing_not_active'), 'no_money'],
    ['400 for want of money', answered(400, 'billing_hard_limit_reached'), 'no_money'],
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
    [
      'no connection',
      new APIConnectionError({ cause: new NotConnected('nobody was reached') }),
      'unreachable'
    ],
    ["no connection to an image's host", new NotConnected('nobody was reached'), 'unreachable'],
    ['a reset', new APIConnectionError({ cause: caused('ECONNRESET') }), 'reset'],
    ['a connection that ended', caused('UND_ERR_SOCKET'), 'reset'],
    ['no answer in time', new CallTimeout('late'), 'timeout'],
    ['a body that was cut', new TypeError('terminated'), 'interrupted'],
    ['a body that was aborted', new DOMException('aborted', 'AbortError'), 'interrupted'],
    ['no JSON', new SyntaxError('Unexpected end'), 'unusable'],
    ['an answer too large', new APIConnectionError({ cause: new UnusableAnswer('too large') }), 'unusable'],
    ['something that is no error', 'nonsense', 'interrupted']
  ]
  for (const [what, error, kind] of cases) {
    const failure = failureOf(error)
    t.ok(isProviderFailure(failure), what)
    t.match(failure, { kind, code: POLICY[kind].code, message: POLICY[kind].message }, what)
    t.notMatch(failure.message, /secret/)
  }
  const late: Array<[what: string, error: unknown, kind: FailureKind]> = [
    ['a reset', new APIConnectionError({ cause: caused('ECONNRESET') }), 'interrupted'],
    ['a gateway that waits no longer', answered(504), 'interrupted'],
    ['trouble', answered(503), 'overloaded']
  ]
  for (const [what, error, kind] of late) {
    t.match(failureOf(error, 2_001), { kind }, `${what}, when the provider may have drawn`)
  }
  const own = errors.budgetExhausted('spent', 60)
  t.equal(failureOf(own), own, 'errors of the service pass')
})

t.test(
  'only a lost answer may be billed, and only what says something of the provider moves the breaker',
  async (t) => {
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
  }
)

t.test('Retry-After is read in seconds, as a date and in milliseconds', async (t) => {
  const now = Date.parse('2026-11-25T12:00:00Z')
  const read = (headers: Record<string, string>) => readRetryAfter(new Headers(headers), now)
  t.equal(read({ 'retry-after': '7' }), 7_000)
  t.equal(read({ 'retry-after': '0.5' }), 500)
  t.equal(read({ 'retry-after': '7', 'retry-after-ms': '1234' }), 1_234)
  t.equal(read({ 'retry-after': 'Wed, 25 Nov 2026 12:01:30 GMT' }), 90_000)
  t.equal(read({ 'retry-after': 'Wed, 25 Nov 2026 11:00:00 GMT' }), 0, 'the past is now')
  t.equal(
    read({ 'retry-after': '315360000' }),
    900_000,
    'nobody is believed for more than a quarter of an hour'
  )
  t.equal(read({ 'retry-after-ms': '9'.repeat(400) }), undefined)
  for (const text of ['soon', '', '-5', 'NaN', '1e3', 'Infinity', '9'.repeat(400)]) {
    t.equal(read({ 'retry-after': text, 'retry-after-ms': text }), undefined, text)
  }
  t.equal(readRetryAfter(undefined), undefined)
})

const ok = async () => 'ok'
const failing = (kind: FailureKind) => async () => {
  throw providerFailure(kind)
}

t.test('the breaker opens after five counted failures, and lets one call try', async (t) => {
  const transitions: BreakerState[] = []
  const breaker = createBreaker({
    name: 'draw',
    resetTimeoutMs: 40,
    onTransition: (to) => transitions.push(to)
  })
  t.teardown(() => breaker.stop())
  for (let index = 0; index < 4; index += 1) {
    await t.rejects(breaker.run(failing('overloaded')), { code: 'OPENAI_UNAVAILABLE', kind: 'overloaded' })
  }
  await breaker.run(ok)
  for (let index = 0; index < 4; index += 1) await t.rejects(breaker.run(failing('timeout')))
  for (const kind of ['throttled', 'rejected', 'wrong_request', 'aborted'] as const) {
    await t.rejects(breaker.run(failing(kind)))
  }
  await t.rejects(
    breaker.run(async () => {
      throw errors.budgetExhausted('spent', 1)
    }),
    { code: 'BUDGET_EXHAUSTED' }
  )
  t.equal(
    breaker.state,
    'CLOSED',
    'a success begins the count anew, and what says nothing of the provider does not count'
  )
  await t.rejects(breaker.run(failing('unusable')))
  t.equal(breaker.state, 'OPEN')
  t.match(breaker.report(), {
    failures: 5,
    successes: 1,
    rejected: 0,
    lastFailure: { kind: 'unusable', at: Number }
  })

  let called = 0
  await t.rejects(
    breaker.run(async () => {
      called += 1
    }),
    { kind: 'circuit_open', code: 'OPENAI_UNAVAILABLE', retryAfter: 1 }
  )
  t.equal(called, 0)
  await until(() => breaker.state === 'HALF_OPEN')
  let release = () => {}
  const probe = breaker.run(
    async () =>
      await new Promise<void>((resolve) => {
        release = resolve
      })
  )
  const others = await Promise.allSettled(
    Array.from({ length: 50 }, () =>
      breaker.run(async () => {
        called += 1
      })
    )
  )
  t.ok(
    others.every(({ status }) => status === 'rejected'),
    'exactly one call tries'
  )
  t.equal(called, 0)
  release()
  await probe
  t.equal(breaker.state, 'HALF_OPEN', 'one success is not enough')
  await t.rejects(breaker.run(failing('rejected')))
  t.equal(breaker.state, 'HALF_OPEN', 'a refused picture neither opens nor closes, and frees the place')
  await breaker.run(ok)
  t.equal(breaker.state, 'CLOSED')

  await t.rejects(breaker.run(failing('no_money')))
  t.equal(breaker.state, 'OPEN', 'want of money opens at once')
  await until(() => breaker.state === 'HALF_OPEN')
  await t.rejects(breaker.run(failing('overloaded')))
  t.equal(breaker.state, 'OPEN', 'a failed try opens again')
  t.same(transitions, ['OPEN', 'HALF_OPEN', 'CLOSED', 'OPEN', 'HALF_OPEN', 'OPEN'])
})

t.test('a call that began before the circuit opened says nothing of the provider any more', async (t) => {
  const breaker = createBreaker({ name: 'draw', resetTimeoutMs: 20, failureThreshold: 1 })
  t.teardown(() => breaker.stop())
  const settlers: Array<{ resolve: () => void; reject: (error: Error) => void }> = []
  const begin = () =>
    breaker.run(async () => await new Promise<void>((resolve, reject) => settlers.push({ resolve, reject })))
  const early = [begin(), begin(), begin()]
  await t.rejects(breaker.run(failing('overloaded')))
  settlers[0]!.resolve()
  await early[0]
  t.equal(breaker.state, 'OPEN')
  await until(() => breaker.state === 'HALF_OPEN')
  settlers[1]!.resolve()
  await early[1]
  t.equal(breaker.state, 'HALF_OPEN', 'its success does not close')
  settlers[2]!.reject(providerFailure('overloaded'))
  await t.rejects(early[2]!)
  t.equal(breaker.state, 'HALF_OPEN', 'its failure does not open')
})

t.test('the breaker does as a model of it says, whatever happens in whatever order', async (t) => {
  const event = fc.constantFrom<'success' | 'wait' | FailureKind>(
    'success',
    'success',
    'wait',
    'overloaded',
    'overloaded',
    'overloaded',
    'timeout',
    'throttled',
    'rejected',
    'no_money',
    'aborted'
  )
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 10, maxLength: 60 }), async (events) => {
      const breaker = createBreaker({ name: 'model', resetTimeoutMs: 3, failureThreshold: 3 })
      const model = { state: 'CLOSED' as BreakerState, failures: 0, passed: 0 }
      for (const step of events) {
        if (step === 'wait') {
          await sleep(6)
          if (model.state === 'OPEN') Object.assign(model, { state: 'HALF_OPEN', passed: 0 })
        } else {
          // The clock may let it try before the model is told so.
          if (breaker.state === 'HALF_OPEN' && model.state === 'OPEN') {
            Object.assign(model, { state: 'HALF_OPEN', passed: 0 })
          }
          await breaker.run(step === 'success' ? ok : failing(step)).catch(() => {})
          if (model.state !== 'OPEN') advance(model, step)
        }
        if (breaker.state !== model.state && !(model.state === 'OPEN' && breaker.state === 'HALF_OPEN')) {
          throw new Error(`after ${step}: ${breaker.state}, not ${model.state}`)
        }
      }
      breaker.stop()
    }),
    { numRuns: 60, seed: 11 }
  )
  t.pass('no sequence parted them')
})

function advance(
  model: { state: BreakerState; failures: number; passed: number },
  step: 'success' | FailureKind
): void {
  const verdict = step === 'success' ? 'success' : POLICY[step].breaker
  if (verdict === 'ignore') return
  if (verdict === 'success') {
    model.failures = 0
    model.passed += 1
    if (model.state === 'HALF_OPEN' && model.passed === 2) model.state = 'CLOSED'
    return
  }
  model.failures += 1
  if (model.state === 'HALF_OPEN' || verdict === 'open' || model.failures >= 3) model.state = 'OPEN'
}

t.test('retry repeats by the policy, and a lost answer at most once', async (t) => {
  const { signal } = new AbortController()
  const retry = createRetry({ retries: 3, minTimeoutMs: 1 })
  const countOf = async (kinds: Array<FailureKind | undefined>, repeatsLost: boolean) => {
    let calls = 0
    const attempts: number[] = []
    const outcome = await retry
      .run(
        {
          operation: `of its own ${kinds.join()}${repeatsLost}`,
          signal,
          repeatsLost,
          onAttempt: (attempt) => attempts.push(attempt)
        },
        async () => {
          const kind = kinds[Math.min(calls++, kinds.length - 1)]
          if (kind !== undefined) throw providerFailure(kind)
        }
      )
      .then(
        () => 'ok',
        (error: { kind: string }) => error.kind
      )
    t.same(
      attempts,
      Array.from({ length: calls }, (_, index) => index + 1)
    )
    return [calls, outcome]
  }
  t.same(await countOf([undefined], true), [1, 'ok'])
  t.same(await countOf(['overloaded', 'reset', undefined], true), [3, 'ok'])
  t.same(await countOf(['overloaded'], true), [4, 'overloaded'])
  t.same(await countOf(['timeout'], true), [2, 'timeout'])
  t.same(await countOf(['timeout'], false), [1, 'timeout'])
  t.same(
    await countOf(['timeout', 'overloaded', 'interrupted', undefined], true),
    [3, 'interrupted'],
    'one lost answer of either kind'
  )
  for (const kind of [
    'unusable',
    'no_money',
    'no_permission',
    'rejected',
    'wrong_request',
    'circuit_open',
    'aborted'
  ] as const) {
    t.same(await countOf([kind], true), [1, kind])
  }
})

t.test(
  'what the provider asks to wait is the least, for every run of the operation, and none waits longer than its patience',
  async (t) => {
    const { signal } = new AbortController()
    const retry = createRetry({ minTimeoutMs: 1, patienceMs: 5_000 })
    const startedAt = performance.now()
    const began: number[] = []
    let first = true
    const run = (operation: string) =>
      retry.run({ operation, signal }, async () => {
        if (first) {
          first = false
          throw providerFailure('throttled', { waitMs: 150 })
        }
        began.push(performance.now() - startedAt)
      })
    const throttled = run('draw')
    await sleep(20)
    await Promise.all([throttled, run('draw'), run('draw')])
    t.ok(
      began.every((ms) => ms >= 149),
      `none before 150 ms: ${began.map(Math.round).join()}`
    )
    await run('enhance')

    await t.rejects(
      retry.run({ operation: 'draw', signal }, async () => {
        throw providerFailure('throttled', { waitMs: 60_000 })
      }),
      { code: 'OPENAI_RATE_LIMIT', kind: 'throttled', retryAfter: 60 }
    )
    let called = false
    await t.rejects(
      retry.run({ operation: 'draw', signal }, async () => {
        called = true
      }),
      { kind: 'throttled', code: 'OPENAI_RATE_LIMIT' }
    )
    t.notOk(called, 'the next one is not even tried')
    t.match(retry.refusal('draw'), { kind: 'throttled' })
    t.equal(retry.refusal('enhance'), undefined)
  }
)

t.test('waiting ends when the run does', async (t) => {
  const controller = new AbortController()
  const retry = createRetry({ minTimeoutMs: 60_000 })
  const run = retry.run({ operation: 'draw', signal: controller.signal }, failing('overloaded'))
  setTimeout(() => controller.abort(errors.cancelled()), 20)
  const startedAt = performance.now()
  await t.rejects(run, { code: 'CANCELLED' })
  t.ok(performance.now() - startedAt < 5_000)
})

t.test('a call has its own time, and ends when its caller does', async (t) => {
  const never = async (signal: AbortSignal) =>
    await new Promise<never>((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(new Error('the call itself')), { once: true })
    )
  const { signal } = new AbortController()
  t.equal(await withDeadline(1_000, signal, ok), 'ok')
  await t.rejects(withDeadline(10, signal, never), { message: 'no answer within 10 ms' })

  const endedBy = async (reason: Error, after: number, ms: number) => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(reason), after)
    return await withDeadline(ms, controller.signal, never).then(
      () => 'ok',
      (error: { kind: string }) => error.kind
    )
  }
  t.equal(await endedBy(errors.cancelled(), 10, 1_000), 'aborted')
  t.equal(await endedBy(errors.generationTimeout(1), 10, 1_000), 'aborted', 'the provider had hardly begun')
  t.equal(
    await endedBy(errors.generationTimeout(1), 100, 120),
    'timeout',
    'the provider had most of its time'
  )
  await t.rejects(withDeadline(10, AbortSignal.abort(errors.cancelled()), ok), { code: 'CANCELLED' })
})
