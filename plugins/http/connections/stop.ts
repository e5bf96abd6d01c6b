import type { Server } from 'node:http'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { Connection, Registry } from './registry.ts'

/** How long open requests may go on after the server begins to stop. */
const REQUEST_GRACE_MS = 10_000
/** The time that requests which wait for runs have for their answer when these have ended or were stopped. */
const LAST_ANSWER_MS = 2_000
/** The time that a new connection has for its request while the server listens. */
const UNUSED_MS = 2_000
/** The same after the listener is closed, and the time that a request has for its answer after the grace. */
const ARRIVAL_MS = 400
/** The listener closes when nothing has come or gone for this long, */
const QUIET_MS = 50
/** or after this time and so many looks: a machine that stands still would use up a time without one. */
const QUIET_LIMIT_MS = 250
const QUIET_LOOKS = 25
/** A turn of the event loop that takes longer may have missed a connection. */
const TURN_MS = 2
const SWEEP_INTERVAL_MS = 50
const QUIET_INTERVAL_MS = 10

export interface StopOptions {
  /** How long open requests may go on after the server begins to stop, in milliseconds. */
  requestGraceMs?: number | undefined
  /** How long runs may. Where that is longer, the server answers until they have ended. */
  workGraceMs?: number
}

/**
 * The end of a server's connections when it stops.
 *
 * The server listens until its last work is done, so that a client is answered and not refused. Fastify adds
 * `Connection: close` to these answers. A connection that waits in the queue of the kernel when the listener closes is
 * reset. So the listener closes at a quiet moment: requests are held, clients that wait for an answer open no further
 * connection, and they are answered as soon as the listener is closed.
 */
export function createGracefulStop(
  server: Server,
  registry: Registry,
  { requestGraceMs = REQUEST_GRACE_MS, workGraceMs = 0 }: StopOptions = {}
) {
  let stoppedAt = Infinity
  /** When the runs have ended, or must have. */
  let worksUntil = Infinity
  let lastEventAt = -Infinity
  let draining: Promise<void> | undefined
  let isForced = false
  let sweeping: NodeJS.Timeout | undefined
  let held: Promise<void> | undefined
  let release = () => {}

  const now = () => performance.now()
  const noteEvent = () => {
    lastEventAt = now()
  }

  const deadline = () => Math.max(stoppedAt + requestGraceMs, worksUntil + LAST_ANSWER_MS)

  registry.listen({
    onConnection: noteEvent,
    onRequest: noteEvent,
    onResponse: noteEvent,
    onClose: noteEvent
  })
  server.once('close', () => clearInterval(sweeping))

  function mustEnd({ socket, open, since, isUsed, restingBytes }: Connection): boolean {
    const overdueMs = now() - deadline()
    const age = now() - since
    if (overdueMs > ARRIVAL_MS || (overdueMs > 0 && age > ARRIVAL_MS)) return true
    if (open > 0 || socket.bytesRead > restingBytes) return false
    // A connection that was used may bring the next request until the listener is closed.
    if (server.listening) return !isUsed && age > UNUSED_MS
    return isUsed || age > ARRIVAL_MS
  }

  function sweep(): void {
    if (!server.listening) release()
    for (const connection of registry.all()) if (mustEnd(connection)) connection.socket.destroy()
    if (server.listening && now() > deadline()) force()
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
    while ([...registry.all()].some(({ open, since }) => open > 0 && since < begunAt)) {
      await sleep(QUIET_INTERVAL_MS)
    }
    held = new Promise((resolve) => {
      release = resolve
    })
    const limit = now() + QUIET_LIMIT_MS
    let looks = 0
    const mayLook = () => ++looks < QUIET_LOOKS || now() < limit
    while (now() - lastEventAt < QUIET_MS && mayLook()) await sleep(QUIET_INTERVAL_MS)
    // A turn of the event loop accepts the connections that wait. Then there is no time for another one to come.
    let turnAt: number
    looks = 0
    do {
      turnAt = now()
      await nextTurn()
    } while ((lastEventAt >= turnAt || now() - turnAt > TURN_MS) && mayLook())
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
      worksUntil = stoppedAt + workGraceMs
      // A sweep comes after the reading of sockets, so that it sees the requests that wait there.
      sweeping = setInterval(setImmediate, SWEEP_INTERVAL_MS, sweep).unref()
    },

    /**
     * Resolves when the listener should close: open requests are answered, and nothing new comes. It is called when the
     * runs have ended.
     */
    async drain(): Promise<void> {
      worksUntil = Math.min(worksUntil, now())
      await drain()
    },

    /** Undefined, or settles when the listener is closed. */
    get held(): Promise<void> | undefined {
      return held
    }
  }
}
