import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import { ReportSchema } from '../../lib/metrics/report.ts'
import type { Report } from '../../lib/metrics/report.ts'
import { FormatQuery, errorResponses, textOrJson, tokenSecurity } from '../../lib/schemas/api.ts'

const QuerySchema = Type.Composite([
  FormatQuery,
  Type.Object({
    clear: Type.Optional(Type.String({ description: '`1` resets the report.', examples: ['1'] }))
  })
])

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get(
    '/',
    {
      schema: {
        operationId: 'getErrorReport',
        tags: ['Service'],
        summary: 'Get the error report',
        description: 'The errors since the start or since the last reset, by code and by route.',
        security: tokenSecurity,
        querystring: QuerySchema,
        response: { 200: textOrJson(ReportSchema, 'The report, as text or as JSON.'), ...errorResponses }
      },
      config: { metricsPort: 'only' }
    },
    async (request, reply) => {
      fastify.access.demandReader(request, reply)
      const { report } = fastify.metrics
      const { clear, format } = request.query
      reply.cacheControl('no-store')
      const isClear = clear === '1' && request.method === 'GET'
      if (isClear && fastify.access.mayChange(request, reply, { kind: 'other' })) {
        report.reset()
        return reply.type('text/plain; charset=utf-8').send('The error report is cleared.\n')
      }
      if (format === 'json') return { success: true as const, data: report.read(), request_id: request.id }
      return reply
        .type('text/plain; charset=utf-8')
        .send(renderReport(report.read(), `${fastify.basePath}/errors`))
    }
  )
}

export default fp(routes, { name: 'routes/errors', encapsulate: true, fastify: '5.x' })

/** @param url the URL of the report */
function renderReport(report: Report, url: string): string {
  const list = (title: string, counts: Record<string, number>) => [
    `${title}:`,
    ...Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => `  ${name}: ${count}`),
    ''
  ]
  const lines =
    report.total_errors === 0
      ? ['No errors recorded.', '']
      : [
          `Errors: ${report.total_errors}`,
          '',
          ...list('By code', report.errors_by_code),
          ...list('By endpoint', report.errors_by_endpoint)
        ]
  return [
    ...lines,
    `Retries: ${report.total_retries}`,
    `Failed requests to the model provider: ${report.openai_errors} of ${report.openai_requests}`,
    `Failed file operations: ${report.file_operation_errors} of ${report.file_operations}`,
    `Last change: ${report.last_updated}`,
    '',
    `${url}?format=json gives the same figures as JSON; ${url}?clear=1 resets them.`,
    ''
  ].join('\n')
}
