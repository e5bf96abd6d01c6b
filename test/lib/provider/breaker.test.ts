import fc from 'fast-check'
import t from 'tap'
import { createCircuits } from '../../../lib/engine/embedded/circuits.ts'
import type { CircuitOptions } from '../../../lib/engine/embedded/circuits.ts'
import type { CircuitState } from '../../../lib/engine/engine.ts'
import { errors } from '../../../lib/errors.ts'
import { createBreaker } from '../../../lib/provider/breaker.ts'

import { POLICY, providerFailure } from '../../../lib/provider/failures.ts'
import type { FailureKind } from '../../../lib/provider/failures.ts'
import { createManualClock, holdTimers } from '../../manual-clock.ts'

/** Longer than any test, and no other timer's length. */
const RESET_MS = 3_600_123

function openBreaker(options: CircuitOptions) {
  const circuits = createCircuits({ resetTimeoutMs: RESET_MS, ...options })
  return { breaker: createBreaker(circuits.of('draw')), circuits }
}

const ok = async () => 'ok'
const failing = (kind: FailureKind) => async () => {
  throw providerFailure(kind)
}

t.test('the breaker opens after five counted failures, then lets one call through', async (t) => {
  const halfOpen = holdTimers(t, RESET_MS)
  const time = createManualClock()
  const transitions: CircuitState[] = []
  const { breaker, circuits } = openBreaker({ clock: time.clock })
  circuits.subscribe((_operation, state) => transitions.push(state))
  t.teardown(circuits.stop)
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
    breaker.report().state,
    'CLOSED',
    'a success resets the count, and failures that the policy ignores do not count'
  )
  await t.rejects(breaker.run(failing('unusable')))
  t.equal(breaker.report().state, 'OPEN')
  t.match(breaker.report(), {
    failures: 5,
    successes: 1,
    rejected: 0,
    lastFailure: { reason: 'unusable', at: Number }
  })

  let called = 0
  await t.rejects(
    breaker.run(async () => {
      called += 1
    }),
    { kind: 'circuit_open', code: 'OPENAI_UNAVAILABLE', retryAfter: 3_601 }
  )
  t.equal(called, 0)
  halfOpen()
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
  t.equal(breaker.report().state, 'HALF_OPEN', 'one success is not enough')
  await t.rejects(breaker.run(failing('rejected')))
  t.equal(
    breaker.report().state,
    'HALF_OPEN',
    'a refused picture does not change the state, and the next call may try'
  )
  await breaker.run(ok)
  t.equal(breaker.report().state, 'CLOSED')

  await t.rejects(breaker.run(failing('no_money')))
  t.equal(breaker.report().state, 'OPEN', 'no money opens the circuit at once')
  halfOpen()
  await t.rejects(breaker.run(failing('overloaded')))
  t.equal(breaker.report().state, 'OPEN', 'a failed call opens the circuit again')
  t.same(transitions, ['OPEN', 'HALF_OPEN', 'CLOSED', 'OPEN', 'HALF_OPEN', 'OPEN'])
})

t.test('a call that began before the circuit opened has no effect on it', async (t) => {
  const halfOpen = holdTimers(t, RESET_MS)
  const { breaker, circuits } = openBreaker({ failureThreshold: 1 })
  t.teardown(circuits.stop)
  const settlers: Array<{ resolve: () => void; reject: (error: Error) => void }> = []
  const begin = () =>
    breaker.run(async () => await new Promise<void>((resolve, reject) => settlers.push({ resolve, reject })))
  const early = [begin(), begin(), begin()]
  await t.rejects(breaker.run(failing('overloaded')))
  settlers[0]!.resolve()
  await early[0]
  t.equal(breaker.report().state, 'OPEN')
  halfOpen()
  settlers[1]!.resolve()
  await early[1]
  t.equal(breaker.report().state, 'HALF_OPEN', 'its success does not close the circuit')
  settlers[2]!.reject(providerFailure('overloaded'))
  await t.rejects(early[2]!)
  t.equal(breaker.report().state, 'HALF_OPEN', 'its failure does not open the circuit')
})

t.test('the breaker agrees with a model of it for every sequence of results', async (t) => {
  const halfOpen = holdTimers(t, RESET_MS)
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
      const { breaker, circuits } = openBreaker({ failureThreshold: 3 })
      const model = { state: 'CLOSED' as CircuitState, failures: 0, passed: 0 }
      for (const step of events) {
        if (step === 'wait') {
          halfOpen()
          if (model.state === 'OPEN') Object.assign(model, { state: 'HALF_OPEN', passed: 0 })
        } else {
          await breaker.run(step === 'success' ? ok : failing(step)).catch(() => {})
          if (model.state !== 'OPEN') advance(model, step)
        }
        if (breaker.report().state !== model.state) {
          throw new Error(`after ${step}: ${breaker.report().state}, not ${model.state}`)
        }
      }
      circuits.stop()
    }),
    { numRuns: 300, seed: 11 }
  )
  t.pass('no sequence gave another state')
})

function advance(
  model: { state: CircuitState; failures: number; passed: number },
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
