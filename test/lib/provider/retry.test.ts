import t from 'tap'
import { createCircuits } from '../../../lib/engine/embedded/circuits.ts'
import { errors } from '../../../lib/errors.ts'
import { providerFailure } from '../../../lib/provider/failures.ts'
import type { FailureKind } from '../../../lib/provider/failures.ts'
import { createRetry } from '../../../lib/provider/retry.ts'
import type { RetryOptions } from '../../../lib/provider/retry.ts'
import { createManualClock } from '../../manual-clock.ts'

function openRetry(options: Omit<RetryOptions, 'circuits'>) {
  return createRetry({ ...options, circuits: createCircuits(options.clock && { clock: options.clock }) })
}

t.test('a call is repeated as the policy says, and after a lost answer at most once', async (t) => {
  const { signal } = new AbortController()
  const retry = openRetry({ retries: 3, clock: createManualClock().clock })
  const countOf = async (kinds: Array<FailureKind | undefined>, repeatsLost: boolean) => {
    let calls = 0
    const attempts: number[] = []
    const outcome = await retry
      .run(
        {
          operation: `${kinds.join()} ${repeatsLost}`,
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
    'both kinds of lost answers count together'
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

t.test('a repetition counts when the call is made again', async (t) => {
  const counted: string[] = []
  const onRetry = (operation: string, kind: FailureKind) => counted.push(`${operation} ${kind}`)
  const { signal } = new AbortController()
  let calls = 0
  const fail = async () => {
    calls += 1
    throw providerFailure('overloaded')
  }
  const retry = openRetry({ retries: 2, clock: createManualClock().clock, onRetry })
  await t.rejects(retry.run({ operation: 'draw', signal }, fail))
  t.equal(calls, 3)
  t.same(counted, ['draw overloaded', 'draw overloaded'], 'the last failure repeats nothing')

  counted.length = 0
  const ending = new AbortController()
  const sleep = async () => {
    ending.abort(new Error('the run has ended'))
    ending.signal.throwIfAborted()
  }
  const waiting = openRetry({ retries: 2, clock: { ...createManualClock().clock, sleep }, onRetry })
  await t.rejects(waiting.run({ operation: 'draw', signal: ending.signal }, fail), /the run has ended/)
  t.same(counted, [], 'the run ended in the wait')
})

t.test('the waits between two attempts double, with jitter, up to the limit', async (t) => {
  const time = createManualClock()
  const { signal } = new AbortController()
  let jitter = 0
  const retry = openRetry({
    retries: 4,
    minTimeoutMs: 100,
    maxTimeoutMs: 500,
    clock: time.clock,
    random: () => jitter
  })
  const run = async () =>
    await t.rejects(
      retry.run({ operation: 'draw', signal }, async () => {
        throw providerFailure('overloaded')
      })
    )
  await run()
  t.same(time.sleeps.splice(0), [100, 200, 400, 500])
  jitter = 0.5
  await run()
  t.same(time.sleeps, [150, 300, 500, 500])
})

t.test('all runs of an operation wait as long as the provider asks', async (t) => {
  const time = createManualClock()
  const { signal } = new AbortController()
  const retry = openRetry({ minTimeoutMs: 1, patienceMs: 5_000, clock: time.clock, random: () => 0 })
  const began: number[] = []
  let isFirst = true
  const run = async (operation: string) =>
    await retry.run({ operation, signal }, async () => {
      began.push(time.clock.now())
      if (isFirst) {
        isFirst = false
        throw providerFailure('throttled', { waitMs: 1_500 })
      }
    })
  await run('draw')
  t.same(began, [0, 1_500], 'not before')

  isFirst = true
  const throttled = run('draw')
  await Promise.resolve()
  await run('enhance')
  t.equal(began.at(-1), 1_500, 'another operation does not wait')
  await Promise.all([throttled, run('draw'), run('draw')])
  t.ok(
    began.slice(4).every((at) => at >= 3_000),
    `no run of the operation is early: ${began.join()}`
  )
})

t.test('jitter makes a wait longer, never shorter', async (t) => {
  const time = createManualClock()
  const retry = openRetry({ minTimeoutMs: 0, clock: time.clock, random: () => 1 })
  let calls = 0
  await retry.run({ operation: 'draw', signal: new AbortController().signal }, async () => {
    if (calls++ === 0) throw providerFailure('throttled', { waitMs: 1_000 })
  })
  t.equal(time.clock.now(), 1_100)
})

t.test('a run does not wait longer than its patience', async (t) => {
  const time = createManualClock()
  const { signal } = new AbortController()
  const retry = openRetry({ patienceMs: 5_000, clock: time.clock })
  await t.rejects(
    retry.run({ operation: 'draw', signal }, async () => {
      throw providerFailure('throttled', { waitMs: 60_000 })
    }),
    { code: 'OPENAI_RATE_LIMIT', kind: 'throttled', retryAfter: 60 }
  )
  let called = false
  const next = async () =>
    await retry.run({ operation: 'draw', signal }, async () => {
      called = true
    })
  await t.rejects(next(), { kind: 'throttled', code: 'OPENAI_RATE_LIMIT' })
  t.notOk(called, 'the next run does not even try')
  t.match(retry.refusal('draw'), { kind: 'throttled' })
  t.equal(retry.refusal('enhance'), undefined)
  time.advance(55_000)
  await next()
  t.ok(called, 'a wait within the patience is accepted')
})

t.test('a wait ends when the run does', async (t) => {
  const controller = new AbortController()
  // The first wait is longer than the test may take, on the system's clock.
  const retry = openRetry({ minTimeoutMs: 3_600_000, maxTimeoutMs: 3_600_000 })
  const run = retry.run({ operation: 'draw', signal: controller.signal }, async () => {
    setImmediate(() => controller.abort(errors.cancelled()))
    throw providerFailure('overloaded')
  })
  await t.rejects(run, { code: 'CANCELLED' })
})
