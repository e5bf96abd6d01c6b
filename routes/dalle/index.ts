import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { errors, quote } from '../../lib/errors.ts'
import { runKey } from '../../lib/progress/tracker.ts'
import type { CacheResult } from '../../lib/metrics/generation.ts'
import type { Snapshot } from '../../lib/schemas/progress.ts'
import { DalleDressSchema } from '../../lib/schemas/dress.ts'
import { SnapshotSchema } from '../../lib/schemas/progress.ts'
import { content, envelope, errorResponses } from '../../lib/schemas/api.ts'
import { artifactPath } from '../../lib/storage/layout.ts'
import { isUnasked } from '../../plugins/http/requests.ts'
import { PICTURE_TYPES, sendPicture, variantQuery } from '../../plugins/app/send-picture.ts'
import { appliedPreferences, readPreferences } from './preferences.ts'
import { isLastId, pictureEvents } from './events.ts'
import { findTarget } from './target.ts'
import type { Target } from './target.ts'

const QuerySchema = Type.Object({
  generate: Type.Optional(
    Type.String({ description: '1 starts a run where there is no picture; anything else does not' })
  ),
  force: Type.Optional(Type.String({ description: '1 beside generate=1 makes the picture anew' })),
  remove: Type.Optional(Type.String({ description: 'With any value: removes the picture' })),
  ...variantQuery
})

type Query = Static<typeof QuerySchema>

const ProgressBody = envelope(
  Type.Union([Type.Ref('Snapshot'), Type.Object({}, { additionalProperties: false })])
)

const responses = {
  200: {
    description:
      'The picture, the progress of its run, {} when there is neither, or the confirmation that it was removed',
    content: {
      'application/json': { schema: ProgressBody },
      ...content(...PICTURE_TYPES, 'text/plain').content
    }
  },
  202: {
    description: 'Progress, as asked for by Prefer: respond-async',
    content: { 'application/json': { schema: ProgressBody } }
  },
  206: content(...PICTURE_TYPES),
  304: Type.Null(),
  ...errorResponses
}

