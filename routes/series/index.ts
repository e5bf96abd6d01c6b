import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import { familyOf } from '../../lib/dress/series-families.ts'
import { envelope, errorResponses } from '../../lib/schemas/api.ts'

const SeriesNamesSchema = Type.Object({
  series: Type.Array(Type.String()),
  count: Type.Integer(),
  details: Type.Array(
    Type.Object({
      name: Type.String(),
      purpose: Type.String({ description: 'Empty if the series has none' }),
      family: Type.String({
        description:
          'What the series narrows: everything, subjects, styles, palettes or moods; own for a series of the user'
      })
    })
  )
})

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get(
    '/',
    {
      schema: {
        operationId: 'listSeriesNames',
        tags: ['Series'],
        summary: 'List the names of the series',
        description: 'The names of all series that are not hidden, with what each one is for.',
        response: {
          200: envelope(SeriesNamesSchema, 'The names, their number, and the purpose and family of each.'),
          ...errorResponses
        }
      },
      config: { isCrossOrigin: true }
    },
    async (request, reply) => {
      const entries = await fastify.dresses.series.entries()
      const details = entries
        .filter(({ series }) => series.deleted !== true)
        .map(({ series: { suffix: name, purpose = '' }, file }) => {
          return { name, purpose, family: familyOf(name, file === undefined) }
        })
      const series = details.map(({ name }) => name)
      reply.cacheControl('no-store')
      return {
        success: true as const,
        data: { series, count: series.length, details },
        request_id: request.id
      }
    }
  )
}

export default fp(routes, { name: 'routes/series', encapsulate: true, fastify: '5.x' })
