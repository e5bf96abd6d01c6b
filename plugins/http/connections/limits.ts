import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { systemClock } from '../../../lib/clock.ts'
import type { StreamClock } from '../../../lib/clock.ts'
import { errors } from '../../../lib/errors.ts'
import type { CloseReason } from '../../../lib/metrics/service.ts'
import { endWithError } from './answer.ts'
import type { Connection, Registry } from './registry.ts'

export interface ConnectionLimits {
  /** Connections at the same time. */
  max: number
  /** Milliseconds from the connection, or from the first byte of a request, to the end of its header. */
  headerMs: number
  /** Milliseconds from the end of the header to the end of the body. */
  bodyMs: number
  /** Milliseconds between a response and the next request. */
  idleMs: number
  /** Milliseconds in which the client reads nothing of a response. */
  stalledMs: number
  /** Milliseconds in which the client does not read the part of a response (up to 512 kB) that is sent. */
  slowMs: number
}

export const LIMITS: Omit<ConnectionLimits, 'max'> = {
  headerMs: 10_000,
  bodyMs: 30_000,
  idleMs: 120_000,
  stalledMs: 30_000,
  slowMs: 120_000
}

/** For a moment there may be this many times the limit, when many connections come at once. */
const BURST = 2
const SWEEP_INTERVAL_MS = 1_000
/** How long a client may take to read that its request took too long. */
const LAST_WORD_MS = 1_000
/** A header normally arrives within this time after its connection. */
const ARRIVAL_MS = 500
/** When the server is full, a reader that has read nothing for this long gives way. */
const GIVES_WAY_MS = 5_000

/** What the sweep knows of a connection besides its requests. */
interface Watch {
  /** When the first byte of a header was seen that is not complete; undefined without one. */
  partialSince: number | undefined
  /** Bytes that the client has taken, and when that number grew or nothing was left to send. */
  takenBytes: number
  takenAt: number
  /** When the last word was written. */
  endedAt: number | undefined
}

export interface LimitsOptions {
  server: Server
  registry: Registry
  limits: ConnectionLimits
  /** `fastify.basePath`, for the page of an error. */
  base?: string
  clock?: StreamClock
  onClose?: (reason: CloseReason, socket: Socket) => void
}

/**
 * Closes the connections of a server that take too long, and the one that waits longest when there are too many. Node's
 * own limits are off: they also end a connection on which an answer is being made.
 */
