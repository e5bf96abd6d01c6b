import t from 'tap'
import { buildApp, json } from '../../helper.ts'
import { goFolder } from '../../lib/dress/go-databases.ts'

t.test('GET /v1/databases describes the databases in use', async (t) => {
  const { ask, app } = await buildApp(t)
  const response = await ask('/v1/databases')
  t.equal(response.status, 200)
  const { data } = await json(response)
  const { version, hash } = app.dresses.databases
  t.equal(data.length, 1)
  t.match(data[0], { version, archiveHash: hash })
  t.equal(data[0].files.length, 19)
  t.same(Object.keys(data[0].files[0]), ['name', 'path', 'hash', 'rows', 'columns'])
  t.match(data[0].files[0], { name: 'actions', path: 'databases/actions.csv', columns: ['version'] })
  for (const path of [version, '1.0.0', '%20']) {
    t.same((await json(await ask(`/v1/databases/${path}`))).data, data[0], path)
  }
  for (const path of ['9.9', '%00', 'a%2Fb', 'x'.repeat(5000)]) {
    const missing = await ask(`/v1/databases/${path}`)
    t.equal(missing.status, 404)
    t.match(await json(missing), {
      error: {
        code: 'database_version_unavailable',
        message: 'database_version_unavailable: database archive version is not available'
      }
    })
  }
})

t.test('the records of a database, as many as asked for, and the rest by cursor', async (t) => {
  const { ask, app } = await buildApp(t)
  const read = async (query: string, name = 'nouns') =>
    (await json(await ask(`/v1/databases/1.0.0/records/${name}${query}`))).data
  const two = await read('?limit=2')
  t.same(Object.keys(two), ['name', 'version', 'columns', 'records', 'nextCursor'])
  t.match(two, { name: 'nouns', version: 'v1.0.0' })
  t.equal(two.records.length, 2)
  t.same(Object.keys(two.records[0]), ['key', 'values'])
  t.notOk('columns' in (await read('', 'gazes.csv')))
  for (const [query, count] of [
    ['', 200],
    ['?limit=', 200],
    ['?limit=%20', 200],
    ['?limit=0', 200],
    ['?limit=-5', 200],
    ['?limit=1', 1],
    ['?limit=%2B3', 3],
    ['?limit=1000', 1000],
    ['?limit=10000', 1782],
    ['?limit=10001', 1782],
    ['?limit=999999999999', 1782]
  ] as const) {
    t.equal((await read(query)).records.length, count, query)
  }
  const all: string[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: { records: Array<{ values: string[] }>; nextCursor: string | null } = await read(
      `?limit=500${cursor === '' ? '' : `&cursor=${cursor}`}`
    )
    all.push(...page.records.map(({ values }) => values.join(',')))
    cursor = page.nextCursor
  }
  t.same(all, app.dresses.databases.rows.nouns)
  t.equal((await json(await ask('/v1/databases/9.9/records/nouns'))).data.name, 'nouns', 'of any version')
})

t.test('an invalid limit or cursor is invalid_input, an unknown name is 404', async (t) => {
  const { ask } = await buildApp(t)
  for (const [query, message, details] of [
    ['limit=ten', 'invalid limit', /limit is "ten"/],
    ['limit=1.5', 'invalid limit', /"1.5"/],
    ['limit=1e3', 'invalid limit', /"1e3"/],
    ['limit=0x10', 'invalid limit', /"0x10"/],
    ['cursor=nonsense', 'invalid cursor', /"nonsense"/],
    ['cursor=', 'invalid cursor', /nextCursor/],
    ['cursor=verbs.-5', 'invalid cursor', /nextCursor/],
    ['cursor=gazes.5', 'invalid cursor', /belongs to gazes/]
  ] as const) {
    const refused = await ask(`/v1/databases/1.0.0/records/nouns?${query}`)
    t.equal(refused.status, 400, query)
    t.match(await json(refused), { error: { code: 'invalid_input', message, details } }, query)
  }
  for (const name of ['nosuch', '%00', '..%2Fnouns', '%20', 'constructor']) {
    const missing = await ask(`/v1/databases/1.0.0/records/${name}`)
    t.equal(missing.status, 404, name)
    t.match(await json(missing), {
      error: { code: 'database_version_unavailable', message: /^database_version_unavailable: / }
    })
  }
})

t.test("the user's databases are the ones described", async (t) => {
  const { dataDir } = await goFolder(t)
  const { ask, app } = await buildApp(t, { dataDir })
  const [manifest] = (await json(await ask('/v1/databases'))).data
  t.match(manifest, { version: 'v0.1.0', archiveHash: app.dresses.databases.hash })
  t.equal((await ask('/v1/databases/0.1.0')).status, 200)
  t.equal((await ask('/v1/databases/v1.0.0')).status, 404)
  t.match((await json(await ask('/v1/databases/v0.1.0/records/phyla'))).data, {
    records: [{ key: 'Chordata', values: ['Chordata', 'chordate'] }],
    nextCursor: null
  })
})

t.test('wrong methods are 405 with Allow', async (t) => {
  const { ask } = await buildApp(t)
  for (const path of ['/v1/databases', '/v1/databases/1.0.0', '/v1/databases/1.0.0/records/nouns']) {
    for (const method of ['POST', 'PUT', 'DELETE', 'HEAD']) {
      const response = await ask(path, { method })
      t.equal(response.status, 405, `${method} ${path}`)
      t.equal(response.headers.get('allow'), 'GET')
    }
  }
})
