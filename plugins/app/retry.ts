import fp from 'fastify-plugin'
import type { CallClock } from '../../lib/clock.ts'
import { circuitsOf } from '../../lib/provider/circuits.ts'
import { createRetry } from '../../lib/provider/retry.ts'
import type { Retry, RetryOptions } from '../../lib/provider/retry.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Repeats the calls to a provider. Each provider has waits of its own. */
    retryOf: (provider: string) => Retry
  }
}

export interface RetryPluginOptions {
  /** Replaces the defaults of `createRetry`. */
  retry?: Omit<RetryOptions, 'circuits' | 'onRetry' | 'clock'>
  /** Replaces the system's clock in calls to the provider. */
  clock?: CallClock
}

/** `fastify.retryOf`: repeats calls to a provider as the policy says. */
export default fp<RetryPluginOptions>(
  async (fastify, { retry, clock }) => {
    fastify.decorate('retryOf', (provider: string) =>
      createRetry({
        ...retry,
        circuits: circuitsOf(fastify.engine.circuits, provider),
        ...(clock && { clock }),
        onRetry: (operation, kind) => {
          fastify.metrics.recordRetry(operation)
          fastify.metrics.provider.recordRetry(provider, operation, kind)
        }
      })
    )
  },
  { name: 'retry', dependencies: ['engine', 'metrics'], fastify: '5.x' }
)
