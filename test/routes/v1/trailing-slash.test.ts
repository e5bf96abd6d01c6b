import t from 'tap'
import { buildApp, json } from '../../helper.ts'

t.test('a path below /v1 with a slash at its end is the same route', async (t) => {
  const { ask } = await buildApp(t)
  await ask('/v1/series/cats', { method: 'PUT', body: '{}' })
  for (const [method, path] of [
    ['GET', '/v1/series'],
    ['GET', '/v1/series/cats'],
    ['POST', '/v1/series/cats/hidden'],
    ['PUT', '/v1/series/cats'],
    ['GET', '/v1/databases'],
    ['GET', '/v1/databases/1.0.0'],
    ['GET', '/v1/databases/1.0.0/records/nouns'],
    ['GET', '/v1/images/nosuch'],
    ['POST', '/v1/images/preview'],
    ['POST', '/v1/images/nosuch/export'],
    ['POST', '/v1/validate']
  ] as const) {
    const request = { method, ...(method !== 'GET' && { body: '{"input": "a cat"}' }) }
    const [without, withSlash] = [await ask(path, request), await ask(`${path}/`, request)]
    t.equal(withSlash.status, without.status, `${method} ${path}/`)
    t.ok(path.includes('nosuch') || without.status === 200, path)
    const [expected, found] = [await json(without), await json(withSlash)]
    t.same(found.data, expected.data, `${method} ${path}/`)
    t.equal(found.error?.code, expected.error?.code)
  }
  t.ok(Array.isArray((await json(await ask('/v1/series/'))).data))
  t.ok(Array.isArray((await json(await ask('/v1/databases/'))).data))
})
