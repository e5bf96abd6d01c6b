import t from 'tap'
import { until } from '../../helper.ts'
import { addressOf, createWorkerByHand, newRun } from './engine-suite.ts'
import type { EngineUnderTest } from './engine-suite.ts'

/** The whole test is shorter than a lease of 15 seconds, so that a claim needs no renewal. */
const LOCK_TTL_MS = 6_000

/** What every engine must do with the time of its runs. */
export function testRunTime({ name, createStore }: EngineUnderTest): void {
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
  t.test(
    `${name}: a process that stops gives runs back before they pay for what there is no time for`,
    async (t) => {
      const store = await createStore(t)
      const first = await store.connect()
      const { worker, working } = createWorkerByHand()
      await first.engine.open(worker)
      first.engine.start()
      await first.engine.runs.accept(newRun(addressOf(1)))
      await until(() => working.length === 1)
      working[0]!.run.progress.begin('image_wait')
      await first.clock.advance(2_000)
      working[0]!.finish()
      await until(async () => (await first.engine.runs.last('simple', addressOf(1)))?.done === true)
      // A database keeps the averages, and they are read now and then.
      await until(async () => {
        await first.clock.advance(500)
        return first.engine.averages.of('image_wait') > 0
      })
      for (const index of [2, 3]) await first.engine.runs.accept(newRun(addressOf(index)))
      await until(() => working.length === 3)
      const [early, late] = [working[1]!.run, working[2]!.run]
      early.checkTimeFor!('annotate')
      t.notOk(early.signal.aborted, 'before a stop there is time')

      const stopped = first.engine.stop(8_000)
      early.checkTimeFor!('image_wait')
      t.notOk(early.signal.aborted, '3 of 8 seconds are enough')
      late.checkTimeFor!('annotate')
      t.ok(late.signal.aborted, 'it is not known how long this takes')
      await first.clock.advance(5_500)
      early.checkTimeFor!('image_wait')
      t.ok(early.signal.aborted, '2.5 seconds are too few')
      await stopped
      await first.engine.close()

      const second = await store.connect()
      const next = createWorkerByHand()
      await second.engine.open(next.worker)
      second.engine.start()
      await until(() => next.working.length === 2)
      t.same(
        next.working.map(({ run }) => run.record.runId).sort(),
        [early.record.runId, late.record.runId].sort(),
        'they go on at the next start'
      )
      for (const { finish } of next.working) finish()
      await second.engine.close()
    }
  )
}
