import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { checksumProblem } from '../../../lib/checksum.ts'
import { errors } from '../../../lib/errors.ts'
import { errorResponses } from '../../../lib/schemas/api.ts'
import type { Series } from '../../../lib/schemas/series.ts'
import { isAddress, isSeriesName, seriesName } from '../../../lib/storage/layout.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * The picture of a path `<route>/<series>/<address>`.
     * @param segments decoded, those behind the route
     * @param route named in errors
     * @throws INVALID_REQUEST, MISSING_PARAMETER, INVALID_SERIES or INVALID_ADDRESS, in this order. With
     * TB_DALLE_STRICT_CHECKSUM an address with a wrong checksum is INVALID_ADDRESS.
     */
    findTarget: (segments: string[], route?: string) => Promise<Target>
  }
}

/** The picture of a path. */
export interface Target {
  series: Series
  /** False if the series is deleted or has no file: its pictures are served, and no new one is made. */
  isOffered: boolean
  /** `0x` and 40 lower-case digits. */
  address: string
}

/** The decoded segments below a route. The parameters of the route do not say whether the path ends with a slash. */
function segmentsOf({ url, routeOptions }: FastifyRequest): string[] {
  const base = routeOptions.url!.replace(/\/\*?$/, '')
  const path = url.split('?', 1)[0]!
  return path
    .slice(base.length + 1)
    .split('/')
    .map(decodeURIComponent)
}

/**
 * Adds the paths below a route that name no picture. Each is an error, which `findTarget` describes.
 * @param fastify the instance of the route, whose prefix is the route
 * @param route named in errors
 */
export function addWrongPaths(fastify: FastifyInstance, route?: string): void {
  for (const url of ['/', '/*']) {
    fastify.get(
      url,
      { schema: { hide: true, response: errorResponses }, config: { isCrossOrigin: true } },
      async (request) => {
        await fastify.findTarget(segmentsOf(request), route)
      }
    )
  }
}

/** `fastify.findTarget`: the picture that a path names. */
export default fp(
  async (fastify) => {
    fastify.decorate('findTarget', async (segments, route = '/dalle') => {
      if (segments.length < 2) {
        throw errors.invalidPath(`Ask for ${route}/<series>/<address>; /series lists the series`)
      }
      const [seriesText, ...rest] = segments as [string, ...string[]]
      const addressText = rest.join('/')
      if (seriesText === '') throw errors.missingParameter('series', route)
      const name = seriesName(seriesText)
      const address = addressText.toLowerCase()
      const offered = await fastify.dresses.series.get(name)
      const series = offered ?? (await findFormerSeries(fastify, name, address))
      if (series === undefined) throw errors.invalidSeries(seriesText)
      if (addressText === '') throw errors.missingParameter('address', route)
      if (!isAddress(address)) throw errors.invalidAddress(addressText)
      const problem = fastify.config.strictChecksum ? checksumProblem(addressText) : undefined
      if (problem !== undefined) throw errors.invalidAddress(addressText, problem)
      return { series, isOffered: offered !== undefined, address }
    })
  },
  { name: 'targets', dependencies: ['dresses', 'pictures'], fastify: '5.x' }
)

/** A series that is not offered any more, if its picture of this address lies in the data folder. */
async function findFormerSeries(
  fastify: FastifyInstance,
  name: string,
  address: string
): Promise<Series | undefined> {
  if (!isSeriesName(name) || !isAddress(address)) return undefined
  const { stored } = fastify.pictures
  const picture = (await stored.find(name, address)) ?? (await stored.findStandIn(name, address))
  if (picture === undefined) return undefined
  return (await fastify.dresses.series.get(name, { withDeleted: true })) ?? { suffix: name }
}
