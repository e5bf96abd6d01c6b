import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import { envelope, errorResponses } from '../../lib/schemas/api.ts'

const SeriesNamesSchema = Type.Object({ series: Type.Array(Type.String()), count: Type.Integer() })

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get(
    '/',
    { schema: { response: { 200: envelope(SeriesNamesSchema), ...errorResponses } } },
    async (request, reply) => {
      const series = await fastify.dresses.series.names()
      reply.cacheControl('no-store')
      return { success: true as const, data: { series, count: series.length }, request_id: request.id }
    }
  )
}

export default fp(routes, { name: 'routes/series', encapsulate: true, fastify: '5.x' })
