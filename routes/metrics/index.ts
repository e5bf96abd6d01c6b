import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ReportSchema } from '../../lib/metrics/report.ts'
import { envelope, errorResponses } from '../../lib/schemas/api.ts'
import { FormatQuery } from '../../lib/schemas/format.ts'

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get(
    '/',
    {
      schema: {
        querystring: FormatQuery,
        response: {
          200: {
            content: {
              'text/plain': { schema: Type.String() },
              'application/json': { schema: envelope(ReportSchema) }
            }
          },
          ...errorResponses
        }
      }
    },
    async (request, reply) => {
      reply.cacheControl('no-store')
      if (request.query.format === 'json') {
        return { success: true as const, data: fastify.metrics.report.read(), request_id: request.id }
      }
      return reply
        .type(fastify.metrics.contentType)
        .send(`# Request ID: ${request.id}\n${await fastify.metrics.text()}`)
    }
  )
}

export default routes
