import fp from 'fastify-plugin'
import type { CallClock } from '../../lib/clock.ts'
import { createRetry } from '../../lib/provider/retry.ts'
import type { Retry, RetryOptions } from '../../lib/provider/retry.ts'

declare module 'fastify' {
  interface FastifyInstance {
    retry: Retry
  }
}

export interface RetryPluginOptions {
  /** Replaces the defaults of `createRetry`. */
  retry?: Omit<RetryOptions, 'circuits' | 'onRetry' | 'clock'>
  /** Replaces the system's clock in calls to the provider. */
  clock?: CallClock
}

/** `fastify.retry`: repeats calls to the provider as the policy says. */
export default fp<RetryPluginOptions>(
  async (fastify, { retry, clock }) => {
    fastify.decorate(
      'retry',
      createRetry({
        ...retry,
        circuits: fastify.engine.circuits,
        ...(clock && { clock }),
        onRetry: (operation, kind) => {
          fastify.metrics.recordRetry(operation)
          fastify.metrics.provider.recordRetry(operation, kind)
        }
      })
    )
  },
  { name: 'retry', dependencies: ['engine', 'metrics'], fastify: '5.x' }
)
