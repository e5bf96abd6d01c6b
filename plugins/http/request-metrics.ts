import fp from 'fastify-plugin'
import { isOpenStream } from './request-log/index.ts'
import { routeName } from './request-log/route-name.ts'

/** The route label of requests that match no route. */
const UNMATCHED = 'unmatched'

/**
 * The status label of a response that says that its run was cancelled. It is sent with 500, and a run that a client
 * cancels is no error of the server; 499 is what nginx logs where a client has changed its mind.
 */
const CANCELLED_CODE = 499

/** Adds every response to `fastify.metrics`, which plugins/app decorates before the first request. */
export default fp(
  async (fastify) => {
    fastify.addHook('onResponse', async (request, reply) => {
      const route = routeName(request) ?? UNMATCHED
      const { failure, isHeld } = reply.outcome
      const isCancelled = failure?.code === 'CANCELLED'
      const code = isCancelled ? CANCELLED_CODE : reply.statusCode
      if (isHeld) fastify.metrics.recordWait(route, code, reply.elapsedTime / 1000)
      else if (!isOpenStream(request, reply)) {
        fastify.metrics.recordResponse(request.method, route, code, reply.elapsedTime)
      }
      if (failure !== undefined && !isCancelled) fastify.metrics.recordError(failure.code, route)
    })
  },
  { name: 'request-metrics', dependencies: ['request-log'], fastify: '5.x' }
)
