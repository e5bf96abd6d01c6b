import type { FastifyInstance } from 'fastify'
import { errors } from '../../lib/errors.ts'
import type { Series } from '../../lib/schemas/series.ts'
import { isAddress, seriesName } from '../../lib/storage/layout.ts'

/** The picture of a path. */
export interface Target {
  series: Series
  /** `0x` and 40 lower-case digits. */
  address: string
}

/**
 * The picture of a path below `/dalle/`.
 * @param segments decoded
 * @throws INVALID_REQUEST, MISSING_PARAMETER, INVALID_SERIES or INVALID_ADDRESS, in this order
 */
export async function findTarget(fastify: FastifyInstance, segments: string[]): Promise<Target> {
  if (segments.length < 2) {
    throw errors.invalidRequest('Invalid request', {
      details: 'Ask for /dalle/<series>/<address>; /series lists the series'
    })
  }
  const [seriesText, ...rest] = segments as [string, ...string[]]
  const addressText = rest.join('/')
  if (seriesText === '') throw errors.missingParameter('series')
  const series = await fastify.dresses.series.get(seriesName(seriesText))
  if (series === undefined) throw errors.invalidSeries(seriesText)
  if (addressText === '') throw errors.missingParameter('address')
  const address = addressText.toLowerCase()
  if (!isAddress(address)) throw errors.invalidAddress(addressText)
  return { series, address }
}
