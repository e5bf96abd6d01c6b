import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import { FormatQuery, errorResponses, textOrJson, tokenSecurity } from '../../lib/schemas/api.ts'
import { ReportSchema } from '../../lib/metrics/report.ts'
import { openEnvelope } from '../../plugins/http/send-shared.ts'

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  const { metrics } = fastify
  const reportJson = metrics.shareReport(openEnvelope)

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
      reply.cacheControl('no-store')
      if (request.query.format === 'json') return await reply.sendSharedEnvelope(await reportJson())
      reply.type(metrics.contentType)
      return await reply.sendShared(await metrics.body(), { before: `# Request ID: ${request.id}\n` })
    }
  )
}

export default fp(routes, { name: 'routes/metrics', encapsulate: true, fastify: '5.x' })
