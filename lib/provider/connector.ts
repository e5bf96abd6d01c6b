import type { Socket } from 'node:net'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { TLSSocket } from 'node:tls'
import { buildConnector } from 'undici'

/** The shortest time in which a new connection shows whether it stays open. */
const LEAST_QUIET_MS = 20
/** The end of a connection that is closed at once arrives one round trip after the connection. */
const ROUND_TRIPS = 2
/** A path that is slower than this has its connection used at once. */
const MOST_QUIET_MS = 1_000

/**
 * Makes connections. One without TLS is handed over only after it stayed open for a moment: a port that accepts and
 * closes at once would else take a request with it, and nothing could show that the request was never read. With TLS
 * the handshake shows it.
 */
export function createConnector(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector(options)
  return (target, done) => {
    const startedAt = performance.now()
    connect(target, (...[error, socket]) => {
      if (error !== null) return done(error, null)
      if (socket instanceof TLSSocket) return done(null, socket)
      staysOpen(socket, (performance.now() - startedAt) * ROUND_TRIPS).then(
        () => done(null, socket),
        (reason: Error) => done(reason, null)
      )
    })
  }
}

/** @throws where the connection ends within the time */
async function staysOpen(socket: Socket, ms: number): Promise<void> {
  let problem: Error | undefined
  const note = (error: Error) => (problem ??= error)
  socket.once('error', note)
  await sleep(Math.min(Math.max(ms, LEAST_QUIET_MS), MOST_QUIET_MS))
  // On a busy machine the end may have come while nothing was read; each turn reads what is there.
  for (let turns = 0; turns < 3; turns += 1) await turn()
  socket.off('error', note)
  if (problem !== undefined || socket.destroyed || !socket.writable || socket.readableEnded) {
    socket.destroy()
    throw problem ?? new Error('the connection was closed before the request was sent')
  }
}
