import { context } from '@opentelemetry/api'
import fp from 'fastify-plugin'
import { createRunTraces } from '../../lib/tracing/runs.ts'
import type { RunTraces } from '../../lib/tracing/runs.ts'
import { startTracing } from '../../lib/tracing/sdk.ts'
import { loggedPath } from '../http/requests.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Undefined where no traces are asked for. */
    tracing: RunTraces | undefined
  }
}

/** `fastify.tracing`: a span a request, named by its route, and what makes spans of runs; in the trace of the client, where it sends one. */
export default fp(
  async (fastify) => {
    const {
      config: { tracing: config },
      log
    } = fastify
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
        span.setAttributes({ 'url.path': loggedPath(request), 'dalleserver.request_id': request.id })
      }
    })
    await fastify.register(instrumentation.plugin())

    // A body is read in the context of its connection, so what comes after it would have lost its own.
    fastify.addHook('preHandler', (request, _reply, done) =>
      context.with(request.opentelemetry().context ?? context.active(), done)
    )
    fastify.addHook('onSend', async (request, reply) => {
      const { span } = request.opentelemetry()
      if (reply.failure !== undefined) span?.setAttribute('error.type', reply.failure.code)
      const run = reply.getHeader('x-dalle-run')
      if (run !== undefined) span?.setAttribute('dalleserver.run', String(run))
    })
    fastify.addHook('onClose', async () => await sdk.stop())
    fastify.decorate('tracing', createRunTraces())
  },
  { name: 'tracing', dependencies: ['config'], fastify: '5.x' }
)
