import t from 'tap'
import { until } from '../../helper.ts'
import { addressOf, createWorkerByHand, newRun } from './engine-suite.ts'
import type { EngineUnderTest } from './engine-suite.ts'

/** What the time limit of the runs of every engine must do. */
export function testPauses({ name, createStore }: EngineUnderTest): void {
  t.test(`${name}: the time of a pause does not count as working time`, async (t) => {
    const { engine, clock } = await (await createStore(t)).connect()
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
        await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      }
    })
    engine.start()
    await engine.runs.accept(newRun(addressOf(1)))
    await until(() => steps.length === 1)
    // In small steps, and each with an answer of the engine, so that a claim is renewed meanwhile.
    const pass = async (seconds: number) => {
      for (let second = 0; second < seconds; second += 4) {
        await clock.advance(4_000)
        await engine.runs.last('simple', addressOf(1))
      }
    }
    await pass(400)
    endPause()
    await until(() => steps.length === 2)
    let worked = 0
    await until(async () => {
      worked += 1
      await pass(1)
      return engine.queue.load().oldestSeconds <= worked * 4
    })
    await pass(280 - worked * 4)
    t.same(steps, ['pauses', 'goes on'])
    t.equal(engine.queue.load().working, 1, '680 seconds after its begin')
    await until(async () => {
      await clock.advance(1_000)
      return (await engine.runs.last('simple', addressOf(1)))?.done === true
    })
    const run = await engine.runs.last('simple', addressOf(1))
    t.equal(run?.snapshot().errorCode, 'GENERATION_TIMEOUT')
    await engine.close()
  })
}
