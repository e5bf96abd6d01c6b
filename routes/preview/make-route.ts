import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { SEARCH_CHARACTERS_MAX } from '../../lib/engine/pictures.ts'
import { errors } from '../../lib/errors.ts'
import { errorResponses } from '../../lib/schemas/api.ts'
import { findAddress } from '../../lib/typed-address.ts'
import { pagePath } from '../../plugins/app/send-picture.ts'

interface MakeRouteOptions {
  /** `fastify.basePath`. */
  base: string
}

const schema = {
  hide: true,
  querystring: Type.Object({
    series: Type.Optional(Type.String()),
    address: Type.Optional(Type.String({ maxLength: SEARCH_CHARACTERS_MAX }))
  }),
  response: {
    303: Type.Null({ description: 'The page of the picture, which shows how far it is' }),
    ...errorResponses
  }
}

/**
 * `GET /preview/make?series=…&address=…`: what the form of the gallery asks for without scripts. It starts a run under
 * the rules of `/dalle`, and leads to the page of the picture.
 */
export const makeRoute: FastifyPluginAsyncTypebox<MakeRouteOptions> = async (fastify, { base }) => {
  fastify.get('/make', { schema }, async (request, reply) => {
    const { series: name = '', address: typed = '' } = request.query
    const { series, isOffered, address } = await fastify.findTarget(
      [name, findAddress(typed) ?? typed.trim()],
      `${base}/preview`
    )
    const page = base + pagePath(series.suffix, address)
    reply.cacheControl('no-store')
    if (request.method === 'GET' && request.isIntended) {
      await fastify.generation.ensure(series, address, {
        client: request.clientId,
        admit: () => {
          if (!isOffered) throw errors.invalidSeries(name)
          fastify.access.mayChange(request, reply, { kind: 'start', page })
          fastify.refuseUnderPressure()
        },
        count: async () => await fastify.limits.countRun(request)
      })
    }
    return await reply.redirect(page, 303)
  })
}
