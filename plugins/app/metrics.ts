import fp from 'fastify-plugin'
import { createMetrics } from '../../lib/metrics/metrics.ts'
import type { Metrics } from '../../lib/metrics/metrics.ts'

declare module 'fastify' {
  interface FastifyInstance {
    metrics: Metrics
  }
}

/** `fastify.metrics`: the registry. plugins/http/request-metrics adds the responses. */
export default fp(
  async (fastify) => {
    fastify.decorate('metrics', createMetrics({ providers: fastify.config.providerNames }))
  },
  { name: 'metrics', dependencies: ['config'], fastify: '5.x' }
)
