import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { State } from '../../lib/sse/channel.ts'
import { createActivity } from '../../lib/generation/activity.ts'
import { content, errorResponses } from '../../lib/schemas/api.ts'
import { ActivitySchema } from '../../lib/schemas/activity.ts'

/** The channel of everything; no run's key, for those have a slash. */
const EVERYTHING = 'everything'

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.addSchema(ActivitySchema)
  const activity = createActivity(fastify.generation, fastify.gallery)
  fastify.addHook('onClose', async () => activity.close())

  // Ids of an earlier start must not be taken for those of this one.
  const start = randomUUID()
  let count = 0
  const read = async (): Promise<State> => {
    const data = activity.read()
    count += 1
    return { event: 'activity', id: `${start}.${count}`, data, isMoving: data.runs.length > 0, isLast: false }
  }

  fastify.get(
    '/',
    {
      schema: {
        response: {
          200: {
            description: 'An event `activity` per change, with an Activity as its data',
            ...content('text/event-stream')
          },
          ...errorResponses
        }
      }
    },
    async (_request, reply) =>
      reply.sendEvents(EVERYTHING, { read, subscribe: (listener) => activity.subscribe(() => listener()) })
  )
}

export default routes
