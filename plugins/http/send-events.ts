import type { FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import { errors } from '../../lib/errors.ts'
import type { ChannelSource } from '../../lib/sse/channel.ts'
import { createHub } from '../../lib/sse/hub.ts'
import type { Hub } from '../../lib/sse/hub.ts'

declare module 'fastify' {
  interface FastifyInstance {
    eventStreams: Hub
  }
  interface FastifyReply {
    /** Answers with the events of what the key names, until they end or the client leaves. */
    sendEvents: (key: string, source: Pick<ChannelSource, 'read' | 'subscribe'>) => FastifyReply
  }
}

/**
 * `reply.sendEvents(key, source)`: server-sent events. @fastify/sse is not used: it formats each event anew for every stream and
 * gives each a timer, a `send` that waits for a subscriber who is gone never settles, and its 406 is not our error.
 */
export default fp(
  async (fastify) => {
    const hub = createHub()
    fastify.metrics.watchStreams(() => hub.size)
    fastify.decorate('eventStreams', hub)

    fastify.decorateReply('sendEvents', function (this: FastifyReply, key, source) {
      if (hub.isEnding) throw errors.unavailable('The server is stopping', 'Ask again when it is back')
      // nginx would hold events back until its buffer is full.
      this.cacheControl('no-store').header('X-Accel-Buffering', 'no').type('text/event-stream')
      if (this.request.method === 'HEAD') return this.send('')
      const lastId = this.request.headers['last-event-id']
      const subscriber = hub.join(
        key,
        {
          ...source,
          onError: (error) =>
            fastify.log.error({ err: error, key }, 'a state could not be told to those who listen')
        },
        typeof lastId === 'string' ? lastId : undefined
      )
      return this.send(subscriber.stream)
    })

    // Before generation waits for its runs: whoever listens may go at once.
    fastify.addHook('preClose', async () => await hub.end())
  },
  { name: 'event-streams', dependencies: ['errors', 'metrics', 'sensible'], fastify: '5.x' }
)