export function createConnectionLimits({
  server,
  registry,
  limits,
  base = '',
  clock = systemClock,
  onClose = () => {}
}: LimitsOptions): void {
  /** Connections that wait for a whole header, in the order in which the wait began. */
  const waiting = new Set<Connection>()
  const watches = new WeakMap<Connection, Watch>()
  let isSweeping = false
  let isTrimming = false

  server.maxConnections = BURST * limits.max + 1
  server.headersTimeout = 0
  server.requestTimeout = 0
  // Tells clients how long they may keep a connection. The sweep closes it.
  server.keepAliveTimeout = limits.idleMs
  // Node sees each byte that the client takes. It reports connections on which nothing moves.
  server.setTimeout(limits.stalledMs, (socket: Socket) => {
    const connection = registry.get(socket)
    if (connection !== undefined && socket.writableLength > 0) close(connection, 'reader')
  })

  registry.listen({
    onConnection(connection) {
      watches.set(connection, newWatch())
      waiting.add(connection)
      if (registry.size > limits.max) makeRoom()
      startSweeping()
    },
    onRequest: (connection) => waiting.delete(connection),
    onResponse(connection) {
      watchOf(connection).partialSince = undefined
      if (connection.open === 0) waiting.add(connection)
    },
    onClose: (connection) => waiting.delete(connection)
  })

  function newWatch(): Watch {
    return { partialSince: undefined, takenBytes: 0, takenAt: clock.now(), endedAt: undefined }
  }

  function watchOf(connection: Connection): Watch {
    return watches.get(connection)!
  }

  function close(connection: Connection, reason: CloseReason): void {
    onClose(reason, connection.socket)
    registry.destroy(connection)
  }

  /**
   * The request of a new connection may be there already, and is read in the next turn of the event loop. Only then is
   * it known who waits.
   */
  function makeRoom(): void {
    if (registry.size > BURST * limits.max) closeLongest(true)
    if (isTrimming) return
    isTrimming = true
    setImmediate(setImmediate, trim)
  }

  function trim(): void {
    isTrimming = false
    while (registry.size > limits.max && closeLongest(false));
  }

  /**
   * Closes the connection that has waited longest. One that has just begun to wait gives way only if no other can and
   * it must: otherwise the sweep looks again. Then one that has had an answer goes first, because its client expects
   * that it may end.
   */
  function closeLongest(isUrgent: boolean): boolean {
    const [longest] = waiting
    const hadTime = longest !== undefined && clock.now() - longest.since > ARRIVAL_MS
    const closed = hadTime ? longest : (findSlowest() ?? (isUrgent ? (findAnswered() ?? longest) : undefined))
    if (closed !== undefined) close(closed, 'full')
    return closed !== undefined
  }

  /** Among the connections that wait for a header: the one that was answered before all others. */
  function findAnswered(): Connection | undefined {
    for (const connection of waiting) if (connection.isUsed) return connection
    return undefined
  }

  /**
   * Among the connections with open requests: the one that has waited longest for the rest of a body, else the one that
   * has read nothing for longest, else the one with the most pipelined requests.
   */
  function findSlowest(): Connection | undefined {
    let body: Connection | undefined
    let reader: Connection | undefined
    let pipeline: Connection | undefined
    for (const connection of registry.all()) {
      if (connection.open === 0) continue
      const { takenAt } = watchOf(connection)
      if (isBodyMissing(connection)) {
        if (body === undefined || connection.latestSince < body.latestSince) body = connection
      } else if (clock.now() - takenAt > GIVES_WAY_MS) {
        if (reader === undefined || takenAt < watchOf(reader).takenAt) reader = connection
      } else if (connection.open > (pipeline?.open ?? 1)) {
        pipeline = connection
      }
    }
    return body ?? reader ?? pipeline
  }

  /** One timer for all connections, and none without any. */
  function startSweeping(): void {
    if (isSweeping || registry.size === 0) return
    isSweeping = true
    clock.startTimer(SWEEP_INTERVAL_MS, () => {
      isSweeping = false
      for (const connection of registry.all()) check(connection, watchOf(connection))
      trim()
      startSweeping()
    })
  }

  function check(connection: Connection, watch: Watch): void {
    const { socket, open } = connection
    const now = clock.now()
    if (watch.endedAt !== undefined) {
      if (now - watch.endedAt >= LAST_WORD_MS) registry.destroy(connection)
      return
    }
    const takenBytes = socket.bytesWritten - socket.writableLength
    if (socket.writableLength === 0 || takenBytes !== watch.takenBytes) {
      Object.assign(watch, { takenBytes, takenAt: now })
    }
    if (now - watch.takenAt >= limits.slowMs) {
      close(connection, 'reader')
    } else if (isBodyMissing(connection)) {
      connection.restingBytes = socket.bytesRead
      // Behind other requests the body has time until they are answered.
      if (open < 2 && now - connection.latestSince >= limits.bodyMs) endRequest(connection, watch, 'body')
    } else if (open === 0) {
      checkHeader(connection, watch, now)
    }
  }

  function checkHeader(connection: Connection, watch: Watch, now: number): void {
    const { socket, since, isUsed, restingBytes } = connection
    if (isUsed && socket.bytesRead <= restingBytes) {
      watch.partialSince = undefined
      if (now - since >= limits.idleMs) close(connection, 'idle')
      return
    }
    // A new connection owes its first header from the beginning.
    const begunAt = isUsed ? (watch.partialSince ??= now) : since
    if (now - begunAt >= limits.headerMs) endRequest(connection, watch, 'header')
  }

  /** Answers 408 where no other answer has begun. The sweep destroys the connection if the client does not read it. */
  function endRequest(connection: Connection, watch: Watch, part: 'header' | 'body'): void {
    const { socket, open, latest } = connection
    const error = errors.requestTimeout(part, limits[`${part}Ms`] / 1000)
    watch.endedAt = clock.now()
    onClose(part, socket)
    if (part === 'header' || latest === undefined) return endWithError(socket, error, { base })
    const { request, response } = latest
    if (open === 0 || response.headersSent) return registry.destroy(connection)
    // Without a listener, the route does not read the body and is making its answer.
    if (request.listenerCount('error') === 0) return endWithError(socket, error, { base })
    response.setHeader('Connection', 'close')
    request.emit('error', error)
  }
}

function isBodyMissing({ latest }: Connection): boolean {
  return latest !== undefined && !latest.request.complete
}
