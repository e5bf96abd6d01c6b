import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
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
  let waiting: IncomingMessage | undefined
  let isServed = false
  let left = 0
  const { app, url } = await build(t, {
    extend: (server) => {
      server.get('/work', { schema }, async () => {
        work()
        if (waiting !== undefined) left += 1
        waiting?.socket.destroy()
        return {}
      })
      server.get('/waiting', { schema }, async () => {
        isServed = true
        return {}
      })
    }
  })
  app.server.on('request', (request) => {
    if (request.url === '/waiting') waiting = request
  })
  // Both requests normally arrive in the same turn of the event loop. If not, they are sent again.
  await until(async () => {
    waiting = undefined
    isServed = false
    const sockets = await Promise.all(
      ['/work', '/waiting'].map(
        async (path) =>
          await new Promise<{ send: () => void; closed: Promise<void> }>((resolve) => {
            const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
              const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
              const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`
              resolve({ send: () => socket.resume().write(request), closed })
            })
            socket.on('error', () => {})
          })
      )
    )
    for (const { send } of sockets) send()
    await Promise.all(sockets.map(async ({ closed }) => await closed))
    return left > 0 && !isServed
  })
  t.equal(isServed, false)
})
