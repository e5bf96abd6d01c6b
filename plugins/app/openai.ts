import fp from 'fastify-plugin'
import { createOpenAi } from '../../lib/provider/client.ts'
import type { OpenAi } from '../../lib/provider/client.ts'
import { shutdownOf } from '../../lib/provider/shutdowns.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Undefined without a key. */
    openai: OpenAi | undefined
  }
}

/** `fastify.openai`: the model provider, through retry, circuit breaker and budget. */
export default fp(
  async (fastify) => {
    const {
      config: { openai: config, prices },
      metrics,
      log,
      tracing
    } = fastify
    if (config === undefined) {
      fastify.decorate('openai', undefined)
      return
    }
    for (const { model } of [config.enhancement, config.image].filter((used) => used !== undefined)) {
      metrics.spending.nameModel(model)
      const end = shutdownOf(model)
      if (end !== undefined) {
        log.warn(
          { model, shutdown: end.toISOString().slice(0, 10) },
          end.getTime() > Date.now()
            ? 'the model will be shut down: name another one in time'
            : 'the model is shut down: name another one'
        )
      }
    }
    const openai = createOpenAi({
      config,
      prices,
      retry: fastify.retry,
      breakers: fastify.circuitBreaker.breakers,
      budget: fastify.spending,
      onCall: (call) => {
        metrics.provider.recordCall(call)
        tracing?.recordCall(call)
        log.debug(call, 'request to the provider')
      },
      onCharge: (charge) => metrics.spending.recordCharge(charge)
    })
    fastify.addHook('onClose', async () => await openai.close())
    fastify.decorate('openai', openai)
  },
  {
    name: 'openai',
    dependencies: ['config', 'metrics', 'retry', 'circuit-breaker', 'spending', 'tracing'],
    fastify: '5.x'
  }
)
