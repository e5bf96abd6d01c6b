import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import { ReportSchema } from '../../lib/metrics/report.ts'
import { renderReport } from '../../lib/metrics/report-text.ts'
import { openEnvelope } from '../../plugins/http/send-shared.ts'
import { FormatQuery, errorResponses, textOrJson, tokenSecurity } from '../../lib/schemas/api.ts'

const QuerySchema = Type.Composite([
  FormatQuery,
  Type.Object({
    clear: Type.Optional(Type.String({ description: '`1` resets the report.', examples: ['1'] }))
  })
])

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  const { report, shareReport } = fastify.metrics
  const isShared = fastify.config.databaseUrl !== undefined
  const reportText = shareReport((read) => renderReport(read, `${fastify.basePath}/errors`, isShared))
  const reportJson = shareReport(openEnvelope)

  fastify.get(
    '/',
    {
      schema: {
        operationId: 'getErrorReport',
        tags: ['Service'],
        summary: 'Get the error report',
        description:
          'The errors of this process since its start or since the last reset, by code and by route. Where several ' +
          'processes share a database, each has a report of its own.',
        security: tokenSecurity,
        querystring: QuerySchema,
        response: { 200: textOrJson(ReportSchema, 'The report, as text or as JSON.'), ...errorResponses }
      },
      config: { metricsPort: 'only' }
    },
    async (request, reply) => {
      fastify.access.demandReader(request, reply)
      const { clear, format } = request.query
      reply.cacheControl('no-store')
      const isClear = clear === '1' && request.method === 'GET'
      if (isClear && fastify.access.mayChange(request, reply, { kind: 'other' })) {
        report.reset()
        return reply.type('text/plain; charset=utf-8').send('The error report is cleared.\n')
      }
      if (format === 'json') return await reply.sendSharedEnvelope(await reportJson())
      return await reply.type('text/plain; charset=utf-8').sendShared(await reportText())
    }
  )
}

export default fp(routes, { name: 'routes/errors', encapsulate: true, fastify: '5.x' })
