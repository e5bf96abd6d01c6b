import t from 'tap'
import type { Test } from 'tap'
import { withinClaim } from '../../../../lib/engine/postgres/claims.ts'
import { createDatabase } from '../../../../lib/engine/postgres/database.ts'
import { createPostgresLedger } from '../../../../lib/engine/postgres/ledger.ts'
import type { PostgresLedgerOptions } from '../../../../lib/engine/postgres/ledger.ts'
import type { LostCalls, PaidCall } from '../../../../lib/engine/engine.ts'
import { createClock } from '../../../clock.ts'
import { until } from '../../../helper.ts'
import { createTestDatabase, noPostgres } from '../../../peers/postgres.ts'
import { createLink } from './link.ts'

const CALL: PaidCall = { runId: 'a', step: 'draw', expected: { usd: 0.2, images: 1 }, repeatsLost: 1 }
const SUMS = `
  select budget.usd, budget.images, coalesce(sum(expense.usd), 0) as calls_usd,
    coalesce(sum(expense.images), 0) as calls_images
  from budget left join expense using (day) group by day`

interface Sums {
  usd: number
  images: number
  calls_usd: number
  calls_images: number
}

t.test('the money of several processes', { skip: noPostgres }, async (root) => {
  const shared = await createTestDatabase()
  const emptied = async () => {
    const database = createDatabase({ url: shared })
    await database.query('truncate budget, expense')
    await database.close()
    return shared
  }

  /** A process of its own on a database. */
  async function connect(t: Test, url: string, options: Partial<PostgresLedgerOptions> = {}) {
    const database = createDatabase({ url })
    const failures: unknown[] = []
    const clock = createClock()
    const onError = (error: unknown) => failures.push(error)
    const ledger = createPostgresLedger({ database, limits: {}, onError, clock, ...options })
    await ledger.open()
    t.teardown(async () => {
      await ledger.stop()
      await database.close()
    })
    const sums = async () => await database.query<Sums>(SUMS)
    return { database, ledger, clock, failures, sums }
  }

  root.test('money is reserved before a call and settled after it, for all processes', async (t) => {
    const url = await emptied()
    const [a, b] = [
      await connect(t, url, { limits: { usd: 1 } }),
      await connect(t, url, { limits: { usd: 1 } })
    ]
    const reservation = await a.ledger.reserve({ ...CALL, expected: { usd: 0.4, images: 1 } })
    await b.ledger.reserve({ ...CALL, runId: 'b', expected: { usd: 0.4, images: 1 } })
    t.same(b.ledger.spent(), { usd: 0.8, images: 2 })
    const third = { ...CALL, runId: 'c', expected: { usd: 0.4, images: 1 } }
    await t.rejects(a.ledger.reserve(third), { code: 'BUDGET_EXHAUSTED', details: /1 USD a day/ })
    t.match(a.ledger.refusal(third.expected), { code: 'BUDGET_EXHAUSTED', retryAfter: Number })
    reservation.settle({ usd: 0.15, images: 1 })
    reservation.settle({ usd: 9, images: 9 })
    await until(async () => a.ledger.spent().usd === 0.55)
    t.match(b.ledger.refusal({ usd: 0.45, images: 1 }), { code: 'BUDGET_EXHAUSTED' })
    await b.clock.advance(1_000)
    await until(() => b.ledger.spent().usd === 0.55)
    t.equal(b.ledger.refusal({ usd: 0.45, images: 1 }), undefined)
    await b.ledger.reserve({ ...third, expected: { usd: 0.45, images: 1 } })
    t.same(await b.sums(), [{ usd: 1_000_000, images: 3, calls_usd: 1_000_000, calls_images: 3 }])
    const free = await connect(t, url, { limits: { images: 3 } })
    await t.rejects(free.ledger.reserve({ ...CALL, runId: 'd' }), {
      code: 'BUDGET_EXHAUSTED',
      details: /3 pictures a day/
    })
    await free.ledger.reserve({ ...CALL, runId: 'd', step: 'enhance', expected: { usd: 0.01, images: 0 } })
  })

  root.test('a refusal says whether only calls at work are in the way, of all processes', async (t) => {
    const url = await emptied()
    const [a, b] = [
      await connect(t, url, { limits: { usd: 1, images: 2 } }),
      await connect(t, url, { limits: { usd: 1, images: 2 } })
    ]
    const another = { ...CALL, runId: 'b', expected: { usd: 0.4, images: 1 } }
    const reservation = await a.ledger.reserve({ ...CALL, expected: { usd: 0.9, images: 1 } })
    const refused = await b.ledger.reserve(another).catch((error: unknown) => error)
    t.match(refused, { code: 'BUDGET_EXHAUSTED', isHeld: true, details: /drawn now/ })
    t.match(b.ledger.refusal(another.expected), { isHeld: true })
    t.equal(b.ledger.refusal({ usd: 1.4, images: 1 })?.isHeld, undefined)
    reservation.lose()
    await until(async () => {
      await b.clock.advance(1_000)
      return b.ledger.refusal(another.expected)?.isHeld !== true
    })
    t.match(b.ledger.refusal(another.expected), { details: /midnight/ }, 'a lost answer stays spent')
  })

  root.test('what was reserved yesterday does not make room today', async (t) => {
    let now = 0
    // Nothing is read anew.
    const clock = { now: () => now, startTimer: () => () => {} }
    const { ledger } = await connect(t, await emptied(), { limits: { usd: 1 }, clock })
    await ledger.reserve({ ...CALL, expected: { usd: 0.9, images: 1 } })
    t.match(ledger.refusal({ usd: 0.8, images: 1 }), { isHeld: true })
    now += 86_400_000
    t.equal(ledger.refusal({ usd: 0.8, images: 1 }), undefined)
    t.match(ledger.refusal({ usd: 1.4, images: 1 }), { isHeld: undefined, details: /midnight/ })
  })

  root.test('what a process has just reserved or settled counts at once', async (t) => {
    const { ledger } = await connect(t, await emptied(), { limits: { usd: 1 } })
    const first = await ledger.reserve({ ...CALL, expected: { usd: 0.5, images: 1 } })
    await ledger.reserve({ ...CALL, runId: 'b', expected: { usd: 0.4, images: 1 } })
    t.match(ledger.refusal({ usd: 0.9, images: 1 }), { isHeld: true }, 'both are at work')
    first.settle({ usd: 0.5, images: 1 })
    await until(() => ledger.refusal({ usd: 0.6, images: 1 })?.isHeld === undefined)
    t.match(ledger.refusal({ usd: 0.3, images: 1 }), { isHeld: true }, 'the other one still is')
  })

  root.test('a new day begins at 0, and the day never goes back', async (t) => {
    const url = await emptied()
    const { ledger, database, clock } = await connect(t, url, { limits: { usd: 1 } })
    const setDay = async (days: number) =>
      await database.query(
        `with moved as (update expense set day = current_date + $1::integer)
         update budget set day = current_date + $1::integer`,
        [days]
      )
    const reservation = await ledger.reserve({ ...CALL, expected: { usd: 0.9, images: 1 } })
    await setDay(1)
    await t.rejects(ledger.reserve({ ...CALL, runId: 'b' }), { code: 'BUDGET_EXHAUSTED' })
    // A clock that was days ahead and has come back must not give the money out once more.
    await setDay(5)
    await t.rejects(ledger.reserve({ ...CALL, runId: 'b' }), { code: 'BUDGET_EXHAUSTED' })
    t.same(await database.query(`select day = current_date as is_today, usd from budget`), [
      { is_today: true, usd: 900_000 }
    ])
    await setDay(-1)
    await ledger.reserve({ ...CALL, runId: 'b' })
    t.same(ledger.spent(), { usd: 0.2, images: 1 })
    reservation.settle({ usd: 0, images: 0 })
    await ledger.reserve({ ...CALL, runId: 'c' })
    t.same(ledger.spent(), { usd: 0.4, images: 2 }, 'a call of yesterday does not change today')
    await clock.advance(86_400_000)
    await until(async () => ledger.spent().usd === 0.4)
  })

  root.test('a lost answer stays spent, and a step repeats it as often as it may', async (t) => {
    const url = await emptied()
    const first = await connect(t, url)
    const failed = await first.ledger.reserve(CALL)
    failed.settle({ usd: 0, images: 0 })
    const lost = await first.ledger.reserve(CALL)
    lost.lose()
    await first.ledger.reserve(CALL)
    t.same(
      first.ledger.spent(),
      { usd: 0.4, images: 2 },
      'a call that cannot be charged does not count as lost'
    )

    const reported: LostCalls[] = []
    const second = await connect(t, url, { onLost: (lost) => reported.push(lost) })
    await t.rejects(second.ledger.reserve(CALL), { code: 'ANSWER_LOST', details: /2 calls/ })
    t.same(reported, [{ runId: 'a', step: 'draw', calls: 1, usd: 0.2 }], 'the first process knew of one loss')
    t.equal(await second.ledger.costOf('a'), 0.4)
    const states = async () =>
      (await second.database.query<{ state: string }>('select state from expense order by attempt')).map(
        ({ state }) => state
      )
    t.same(await states(), ['settled', 'lost', 'lost'])
    second.ledger.settleKept('a', 'draw', { usd: 0.15, images: 1 })
    second.ledger.settleKept('a', 'draw', { usd: 0.15, images: 1 })
    second.ledger.settleKept('b', 'draw', { usd: 9, images: 1 })
    await until(() => second.ledger.spent().usd === 0.35)
    await second.ledger.reserve({ ...CALL, repeatsLost: 1 })
    t.same(await states(), ['settled', 'lost', 'settled', 'reserved'])
    second.ledger.close('a')
    await second.ledger.reserve({ ...CALL, repeatsLost: 0 })
    t.same(second.ledger.spent(), { usd: 0.75, images: 4 }, 'a new run of the same picture may call again')
    const [sums] = await second.sums()
    t.equal(sums!.usd, sums!.calls_usd)
  })

  root.test('a worker that has lost its run reserves nothing and closes nothing', async (t) => {
    const url = await emptied()
    const { ledger, database } = await connect(t, url)
    await database.query(
      `insert into run (run_id, series, address, state, fence, accepted_ns, provider, record, progress)
       values ('a', 'simple', '0x', 'working', 2, 0, 'openai', '{}', '{}')`
    )
    const claim = (fence: number) => ({ runId: 'a', fence })
    await t.rejects(
      withinClaim(claim(1), async () => await ledger.reserve(CALL)),
      { code: 'SERVICE_UNAVAILABLE' }
    )
    await withinClaim(claim(2), async () => await ledger.reserve(CALL))
    await withinClaim(claim(1), async () => ledger.close('a'))
    await t.rejects(
      withinClaim(claim(2), async () => await ledger.reserve({ ...CALL, repeatsLost: 0 })),
      { code: 'ANSWER_LOST' }
    )
    t.same(ledger.spent(), { usd: 0.2, images: 1 })
    await withinClaim(claim(2), async () => ledger.close('a'))
    await withinClaim(claim(2), async () => await ledger.reserve({ ...CALL, repeatsLost: 0 }))
  })

  root.test('many processes whose connections are cut stay within the limit at each moment', async (t) => {
    const url = await emptied()
    const processes = await Promise.all(
      [1, 2, 3].map(async () => await connect(t, url, { limits: { usd: 5 } }))
    )
    const watcher = await connect(t, url)
    const samples: Sums[] = []
    const over = new AbortController()
    const sampling = (async () => {
      while (!over.signal.aborted) samples.push(...(await watcher.sums().catch(() => [])))
    })()
    const cut = async () => {
      await watcher.database
        .query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid()`
        )
        .catch(() => {})
    }
    let granted = 0
    let refused = 0
    const buy = async (index: number) => {
      const { ledger } = processes[index % 3]!
      for (;;) {
        if ((granted + refused) % 6 === 5) await cut()
        try {
          const reservation = await ledger.reserve({ ...CALL, runId: `run ${index}`, repeatsLost: 9 })
          granted += 1
          reservation.settle({ usd: 0.15, images: 1 })
          return
        } catch (error) {
          const { code } = error as { code: string }
          if (code === 'SERVICE_UNAVAILABLE') continue
          if (code !== 'BUDGET_EXHAUSTED') throw error
          refused += 1
          return
        }
      }
    }
    await Promise.all(Array.from({ length: 60 }, async (_, index) => await buy(index)))
    over.abort()
    await sampling
    for (const { ledger, clock } of processes) {
      ledger.close('all')
      await until(async () => {
        await clock.advance(1_000)
        const [open] = await watcher.database.query<{ count: number }>(
          `select count(*) from expense where state = 'reserved'`
        )
        return open!.count === 0
      })
    }
    samples.push(...(await watcher.sums()))
    t.ok(samples.length > 5)
    t.same(
      samples.filter(({ usd, calls_usd: calls }) => usd !== calls || usd > 5_000_000),
      []
    )
    t.equal(samples.at(-1)!.usd, granted * 150_000, 'each granted call costs its real price')
    t.equal(granted + refused, 60)
    t.ok(granted >= 25 && refused > 0)
  })

  root.test(
    'while the database is away nothing is reserved, and what ends is settled afterwards',
    async (t) => {
      const link = await createLink(t, await emptied())
      const { ledger, clock, failures, sums } = await connect(t, link.url, { limits: { usd: 1 } })
      const reservation = await ledger.reserve(CALL)
      await link.cut()
      reservation.settle({ usd: 0.1, images: 1 })
      await t.rejects(ledger.reserve({ ...CALL, runId: 'b' }), { code: 'SERVICE_UNAVAILABLE' })
      t.same(ledger.spent(), { usd: 0.2, images: 1 })
      await link.mend()
      await until(async () => {
        await clock.advance(1_000)
        return ledger.spent().usd === 0.1
      })
      t.ok(failures.length > 0)
      t.match(await sums(), [{ usd: 100_000, calls_usd: 100_000 }])
    }
  )
})
