import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { EditableSeries } from '../../../lib/dress/series-editor.ts'
import { errors } from '../../../lib/errors.ts'
import { SeriesRecordSchema } from '../../../lib/schemas/series-record.ts'
import { answer, speakV1 } from '../answers.ts'
import { readBody } from '../body.ts'
import { conditionOf, etagOf } from './conditions.ts'
import { BodySchema, HiddenSchema, getSchema, hideSchema, listSchema, putSchema } from './schemas.ts'

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  const { access, dresses, engine } = fastify
  const { editor } = dresses
  fastify.addSchema(SeriesRecordSchema)
  speakV1(fastify)

  /** Before the body is read, so that a stranger cannot make the server read one. */
  const demandChange = async (request: FastifyRequest, reply: FastifyReply) => {
    if (!access.mayChange(request, reply, { kind: 'other' })) {
      throw errors.forbidden('A prefetch changes nothing')
    }
    if (!engine.isOpen) {
      throw errors.unavailable(
        'No series can be changed now',
        'The server stops, or waits for the data folder'
      )
    }
  }

  fastify.get(
    '/',
    { exposeHeadRoute: false, schema: listSchema, config: { isCrossOrigin: true } },
    async ({ query }, reply) => {
      const which = query.onlyHidden === '1' ? 'hidden' : query.includeHidden === '1' ? 'all' : 'shown'
      return answer(reply, await editor.list(which))
    }
  )

  fastify.get(
    '/:name',
    { exposeHeadRoute: false, schema: getSchema, config: { isCrossOrigin: true } },
    async ({ params }, reply) => answerSeries(reply, await editor.get(params.name))
  )

  fastify.put(
    '/:name',
    { schema: putSchema, onRequest: demandChange },
    async ({ body, params, headers }, reply) => {
      const { suffix = '', ...given } = readBody(body, BodySchema)
      return answerSeries(reply, await editor.put(params.name, { ...given, suffix }, conditionOf(headers)))
    }
  )

  fastify.post(
    '/:name/hidden',
    { schema: hideSchema, onRequest: demandChange },
    async ({ body, params, headers }, reply) => {
      const { hidden = false } = readBody(body, HiddenSchema)
      const series = await editor.setHidden(params.name, hidden, conditionOf(headers))
      // Pictures that the Go server has put away are back.
      if (!hidden) await engine.pictures.follow()
      return answerSeries(reply, series)
    }
  )
}

export default fp(routes, { name: 'routes/v1/series', encapsulate: true, fastify: '5.x' })

function answerSeries(reply: FastifyReply, { record, version, empty }: EditableSeries) {
  reply.header('ETag', etagOf(version))
  return answer(reply, { ...record, ...(empty.length > 0 && { empty }) })
}
