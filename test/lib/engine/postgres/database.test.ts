import t from 'tap'
import { createDatabase } from '../../../../lib/engine/postgres/database.ts'
import { checkSchema, migrate } from '../../../../lib/engine/postgres/migrate.ts'
import { noPostgres, startPostgres } from '../../../peers/postgres.ts'

t.test('the database', { skip: noPostgres }, async (t) => {
  const server = await startPostgres(t)

  t.test('several processes migrate at the same time, and each migration is applied once', async (t) => {
    const url = await server.createDatabase()
    await t.rejects(checkSchema(url), { message: /lacks .* migrations: run "dalleserver migrate" first/ })
    const applied = (await Promise.all([migrate(url), migrate(url), migrate(url)])).flat()
    t.ok(applied.length > 0)
    t.equal(new Set(applied).size, applied.length)
    await checkSchema(url)
    const database = createDatabase({ url })
    await database.query(`insert into migration (name) values ('999-of-tomorrow')`)
    await t.rejects(checkSchema(url), { message: /999-of-tomorrow of a newer version/ })
    await t.rejects(migrate(url), { message: /999-of-tomorrow of a newer version/ })
    await database.close()
  })

  t.test('a transaction is kept whole or not at all, however deep its statements are', async (t) => {
    const database = createDatabase({ url: await server.createDatabase() })
    t.teardown(() => database.close())
    await database.query('create table public.numbers (n bigint primary key)')
    const insert = async (n: number) =>
      await database.transaction(async () => {
        await database.query('insert into numbers values ($1)', [n])
      })
    await t.rejects(
      database.transaction(async () => {
        await insert(1)
        t.same(await database.query('select n from numbers'), [{ n: 1 }])
        throw new Error('enough')
      }),
      { message: 'enough' }
    )
    t.same(await database.query('select n from numbers'), [])
    await insert(2)
    t.same(await database.query('select n from numbers'), [{ n: 2 }])
    await t.rejects(insert(2), { code: '23505' })
  })

  t.test('while the server is away, statements are refused, and afterwards they work', async (t) => {
    const database = createDatabase({ url: await server.createDatabase() })
    t.teardown(() => database.close())
    await database.query('select 1')
    const interrupted = database.transaction(async () => {
      await database.query('select 1')
      await server.stop('immediate')
      await database.query('select 1')
    })
    await t.rejects(interrupted, { code: 'SERVICE_UNAVAILABLE', retryAfter: 5 })
    await t.rejects(database.query('select 1'), { code: 'SERVICE_UNAVAILABLE' })
    await t.rejects(
      database.transaction(async () => {}),
      { code: 'SERVICE_UNAVAILABLE' }
    )
    await server.start()
    t.same(await database.query('select 1 as one'), [{ one: 1 }])
  })

  t.test('what makes a database unusable is said in one line', async (t) => {
    const warnings = t.capture(process, 'emitWarning')
    const url = new URL(await server.createDatabase())
    const changed = (changes: Partial<URL>) => Object.assign(new URL(url), changes).href
    const closed = changed({ port: '1' })
    const rows: Array<[string, RegExp]> = [
      [closed, /ECONNREFUSED/],
      [changed({ pathname: '/no_such' }), /database "no_such" does not exist/],
      [changed({ username: 'nobody' }), /role "nobody" does not exist/],
      [`${url.href}?sslmode=require`, /does not support SSL/]
    ]
    for (const [wrong, reason] of rows) {
      for (const use of [migrate, checkSchema]) {
        const error = await use(wrong).then(
          () => undefined,
          (error: Error) => error
        )
        t.match(error?.message, reason)
        t.match(error?.message, /^The database cannot be used: [^\n]+\.$/)
      }
    }
    t.same(warnings.args(), [], 'nothing but this line is written')
  })
})
