import fp from 'fastify-plugin'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { OpenAi, OpenAiOptions } from '../../lib/provider/client.ts'
import type { CallClock } from '../../lib/clock.ts'
import { failureOf, isProviderFailure, reasonOf } from '../../lib/provider/failures.ts'
import type { FailureKind } from '../../lib/provider/failures.ts'
import { createModelWatch } from '../../lib/provider/model-watch.ts'
import type { ProviderCall, ProviderConfig } from '../../lib/provider/operations.ts'
import { priceOf } from '../../lib/provider/prices.ts'
import { createProviders } from '../../lib/provider/providers.ts'
import type { Providers } from '../../lib/provider/providers.ts'
import { createRefusedParameters } from '../../lib/provider/refused-parameters.ts'
import type { RefusedParameters } from '../../lib/provider/refused-parameters.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Undefined without a key. */
    providers: Providers | undefined
  }
}

const UNAUTHORIZED = 401
/** What a provider answers that has no list of models, or none for the key. */
const HAS_NO_LIST = new Set<FailureKind>(['wrong_request', 'unusable', 'no_permission'])

export interface ProvidersPluginOptions {
  /** Replaces the system's clock in calls to the provider. */
  clock?: CallClock
  /** Whether the providers are asked for their models at the start and daily; by default they are. */
  watchesModels?: boolean
}

/** `fastify.providers`: the model providers, each with retry, circuit breakers and prices of its own. */
export default fp<ProvidersPluginOptions>(
  async (fastify, { clock, watchesModels = true }) => {
    const { config, files, log, metrics } = fastify
    if (config.providers.length === 0) {
      fastify.decorate('providers', undefined)
      return
    }
    const refusedParameters = createRefusedParameters({
      files,
      onDiskError: (error) => log.warn({ err: error }, 'the refused parameters could not be read or saved')
    })
    await refusedParameters.open()
    const { createOpenAi } = await loadClient()
    const clients = config.providers.map((provider) =>
      createOpenAi(clientOptions(fastify, provider, refusedParameters, clock))
    )
    const providers = createProviders({
      clients,
      onNext: (operation, provider, error) =>
        log.warn({ operation, provider, err: error }, 'the provider failed, and the next one is asked')
    })
    metrics.provider.watchPrices(providers.isTooDear)
    const stopWatch = watchModels(fastify, clients, watchesModels)
    fastify.addHook('onClose', async () => {
      stopWatch()
      await Promise.all([providers.close(), refusedParameters.close()])
    })
    fastify.decorate('providers', providers)
  },
  {
    name: 'providers',
    dependencies: ['config', 'engine', 'files', 'metrics', 'retry', 'circuit-breaker', 'tracing'],
    fastify: '5.x'
  }
)

/** Loads the client with the SDK and its HTTP client. A server without a provider does not need them. */
async function loadClient() {
  return await import('../../lib/provider/client.ts')
}

function clientOptions(
  { circuitBreaker, config, engine, log, metrics, retryOf, tracing }: FastifyInstance,
  provider: ProviderConfig,
  refusedParameters: RefusedParameters,
  clock: CallClock | undefined
): OpenAiOptions {
  const { name, enhancement, image, prices } = provider
  for (const used of [enhancement, image]) {
    if (used === undefined) continue
    metrics.spending.nameModel(name, used.model)
    if (priceOf(prices, used.model) === undefined) {
      log.warn({ provider: name, model: used.model }, 'the model has no price: its calls count as 0 USD')
    }
  }
  return {
    config: provider,
    proxies: config.proxies,
    refusedParameters,
    retry: retryOf(name),
    breakers: circuitBreaker.of(name),
    ledger: engine.ledger,
    onCall: (call) => {
      metrics.provider.recordCall(call)
      circuitBreaker.lastCalls.record(call)
      tracing?.recordCall(call)
      log.debug(call, 'request to the provider')
      logRefusal(log, call)
    },
    onCharge: (charge) => metrics.spending.recordCharge(charge),
    onRefusedParameters: (model, parameters) =>
      log.info(
        { provider: name, model, parameters },
        'the model refuses parameters, which are left out from now on'
      ),
    ...(clock && { clock })
  }
}

/** The client reads the service's words; the operator reads the provider's. */
function logRefusal(log: FastifyBaseLogger, { answer, durationMs, ...call }: ProviderCall): void {
  if (answer === undefined) return
  const { status, requestId, body } = answer
  log.warn(
    { ...call, providerStatus: status, providerRequestId: requestId, body },
    'the provider refused a request'
  )
}

/**
 * Logs and exports which models in use end, and which of them their provider does not list. The ends that this version
 * knows are logged at once; the provider is asked when the server is ready, and then daily.
 * @returns ends it
 */
function watchModels(fastify: FastifyInstance, clients: OpenAi[], asksProviders: boolean): () => void {
  const { circuitBreaker, log, metrics } = fastify
  const { lastCalls } = circuitBreaker
  /** Why the models of each provider are not known, so that it is said once. */
  const failures = new Map<string, string>()
  const watch = createModelWatch({
    clients,
    onEnd(provider, model, end) {
      metrics.spending.setModelEnd(provider, model, end)
      log.warn(
        { provider, model, shutdown: end.toISOString().slice(0, 10) },
        end.getTime() > Date.now()
          ? 'the model will be shut down: name another one in time'
          : 'the model is shut down: name another one'
      )
    },
    onRead(provider) {
      failures.delete(provider)
      lastCalls.record({ provider, operation: 'models', outcome: 'success' })
    },
    onListed(provider, model, isListed) {
      metrics.spending.setModelListed(provider, model, isListed)
      if (!isListed) {
        log.warn({ provider, model }, 'the provider does not list the model: its name may be wrong')
      }
    },
    onError(provider, error) {
      const { status } = error as { status?: number }
      const failure = failureOf(error, 0)
      const kind = isProviderFailure(failure) ? failure.kind : 'unusable'
      const reason = reasonOf(error)
      // Some providers have no list of models, or none for this key. One that works without it lacks nothing.
      const hasNoList = HAS_NO_LIST.has(kind) && status !== UNAUTHORIZED
      const isFailure = !(hasNoList && (kind === 'no_permission' || lastCalls.hasWorked(provider)))
      if (isFailure) lastCalls.record({ provider, operation: 'models', outcome: kind })
      if (failures.get(provider) === reason) return
      failures.set(provider, reason)
      if (status === UNAUTHORIZED) {
        // A key that is refused here will hardly be taken for a drawing.
        log.warn({ provider, reason }, 'the provider refuses the key: it may be wrong')
      } else {
        log[isFailure ? 'warn' : 'info']({ provider, reason }, 'the models of the provider are not known')
      }
    }
  })
  watch.announce()
  if (asksProviders) fastify.addHook('onReady', async () => watch.start())
  return watch.stop
}
