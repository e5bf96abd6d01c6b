import type pg from 'pg'
import t from 'tap'
import { createDatabase } from '../../../../lib/engine/postgres/database.ts'
import { migrate } from '../../../../lib/engine/postgres/migrate.ts'
import { createTickets } from '../../../../lib/engine/postgres/tickets.ts'
import { until } from '../../../helper.ts'
import { noPostgres, startPostgres } from '../../../peers/postgres.ts'

t.test('tickets', { skip: noPostgres }, async (t) => {
  const server = await startPostgres(t)
  const url = await server.createDatabase()
  await migrate(url)

  async function openTickets(t: Parameters<typeof startPostgres>[0], database = createDatabase({ url })) {
    const errors: Error[] = []
    const tickets = createTickets({ database, onError: (error) => errors.push(error) })
    await tickets.open()
    t.teardown(async () => {
      await tickets.close()
      await database.close()
    })
    return { tickets, errors }
  }

  t.test('a worker that starts while the database is away works when it is back', async (t) => {
    const { tickets } = await openTickets(t)
    await server.stop('immediate')
    let used = 0
    tickets.work(1, async () => {
      used += 1
    })
    await server.start()
    await tickets.add()
    await until(() => used === 1)
  })

  t.test(
    'a connection that breaks at the first statement of a worker does not hold up the process',
    async (t) => {
      const database = createDatabase({ url })
      const { tickets, errors } = await openTickets(t, database)
      const { pool } = database
      const connect = pool.connect.bind(pool) as unknown as (...callback: unknown[]) => Promise<pg.PoolClient>
      const other = createDatabase({ url })
      t.teardown(async () => await other.close())
      let isFirst = true
      pool.connect = (async (...callback: unknown[]) => {
        // The pool itself calls it with a callback.
        if (!isFirst || callback.length > 0) return await connect(...callback)
        isFirst = false
        const client = await connect()
        const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
        await other.query('select pg_terminate_backend($1)', [rows[0]!.pid])
        return client
      }) as unknown as typeof pool.connect
      let used = 0
      tickets.work(1, async () => {
        used += 1
      })
      await until(() => errors.length > 0)
      await tickets.add()
      await until(() => used === 1)
    }
  )

  t.test('a worker that never found the database can be stopped', async (t) => {
    const { tickets, errors } = await openTickets(t)
    await server.stop('immediate')
    tickets.work(1, async () => {})
    await until(() => errors.length > 0)
    await tickets.stop()
    await server.start()
  })
})
