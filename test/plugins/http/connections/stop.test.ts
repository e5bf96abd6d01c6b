import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { Test } from 'tap'
import type { FastifyInstance } from 'fastify'
import { build } from '../../../helper.ts'

const MINUTE_MS = 60_000
const CLIENTS = 8
const SOON_MS = 15
/** Longer than any wait of the server for a quiet moment. */
const STALL_MS = 600

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

  t.test('answers all who come while the machine stands still', async (t) => {
    const { app, port, closed } = await startToStop(t)
    const answers: Array<Promise<string>> = []
    const come = () => {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
      answers.push(textOf(socket))
    }
    // Each client that the server accepts is followed by another one, which waits in the queue of the kernel.
    app.server.on('connection', () => {
      if (answers.length < CLIENTS) come()
    })
    come()
    standStill()
    await closed
    for (const answer of await Promise.all(answers)) t.match(answer, /^HTTP\/1\.1 200 OK/)
    t.equal(answers.length, CLIENTS)
  })
})

/** A server that is stopping, and waits for a quiet moment to close its listener. */
async function startToStop(t: Test) {
  for (;;) {
    const { app, port } = await start(t, 10 * MINUTE_MS)
    const first = await open(t, port, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    await textOf(first)
    const closed = app.close()
    await sleep(SOON_MS)
    // On a busy machine the moment may have passed: then another server is stopped.
    if (app.server.listening) return { app, port, closed }
    await closed
  }
}

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

/** Nothing else runs in this process meanwhile. */
function standStill(): void {
  const end = performance.now() + STALL_MS
  while (performance.now() < end);
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
