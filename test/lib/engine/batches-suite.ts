import t from 'tap'
import type { NewBatch } from '../../../lib/engine/batches.ts'
import { addressOf, createWorkerByHand } from './engine-suite.ts'
import type { EngineUnderTest } from './engine-suite.ts'

const DAY_MS = 86_400_000

/** A batch of the series `simple`. The first of its addresses has a picture. */
export function newBatch(count: number, changes: Partial<NewBatch> = {}): NewBatch {
  return {
    series: 'simple',
    definition: { suffix: 'simple' },
    databaseHash: 'sha256:0',
    provider: 'openai',
    client: 'a client',
    isLoopback: false,
    addresses: Array.from({ length: count }, (_, index) => addressOf(index)),
    duplicates: 0,
    existing: [0],
    estimatedUsd: null,
    ...changes
  }
}

/** What every engine must do with batches. */
export function testBatches({ name, createStore }: EngineUnderTest): void {
  t.test(`${name}: batches and the ends of their addresses survive a restart`, async (t) => {
    const store = await createStore(t)
    const open = async () => {
      const connected = await store.connect()
      await connected.engine.open(createWorkerByHand().worker)
      return { ...connected, batches: connected.engine.batches }
    }
    const first = await open()
    const { record } = await first.batches.add(newBatch(10_000))
    const { batchId } = record
    await first.clock.advance(1)
    await first.batches.add(newBatch(2, { client: 'another', estimatedUsd: 0.5 }))
    await first.batches.note(batchId, { index: 1, outcome: 'completed', usd: 0.25 })
    const failure = { index: 2, outcome: 'failed' as const, usd: 0.5, code: 'CONTENT_REJECTED', error: 'no' }
    await Promise.all([
      first.batches.note(batchId, failure),
      first.batches.note(batchId, { index: 3, outcome: 'degraded', usd: 0 }),
      first.batches.note(batchId, { index: 1, outcome: 'failed', usd: 1 })
    ])
    t.equal(await first.batches.find('0a8f3c1e-5d27-4b6f-9c1a-2f1d0e7b8a90'), undefined)

    const waiting = await store.connect()
    t.match(await waiting.engine.batches.find(batchId), { tally: { completed: 1 } }, 'while it waits')
    t.equal((await waiting.engine.batches.list()).length, 2)

    await first.engine.close()
    const second = await open()
    const batch = (await second.batches.find(batchId))!
    t.same(batch.record, record)
    t.match(batch, {
      tally: { completed: 1, degraded: 1, failed: 1, cancelled: 0 },
      usd: 0.75,
      end: undefined
    })
    t.match(batch.failures, [failure])
    t.same(
      [0, 1, 2, 3, 4].map((index) => batch.hasEnded(index)),
      [true, true, true, true, false]
    )
    t.same(
      (await second.batches.list()).map(({ record: { client } }) => client),
      ['a client', 'another']
    )
    const reason = { code: 'INVALID_SERIES', message: 'it is gone' }
    await second.batches.end(batchId, { state: 'cancelled', reason })
    await second.batches.end(batchId, { state: 'completed' })
    await second.engine.close()

    const third = await open()
    t.match((await third.batches.find(batchId))!.end, { state: 'cancelled', reason })
    await third.clock.advance(DAY_MS + 1)
    await third.batches.end((await third.batches.list()).at(-1)!.record.batchId, { state: 'completed' })
    t.equal(await third.batches.find(batchId), undefined, 'a day after its end it is forgotten')
    t.equal((await third.batches.list()).length, 1)
  })

  t.test(`${name}: the claims of two batches share no signal`, async (t) => {
    const store = await createStore(t)
    const { engine } = await store.connect()
    await engine.open(createWorkerByHand().worker)
    const claims = []
    for (let count = 0; count < 2; count++) {
      const { record } = await engine.batches.add(newBatch(2))
      claims.push((await engine.batches.claim(record.batchId))!)
      await engine.batches.end(record.batchId, { state: 'completed' })
    }
    t.not(
      claims[0]!.signal,
      claims[1]!.signal,
      'the second signal would keep the listeners of the first batch'
    )
    for (const claim of claims) claim.release()
    await engine.close()
  })
}
