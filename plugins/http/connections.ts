import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import fp from 'fastify-plugin'

/** How long open requests may go on after the server begins to stop. */
const REQUEST_GRACE_MS = 10_000
const SWEEP_INTERVAL_MS = 50

export interface ConnectionsPluginOptions {
  /** How long open requests may continue when the server stops, in milliseconds. */
  requestGraceMs?: number
}

/**
 * Ends connections when the server stops: those without an open request at once, the others after their response or
 * after 10 s. Node itself keeps a connection that has sent no request yet for up to a minute. Browsers open such
 * connections in advance.
 */
export default fp<ConnectionsPluginOptions>(
  async (fastify, { requestGraceMs = REQUEST_GRACE_MS }) => {
    const openRequests = new Map<Socket, number>()
    let stoppedAt: number | undefined
    let sweeping: NodeJS.Timeout | undefined

    fastify.server.on('connection', (socket: Socket) => {
      openRequests.set(socket, 0)
      socket.once('close', () => openRequests.delete(socket))
    })
    fastify.server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
      openRequests.set(socket, (openRequests.get(socket) ?? 0) + 1)
      response.once('close', () => {
        const open = openRequests.get(socket)
        if (open !== undefined) openRequests.set(socket, open - 1)
      })
    })

    function sweep(): void {
      const isOver = performance.now() - stoppedAt! > requestGraceMs
      for (const [socket, open] of openRequests) if (open === 0 || isOver) socket.destroy()
    }

    fastify.addHook('preClose', async () => {
      if (!fastify.server.listening) return
      stoppedAt = performance.now()
      sweeping = setInterval(sweep, SWEEP_INTERVAL_MS).unref()
    })
    fastify.server.once('close', () => clearInterval(sweeping))
  },
  { name: 'connections', fastify: '5.x' }
)
