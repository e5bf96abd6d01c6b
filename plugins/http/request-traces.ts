import { context } from '@opentelemetry/api'
import fp from 'fastify-plugin'
import type { Config } from '../../lib/config/config.ts'
import { loggedPath } from '../../lib/log.ts'
import { routeName } from './request-log/route-name.ts'

/**
 * Makes a span for each request, named by its route, in the trace of the client where the client sends one. It does
 * nothing without a collector. plugins/app/tracing delivers the spans.
 */
export default fp<{ config: Config }>(
  async (fastify, { config }) => {
    if (config.tracing === undefined) return
    const { FastifyOtelInstrumentation } = await import('@fastify/otel')
    const instrumentation = new FastifyOtelInstrumentation({
      instrumentHooks: false,
      instrumentHandler: false,
      recordExceptions: false,
      requestHook(span, request) {
        const route = routeName(request)
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
  },
  { name: 'request-traces', fastify: '5.x' }
)
