import { Registry } from 'prom-client'
import t from 'tap'
import { createDatabase } from '../../../../lib/engine/postgres/database.ts'
import { migrate } from '../../../../lib/engine/postgres/migrate.ts'
import { asAwayHealth, readHealth } from '../../../../lib/engine/postgres/reconcile.ts'
import { createStateReader } from '../../../../lib/engine/postgres/state.ts'
import { createInstruments } from '../../../../lib/metrics/instruments.ts'
import { createEngineMetrics } from '../../../../lib/metrics/engine.ts'
import { noPostgres, startPostgres } from '../../../peers/postgres.ts'

/** No machine of the tests is as slow as this. */
const SLACK_SECONDS = 3_600
const CLOCK_SECONDS = 10 * SLACK_SECONDS

t.test('the state of the engine, as metrics show it', { skip: noPostgres }, async (t) => {
  const server = await startPostgres(t)
  const url = await server.createDatabase()
  await migrate(url)
  const database = createDatabase({ url, connections: 2 })
  t.teardown(() => database.close())
  let aheadSeconds = 0
  const read = createStateReader({ database, now: () => Date.now() - aheadSeconds * 1000 })
  const registry = new Registry()
  createEngineMetrics(createInstruments(registry)).watch(read)
  const scrape = async () => {
    const lines = (await registry.metrics()).split('\n').filter((line) => /^\w/.test(line))
    return Object.fromEntries(
      lines.map((line) => line.split(' ')).map(([name, value]) => [name!, Number(value)])
    )
  }
  const difference = 'dalleserver_engine_clock_difference_seconds'

  const first = await scrape()
  t.match(first, {
    dalleserver_engine_up: 1,
    dalleserver_engine_stalled_runs: 0,
    dalleserver_engine_workers: 0,
    'dalleserver_engine_connections{state="waiting"}': 0
  })
  t.ok(Math.abs(first[difference]!) < SLACK_SECONDS)

  aheadSeconds = CLOCK_SECONDS
  t.ok((await scrape())[difference]! > CLOCK_SECONDS - SLACK_SECONDS, 'the database is ahead')
  aheadSeconds = -CLOCK_SECONDS
  t.ok((await scrape())[difference]! < SLACK_SECONDS - CLOCK_SECONDS, 'the database is behind')

  await database.query(`
    insert into run (run_id, series, address, state, lease_until_ns, accepted_ns, provider, record, progress)
    select state || lease, state, lease, state, now_ns() + lease * 1000000000::bigint, 0, 'local', '{}', '{}'
    from unnest(array['waiting', 'working', 'completed', 'failed']) state, unnest(array[-60, ${SLACK_SECONDS}]) lease
  `)
  t.equal((await scrape()).dalleserver_engine_stalled_runs, 1, 'a working run whose lease has ended')

  const health = async () => await readHealth(database, true, 0).catch(asAwayHealth)
  t.match(await health(), {
    status: 'degraded',
    message: 'No worker lives, and 4 runs wait for one',
    details: { workers: 0 }
  })
  await database.query(`
    insert into process (process_id, role, slots, database_hash, artist, seen_ns)
    select role || ago, role, 1, '', 'local', now_ns() - ago * 1000000000::bigint
    from unnest(array['all', 'worker', 'http']) role, unnest(array[-${SLACK_SECONDS}, 60]) ago
  `)
  t.equal((await scrape()).dalleserver_engine_workers, 2, 'live processes that work runs')

  const held = await database.pool.connect()
  t.match(await read(), { isUp: true, connections: { used: 1, waiting: 0 } })
  held.release()

  t.match(await health(), { message: '1 run waits for another worker', details: { workers: 2 } })

  await server.stop('immediate')
  t.match(await health(), { status: 'unhealthy', message: 'The database does not answer' })
  t.match(
    await scrape(),
    { dalleserver_engine_up: 0, dalleserver_engine_stalled_runs: 1, dalleserver_engine_workers: 2 },
    'the last that is known'
  )
  await server.start()
  t.equal((await read()).isUp, true)
})
