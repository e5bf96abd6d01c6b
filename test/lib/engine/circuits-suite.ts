import t from 'tap'
import type { Test } from 'tap'
import type { AdmittedCall, CallVerdict, Circuit } from '../../../lib/engine/engine.ts'
import type { EngineUnderTest } from './engine-suite.ts'

const FAILURE: CallVerdict = { verdict: 'failure', reason: 'overloaded' }

async function call(circuit: Circuit, verdict: CallVerdict): Promise<void> {
  const admission = await circuit.admit()
  if (!admission.isAdmitted) throw new Error('the circuit rejected the call')
  await admission.end(verdict)
}

/** What the circuits of every engine must do. */
export function testCircuits({ name, createStore }: EngineUnderTest): void {
  const connect = async (t: Test) => await (await createStore(t)).connect()

  t.test(`${name}: a circuit opens after five failures in a row, for its operation only`, async (t) => {
    const { circuits } = (await connect(t)).engine
    const changes: string[] = []
    const unsubscribe = circuits.subscribe((operation, state) => changes.push(`${operation} ${state}`))
    const circuit = circuits.of('draw')
    for (let index = 0; index < 4; index += 1) await call(circuit, FAILURE)
    await call(circuit, { verdict: 'ignored' })
    await call(circuit, { verdict: 'success' })
    const early = (await circuit.admit()) as AdmittedCall
    for (let index = 0; index < 5; index += 1) await call(circuit, FAILURE)
    t.match(circuit.report(), {
      state: 'OPEN',
      failures: 5,
      successes: 1,
      rejected: 0,
      lastFailure: { reason: 'overloaded', at: Number }
    })
    t.match(circuit.rejection(), { isAdmitted: false, waitMs: 30_000 })
    t.match(await circuit.admit(), { isAdmitted: false, waitMs: 30_000 })
    t.equal(circuit.report().rejected, 1)
    await early.end({ verdict: 'success' })
    t.equal(circuit.report().state, 'OPEN', 'a call that began earlier has no effect')
    await call(circuits.of('enhance'), { verdict: 'success' })
    t.same(changes, ['draw OPEN'])
    unsubscribe()
    await call(circuits.of('enhance'), { verdict: 'fatal', reason: 'no_money' })
    t.match(circuits.of('enhance').report(), { state: 'OPEN', failures: 1 }, 'a fatal failure is enough')
    t.same(changes, ['draw OPEN'])
  })

  t.test(`${name}: all calls of an operation wait as long as the provider asks`, async (t) => {
    const { engine, clock } = await connect(t)
    const circuit = engine.circuits.of('draw')
    t.equal(circuit.coolDownMs(), 0)
    await circuit.coolDown(2_000)
    await circuit.coolDown(1_000)
    t.equal(engine.circuits.of('draw').coolDownMs(), 2_000, 'a shorter wait does not end a longer one')
    t.equal(engine.circuits.of('enhance').coolDownMs(), 0)
    await clock.advance(1_500)
    t.equal(circuit.coolDownMs(), 500)
    await clock.advance(1_000)
    t.equal(circuit.coolDownMs(), 0)
  })
}
