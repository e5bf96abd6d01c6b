import { join } from 'node:path'
import autoload from '@fastify/autoload'
import fp from 'fastify-plugin'
import type { FastifyServerOptions } from 'fastify'
import type { CircuitBreakerPluginOptions } from './plugins/app/circuit-breaker.ts'
import type { GenerationPluginOptions } from './plugins/app/generation.ts'
import type { ConnectionsPluginOptions } from './plugins/http/connections.ts'
import { errorBody, rewriteMalformedUrl } from './plugins/http/errors.ts'
import { RequestLog, requestIdOf } from './plugins/http/requests.ts'
import type { RetryPluginOptions } from './plugins/app/retry.ts'
import type { RunLogPluginOptions } from './plugins/app/run-observers.ts'
import { errors } from './lib/errors.ts'
import type { Config } from './lib/config/config.ts'

const BODY_LIMIT_BYTES = 1024 * 1024
/** Looking through a large data folder on a slow disk takes its time. */
const START_TIMEOUT_MS = 120_000
/** As long as Node takes a URL: whatever is in a path, the route that it reaches answers. */
const MAX_PARAM_LENGTH = 16 * 1024

/** What `Fastify()` must be given for the service to answer as documented. */
export const serverOptions = {
  bodyLimit: BODY_LIMIT_BYTES,
  pluginTimeout: START_TIMEOUT_MS,
  genReqId: requestIdOf,
  logController: new RequestLog(),
  rewriteUrl: rewriteMalformedUrl,
  // While it stops the server still serves what exists; only new work is refused, by the generation plugin.
  return503OnClosing: false,
  routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
  clientErrorHandler(error, socket) {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const tooLarge = error.code === 'HPE_HEADER_OVERFLOW'
    const requestId = requestIdOf({ headers: {} })
    const body = JSON.stringify(
      errorBody(
        errors.invalidRequest('Invalid request', {
          details: tooLarge ? 'The header is too large' : 'This is not HTTP as the server understands it'
        }),
        requestId
      )
    )
    socket.end(
      `HTTP/1.1 ${tooLarge ? '431 Request Header Fields Too Large' : '400 Bad Request'}\r\nX-Request-ID: ${requestId}\r\n` +
        `Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`
    )
  }
} satisfies FastifyServerOptions

export interface AppOptions
  extends
    ConnectionsPluginOptions,
    GenerationPluginOptions,
    RetryPluginOptions,
    CircuitBreakerPluginOptions,
    RunLogPluginOptions {
  config: Config
}

/** The whole service: its plugins, then its routes. */
export default fp<AppOptions>(
  async (fastify, options) => {
    await fastify.register(autoload, { dir: join(import.meta.dirname, 'plugins'), options })
    await fastify.register(autoload, {
      dir: join(import.meta.dirname, 'routes'),
      indexPattern: /^index\.[jt]s$/,
      ignorePattern: /^(?!index\.).*\.[jt]s$/
    })
  },
  { name: 'dalleserver', fastify: '5.x' }
)
