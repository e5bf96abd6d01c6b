import { join } from 'node:path'
import autoload from '@fastify/autoload'
import fp from 'fastify-plugin'
import type { FastifyHttpOptions, RawServerDefault } from 'fastify'
import type { Config } from './lib/config/config.ts'
import type { MetricsOptions } from './lib/metrics/metrics.ts'
import type { BatchesPluginOptions } from './plugins/app/batches.ts'
import type { EnginePluginOptions } from './plugins/app/engine.ts'
import type { FilesPluginOptions } from './plugins/app/files.ts'
import type { GenerationPluginOptions } from './plugins/app/generation.ts'
import type { HealthPluginOptions } from './plugins/app/health/index.ts'
import type { ProvidersPluginOptions } from './plugins/app/providers.ts'
import type { RetryPluginOptions } from './plugins/app/retry.ts'
import type { RunObserversOptions } from './plugins/app/run-observers.ts'
import type { AccessPluginOptions } from './plugins/http/access/index.ts'
import { answerParserError } from './plugins/http/bare-errors.ts'
import type { ConnectionsPluginOptions } from './plugins/http/connections/index.ts'
import type { LimitsPluginOptions } from './plugins/http/limits.ts'
import { schemaController } from './plugins/http/errors/compilers.ts'
import { rewriteMalformedUrl, withoutBase } from './plugins/http/errors/index.ts'
import { requestId } from './plugins/http/request-log/request-id.ts'
import { RequestLog } from './plugins/http/request-log/index.ts'
import type { ShedLoadPluginOptions } from './plugins/http/shed-load.ts'

const BODY_LIMIT_BYTES = 1024 * 1024
/** A large data folder on a slow disk takes long to read. */
const START_TIMEOUT_MS = 120_000
/** As long as the longest URL of Node, so that the route answers whatever the path contains. */
const MAX_PARAM_LENGTH = 16 * 1024

/** The options that `Fastify()` needs for the service to answer as documented. */
export const serverOptions = {
  bodyLimit: BODY_LIMIT_BYTES,
  pluginTimeout: START_TIMEOUT_MS,
  genReqId: requestId,
  logController: new RequestLog(),
  rewriteUrl: rewriteMalformedUrl,
  schemaController,
  // While the server stops, it still serves pictures. The generation plugin refuses new runs.
  return503OnClosing: false,
  routerOptions: { maxParamLength: MAX_PARAM_LENGTH, ignoreTrailingSlash: true },
  clientErrorHandler: answerParserError,
  // Node would answer a request without Host itself. plugins/http/bare-errors does.
  http: { requireHostHeader: false }
} satisfies FastifyHttpOptions<RawServerDefault>

/** The same with what the configuration says. */
export function serverOptionsFor({ basePath, trustedProxies }: Pick<Config, 'basePath' | 'trustedProxies'>) {
  return {
    ...serverOptions,
    trustProxy: [...trustedProxies],
    rewriteUrl: (request: { url?: string }) => withoutBase(rewriteMalformedUrl(request), basePath)
  } satisfies FastifyHttpOptions<RawServerDefault>
}

export interface AppOptions
  extends
    AccessPluginOptions,
    BatchesPluginOptions,
    ConnectionsPluginOptions,
    FilesPluginOptions,
    GenerationPluginOptions,
    HealthPluginOptions,
    LimitsPluginOptions,
    MetricsOptions,
    ProvidersPluginOptions,
    RetryPluginOptions,
    EnginePluginOptions,
    RunObserversOptions,
    ShedLoadPluginOptions {
  config: Config
}

const PLUGIN_FOLDERS = ['external', 'http', 'app']

/** The whole service: its plugins, then its routes. */
export default fp<AppOptions>(
  async (fastify, options) => {
    // The first and the last step of a stop: load balancers send no more requests, and the listener closes.
    fastify.addHook('preClose', async () => {
      // It is absent where the start has failed.
      if (fastify.hasDecorator('health')) fastify.health.stop()
    })
    for (const folder of PLUGIN_FOLDERS) {
      await fastify.register(autoload, { dir: join(import.meta.dirname, 'plugins', folder), options })
    }
    await fastify.register(autoload, {
      dir: join(import.meta.dirname, 'routes'),
      indexPattern: /^index\.[jt]s$/,
      ignorePattern: /^(?!index\.).*\.[jt]s$/
    })
    fastify.openapi.close()
    fastify.addHook('preClose', async () => await fastify.connections.drain())
  },
  { name: 'dalleserver', fastify: '5.x' }
)
