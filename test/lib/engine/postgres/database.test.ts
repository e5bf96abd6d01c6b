import pg from 'pg'
import t from 'tap'
import { createDatabase } from '../../../../lib/engine/postgres/database.ts'
import { checkSchema, migrate } from '../../../../lib/engine/postgres/migrate.ts'
import type { UnusableDatabase } from '../../../../lib/engine/postgres/unusable-database.ts'
import { until } from '../../../helper.ts'
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

  t.test('a transaction with a failed statement is never taken for kept', async (t) => {
    const database = createDatabase({ url: await server.createDatabase() })
    t.teardown(() => database.close())
    const work = database.transaction(async () => {
      await database.query('select 1 / 0').catch(() => {})
      return 'kept'
    })
    await t.rejects(work, { message: /nothing is kept/ })
  })

  t.test('a process that hangs in a transaction does not hold its locks', async (t) => {
    const database = createDatabase({ url: await server.createDatabase() })
    t.teardown(() => database.close())
    const [setting] = await database.query('show idle_in_transaction_session_timeout')
    t.same(setting, { idle_in_transaction_session_timeout: '1min' })
    const hanging = database.transaction(async () => {
      const [own] = await database.query<{ pid: number }>(
        `select pg_backend_pid() as pid, set_config('idle_in_transaction_session_timeout', '1ms', true)`
      )
      await until(async () => {
        const find = async () =>
          await database.query('select 1 from pg_stat_activity where pid = $1', [own!.pid])
        return (await database.outside(find)).length === 0
      })
      await database.query('select 1')
    })
    await t.rejects(hanging, { code: 'SERVICE_UNAVAILABLE' })
    t.same(await database.query('select 1 as one'), [{ one: 1 }])
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
    await ask(url.href, ADMISSION)
    const changed = (changes: Partial<URL>) => Object.assign(new URL(url), changes).href
    const closed = changed({ port: '1' })
    const rows: Array<[url: string, reason: RegExp, mayPass?: true]> = [
      [closed, /ECONNREFUSED/, true],
      [changed({ pathname: '/no_such' }), /database "no_such" does not exist/],
      [changed({ username: 'nobody' }), /role "nobody" does not exist/],
      [`${url.href}?sslmode=require`, /does not support SSL/],
      [
        changed({ username: 'guarded', password: 'wrong' }),
        /password authentication failed for user "guarded"/
      ],
      [changed({ username: 'guarded' }), /the server asks for a password, and the URL has none/],
      [changed({ username: 'stranger' }), /no pg_hba.conf entry .*: add sslmode=verify-full to the URL/]
    ]
    for (const [wrong, reason, mayPass = false] of rows) {
      for (const use of [migrate, checkSchema]) {
        const error = await use(wrong).then(
          () => undefined,
          (error: UnusableDatabase) => error
        )
        t.match(error?.message, reason)
        t.equal(error?.mayPass, mayPass, String(error?.message))
        t.match(error?.message, /^The database cannot be used: [^\n]+\.$/)
      }
    }
    t.same(warnings.args(), [], 'nothing but this line is written')
  })

  t.test('what a migration lacks is said in one line', async (t) => {
    const refusing = async (tag: string, code: string, message: string) => {
      const url = await server.createDatabase()
      await ask(
        url,
        `create function refuse() returns event_trigger language plpgsql as
          $$ begin raise exception '${message}' using errcode = '${code}'; end $$;
        create event trigger refuse on ddl_command_start when tag in ('${tag}') execute function refuse()`
      )
      return url
    }
    const limited = new URL(await server.createDatabase())
    await ask(limited.href, 'create role limited login')
    limited.username = 'limited'
    const ascii = new URL(await server.createDatabase())
    await ask(ascii.href, `create database plain encoding 'SQL_ASCII' locale 'C' template template0`)
    ascii.pathname = '/plain'
    const rows: Array<[url: string, reason: RegExp]> = [
      [await refusing('CREATE TABLE', '53100', 'could not extend file "base/1/2"'), /: its disk is full\.$/],
      [
        await refusing('CREATE EXTENSION', '58P01', 'could not open extension control file "/usr/share"'),
        /: the server lacks the extension pg_trgm \([^/]*\)\.$/
      ],
      [await refusing('CREATE EXTENSION', '42501', 'permission denied'), /needs "grant create on database"/],
      [limited.href, /permission denied for database .*: its user needs "grant create on database"/],
      [ascii.href, /^The encoding of the database is SQL_ASCII: create it with UTF8/]
    ]
    for (const [url, reason] of rows) {
      const error = await migrate(url).then(
        () => undefined,
        (error: Error) => error
      )
      t.match(error?.message, reason)
      t.match(error?.message, /^The [^\n]+\.$/)
    }
  })
})

/** Who may connect: one role needs a password, and one has no entry. */
const ADMISSION = `
  create role guarded login password 'right';
  do $do$ begin execute format(
    $$copy (select unnest(array['host all guarded all scram-sha-256', 'host all postgres,nobody,limited all trust']))
    to %L$$, current_setting('hba_file'));
  end $do$;
  select pg_reload_conf()`

async function ask(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(sql)
  await client.end()
}
