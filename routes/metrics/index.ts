import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import { FormatQuery, errorResponses, textOrJson, tokenSecurity } from '../../lib/schemas/api.ts'
import { ReportSchema } from '../../lib/metrics/report.ts'

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get(
    '/',
    {
      schema: {
        operationId: 'getMetrics',
        tags: ['Service'],
        summary: 'Get the metrics',
        description:
          'Metrics in the text format of Prometheus. The first line is a comment with the id of the request.',
        security: tokenSecurity,
        querystring: FormatQuery,
        response: { 200: textOrJson(ReportSchema, 'The metrics, or a report as JSON.'), ...errorResponses }
      },
      config: { metricsPort: 'only' }
    },
    async (request, reply) => {
      fastify.access.demandReader(request, reply)
      const { metrics } = fastify
      reply.cacheControl('no-store')
      if (request.query.format === 'json') {
        return { success: true as const, data: metrics.report.read(), request_id: request.id }
      }
      return reply.type(metrics.contentType).send(`# Request ID: ${request.id}\n${await metrics.text()}`)
    }
  )
}

export default fp(routes, { name: 'routes/metrics', encapsulate: true, fastify: '5.x' })
