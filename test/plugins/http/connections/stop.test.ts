import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import t from 'tap'
import type { Test } from 'tap'
import type { FastifyInstance } from 'fastify'
import { build } from '../../../helper.ts'

const MINUTE_MS = 60_000

t.test('a server that stops', async (t) => {
  t.test('closes a connection without a request while a request is open', async (t) => {
    const { app, port, answer } = await start(t, 10 * MINUTE_MS)
    const idle = await open(t, port)
    const busy = await open(t, port, 'GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await once(app.server, 'request')
    const closed = app.close()
    // Without this the request stays open and the test does not end.
    idle.resume()
    await once(idle, 'close')
    t.notOk(busy.destroyed, 'the open request keeps its connection')

    answer()
    t.match(await textOf(busy), /^HTTP\/1\.1 200 OK[^]*done$/, 'it gets its response')
    await closed
  })

  t.test('closes the connection of a request that takes longer than the grace', async (t) => {
    const { app, port } = await start(t, 0)
    const busy = await open(t, port, 'GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await once(app.server, 'request')
    await app.close()
    t.equal(await textOf(busy), '', 'it gets no response')
  })
})

/** A server with a route that responds when the test calls `answer`. */
async function start(t: Test, requestGraceMs: number) {
  const { promise, resolve } = withResolver()
  const { app, url } = await build(t, {
    requestGraceMs,
    extend: (server: FastifyInstance) => {
      const schema = { response: { 200: { content: { 'text/plain': { schema: { type: 'string' } } } } } }
      server.get('/slow', { schema }, async (_request, reply) => {
        await promise
        return reply.type('text/plain').send('done')
      })
    }
  })
  t.teardown(resolve)
  return { app, port: Number(new URL(url).port), answer: resolve }
}

async function open(t: Test, port: number, request?: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  t.teardown(() => socket.destroy())
  await once(socket, 'connect')
  if (request !== undefined) socket.write(request)
  return socket
}

/** Everything that the server sends until it closes the connection. */
async function textOf(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (chunk) => {
    text += String(chunk)
  })
  if (!socket.closed) await once(socket, 'close')
  return text
}

function withResolver() {
  let release = () => {}
  const promise = new Promise<void>((resolve) => {
    release = resolve
  })
  return { promise, resolve: release }
}
