import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { SeriesRegistry } from '../../lib/dress/series-registry.ts'
import type { PictureIndex } from '../../lib/engine/pictures.ts'
import { errors, quote } from '../../lib/errors.ts'
import { errorResponses } from '../../lib/schemas/api.ts'
import { seriesName } from '../../lib/storage/layout.ts'

interface ShortRouteOptions {
  registry: Pick<SeriesRegistry, 'get' | 'hidden'>
  gallery: Pick<PictureIndex, 'page'>
  /** `fastify.basePath`. */
  base: string
}

const schema = {
  hide: true,
  params: Type.Object({ series: Type.String() }),
  response: { 302: Type.Null({ description: 'The pictures of the series' }), ...errorResponses }
}

/** `GET /preview/<series>`, which people type, leads to the pictures of the series. */
export const shortRoute: FastifyPluginAsyncTypebox<ShortRouteOptions> = async (
  fastify,
  { registry, gallery, base }
) => {
  fastify.get('/:series', { schema, config: { isCostly: true } }, async ({ params }, reply) => {
    const series = seriesName(params.series)
    if ((await registry.get(series)) === undefined && !(await hasPictures(series))) {
      throw errors.notFound(
        `There is nothing at ${quote(`${base}/preview/${params.series}`)}, and no series has this name; ` +
          `${base}/preview/series lists them`
      )
    }
    reply.cacheControl('no-cache')
    return await reply.redirect(`${base}/preview?series=${encodeURIComponent(series)}`)
  })

  /** A series without a file may have pictures. */
  async function hasPictures(series: string): Promise<boolean> {
    const without = await registry.hidden()
    return (await gallery.page({ order: 'newest', limit: 1, series, without })).total > 0
  }
}
