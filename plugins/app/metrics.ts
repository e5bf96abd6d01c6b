import fp from 'fastify-plugin'
import { createMetrics } from '../../lib/metrics/metrics.ts'
import type { Metrics } from '../../lib/metrics/metrics.ts'

declare module 'fastify' {
  interface FastifyInstance {
    metrics: Metrics
  }
}

/** What a request that met no route is counted under. */
const UNMATCHED = 'unmatched'

/** `fastify.metrics`, and what every answer adds to them. */
export default fp(
  async (fastify) => {
    fastify.decorate('metrics', createMetrics())
    fastify.addHook('onResponse', async (request, reply) => {
      const route = request.routeOptions.url ?? UNMATCHED
      // A stream is open for as long as somebody listens: that says nothing of how quickly the service answers.
      if (reply.getHeader('content-type') !== 'text/event-stream') {
        fastify.metrics.recordResponse({
          method: request.method,
          route,
          code: reply.statusCode,
          ms: reply.elapsedTime
        })
      }
      if (reply.failure !== undefined) fastify.metrics.recordError(reply.failure.code, route)
    })
  },
  { name: 'metrics', dependencies: ['errors'], fastify: '5.x' }
)
