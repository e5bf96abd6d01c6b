import t from 'tap'
import { ADDRESS, buildApp, json, plainPng } from '../helper.ts'

t.test('a path with a slash at its end is the same route', async (t) => {
  const { ask, app } = await buildApp(t)
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(64))
  const paths = [
    '/series',
    '/health',
    '/healthz',
    '/metrics',
    '/errors',
    '/preview',
    '/v1/gallery',
    '/robots.txt',
    `/preview/simple/${ADDRESS}`,
    `/dalle/simple/${ADDRESS}`,
    `/files/simple/annotated/${ADDRESS}.png`
  ]
  for (const path of paths) {
    const [plain, slashed] = [await ask(path), await ask(`${path}/`)]
    t.equal(plain.status, 200, path)
    t.equal(slashed.status, 200, `${path}/`)
    t.equal(slashed.headers.get('content-type'), plain.headers.get('content-type'), path)
    const wrong = await ask(`${path}/`, { method: 'PATCH' })
    t.equal(wrong.status, 405, `PATCH ${path}/`)
    t.match(wrong.headers.get('allow'), /^GET, HEAD/)
  }
  t.equal((await ask('/health/?check=liveness')).status, 200)
  t.match((await json(await ask('/dalle/simple/'))).error, { code: 'MISSING_PARAMETER', details: /address/ })
  t.match((await json(await ask('/dalle//'))).error, { code: 'MISSING_PARAMETER', details: /series/ })
  t.match((await json(await ask('/dalle/simple'))).error, { code: 'INVALID_REQUEST' })
  t.equal((await ask('/nothing/')).status, 404)
})
