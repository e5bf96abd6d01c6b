import fp from 'fastify-plugin'
import { createOpenAi } from '../../lib/provider/client.ts'
import type { OpenAi } from '../../lib/provider/client.ts'
import type { CallClock } from '../../lib/clock.ts'
import { shutdownOf } from '../../lib/provider/models.ts'
import type { ProviderCall } from '../../lib/provider/operations.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Undefined without a key. */
    openai: OpenAi | undefined
  }
}

export interface OpenAiPluginOptions {
  /** Replaces the system's clock in calls to the provider. */
  clock?: CallClock
}

/** `fastify.openai`: the client of the model provider, with retry, circuit breaker and daily budget. */
export default fp<OpenAiPluginOptions>(
  async (fastify, { clock }) => {
    const { engine, metrics, log, tracing } = fastify
    const { openai: config, prices } = fastify.config
    if (config === undefined) {
      fastify.decorate('openai', undefined)
      return
    }
    for (const used of [config.enhancement, config.image]) {
      if (used !== undefined) announceModel(used.model)
    }
    const openai = createOpenAi({
      config,
      prices,
      retry: fastify.retry,
      breakers: fastify.circuitBreaker.breakers,
      ledger: engine.ledger,
      onCall: (call) => {
        metrics.provider.recordCall(call)
        tracing?.recordCall(call)
        log.debug(call, 'request to the provider')
        logRefusal(call)
      },
      onCharge: (charge) => metrics.spending.recordCharge(charge),
      ...(clock && { clock })
    })
    fastify.addHook('onClose', async () => await openai.close())
    fastify.decorate('openai', openai)

    /** The client reads the service's words; the operator reads the provider's. */
    function logRefusal({ operation, model, attempt, outcome, answer }: ProviderCall): void {
      if (answer === undefined) return
      const { status, requestId, body } = answer
      log.warn(
        { operation, model, attempt, outcome, providerStatus: status, providerRequestId: requestId, body },
        'the provider refused a request'
      )
    }

    /** Starts the model's metrics at 0 and warns when OpenAI shuts the model down. */
    function announceModel(model: string): void {
      metrics.spending.nameModel(model)
      const end = shutdownOf(model)
      if (end === undefined) return
      log.warn(
        { model, shutdown: end.toISOString().slice(0, 10) },
        end.getTime() > Date.now()
          ? 'the model will be shut down: name another one in time'
          : 'the model is shut down: name another one'
      )
    }
  },
  {
    name: 'openai',
    dependencies: ['config', 'engine', 'metrics', 'retry', 'circuit-breaker', 'tracing'],
    fastify: '5.x'
  }
)
