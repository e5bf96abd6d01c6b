import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    connections: ReturnType<typeof createConnections>
  }
}

/** How long open requests may go on after the server begins to stop. */
const REQUEST_GRACE_MS = 10_000
/** The time that a new connection has for its request while the server listens. */
const UNUSED_MS = 2_000
/** The same after the listener is closed, and the time that a request has for its answer after the grace. */
const ARRIVAL_MS = 400
/** The listener closes when nothing has come or gone for this long, */
const QUIET_MS = 50
/** or after this time. */
const QUIET_LIMIT_MS = 250
/** A turn of the event loop that takes longer may have missed a connection. */
const TURN_MS = 2
const SWEEP_INTERVAL_MS = 50
const QUIET_INTERVAL_MS = 10

export interface ConnectionsPluginOptions {
  /** How long open requests may continue when the server stops, in milliseconds. */
  requestGraceMs?: number
}

interface Connection {
  /** Requests without a complete response. */
  open: number
  /** When the connection came, or the oldest of its open requests. */
  since: number
  isUsed: boolean
  /** Bytes that were read when the last response was complete. More than that are the begin of a request. */
  restingBytes: number
}

/**
 * The connections of a server, and their end when it stops.
 *
 * The server listens until its last work is done, so that a client is answered and not refused. Fastify adds
 * `Connection: close` to these answers. A connection that waits in the queue of the kernel when the listener closes is
 * reset. So the listener closes at a quiet moment: requests are held, clients that wait for an answer open no further
 * connection, and they are answered as soon as the listener is closed.
 */
export function createConnections(server: Server, requestGraceMs = REQUEST_GRACE_MS) {
  const connections = new Map<Socket, Connection>()
  let stoppedAt = Infinity
  let lastEventAt = -Infinity
  let draining: Promise<void> | undefined
  let isForced = false
  let sweeping: NodeJS.Timeout | undefined
  let held: Promise<void> | undefined
  let release = () => {}

  const now = () => performance.now()

  server.on('connection', (socket: Socket) => {
    lastEventAt = now()
    connections.set(socket, { open: 0, since: lastEventAt, isUsed: false, restingBytes: 0 })
    socket.once('close', () => connections.delete(socket))
  })
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    lastEventAt = now()
    const connection = connections.get(socket)
    if (connection === undefined) return
    if (connection.open === 0) connection.since = lastEventAt
    connection.open += 1
    connection.isUsed = true
    response.once('close', () => {
      lastEventAt = now()
      connection.open -= 1
      connection.restingBytes = socket.bytesRead
    })
  })
  server.once('close', () => clearInterval(sweeping))

  function mustEnd(socket: Socket, { open, since, isUsed, restingBytes }: Connection): boolean {
    const overdueMs = now() - stoppedAt - requestGraceMs
    const age = now() - since
    if (overdueMs > ARRIVAL_MS || (overdueMs > 0 && age > ARRIVAL_MS)) return true
    if (open > 0 || socket.bytesRead > restingBytes) return false
    // A connection that was used may bring the next request until the listener is closed.
    if (server.listening) return !isUsed && age > UNUSED_MS
    return isUsed || age > ARRIVAL_MS
  }

  function sweep(): void {
    if (!server.listening) release()
    for (const [socket, connection] of connections) if (mustEnd(socket, connection)) socket.destroy()
    if (server.listening && now() - stoppedAt > requestGraceMs) force()
  }

  /** Closes the listener, although something else that the server waits for has not ended in time. */
  function force(): void {
    if (isForced) return
    isForced = true
    drain()
      .then(() => server.close())
      .catch(() => {})
  }

  async function waitForQuiet(): Promise<void> {
    const begunAt = now()
    // The sweep ends those that take too long.
    while ([...connections.values()].some(({ open, since }) => open > 0 && since < begunAt)) {
      await sleep(QUIET_INTERVAL_MS)
    }
    held = new Promise((resolve) => {
      release = resolve
    })
    const limit = now() + QUIET_LIMIT_MS
    while (now() - lastEventAt < QUIET_MS && now() < limit) await sleep(QUIET_INTERVAL_MS)
    // A turn of the event loop accepts the connections that wait. Then there is no time for another one to come.
    let turnAt: number
    do {
      turnAt = now()
      await nextTurn()
    } while ((lastEventAt >= turnAt || now() - turnAt > TURN_MS) && now() < limit)
    setImmediate(sweep)
  }

  function drain(): Promise<void> {
    draining ??= server.listening ? waitForQuiet() : Promise.resolve()
    return draining
  }

  return {
    /** Begins the stop: connections that have no request end, and open requests get a limited time. */
    stop(): void {
      if (!server.listening) return
      stoppedAt = now()
      // A sweep comes after the reading of sockets, so that it sees the requests that wait there.
      sweeping = setInterval(setImmediate, SWEEP_INTERVAL_MS, sweep).unref()
    },

    /** Resolves when the listener should close: open requests are answered, and nothing new comes. */
    drain,

    /** Undefined, or settles when the listener is closed. */
    get held(): Promise<void> | undefined {
      return held
    }
  }
}

/** `fastify.connections`: ends connections when the server stops, without resetting a request. */
export default fp<ConnectionsPluginOptions>(
  async (fastify, { requestGraceMs }) => {
    const connections = createConnections(fastify.server, requestGraceMs)
    fastify.addHook('onRequest', async () => await connections.held)
    fastify.addHook('preClose', async () => connections.stop())
    fastify.decorate('connections', connections)
  },
  { name: 'connections', fastify: '5.x' }
)
