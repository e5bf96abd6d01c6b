import { context } from '@opentelemetry/api'
import fp from 'fastify-plugin'
import { loggedPath } from '../../lib/log.ts'
import { createRunTraces } from '../../lib/tracing/runs.ts'
import type { RunTraces } from '../../lib/tracing/runs.ts'
import { startTracing } from '../../lib/tracing/sdk.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Undefined when no collector is configured. */
    tracing: RunTraces | undefined
  }
}

/**
 * `fastify.tracing`: the spans of runs. It also makes a span for each request, named by its route, in the trace of the
 * client where the client sends one.
 */
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
    const { FastifyOtelInstrumentation } = await import('@fastify/otel')
    const instrumentation = new FastifyOtelInstrumentation({
      instrumentHooks: false,
      instrumentHandler: false,
      recordExceptions: false,
      requestHook(span, request) {
        const route = request.routeOptions.url
        span.updateName(route === undefined ? request.method : `${request.method} ${route}`)
        span.setAttributes({
          'url.path': loggedPath(request.originalUrl),
          'dalleserver.request_id': request.id
        })
      }
    })
    await fastify.register(instrumentation.plugin())

    // A body is read in the context of its connection, so the hooks and the handler after it would lose the context.
    fastify.addHook('preHandler', (request, _reply, done) =>
      context.with(request.opentelemetry().context ?? context.active(), done)
    )
    fastify.addHook('onSend', async (request, reply) => {
      const { span } = request.opentelemetry()
      const { failure, run } = reply.outcome
      if (failure !== undefined) span?.setAttribute('error.type', failure.code)
      if (run !== undefined) span?.setAttribute('dalleserver.run', run)
    })
    fastify.addHook('onClose', async () => await sdk.stop())
    fastify.decorate('tracing', createRunTraces())
  },
  { name: 'tracing', dependencies: ['config'], fastify: '5.x' }
)
