import { AsyncResource } from 'node:async_hooks'
import fp from 'fastify-plugin'
import { errors } from '../../lib/errors.ts'
import { createRoundRobin } from '../../lib/round-robin.ts'

/** Milliseconds for new requests in one turn of the event loop. What the loop does beside them waits no longer. */
const BUDGET_MS = 1

/**
 * Clients take turns: when more requests wait than one turn of the event loop has time for, it serves one request of
 * each client in a round. A client that sends many requests waits for its own requests; others wait for one of them.
 * Liveness and readiness do not wait.
 */
export default fp(
  async (fastify) => {
    const waiting = createRoundRobin<() => void>()
    /** When the time of this turn of the event loop is used up; undefined before its first request. */
    let turnEnd: number | undefined

    // Node runs the callbacks of `setImmediate` one after the other, with what their promises start in between. Those
    // that are set meanwhile run in the next turn.
    function serve(): void {
      if (turnEnd === undefined) {
        turnEnd = performance.now() + BUDGET_MS
        setImmediate(() => (turnEnd = undefined))
      }
      if (performance.now() < turnEnd) waiting.next()?.()
      else setImmediate(serve)
    }

    fastify.addHook('onRequest', ({ clientId, raw, routeOptions }, _reply, done) => {
      if (routeOptions.config.isProbe === true) return done()
      // The turn is given by the callback of another request, whose context for traces is not the one of this request.
      const context = new AsyncResource('RequestTurn')
      const answer = () => {
        if (!raw.socket.destroyed) return done()
        done(errors.unavailable('The client has left', 'Its request waited for its turn'))
      }
      waiting.add(() => context.runInAsyncScope(answer), clientId)
      setImmediate(serve)
    })
  },
  { name: 'request-turns', dependencies: ['client', 'request-log', 'host-names'], fastify: '5.x' }
)
