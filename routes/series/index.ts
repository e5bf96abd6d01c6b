import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import { familyOf } from '../../lib/dress/series-families.ts'
import type { SeriesEntry } from '../../lib/dress/series-registry.ts'
import { envelope, errorResponses } from '../../lib/schemas/api.ts'
import { createSharedBody } from '../../lib/shared-body.ts'
import type { SharedBody } from '../../lib/shared-body.ts'
import { openEnvelope } from '../../plugins/http/send-shared.ts'

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
  /** The answer of the series that were asked for last. */
  let shared: { entries: readonly SeriesEntry[]; body: SharedBody } | undefined

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
    async (_request, reply) => {
      const entries = await fastify.dresses.series.entries()
      if (shared?.entries !== entries) {
        shared = { entries, body: createSharedBody(openEnvelope(namesOf(entries))) }
      }
      return await reply.cacheControl('no-store').sendSharedEnvelope(shared.body)
    }
  )
}

function namesOf(entries: readonly SeriesEntry[]): Static<typeof SeriesNamesSchema> {
  const details = entries
    .filter(({ series }) => series.deleted !== true)
    .map(({ series: { suffix: name, purpose = '' }, file }) => {
      return { name, purpose, family: familyOf(name, file === undefined) }
    })
  return { series: details.map(({ name }) => name), count: details.length, details }
}

export default fp(routes, { name: 'routes/series', encapsulate: true, fastify: '5.x' })
