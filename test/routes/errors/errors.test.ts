import t from 'tap'
import { ADDRESS, buildApp, json } from '../../helper.ts'
import { createTestDatabase, noPostgres } from '../../peers/postgres.ts'

t.test('/errors reports the errors since the last reset, as text and as JSON', async (t) => {
  const { ask } = await buildApp(t)
  t.match(await (await ask('/errors')).text(), /No errors recorded/)
  await ask('/nothing')
  await ask(`/dalle/nope/${ADDRESS}`)
  await ask(`/dalle/nope/${ADDRESS}`)
  const response = await ask('/errors')
  t.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8')
  t.equal(response.headers.get('cache-control'), 'no-store')
  const report = await response.text()
  t.match(report, /^Errors: 3\n/)
  t.match(report, 'INVALID_SERIES: 2')
  const { data } = await json(await ask('/errors?format=json'))
  t.match(data, { total_errors: 3, errors_by_code: { INVALID_SERIES: 2, NOT_FOUND: 1 } })
})

t.test('all who ask within a period get the same report, until there is an error', async (t) => {
  const { ask } = await buildApp(t, { textAgeMs: 3_600_000 })
  const read = async (path: string) => await json(await ask(path))
  for (const path of ['/errors?format=json', '/metrics?format=json']) {
    const first = await read(path)
    const second = await read(path)
    t.same(second.data, first.data, path)
    t.not(second.request_id, first.request_id, 'each has its own id')
    await ask('/nothing')
    t.equal((await read(path)).data.total_errors, first.data.total_errors + 1)
  }
  t.match(await (await ask('/errors')).text(), /^Errors: 2\n/)
  await ask('/errors?clear=1')
  t.match(await (await ask('/errors')).text(), /^No errors recorded/)
})

t.test('only GET /errors?clear=1 resets the report, and no counter of /metrics', async (t) => {
  const { ask } = await buildApp(t)
  const total = async () => (await json(await ask('/errors?format=json'))).data.total_errors
  await ask('/nothing')
  for (const [path, method] of [
    ['/errors?clear=0', 'GET'],
    ['/errors?clear', 'GET'],
    ['/errors?clear=1', 'HEAD']
  ] as const) {
    await ask(path, { method })
    t.equal(await total(), 1, `${method} ${path}`)
  }
  t.match(await (await ask('/errors?clear=1')).text(), /cleared/)
  t.equal(await total(), 0)
  t.match(await (await ask('/metrics')).text(), /^dalleserver_errors_total 1$/m)
})

t.test(
  'with a database the report begins with the process that it is of',
  { skip: noPostgres },
  async (t) => {
    const settings = { TB_DALLE_DATABASE_URL: await createTestDatabase() }
    const [one, other] = [await buildApp(t, { settings }), await buildApp(t, { settings })]
    await one.ask('/nothing')
    const first = /^Of this process only: each process of the service has a report of its own\.\n\n/
    t.match(await (await one.ask('/errors')).text(), new RegExp(`${first.source}Errors: 1\n`))
    t.match(await (await other.ask('/errors')).text(), new RegExp(`${first.source}No errors recorded`))
  }
)
