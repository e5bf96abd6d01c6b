import fp from 'fastify-plugin'
import { createMetrics } from '../../lib/metrics/metrics.ts'
import type { Metrics, MetricsOptions } from '../../lib/metrics/metrics.ts'

declare module 'fastify' {
  interface FastifyInstance {
    metrics: Metrics
  }
}

/** All who ask for the metrics within a second get the same text. */
const TEXT_AGE_MS = 1_000

/** `fastify.metrics`: the registry. plugins/http/request-metrics adds the responses. */
export default fp<Pick<MetricsOptions, 'textAgeMs'>>(
  async (fastify, { textAgeMs = TEXT_AGE_MS }) => {
    fastify.decorate('metrics', createMetrics({ providers: fastify.config.providerNames, textAgeMs }))
  },
  { name: 'metrics', dependencies: ['config'], fastify: '5.x' }
)
