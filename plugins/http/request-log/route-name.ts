import type { FastifyRequest } from 'fastify'

/** The hash in the route of the assets, which differs from build to build. */
const ASSETS_OF_BUILD = /(\/preview\/assets\/)[\w-]+(\/\*)$/

/** The pattern of the request's route, for logs and metrics; the same in each build. Undefined where none matched. */
export function routeName({ routeOptions }: Pick<FastifyRequest, 'routeOptions'>): string | undefined {
  return routeOptions.url?.replace(ASSETS_OF_BUILD, '$1:hash$2')
}
