import type { IncomingMessage } from 'node:http'
import t from 'tap'
import { errorResponses } from '../../../lib/schemas/api.ts'
import { build, buildApp, until } from '../../helper.ts'

const schema = { response: { 200: { type: 'object', properties: {} }, ...errorResponses } }

/** Uses up the time that one turn of the event loop has for new requests. */
function work(): void {
  for (const end = performance.now() + 2; performance.now() < end;);
}

t.test('a request of another client waits for one of many requests, not for all', async (t) => {
  const served: string[] = []
  const { app } = await buildApp(t, {
    extend: (server) =>
      server.get('/work', { schema }, async ({ clientAddress }) => {
        served.push(clientAddress)
        work()
        return {}
      })
  })
  const ask = async (remoteAddress: string) => await app.inject({ url: '/work', remoteAddress })
  const many = Array.from({ length: 40 }, () => ask('10.0.0.1'))
  const others = ['10.0.0.2', '10.0.0.3'].map(ask)
  t.same(
    (await Promise.all([...many, ...others])).map(({ statusCode }) => statusCode),
    Array(42).fill(200)
  )
  t.same(served.slice(0, 4), ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.1'])
})

t.test('liveness and readiness do not wait', async (t) => {
  const served: string[] = []
  const { app } = await buildApp(t, {
    extend: (server) => {
      server.get('/work', { schema }, async () => {
        work()
        return {}
      })
      server.addHook('onResponse', async ({ url }) => {
        served.push(url)
      })
    }
  })
  const ask = async (url: string) => await app.inject({ url, remoteAddress: '10.0.0.1' })
  // The first request of a route compiles its schemas.
  for (const url of ['/work', '/healthz', '/readyz']) await ask(url)
  served.length = 0
  await Promise.all([...Array.from({ length: 20 }, () => ask('/work')), ask('/healthz'), ask('/readyz')])
  t.same(served.slice(0, 2).sort(), ['/healthz', '/readyz'])
})

t.test('a request whose client has left while it waited is not served', async (t) => {
  let isServed = false
  const answers: number[] = []
  const { app, url } = await build(t, {
    extend(server) {
      server.get('/waiting', { schema }, async () => {
        isServed = true
        return {}
      })
      server.addHook('onSend', async (_request, { statusCode }) => {
        answers.push(statusCode)
      })
    }
  })
  const ask = async () => (await fetch(`${url}/waiting`)).status
  t.equal(await ask(), 200)
  t.equal(isServed, true)
  isServed = false
  // The request gets its place in the line when its promises have settled, and is served by a later `setImmediate`.
  app.server.on('request', ({ socket }: IncomingMessage) => setImmediate(() => socket.destroy()))
  await t.rejects(ask())
  await until(() => answers.length === 2)
  t.same(answers, [200, 503])
  t.equal(isServed, false)
})
