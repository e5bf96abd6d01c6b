import type { FastifyContextConfig, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Config } from '../../lib/config/config.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Pages of every origin may read the responses of the route, and embed them. */
    isCrossOrigin?: boolean
  }
}

/** Headers of a response that pages of other origins may read, beside those that every page may. */
const EXPOSED_HEADERS = [
  'Accept-Ranges',
  'Allow',
  'Content-Range',
  'ETag',
  'Location',
  'Preference-Applied',
  'Retry-After',
  'WWW-Authenticate',
  'X-Address-Checksum',
  'X-Dalle-Degraded',
  'X-Dalle-Placeholder',
  'X-Dalle-Refused',
  'X-Dalle-Run',
  'X-Request-ID'
].join(', ')

/** Headers that every page may send. X-Dalle-Client is none of them: by it the server knows its own gallery. */
const READING_HEADERS = [
  'Cache-Control',
  'Content-Type',
  'If-Modified-Since',
  'If-None-Match',
  'If-Range',
  'Last-Event-ID',
  'Prefer',
  'Range',
  'X-Request-ID'
]
const CHANGING_HEADERS = [...READING_HEADERS, 'Authorization', 'Idempotency-Key', 'If-Match']
const READING_METHODS = ['GET', 'HEAD']
/** How long a browser may remember the answer to a preflight. */
const PREFLIGHT_SECONDS = 3600

/** What a request for an unknown path has in place of a route. Its error says nothing that is not public. */
const NO_ROUTE: FastifyContextConfig = { isCrossOrigin: true }

/**
 * Who may read: pages of every origin the routes with `isCrossOrigin`; pages of `origins` all others too, except those
 * for operators.
 */
export function createCorsRules(origins: readonly string[]) {
  const isKnown = (origin: string | undefined) => origin !== undefined && origins.includes(origin)
  const isForOperators = ({ metricsPort }: FastifyContextConfig) => metricsPort !== undefined

  return {
    /** Headers of a response of a route. @param origin the header Origin of the request */
    ofResponse(route: FastifyContextConfig, origin: string | undefined): Record<string, string> {
      if (route.isCrossOrigin === true) {
        return {
          'Access-Control-Allow-Origin': '*',
          'Access-Control-Expose-Headers': EXPOSED_HEADERS,
          'Cross-Origin-Resource-Policy': 'cross-origin'
        }
      }
      if (origins.length === 0 || isForOperators(route)) return {}
      return {
        Vary: 'Origin',
        ...(isKnown(origin) && {
          'Access-Control-Allow-Origin': origin!,
          'Access-Control-Expose-Headers': EXPOSED_HEADERS
        })
      }
    },

    /**
     * Headers of the answer to a preflight. Without leave there is only Vary, so the browser does not send the request.
     * @param route the route of the request that the page wants to send; undefined if there is none
     * @param methods all that the path takes; none if it is unknown
     */
    ofPreflight(
      route: FastifyContextConfig | undefined,
      origin: string,
      methods: readonly string[]
    ): Record<string, string> {
      const leave = (to: string, allowed: readonly string[], headers: readonly string[]) => ({
        Vary: 'Origin',
        'Access-Control-Allow-Origin': to,
        'Access-Control-Allow-Methods': allowed.join(', '),
        'Access-Control-Allow-Headers': headers.join(', '),
        'Access-Control-Max-Age': String(PREFLIGHT_SECONDS)
      })
      if (route !== undefined && !isForOperators(route)) {
        if (isKnown(origin)) {
          return leave(origin, methods.length > 0 ? methods : READING_METHODS, CHANGING_HEADERS)
        }
        if (route.isCrossOrigin === true) return leave('*', READING_METHODS, READING_HEADERS)
      }
      return { Vary: 'Origin' }
    }
  }
}

/** Whether a browser asks if a page may send a request. */
function isPreflight({ method, headers }: FastifyRequest): boolean {
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  )
}

/**
 * CORS: which pages of other origins may read a response, and send what is no plain GET. It never allows credentials,
 * and no preflight allows a change that plugins/http/access would refuse.
 *
 * @fastify/cors is not used. Its route `OPTIONS *` makes every unknown path one that takes OPTIONS, and takes the
 * preflights of an application in which the service is registered. It knows the path of a preflight but not the route
 * that it is for. Its delegator adds `Vary: Origin` to every response, so that caches keep a picture once for each
 * origin.
 */
export default fp<{ config: Pick<Config, 'corsOrigins'> }>(
  async (fastify, { config }) => {
    const rules = createCorsRules(config.corsOrigins)
    const { routeTable } = fastify

    /** The route whose method and path these are. A path that no route has is open to reading. */
    function routeOf(method: string, path: string, methods: readonly string[]) {
      const isUnknown = methods.length === 0 && READING_METHODS.includes(method)
      return isUnknown ? NO_ROUTE : routeTable.configOf(method, path)
    }

    fastify.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
      const { headers, is404, routeOptions, url } = request
      const { origin } = headers
      const path = url.split('?', 1)[0]!
      if (is404 && isPreflight(request)) {
        const methods = routeTable.methodsOf(path)
        const route = routeOf(String(headers['access-control-request-method']), path, methods)
        return await reply
          .code(204)
          .headers(rules.ofPreflight(route, origin!, methods))
          .send()
      }
      // The error for a wrong method is as public as what the path has for GET.
      const route = is404 ? (routeOf('GET', path, routeTable.methodsOf(path)) ?? {}) : routeOptions.config
      reply.headers(rules.ofResponse(route, origin))
    })
  },
  { name: 'cors', dependencies: ['host-names', 'request-log', 'route-table'], fastify: '5.x' }
)
