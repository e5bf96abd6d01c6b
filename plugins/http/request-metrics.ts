import fp from 'fastify-plugin'
import { isOpenStream } from './request-log/index.ts'
import { routeName } from './request-log/route-name.ts'

/** The route label of requests that match no route. */
const UNMATCHED = 'unmatched'

/** Adds every response to `fastify.metrics`, which plugins/app decorates before the first request. */
export default fp(
  async (fastify) => {
    fastify.addHook('onResponse', async (request, reply) => {
      const route = routeName(request) ?? UNMATCHED
      const { failure } = reply.outcome
      if (!isOpenStream(request, reply)) {
        fastify.metrics.recordResponse(request.method, route, reply.statusCode, reply.elapsedTime)
      }
      // A run that a client has cancelled is no error.
      if (failure !== undefined && failure.code !== 'CANCELLED') {
        fastify.metrics.recordError(failure.code, route)
      }
    })
  },
  { name: 'request-metrics', dependencies: ['request-log'], fastify: '5.x' }
)
