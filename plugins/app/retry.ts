import fp from 'fastify-plugin'
import { createRetry } from '../../lib/provider/retry.ts'
import type { Retry, RetryOptions } from '../../lib/provider/retry.ts'

declare module 'fastify' {
  interface FastifyInstance {
    retry: Retry
  }
}

export interface RetryPluginOptions {
  /** How calls to the provider are repeated, where it is not to be as usual. */
  retry?: Omit<RetryOptions, 'onRetry'>
}

/** `fastify.retry`: repeats calls to the provider as the policy says. */
export default fp<RetryPluginOptions>(
  async (fastify, { retry }) => {
    fastify.decorate(
      'retry',
      createRetry({
        ...retry,
        onRetry: (operation, kind) => {
          fastify.metrics.recordRetry(operation)
          fastify.metrics.provider.recordRetry(operation, kind)
        }
      })
    )
  },
  { name: 'retry', dependencies: ['metrics'], fastify: '5.x' }
)
