import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { createPostgresAverages } from '../../../../lib/engine/postgres/averages.ts'
import { createDatabase } from '../../../../lib/engine/postgres/database.ts'
import { importAverages, importSpending } from '../../../../lib/engine/postgres/import-money.ts'
import type { WorkPhase } from '../../../../lib/progress/phases.ts'
import type { RunProgress } from '../../../../lib/progress/run.ts'
import { createFiles } from '../../../../lib/storage/files.ts'
import { createClock } from '../../../clock.ts'
import { temporaryFolder, until } from '../../../helper.ts'
import { createTestDatabase, noPostgres } from '../../../peers/postgres.ts'

/** A run that has ended. */
function endedRun(durations: Partial<Record<WorkPhase, number>>, changes: object = {}): RunProgress {
  return {
    ...{ hasBegun: true, failed: false, isStandIn: false, endedNs: 1.7e18, series: 'simple', address: '0x' },
    durationsNs: () => durations,
    snapshot: () => ({ done: true }),
    ...changes
  } as unknown as RunProgress
}

t.test('averages and what a data folder brings along', { skip: noPostgres }, async (root) => {
  const url = await createTestDatabase()
  const folder = await temporaryFolder(root)

  async function connect(t: Test) {
    const database = createDatabase({ url })
    const clock = createClock()
    const averages = createPostgresAverages({
      database,
      files: createFiles({ root: folder }),
      archiveRuns: true,
      onError: (error) => t.threw(error),
      clock
    })
    await averages.open()
    t.teardown(async () => {
      await averages.stop()
      await database.close()
    })
    return { database, averages, clock }
  }

  root.test('processes share the averages, and write the files one at a time', async (t) => {
    const [a, b] = [await connect(t), await connect(t)]
    a.averages.addRun(endedRun({ setup: 1_000, annotate: 500 }))
    await until(async () => {
      await b.clock.advance(1_000)
      return b.averages.of('setup') === 1_000
    })
    b.averages.addRun(endedRun({ setup: 2_000 }))
    b.averages.addRun(endedRun({ setup: 9_000 }, { failed: true }))
    b.averages.addRun(endedRun({}, { hasBegun: false }))
    for (let hit = 0; hit < 3; hit += 1) a.averages.addCacheHit()
    const stats = {
      version: 'v1',
      phaseAverages: { setup: { count: 2, avgNs: 1_200 }, annotate: { count: 1, avgNs: 500 } },
      generationRuns: 2,
      cacheHits: 3
    }
    const read = async (file: string) =>
      await readFile(join(folder, 'metrics', file), 'utf8').catch(() => '{}')
    await until(async () => {
      await Promise.all([a.clock.advance(1_000), b.clock.advance(1_000)])
      const history = (await read('progress_phase_history.jsonl')).trim().split('\n')
      return (
        JSON.parse(await read('progress_phase_stats.json')).cacheHits === 3 &&
        history.length === 3 &&
        b.averages.of('setup') === 1_200
      )
    })
    t.same(JSON.parse(await read('progress_phase_stats.json')), stats)
    t.same(b.averages.all(), { setup: 1_200, annotate: 500 })
    const lines = (await read('progress_phase_history.jsonl')).trim().split('\n')
    t.same(
      lines.map((line) => JSON.parse(line).runs),
      [1, 2, 2],
      'one line for each run'
    )
    t.match(JSON.parse(await read('runs/simple_0x_1700000000.json')), { done: true })
  })

  root.test('a data folder brings its averages and what today has cost, once', async (t) => {
    const { database } = await connect(t)
    const [{ day }] = (await database.query<{ day: string }>('select spending_day()::text as day')) as [
      { day: string }
    ]
    const spending = (changes: object) =>
      JSON.stringify({ version: 'v1', day, usd: 0.5, images: 2, ...changes })
    const sums = async () =>
      (
        await database.query(
          `select budget.usd, budget.images, sum(expense.usd) as calls from budget join expense using (day)
           group by day`
        )
      )[0]
    t.equal(await importSpending(database, spending({ day: '2020-01-01' })), false, 'another day')
    t.equal(await importSpending(database, spending({})), true)
    t.equal(await importSpending(database, spending({})), false)
    t.equal(await importSpending(database, spending({ usd: 0.4, images: 3 })), true)
    t.same(await sums(), { usd: 500_000, images: 3, calls: 500_000 })
    await t.rejects(importSpending(database, '{"usd": "much"}'), { code: 'FILE_SYSTEM_ERROR' })

    const file = JSON.stringify({
      version: 'v1',
      phaseAverages: { setup: { count: 4, avgNs: 7_000 }, nonsense: { count: 1, avgNs: 1 } },
      generationRuns: 4,
      cacheHits: 5
    })
    t.equal(await importAverages(database, file), false, 'the database has averages')
    await database.query('delete from average')
    await database.query('update average_total set runs = 0, cache_hits = 0')
    t.equal(await importAverages(database, 'no JSON'), false)
    t.equal(await importAverages(database, file), true)
    t.equal(await importAverages(database, file), false)
    t.same(await database.query('select phase, count, avg_ns from average'), [
      { phase: 'setup', count: 4, avg_ns: 7_000 }
    ])
  })
})
