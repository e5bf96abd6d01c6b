import t from 'tap'
import type { Test } from 'tap'
import { createDatabase } from '../../../../lib/engine/postgres/database.ts'
import { announce, createNotices } from '../../../../lib/engine/postgres/notices.ts'
import { until } from '../../../helper.ts'
import { noPostgres, startPostgres } from '../../../peers/postgres.ts'

t.test('notices between processes', { skip: noPostgres }, async (t) => {
  const server = await startPostgres(t)

  async function connect(t: Test) {
    const url = await server.createDatabase()
    const database = createDatabase({ url })
    const notices = createNotices({ url })
    const seen: string[] = []
    let gaps = 0
    notices.subscribe('dalle_run', (id) => seen.push(id))
    notices.onGap(() => {
      gaps += 1
    })
    await notices.start()
    t.teardown(async () => {
      await notices.stop()
      await database.close()
    })
    return { database, notices, seen, gaps: () => gaps }
  }

  t.test('a notice arrives with the commit, and only then', async (t) => {
    const { database, seen, gaps } = await connect(t)
    await announce(database, 'dalle_run', 'a')
    await until(() => seen.includes('a'))
    await t.rejects(
      database.transaction(async () => {
        await announce(database, 'dalle_run', 'never')
        throw new Error('rolled back')
      })
    )
    await database.transaction(async () => await announce(database, 'dalle_run', 'b'))
    await announce(database, 'dalle_picture', 'of another channel')
    await announce(database, 'dalle_run', 'c')
    await until(() => seen.includes('c'))
    t.same(seen, ['a', 'b', 'c'])
    t.equal(gaps(), 0)
  })

  t.test('after each cut there is one connection, and the listener learns of the gap', async (t) => {
    const { database, seen, gaps } = await connect(t)
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity
      where query ilike 'listen%' and datname = current_database()`
    for (let cuts = 1; cuts <= 3; cuts += 1) {
      await database.query(cut)
      await until(() => gaps() === cuts)
      await announce(database, 'dalle_run', `after ${cuts}`)
      await until(() => seen.includes(`after ${cuts}`))
    }
    const [listening] = await database.query<{ count: number }>(
      `select count(*) from pg_stat_activity where query ilike 'listen%' and datname = current_database()`
    )
    t.equal(listening!.count, 1)
    t.equal(seen.length, 3, 'each notice comes once')
  })

  t.test('a server that stays away for a while is found again', async (t) => {
    const { database, notices, seen, gaps } = await connect(t)
    await server.stop('immediate')
    await until(() => !notices.isConnected)
    await server.start()
    await until(() => gaps() === 1 && notices.isConnected)
    await announce(database, 'dalle_run', 'again')
    await until(() => seen.includes('again'))
    t.same(seen, ['again'])
  })
})

t.test('a time without a connection is reported once, however many attempts fail', async (t) => {
  const errors: unknown[] = []
  let attempts = 0
  const startTimer = (_ms: number, attempt: () => void) => {
    attempts += 1
    if (attempts < 4) attempt()
    return () => {}
  }
  const notices = createNotices({
    url: 'postgres://127.0.0.1:1/closed',
    clock: { startTimer },
    onError: (error) => errors.push(error)
  })
  await notices.start()
  await until(() => attempts === 4)
  t.equal(errors.length, 1)
  await notices.stop()
})
