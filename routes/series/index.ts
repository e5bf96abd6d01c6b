import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { envelope, errorResponses } from '../../lib/schemas/api.ts'

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get(
    '/',
    {
      schema: {
        response: {
          200: envelope(Type.Object({ series: Type.Array(Type.String()), count: Type.Integer() })),
          ...errorResponses
        }
      }
    },
    async (request, reply) => {
      const series = await fastify.series.names()
      reply.cacheControl('no-store')
      return { success: true as const, data: { series, count: series.length }, request_id: request.id }
    }
  )
}

export default routes
