import { rm } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import t from 'tap'
import { bodyOf, build, buildApp, json, until } from '../../helper.ts'

t.test('/health shows every component, and the server is not ready while it stops', async (t) => {
  const { url, app } = await build(t)
  const response = await fetch(`${url}/health`)
  t.equal(response.headers.get('cache-control'), 'no-store')
  const { data } = await json(response)
  t.equal(response.status, data.status === 'unhealthy' ? 503 : 200)
  t.same(Object.keys(data.components), ['filesystem', 'openai', 'memory', 'disk_space'])
  t.match(data.components.filesystem, { name: 'filesystem', status: 'healthy' })
  t.match(data.components.openai, { name: 'openai', status: 'healthy' })
  t.match(data.components.openai.details, {
    state: 'CLOSED',
    failures: 0,
    successes: 0,
    last_failure: '0001-01-01T00:00:00Z'
  })
  for (const path of ['/health?check=liveness', '/healthz']) {
    t.match(await json(await fetch(url + path)), { success: true, data: { status: 'alive', uptime: Number } })
  }
  for (const path of ['/health?check=readiness', '/readyz']) {
    t.match(await json(await fetch(url + path)), { success: true, data: { status: 'ready' } })
  }
  app.health.stop()
  for (const path of ['/health?check=readiness', '/readyz']) {
    const refused = await fetch(url + path)
    t.equal(refused.status, 503)
    t.ok(Number(refused.headers.get('retry-after')) > 0)
    t.match(await json(refused), { error: { code: 'SERVICE_UNAVAILABLE' } })
  }
  t.equal((await fetch(`${url}/healthz`)).status, 200, 'it is still alive')
})

t.test('an unhealthy /health is one warning that says why, and no error', async (t) => {
  const lines: Array<Record<string, unknown>> = []
  const { ask, dataDir } = await buildApp(t, {
    settings: { LOG_LEVEL: 'info' },
    onLogLine: (line) => lines.push(line)
  })
  await rm(dataDir, { recursive: true })
  t.equal((await ask('/health')).status, 503)
  const ofRequest = () => lines.filter(({ url }) => url === '/health')
  await until(() => ofRequest().length > 0)
  t.match(ofRequest(), [
    { level: 40, msg: 'the server is unhealthy', status: 503, reason: /^filesystem: ./, err: undefined }
  ])
  t.equal(ofRequest().length, 1)
})

t.test(
  '/health is written once for all who ask within a second, and compressed where asked for',
  async (t) => {
    const { ask } = await buildApp(t)
    const headers = { 'accept-encoding': 'gzip', 'x-request-id': 'mine-1' }
    const [plain, compressed] = await Promise.all([ask('/health'), ask('/health', { headers })])
    const body = await json(plain)
    t.equal(body.request_id, plain.headers.get('x-request-id'))
    t.equal(compressed.headers.get('content-encoding'), 'gzip')
    t.same(JSON.parse(gunzipSync(await bodyOf(compressed)).toString()), { ...body, request_id: 'mine-1' })
  }
)

t.test('an unknown check is the check of every component', async (t) => {
  const { ask } = await buildApp(t)
  for (const check of ['nonsense', '', 'LIVENESS']) {
    const response = await ask(`/health?check=${check}`)
    const { data } = await json(response)
    t.same(Object.keys(data.components), ['filesystem', 'openai', 'memory', 'disk_space'], check)
  }
})

t.test('/health names a series file that cannot be used, without the path of the data folder', async (t) => {
  const { ask, app, dataDir } = await buildApp(t)
  await app.files.write('user-series/mine.json', '{ "purpose": ')
  await app.files.write('user-series/fine.json', '{}')
  const { data } = await json(await ask('/health'))
  t.match(data.components.filesystem, {
    status: 'degraded',
    message: 'user-series/mine.json cannot be used: it is not JSON',
    details: { 'user-series/mine.json': 'it is not JSON' }
  })
  t.notOk(JSON.stringify(data).includes(dataDir))
})
