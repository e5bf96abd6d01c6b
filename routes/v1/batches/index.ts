import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { bearerToken } from '../../../lib/access/tokens.ts'
import type { Asker } from '../../../lib/batches/batches.ts'
import { errors } from '../../../lib/errors.ts'
import { BatchEstimateSchema, BatchRequestSchema, BatchSchema } from '../../../lib/schemas/batches.ts'
import type { BatchRequest } from '../../../lib/schemas/batches.ts'
import { answer, speakV1 } from '../answers.ts'
import { readBody } from '../body.ts'
import { batchEvents, isLastId } from './events.ts'
import {
  FAILURES_DEFAULT,
  cancelSchema,
  createSchema,
  estimateSchema,
  eventsSchema,
  listSchema,
  readSchema
} from './schemas.ts'

const COSTLY = { isCostly: true }

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

  fastify.post('/', { schema: createSchema, config: COSTLY }, async (request, reply) => {
    demandChange(request, reply)
    const body = readRequest(request, reply)
    const batch = await fastify.batches.accept(body, askerOf(request))
    reply.code(202).header('Location', `${fastify.basePath}/v1/batches/${batch.batchId}`)
    return answer(reply, batch)
  })

  fastify.post('/estimate', { schema: estimateSchema, config: COSTLY }, async (request, reply) => {
    demandChange(request, reply)
    const body = readRequest(request, reply)
    return answer(reply, await fastify.batches.estimate(body, askerOf(request)))
  })

  fastify.get('/', { exposeHeadRoute: false, schema: listSchema, config: COSTLY }, async (request, reply) => {
    demandValidToken(request)
    const client = request.tokenName === undefined ? request.clientId : undefined
    return answer(reply, { batches: (await fastify.batches.list(client)).reverse() })
  })

  fastify.get(
    '/:id',
    { exposeHeadRoute: false, schema: readSchema, config: { isCrossOrigin: true } },
    async (request, reply) => {
      const { limit = FAILURES_DEFAULT, offset = 0 } = request.query
      return answer(reply, await fastify.batches.find(request.params.id, { limit, offset }))
    }
  )

  fastify.delete('/:id', { schema: cancelSchema }, async (request, reply) => {
    demandChange(request, reply)
    return answer(reply, await fastify.batches.cancel(request.params.id))
  })

  fastify.get(
    '/:id/events',
    {
      exposeHeadRoute: false,
      schema: eventsSchema,
      config: { stream: true, isCrossOrigin: true, ...COSTLY }
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

/** Reads the body, and says in a header whether an address has a wrong checksum. */
function readRequest(request: FastifyRequest, reply: FastifyReply): BatchRequest {
  const body = readBody(request.body, BatchRequestSchema)
  body.addresses?.find((text) => typeof text === 'string' && reply.noteChecksum(text))
  return body
}

/**
 * The list says whether a token is one of the server's, so that wrong ones are counted.
 * @throws UNAUTHORIZED for a wrong token
 */
function demandValidToken({ headers, tokenName, metricsTokenName }: FastifyRequest): void {
  const isKnown = tokenName !== undefined || metricsTokenName !== undefined
  if (!isKnown && bearerToken(headers.authorization) !== undefined) {
    throw errors.unauthorized("This token is not one of the server's")
  }
}

function askerOf({ clientId, isLoopback }: FastifyRequest): Asker {
  return { client: clientId, isLoopback }
}
