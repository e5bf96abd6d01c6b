import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Asker } from '../../../lib/batches/batches.ts'
import { errors } from '../../../lib/errors.ts'
import { content, envelope, errorResponses } from '../../../lib/schemas/api.ts'
import { BatchEstimateSchema, BatchRequestSchema, BatchSchema } from '../../../lib/schemas/batches.ts'
import type { BatchState } from '../../../lib/schemas/batches.ts'
import { answer, responsesOf, speakV1 } from '../answers.ts'
import { readBody } from '../body.ts'
import { batchEvents, isLastId } from './events.ts'

const FAILURES = { minimum: 0, maximum: 1000, default: 100 }
const tags = ['Batches']

const Id = Type.Object({
  id: Type.String({ description: 'The batchId', examples: ['0a8f3c1e-5d27-4b6f-9c1a-2f1d0e7b8a90'] })
})
const FailuresQuery = Type.Object({
  limit: Type.Optional(
    Type.Integer({ ...FAILURES, description: 'The most failures in the answer', examples: [20] })
  ),
  offset: Type.Optional(
    Type.Integer({
      minimum: 0,
      default: 0,
      description: 'Failures that are left out before them',
      examples: [0]
    })
  )
})

/** Documents the body, which the route reads itself. */
const BODY = `The body is JSON: {"series": "simple", "addresses": ["0xf503017d7baf7fbc0fff7492b751025c6a78179b"]}.`

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.addSchema(BatchSchema)
  fastify.addSchema(BatchEstimateSchema)
  speakV1(fastify)

  /** Lets a request start or end a batch. */
  function demandChange(request: FastifyRequest, reply: FastifyReply): void {
    if (!fastify.access.mayChange(request, reply, { kind: 'other' })) {
      throw errors.forbidden('A prefetch changes nothing')
    }
  }

  fastify.post(
    '/',
    {
      schema: {
        operationId: 'createBatch',
        summary: 'Make many pictures',
        description:
          'Accepts up to 10,000 addresses of a series, all of them or none. The batch survives a restart. ' +
          BODY,
        tags,
        response: { 202: envelope(Type.Ref('Batch')), ...errorResponses }
      },
      config: { isCostly: true }
    },
    async (request, reply) => {
      demandChange(request, reply)
      const batch = await fastify.batches.accept(readBody(request.body, BatchRequestSchema), askerOf(request))
      reply.code(202).header('Location', `${fastify.basePath}/v1/batches/${batch.batchId}`)
      return await reply.send(answer(reply, batch))
    }
  )

  fastify.post(
    '/estimate',
    {
      schema: {
        operationId: 'estimateBatch',
        summary: 'What a batch would cost',
        description:
          'Counts the pictures that exist and estimates the cost of the others. Nothing starts. ' + BODY,
        tags,
        response: responsesOf(Type.Ref('BatchEstimate'))
      },
      config: { isCostly: true }
    },
    async (request, reply) => {
      demandChange(request, reply)
      const body = readBody(request.body, BatchRequestSchema)
      return answer(reply, await fastify.batches.estimate(body, askerOf(request)))
    }
  )

  fastify.get(
    '/',
    {
      exposeHeadRoute: false,
      schema: {
        operationId: 'listBatches',
        summary: 'List batches',
        description:
          'The batches of the client, or all with a token: those that live, and those that ended in the last day. ' +
          'The newest is first. Failures are not listed.',
        tags,
        response: responsesOf(Type.Object({ batches: Type.Array(Type.Ref('Batch')) }))
      },
      config: { isCostly: true }
    },
    async (request, reply) => {
      const client = request.tokenName === undefined ? request.clientId : undefined
      const batches: BatchState[] = await fastify.batches.list(client)
      return answer(reply, { batches: batches.reverse() })
    }
  )

  fastify.get(
    '/:id',
    {
      exposeHeadRoute: false,
      schema: {
        operationId: 'getBatch',
        summary: 'The progress of a batch',
        description: 'Counts, cost, time left, and a part of the failures.',
        tags,
        params: Id,
        querystring: FailuresQuery,
        response: responsesOf(Type.Ref('Batch'))
      }
    },
    async (request, reply) => {
      const { limit = FAILURES.default, offset = 0 } = request.query
      return answer(reply, await fastify.batches.find(request.params.id, { limit, offset }))
    }
  )

  fastify.delete(
    '/:id',
    {
      schema: {
        operationId: 'cancelBatch',
        summary: 'Cancel a batch',
        description:
          'Runs that have not begun never begin. Pictures that are being drawn are finished, because they may be ' +
          'paid for. A batch that has ended stays as it is.',
        tags,
        params: Id,
        response: responsesOf(Type.Ref('Batch'))
      }
    },
    async (request, reply) => {
      demandChange(request, reply)
      return answer(reply, await fastify.batches.cancel(request.params.id))
    }
  )

  fastify.get(
    '/:id/events',
    {
      exposeHeadRoute: false,
      schema: {
        operationId: 'followBatch',
        summary: 'The progress of a batch as events',
        description:
          'An event `progress` for each change, at most ten a second, with a Batch as its data; `done` is the last.',
        tags,
        params: Id,
        response: {
          200: { description: 'Server-sent events', ...content('text/event-stream') },
          204: Type.Null({ description: 'The client has seen the last event' }),
          ...errorResponses
        }
      },
      config: { stream: true, isCostly: true }
    },
    async (request, reply) => {
      const { id } = request.params
      const events = batchEvents(fastify.batches, id)
      const { id: current } = await events.read()
      // EventSource reconnects after the end. The status 204 stops it.
      if (request.headers['last-event-id'] === current && isLastId(current)) {
        return await reply.cacheControl('no-store').code(204).send(null)
      }
      return reply.sendEvents(`batch ${id}`, events)
    }
  )
}

export default fp(routes, { name: 'routes/v1/batches', encapsulate: true, fastify: '5.x' })

function askerOf({ clientId, isLoopback }: FastifyRequest): Asker {
  return { client: clientId, isLoopback }
}
