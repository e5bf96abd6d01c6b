import fp from 'fastify-plugin'
import { createRunTraces } from '../../lib/tracing/runs.ts'
import type { RunTraces } from '../../lib/tracing/runs.ts'
import { startTracing } from '../../lib/tracing/sdk.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Undefined when no collector is configured. */
    tracing: RunTraces | undefined
  }
}

/** `fastify.tracing`: the spans of runs, and the delivery of all spans to the collector. */
export default fp(
  async (fastify) => {
    const { log } = fastify
    const { tracing: config } = fastify.config
    if (config === undefined) {
      fastify.decorate('tracing', undefined)
      return
    }
    const { origin } = new URL(config.endpoint)
    const sdk = await startTracing(config, (reason) =>
      log.warn({ collector: origin, reason }, 'traces are not delivered')
    )
    fastify.addHook('onClose', async () => await sdk.stop())
    fastify.decorate('tracing', createRunTraces())
  },
  { name: 'tracing', dependencies: ['config'], fastify: '5.x' }
)
