import t from 'tap'
import type { PaidCall } from '../../../lib/engine/engine.ts'
import { providerFailure } from '../../../lib/provider/failures.ts'
import { until } from '../../helper.ts'
import { addressOf, createWorkerByHand, newRun } from './engine-suite.ts'
import type { EngineUnderTest, TestEngine } from './engine-suite.ts'

/** What every engine must say of the cost of a run. */
export function testCosts({ name, createStore }: EngineUnderTest): void {
  t.test(`${name}: the cost of a run is what its calls have cost in all processes`, async (t) => {
    const store = await createStore(t)
    const address = addressOf(1)
    const first = await begin(store)
    const { runId } = (await first.engine.runs.accept(newRun(address))).run
    await until(() => first.working.length === 1)
    const callOf = (step: PaidCall['step'], usd: number): PaidCall => ({
      runId,
      step,
      expected: { usd, images: 1 },
      repeatsLost: 1
    })
    const enhancing = await first.engine.ledger.reserve(callOf('enhance', 0.02))
    enhancing.settle({ usd: 0.01, images: 0 })
    const refused = await first.engine.ledger.reserve(callOf('draw', 0.2))
    refused.settle({ usd: 0, images: 0 })
    const cut = await first.engine.ledger.reserve(callOf('draw', 0.2))
    cut.lose()
    await leave(first)

    const second = await begin(store)
    await until(() => second.working.length === 1)
    const drawing = await second.engine.ledger.reserve(callOf('draw', 0.2))
    second.working[0]!.run.progress.addCost(0.15)
    drawing.settle({ usd: 0.15, images: 1 })
    await second.engine.ledger.reserve({ ...callOf('draw', 5), runId: 'another' })
    second.working[0]!.finish()
    await until(async () => (await second.engine.runs.last('simple', address))?.done === true)
    const costUsd = (await second.engine.runs.last('simple', address))!.costUsd
    t.equal(Number(costUsd.toFixed(6)), 0.36)
    await leave(second)
  })
  t.test(
    `${name}: what a failed run has cost, and whether it may be charged, is known after a restart`,
    async (t) => {
      const store = await createStore(t)
      const failures = [providerFailure('no_money'), providerFailure('timeout')]
      const viewsIn = async ({ runs }: TestEngine['engine']) =>
        await Promise.all(
          failures.map(async (_failure, index) => {
            const { done, mayBeBilled, costUsd } = (await runs.last('simple', addressOf(index)))!
            return { done, mayBeBilled, costUsd }
          })
        )
      const expected = [
        { done: true, mayBeBilled: false, costUsd: 0.25 },
        { done: true, mayBeBilled: true, costUsd: 0 }
      ]

      const first = await begin(store)
      for (const index of failures.keys()) await first.engine.runs.accept(newRun(addressOf(index)))
      await until(() => first.working.length === failures.length)
      for (const { run, fail } of first.working) {
        const index = run.record.address === addressOf(0) ? 0 : 1
        run.progress.addCost(expected[index]!.costUsd)
        fail(failures[index])
      }
      await until(async () => (await viewsIn(first.engine)).every(({ done }) => done))
      t.same(await viewsIn(first.engine), expected)
      await leave(first)

      const second = await begin(store)
      t.same(await viewsIn(second.engine), expected)
      await leave(second)
    }
  )
}

async function begin(store: Awaited<ReturnType<EngineUnderTest['createStore']>>) {
  const connected = await store.connect()
  const { worker, working } = createWorkerByHand()
  await connected.engine.open(worker)
  connected.engine.start()
  return { ...connected, working }
}

async function leave({ engine, clock }: TestEngine): Promise<void> {
  const stopped = engine.stop(0)
  await clock.advance(0)
  await stopped
  await engine.close()
}
