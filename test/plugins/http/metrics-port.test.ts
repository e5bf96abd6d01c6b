import t from 'tap'
import { build, json } from '../../helper.ts'

const APART = { TB_DALLE_METRICS_PORT: '0' }

t.test('metrics and errors can have a port of their own, and are then on no other one', async (t) => {
  let metricsUrl = ''
  const { url } = await build(t, {
    settings: { ...APART, LOG_LEVEL: 'info' },
    onLogLine: ({ msg }) => {
      metricsUrl = /metrics and errors at (\S+)/.exec(String(msg))?.[1] ?? metricsUrl
    }
  })
  t.not(metricsUrl, url)
  const statuses = async (base: string) => {
    const paths = [
      '/metrics',
      '/errors?format=json',
      '/health',
      '/healthz',
      '/readyz',
      '/series',
      '/',
      '/preview'
    ]
    return await Promise.all(paths.map(async (path) => (await fetch(base + path)).status))
  }
  t.same(await statuses(url), [404, 404, 200, 200, 200, 200, 200, 200])
  t.same(await statuses(metricsUrl), [200, 200, 200, 200, 200, 404, 404, 404])
  t.match(await json(await fetch(`${url}/metrics`)), {
    success: false,
    error: { code: 'NOT_FOUND', details: 'There is nothing at "/metrics" on this port' }
  })
  t.notMatch(await (await fetch(url)).text(), /\/metrics|\/errors/)
  t.match(await (await fetch(`${metricsUrl}/metrics`)).text(), /^# Request ID: [0-9a-f]{8}\n/)
})

t.test('a port for metrics that is in use ends the start', async (t) => {
  const { url } = await build(t)
  const { port } = new URL(url)
  await t.rejects(build(t, { settings: { TB_DALLE_METRICS_PORT: port } }), {
    code: 'EADDRINUSE',
    port: Number(port)
  })
})

t.test('without a port of their own, metrics are on the main port', async (t) => {
  const { url } = await build(t)
  t.equal((await fetch(`${url}/metrics`)).status, 200)
  t.match(await (await fetch(url)).text(), /\/metrics/)
})
