import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import { errors, quote } from '../../lib/errors.ts'
import type { CacheResult } from '../../lib/metrics/generation.ts'
import { DalleDressSchema } from '../../lib/schemas/dress.ts'
import { ProgressSchema, SnapshotSchema } from '../../lib/schemas/progress.ts'
import { checkKeys, readSwitch } from '../../lib/schemas/switches.ts'
import { pictureKey, seriesName } from '../../lib/storage/layout.ts'
import { addWrongPaths } from '../../plugins/app/targets/index.ts'
import { setRun } from '../../plugins/http/request-log/run-header.ts'
import { isLastId, pictureEvents } from './events.ts'
import { chooseShortForm, findRunOutcome, generate, pageOf, read, remove, sendProgress } from './picture.ts'
import { QuerySchema, cancelSchema, eventsSchema, partialSchema, pictureSchema } from './schemas.ts'
import { startsByItself } from './start.ts'

/** Requests that count as a cache hit or miss. Polls of a run do not count. */
const CACHE_RESULT: Partial<Record<string, CacheResult>> = { cached: 'hit', started: 'miss', idle: 'miss' }

const KEYS = Object.keys(QuerySchema.properties)

// A compiled serializer validates the data against each variant of a union, which takes 20 times as long.
const serializerCompiler = () => JSON.stringify

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.addSchema(DalleDressSchema)
  fastify.addSchema(SnapshotSchema)
  fastify.addSchema(ProgressSchema)
  fastify.addHook('onRequest', async (_request, reply) => setRun(reply, 'idle'))

  fastify.get(
    '/:series/:address',
    {
      schema: pictureSchema,
      serializerCompiler,
      config: { isCrossOrigin: true },
      onResponse: async (_request, reply) => {
        const { generation } = fastify.metrics
        const { run, failure, isHeld, isPicture } = reply.outcome
        const result = run && CACHE_RESULT[run]
        if (result !== undefined && failure === undefined) generation.recordCacheRequest(result)
        if (isPicture && !isHeld && reply.statusCode < 300) generation.recordPicture(reply.elapsedTime / 1000)
      }
    },
    async (request, reply) => {
      const { params, query, method, isIntended } = request
      const target = await fastify.findTarget([params.series, params.address])
      checkKeys(query, KEYS, errors.invalidPath)
      const isAsked = readSwitch(query, 'generate', errors.invalidPath)
      readSwitch(query, 'force', errors.invalidPath)
      if (method === 'GET' && query.remove !== undefined) {
        const change = { kind: 'other' as const, page: pageOf(fastify, target) }
        if (fastify.access.mayChange(request, reply, change)) {
          return await remove(fastify, target, request, reply)
        }
      }
      if (method === 'GET' && isIntended) {
        if (isAsked) return await generate(fastify, target, request, reply)
        if (isAsked === undefined && (await startsByItself(fastify, target, request))) {
          return await generate(fastify, target, request, reply, { byImages: true })
        }
      }
      return await read(fastify, target, request, reply)
    }
  )

  fastify.delete(
    '/:series/:address',
    { schema: cancelSchema, serializerCompiler },
    async (request, reply) => {
      const { params, clientId } = request
      const starter = await fastify.generation.starterOf(
        seriesName(params.series),
        params.address.toLowerCase()
      )
      const kind = starter === clientId ? 'own' : 'other'
      if (!fastify.access.mayChange(request, reply, { kind })) {
        throw errors.forbidden('A prefetch cancels nothing')
      }
      const { series, address } = await fastify.findTarget([params.series, params.address])
      const snapshot = await fastify.generation.cancel(series.suffix, address)
      if (snapshot === undefined) {
        throw errors.notFound(
          `No run works on ${quote(address)} in ${quote(series.suffix)}; ?remove=1 removes a picture`
        )
      }
      setRun(reply, snapshot.error === '' ? 'cached' : 'failed')
      return sendProgress(reply, snapshot)
    }
  )

  fastify.get(
    '/:series/:address/events',
    {
      schema: eventsSchema,
      serializerCompiler,
      config: { stream: true, isCostly: true, isCrossOrigin: true }
    },
    async (request, reply) => {
      const target = await fastify.findTarget([request.params.series, request.params.address])
      const isShort = chooseShortForm(reply)
      const events = pictureEvents(fastify.generation, target, isShort)
      setRun(reply, await findRunOutcome(fastify, target))
      const lastId = request.headers['last-event-id']
      // EventSource reconnects after the end. The status 204 stops it.
      if (typeof lastId === 'string' && isLastId(lastId) && (await events.read())?.id === lastId) {
        return await reply.cacheControl('no-store').code(204).send(null)
      }
      const key = pictureKey(target.series.suffix, target.address)
      return reply.sendEvents(isShort ? `${key} in short` : key, events)
    }
  )

  fastify.get(
    '/:series/:address/partial',
    { schema: partialSchema, config: { isCrossOrigin: true } },
    async (request, reply) => {
      const { series, address } = await fastify.findTarget([request.params.series, request.params.address])
      const partial = await fastify.generation.partial(series.suffix, address)
      setRun(reply, partial === undefined ? 'idle' : 'joined')
      reply.cacheControl('no-store')
      if (partial === undefined) return await reply.code(204).send(null)
      return await reply.type(partial.mediaType).send(partial.image)
    }
  )

  addWrongPaths(fastify)
}

export default fp(routes, { name: 'routes/dalle', encapsulate: true, fastify: '5.x' })
