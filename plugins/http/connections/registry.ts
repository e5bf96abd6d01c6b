import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { systemClock } from '../../../lib/clock.ts'
import type { StreamClock } from '../../../lib/clock.ts'

/** Pipelined requests that may wait on all connections. Each takes a few kilobytes. */
const PIPELINED_MAX = 4_096

export interface Connection {
  readonly socket: Socket
  /** Requests without a complete response. */
  open: number
  /** When the connection came, its last response was complete, or the oldest of its open requests came. */
  since: number
  isUsed: boolean
  /** Bytes that were read when the last response was complete. More than that are the begin of a request. */
  restingBytes: number
  /** The newest request and its response. The body of the request may still arrive. */
  latest: { request: IncomingMessage; response: ServerResponse } | undefined
  /** When the newest request became the only one that is open. */
  latestSince: number
}

/** Receives what happens to connections. */
export interface ConnectionListener {
  onConnection?: (connection: Connection) => void
  onRequest?: (connection: Connection) => void
  /** A response is complete, or its client has left. */
  onResponse?: (connection: Connection) => void
  onClose?: (connection: Connection) => void
}

export type Registry = ReturnType<typeof createRegistry>

/** The open connections of a server, oldest first. Times are those of `clock`. */
export function createRegistry(server: Server, clock: Pick<StreamClock, 'now'> = systemClock) {
  const connections = new Map<Socket, Connection>()
  const listeners: ConnectionListener[] = []
  /** For a pipelined request: settles when the response before it is complete. */
  const turns = new WeakMap<IncomingMessage, Promise<void>>()
  const lastResponses = new WeakMap<Connection, Promise<void>>()
  let pipelined = 0

  server.on('connection', (socket: Socket) => {
    const connection: Connection = {
      socket,
      open: 0,
      since: clock.now(),
      isUsed: false,
      restingBytes: 0,
      latest: undefined,
      latestSince: 0
    }
    connections.set(socket, connection)
    socket.once('close', () => remove(connection))
    for (const { onConnection } of listeners) onConnection?.(connection)
  })

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const connection = connections.get(request.socket)
    if (connection === undefined) return
    if (connection.open === 0) {
      connection.since = clock.now()
    } else {
      pipelined += 1
      turns.set(request, lastResponses.get(connection)!)
    }
    connection.open += 1
    connection.isUsed = true
    connection.latest = { request, response }
    connection.latestSince = clock.now()
    const closed = new Promise<void>((resolve) => response.once('close', resolve))
    lastResponses.set(connection, closed)
    response.once('close', () => complete(connection))
    for (const { onRequest } of listeners) onRequest?.(connection)
    if (pipelined > PIPELINED_MAX) request.socket.destroy()
  })

  function complete(connection: Connection): void {
    if (!connections.has(connection.socket)) return
    if (connection.open > 1) pipelined -= 1
    connection.open -= 1
    connection.restingBytes = connection.socket.bytesRead
    if (connection.open === 0) connection.since = clock.now()
    connection.latestSince = clock.now()
    for (const { onResponse } of listeners) onResponse?.(connection)
  }

  function remove(connection: Connection): void {
    if (!connections.delete(connection.socket)) return
    pipelined -= Math.max(0, connection.open - 1)
    for (const { onClose } of listeners) onClose?.(connection)
  }

  return {
    get size(): number {
      return connections.size
    },

    all: (): Iterable<Connection> => connections.values(),
    get: (socket: Socket): Connection | undefined => connections.get(socket),

    listen(listener: ConnectionListener): void {
      listeners.push(listener)
    },

    /** Closes the connection at once. */
    destroy(connection: Connection): void {
      connection.socket.destroy()
      remove(connection)
    },

    /** Undefined, or settles when the responses before that of a pipelined request are complete. */
    turnOf: (request: IncomingMessage): Promise<void> | undefined => turns.get(request)
  }
}