type RunOutcome = 'started' | 'joined' | 'cached' | 'failed' | 'idle'

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.addSchema(DalleDressSchema)
  fastify.addSchema(SnapshotSchema)

  fastify.addHook('onRequest', async (_request, reply) => {
    tell(reply, 'idle')
  })

  // A poll of a run says nothing of how often a picture is at hand.
  const cacheResult = new Map<unknown, CacheResult>([
    ['cached', 'hit'],
    ['started', 'miss'],
    ['idle', 'miss']
  ])

  fastify.get<{ Params: { series: string; address: string }; Querystring: Query }>(
    '/:series/:address',
    {
      onResponse: async (_request, reply) => {
        const result = cacheResult.get(reply.getHeader('x-dalle-run'))
        if (result !== undefined && reply.failure === undefined) {
          fastify.metrics.generation.recordCacheRequest(result)
        }
        // An answer that was held until a run ended says nothing of the disk.
        if (reply.getHeader('content-type') === 'image/png' && !reply.hasHeader('preference-applied')) {
          fastify.metrics.generation.recordPicture(reply.elapsedTime / 1000)
        }
      },
      schema: {
        params: Type.Object({ series: Type.String(), address: Type.String() }),
        querystring: QuerySchema,
        response: responses
      },
      // A compiled serializer tries the variants of a union by validating each, which takes 20 times as long as this.
      serializerCompiler: () => JSON.stringify
    },
    async (request, reply) => {
      const { series, address } = request.params
      const target = await findTarget(fastify, [series, address])
      const isRequest = request.method === 'GET' && !isUnasked(request)
      if (isRequest && request.query.remove !== undefined) {
        fastify.authorize(request, reply)
        return await remove(fastify, target, reply)
      }
      if (isRequest && request.query.generate === '1') return await generate(fastify, target, request, reply)
      return await answer(fastify, target, request, reply)
    }
  )

  fastify.delete<{ Params: { series: string; address: string } }>(
    '/:series/:address',
    {
      schema: {
        params: Type.Object({ series: Type.String(), address: Type.String() }),
        response: { 200: envelope(Type.Ref('Snapshot')), ...errorResponses }
      },
      serializerCompiler: () => JSON.stringify
    },
    async (request, reply) => {
      fastify.authorize(request, reply)
      const target = await findTarget(fastify, [request.params.series, request.params.address])
      const {
        series: { suffix },
        address
      } = target
      const snapshot = await fastify.generation.cancel(suffix, address)
      if (snapshot === undefined) {
        throw errors.notFound(
          `No run works on ${quote(address)} in ${quote(suffix)}; ?remove=1 removes a picture`
        )
      }
      tell(reply, snapshot.error === '' ? 'cached' : 'failed')
      return sendProgress(reply, snapshot)
    }
  )

  fastify.get<{ Params: { series: string; address: string } }>(
    '/:series/:address/events',
    {
      schema: {
        params: Type.Object({ series: Type.String(), address: Type.String() }),
        response: {
          200: content('text/event-stream'),
          204: { type: 'null', description: 'The event named by Last-Event-ID was the last one' },
          ...errorResponses
        }
      }
    },
    async (request, reply) => {
      const target = await findTarget(fastify, [request.params.series, request.params.address])
      const source = pictureEvents(fastify.generation, target)
      tell(reply, await outcomeOf(fastify, target))
      const lastId = request.headers['last-event-id']
      // To a client that connects anew after the end, as EventSource does of itself, 204 says that it need not.
      if (typeof lastId === 'string' && isLastId(lastId) && (await source.read())?.id === lastId) {
        return await reply.cacheControl('no-store').code(204).send()
      }
      return reply.sendEvents(runKey(target.series.suffix, target.address), source)
    }
  )

  fastify.get<{ Params: { series: string; address: string } }>(
    '/:series/:address/partial',
    {
      schema: {
        params: Type.Object({ series: Type.String(), address: Type.String() }),
        response: {
          200: content('image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif'),
          204: Type.Null(),
          ...errorResponses
        }
      }
    },
    async (request, reply) => {
      const {
        series: { suffix },
        address
      } = await findTarget(fastify, [request.params.series, request.params.address])
      const partial = fastify.generation.partial(suffix, address)
      tell(reply, partial === undefined ? 'idle' : 'joined')
      reply.cacheControl('no-store')
      if (partial === undefined) return await reply.code(204).send()
      return await reply.type(partial.mediaType).send(partial.image)
    }
  )

  // Every other path below /dalle: findTarget knows what is wrong with it.
  for (const url of ['/', '/*']) {
    fastify.get<{ Params: { '*'?: string } }>(
      url,
      { schema: { response: errorResponses } },
      async (request) => {
        await findTarget(fastify, (request.params['*'] ?? '').split('/'))
      }
    )
  }
}

export default routes

function tell(reply: FastifyReply, outcome: RunOutcome): void {
  reply.header('X-Dalle-Run', outcome)
}

/** What is going on with a picture that nothing was asked of. */
async function outcomeOf(
  fastify: FastifyInstance,
  { series: { suffix }, address }: Target
): Promise<RunOutcome> {
  const snapshot = await fastify.generation.snapshot(suffix, address)
  if (snapshot !== undefined) return snapshot.done ? 'failed' : 'joined'
  return (await fastify.images.find(suffix, address)) === undefined ? 'idle' : 'cached'
}

