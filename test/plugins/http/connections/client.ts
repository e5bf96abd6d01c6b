import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { errorResponses } from '../../../../lib/schemas/api.ts'
import { createClock } from '../../../clock.ts'
import { build, until } from '../../../helper.ts'
import type { BuildOptions } from '../../../helper.ts'

export const LARGE_BYTES = 32e6
export const GET_LARGE = 'GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n'
export const GET_SLOW = 'GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n'
export const GET_HEALTH = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'

/** A connection of a client, as the bytes that it sends and gets. */
export type RawClient = Awaited<ReturnType<typeof connectTo>>

/**
 * A server whose limits follow a clock of the test. The route /slow answers when the test calls `answer`, and /large
 * sends
 * 32 MB.
 */
export async function startServer(t: Test, options: BuildOptions = {}) {
  const clock = createClock()
  let answer = () => {}
  const answered = new Promise<void>((resolve) => {
    answer = resolve
  })
  let slow = 0
  const { app, url } = await build(t, {
    connectionClock: clock,
    ...options,
    extend: (server: FastifyInstance) => {
      const content = { 'text/plain': { schema: { type: 'string' } } }
      const schema = { response: { 200: { content }, ...errorResponses } }
      server.get('/slow', { schema }, async (_request, reply) => {
        slow += 1
        await answered
        return reply.type('text/plain').send('done')
      })
      server.get('/large', { schema }, async (_request, reply) =>
        reply.type('text/plain').send('x'.repeat(LARGE_BYTES))
      )
    }
  })
  t.teardown(() => answer())
  return {
    app,
    url,
    clock,
    answer,
    /** Requests that /slow has got. */
    slowRequests: () => slow,
    connect: async (localAddress?: string) => await connectTo(t, app, localAddress)
  }
}

async function connectTo(t: Test, app: FastifyInstance, localAddress?: string) {
  const { port } = app.server.address() as { port: number }
  const accepted = once(app.server, 'connection') as Promise<[Socket]>
  const socket = connect({ port, host: '127.0.0.1', ...(localAddress !== undefined && { localAddress }) })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.on('error', () => {})
  t.teardown(() => socket.destroy())
  let received = ''
  socket.on('data', (chunk) => {
    received += String(chunk)
  })
  const [served] = await accepted
  let sent = 0
  return {
    socket,
    /** Settles when the client has seen the end of the connection. */
    closed,
    /** The side of the server. */
    served,
    received: () => received,

    /** Sends the text, and waits until the server has read it. */
    async send(text: string): Promise<void> {
      socket.write(text)
      sent += text.length
      await until(() => served.bytesRead >= sent || served.destroyed)
    },

    /** Waits until the server has sent this. */
    async gets(pattern: RegExp): Promise<void> {
      await until(() => pattern.test(received))
    }
  }
}

/** The status, the header and the body of the last response in the text. */
export function parse(text: string) {
  const [head = '', body = ''] = text.slice(text.lastIndexOf('HTTP/1.1 ')).split('\r\n\r\n')
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(head) ?? []
  const headers = Object.fromEntries(
    head
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(': ') as [string, string])
      .map(([name, value]) => [name.toLowerCase(), value])
  )
  return { status: Number(status), headers, body: JSON.parse(body || 'null') as unknown }
}
