import FindMyWay from 'find-my-way'
import type { HTTPMethod } from 'find-my-way'
import type { FastifyContextConfig } from 'fastify'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    /** The routes of the service by path. A path has no query. */
    routeTable: {
      /** The methods that a path takes; none for a path without a route. */
      methodsOf: (path: string) => string[]
      /** The `config` of the route that takes the method at the path; undefined if none does. */
      configOf: (method: string, path: string) => FastifyContextConfig | undefined
    }
  }
}

/**
 * `fastify.routeTable`: which route a request of another method would have, for errors and for preflights of browsers.
 * Fastify finds routes by their pattern only.
 */
export default fp(
  async (fastify) => {
    // Node limits the length of a URL.
    const routes = FindMyWay({ ignoreTrailingSlash: true, maxParamLength: Number.MAX_SAFE_INTEGER })
    const methods = new Set<string>()

    fastify.addHook('onRoute', ({ method, url, config = {} }) => {
      // The application in which the service is registered may tell both paths apart.
      const path = url.replace(/(?<=.)\/$/, '')
      for (const each of [method].flat() as HTTPMethod[]) {
        methods.add(each)
        if (routes.findRoute(each, path) === null) routes.on(each, path, () => {}, config)
      }
    })

    const find = (method: string, path: string) =>
      methods.has(method) ? routes.find(method as HTTPMethod, path) : null

    fastify.decorate('routeTable', {
      methodsOf: (path) => [...methods].filter((method) => find(method, path) !== null),
      configOf: (method, path) => find(method, path)?.store as FastifyContextConfig | undefined
    })
  },
  { name: 'route-table', fastify: '5.x' }
)