async function generate(
  fastify: FastifyInstance,
  target: Target,
  request: FastifyRequest<{ Querystring: Query }>,
  reply: FastifyReply
) {
  const { series, address } = target
  const preferences = readPreferences(request.headers.prefer)
  const force = request.query.force === '1'
  const { outcome, snapshot, retryAfter } = await fastify.generation.ensure(series, address, {
    force,
    admit: () => fastify.authorize(request, reply)
  })
  tell(reply, outcome)
  if (retryAfter !== undefined) reply.header('Retry-After', retryAfter)
  if (preferences.wait === undefined && !preferences.respondAsync) return sendProgress(reply, snapshot)

  reply.header('Preference-Applied', appliedPreferences(preferences))
  const running = outcome === 'started' || outcome === 'joined'
  const ended = !running || (await runEnds(fastify, target, preferences.wait ?? 0, reply))
  if (ended || !preferences.respondAsync) return await look(fastify, target, reply, outcome)
  reply.code(202).header('Location', `/dalle/${encodeURIComponent(series.suffix)}/${address}`)
  return sendProgress(reply, (await fastify.generation.snapshot(series.suffix, address)) ?? snapshot)
}

/** Answers a plain request: at once, or after the run's end where that is preferred and there is no picture yet. */
async function answer(
  fastify: FastifyInstance,
  target: Target,
  request: FastifyRequest,
  reply: FastifyReply
) {
  const {
    series: { suffix },
    address
  } = target
  const { wait } = readPreferences(request.headers.prefer)
  const snapshot = await fastify.generation.snapshot(suffix, address)
  if (
    wait !== undefined &&
    snapshot?.done === false &&
    (await fastify.images.find(suffix, address)) === undefined
  ) {
    reply.header('Preference-Applied', appliedPreferences({ wait, respondAsync: false }))
    await runEnds(fastify, target, wait, reply)
  }
  return await look(fastify, target, reply)
}

async function remove(fastify: FastifyInstance, target: Target, reply: FastifyReply) {
  const {
    series: { suffix },
    address
  } = target
  if (!(await fastify.images.remove(suffix, address))) return await look(fastify, target, reply)
  return reply
    .cacheControl('no-store')
    .type('text/plain; charset=utf-8')
    .send(`image removed ${artifactPath('annotated', suffix, address)}\n`)
}

/**
 * Sends the picture, else the progress of its run, else `{}`.
 * @param outcome what X-Dalle-Run says; without it, what is found
 */
async function look(
  fastify: FastifyInstance,
  { series: { suffix }, address }: Target,
  reply: FastifyReply,
  outcome?: RunOutcome
) {
  // Told first, for when it is sent the headers are written; taken back below where there is no picture.
  tell(reply, outcome ?? 'cached')
  if (await sendPicture(fastify, reply, suffix, address, reply.request.query as Query)) return reply
  const standIn = await fastify.images.openStandIn(suffix, address)
  if (standIn !== undefined) {
    await reply.header('X-Dalle-Degraded', 'local').sendOpenFile(standIn, 'image/png')
    return reply
  }
  const snapshot = await fastify.generation.snapshot(suffix, address)
  tell(reply, outcome ?? (snapshot === undefined ? 'idle' : snapshot.done ? 'failed' : 'joined'))
  return sendProgress(reply, snapshot)
}

function sendProgress(reply: FastifyReply, snapshot: Snapshot | undefined): FastifyReply {
  return reply
    .cacheControl('no-store')
    .type('application/json; charset=utf-8')
    .send({ success: true, data: snapshot ?? {}, request_id: reply.request.id })
}

/** Waits until the picture's run ends. False when it still works after that many seconds, or the client has left. */
async function runEnds(
  fastify: FastifyInstance,
  { series: { suffix }, address }: Target,
  seconds: number,
  reply: FastifyReply
): Promise<boolean> {
  return await new Promise((resolve, reject) => {
    const settle = (ended: boolean) => {
      clearTimeout(timer)
      unsubscribe()
      resolve(ended)
    }
    const timer = setTimeout(settle, seconds * 1000, false)
    const unsubscribe = fastify.generation.subscribe(suffix, address, ({ done }) => {
      if (done) settle(true)
    })
    reply.raw.once('close', () => settle(false))
    fastify.generation.snapshot(suffix, address).then((snapshot) => {
      if (snapshot === undefined || snapshot.done) settle(true)
    }, reject)
  })
}
