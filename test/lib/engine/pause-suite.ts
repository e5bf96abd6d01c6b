import t from 'tap'
import { until } from '../../helper.ts'
import { addressOf, createWorkerByHand, newRun } from './engine-suite.ts'
import type { EngineUnderTest } from './engine-suite.ts'

/** The whole test is shorter than a lease of 15 seconds, so that a claim needs no renewal. */
const LOCK_TTL_MS = 6_000

/** What the time limit of the runs of every engine must do. */
export function testPauses({ name, createStore }: EngineUnderTest): void {
  t.test(`${name}: the time of a pause does not count as working time`, async (t) => {
    const { engine, clock } = await (await createStore(t)).connect({ lockTtlMs: LOCK_TTL_MS })
    const steps: string[] = []
    let endPause = () => {}
    await engine.open({
      ...createWorkerByHand().worker,
      async work({ signal, pause }) {
        await pause!(async () => {
          await new Promise<void>((resolve) => {
            endPause = resolve
            steps.push('pauses')
          })
        })
        steps.push(signal.aborted ? 'ended' : 'goes on')
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            steps.push('ended')
            reject(signal.reason)
          })
        })
      }
    })
    engine.start()
    await engine.runs.accept(newRun(addressOf(1)))
    await until(() => steps.length === 1)
    await clock.advance(7_000)
    endPause()
    await until(() => steps.length === 2)
    // The load of a database is read once a second.
    let workedMs = 0
    await until(async () => {
      workedMs += 5
      await clock.advance(5)
      return engine.queue.load().oldestSeconds < 6
    })
    await clock.advance(5_500 - workedMs)
    t.same(steps, ['pauses', 'goes on'])
    await clock.advance(1_000)
    await until(() => steps.length === 3)
    await until(async () => (await engine.runs.last('simple', addressOf(1)))?.done === true)
    const run = await engine.runs.last('simple', addressOf(1))
    t.equal(run?.snapshot().errorCode, 'GENERATION_TIMEOUT')
    await engine.close()
  })
}
