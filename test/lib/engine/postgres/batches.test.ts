import t from 'tap'
import type { Test } from 'tap'
import type { Engine } from '../../../../lib/engine/engine.ts'
import { createPostgresBatches } from '../../../../lib/engine/postgres/batches.ts'
import { createDatabase } from '../../../../lib/engine/postgres/database.ts'
import { createNotices } from '../../../../lib/engine/postgres/notices.ts'
import { errors } from '../../../../lib/errors.ts'
import { createClock } from '../../../clock.ts'
import { until } from '../../../helper.ts'
import { createTestDatabase, noPostgres } from '../../../peers/postgres.ts'
import { newBatch, testBatches } from '../batches-suite.ts'

if (noPostgres === false) {
  let shared: Promise<string> | undefined
  /** A database without batches. */
  const emptied = async () => {
    shared ??= createTestDatabase()
    const url = await shared
    const database = createDatabase({ url })
    await database.query('truncate batch, batch_end')
    await database.close()
    return url
  }

  /** A process of its own on a database. */
  const connect = async (t: Test, url: string) => {
    const database = createDatabase({ url, connections: 3 })
    const notices = createNotices({ url })
    await notices.start()
    const clock = createClock()
    const onError = (error: unknown) => t.threw(error)
    const batches = createPostgresBatches({ database, notices, onError, clock })
    let isClosed = false
    const close = async () => {
      if (isClosed) return
      isClosed = true
      await batches.stop()
      await notices.stop()
      await database.close()
    }
    t.teardown(close)
    /** Lets time pass for this process and for the database. */
    const advance = async (ms: number) => {
      await database.query(
        'update batch set ended_ns = ended_ns - $1::bigint, lease_until_ns = lease_until_ns - $1::bigint',
        [ms * 1e6]
      )
      await clock.advance(ms)
    }
    return { database, batches, advance, clock, close }
  }

  testBatches({
    name: 'postgres',
    async createStore(t) {
      const url = await emptied()
      return {
        async connect() {
          const { batches, advance, close } = await connect(t, url)
          const engine = { batches, open: async () => {}, close } as unknown as Engine
          return { engine, clock: { advance } }
        },
        writePicture: async () => {
          throw new Error('batches have no pictures')
        }
      }
    }
  })

  t.test('one process at a time feeds a batch, and another takes it over when that one dies', async (t) => {
    const url = await emptied()
    const [a, b] = [await connect(t, url), await connect(t, url)]
    const { record } = await a.batches.add(newBatch(4))
    const { batchId } = record
    t.equal(await b.batches.claim(), undefined, 'the process that has accepted it comes first')
    const claim = (await a.batches.claim(batchId))!
    t.equal(await a.batches.claim(), undefined)
    claim.publish({ running: 2, isCancelled: false, pause: { code: 'X', message: 'y', retryMs: 60_000 } })
    await a.clock.advance(500)
    await until(async () => (await b.batches.find(batchId))?.activity?.running === 2)
    t.match((await b.batches.find(batchId))!.activity, {
      pause: { code: 'X', message: 'y', retryMs: Number }
    })
    await a.batches.note(batchId, { index: 1, outcome: 'completed', usd: 0.5 })
    await a.advance(5_000)
    await until(async () => {
      const [lease] = await a.database.query<{ left: number }>(
        'select lease_until_ns - now_ns() as left from batch'
      )
      return lease!.left > 11e9
    })

    await b.advance(16_000)
    const taken = (await b.batches.claim())!
    t.match(taken.batch, { record: { batchId }, tally: { completed: 1 }, usd: 0.5 })
    t.equal(taken.batch.hasEnded(1), true)
    await a.clock.advance(5_000)
    await until(() => claim.signal.aborted)
    t.equal(claim.batch.end, undefined, 'the batch goes on, in the other process')
    await b.batches.note(batchId, { index: 2, outcome: 'failed', usd: 0, code: 'X', error: 'a\0b' })
    await a.batches.note(batchId, { index: 2, outcome: 'completed', usd: 0 })
    t.match(await a.batches.find(batchId), { tally: { completed: 1, failed: 1 } })

    const seen: Array<string | undefined> = []
    b.batches.subscribe((id) => seen.push(id))
    await a.batches.end(batchId, { state: 'cancelled' })
    await until(() => taken.signal.aborted)
    t.match(taken.batch.end, { state: 'cancelled' })
    t.same([...new Set(seen)], [batchId])
  })

  t.test('a process that stops leaves its batches to the others at once', async (t) => {
    const url = await emptied()
    const [a, b] = [await connect(t, url), await connect(t, url)]
    await a.batches.add(newBatch(2))
    t.ok(await a.batches.claim((await a.batches.list())[0]!.record.batchId))
    await a.close()
    t.ok(await b.batches.claim())
  })

  t.test('batches are counted one after the other, whichever process accepts them', async (t) => {
    const url = await emptied()
    const all = await Promise.all([1, 2, 3].map(async () => await connect(t, url)))
    const add = async (index: number) =>
      await all[index % 3]!.batches.add(newBatch(3), async (living) => {
        if (living.reduce((sum, { left }) => sum + left, 0) >= 6) throw errors.tooManyBatches(3)
      })
    const added = await Promise.allSettled(Array.from({ length: 12 }, async (_, index) => await add(index)))
    t.equal(added.filter(({ status }) => status === 'fulfilled').length, 3)
    t.same(
      (await all[0]!.batches.living()).map(({ left }) => left),
      [2, 2, 2]
    )
  })
} else {
  t.test('the batches of several processes', { skip: noPostgres }, async () => {})
}
