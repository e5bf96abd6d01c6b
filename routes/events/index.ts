import { randomUUID } from 'node:crypto'
import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import { createActivity } from '../../lib/generation/activity.ts'
import { ActivitySchema } from '../../lib/schemas/activity.ts'
import { errorResponses, events } from '../../lib/schemas/api.ts'
import type { State } from '../../lib/sse/channel.ts'

/** The key of the channel. It is not the key of a run, because those contain a slash. */
const ACTIVITY = 'activity'

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.addSchema(ActivitySchema)
  const activity = createActivity(fastify.generation, fastify.engine.pictures)
  fastify.addHook('onClose', async () => activity.close())

  // An id begins with the epoch of the revisions: a client that comes to another process sees by it whether its own
  // revision still counts. Ids of other processes must not match those of this one.
  const processId = randomUUID()
  let count = 0
  const read = async (): Promise<State> => {
    const data = await activity.read()
    count += 1
    return {
      event: 'activity',
      id: `${fastify.engine.pictures.epoch}.${processId}.${count}`,
      data,
      isMoving: data.runs.length > 0,
      isLast: false
    }
  }
  const subscribe = (listener: () => void) => activity.subscribe(listener)

  fastify.get(
    '/',
    {
      schema: {
        operationId: 'streamActivity',
        tags: ['Progress'],
        summary: 'Follow all runs and pictures',
        description:
          'Server-sent events: an event `activity` whenever a run or a picture changes. The data of each event is an ' +
          'Activity as JSON.',
        errors: ['RATE_LIMITED', 'SERVICE_UNAVAILABLE'],
        response: {
          200: events('Events; the schema is that of their data.', Type.Ref('Activity')),
          ...errorResponses
        }
      },
      // Events are no JSON.
      serializerCompiler: () => JSON.stringify,
      config: { stream: true, isCostly: true, isCrossOrigin: true }
    },
    async (_request, reply) => reply.sendEvents(ACTIVITY, { read, subscribe })
  )
}

export default fp(routes, { name: 'routes/events', encapsulate: true, fastify: '5.x' })
