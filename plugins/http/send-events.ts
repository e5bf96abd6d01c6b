import type { FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import { errors } from '../../lib/errors.ts'
import type { ChannelSource } from '../../lib/sse/channel.ts'
import { createHub } from '../../lib/sse/hub.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** Sends the events of a key until they end or the client leaves. */
    sendEvents: (key: string, source: Pick<ChannelSource, 'read' | 'subscribe'>) => FastifyReply
  }
}

/**
 * `reply.sendEvents(key, source)`: server-sent events. @fastify/sse 0.6 is not used: it serializes every event again
 * for each stream, and its `send` never settles when the client has left.
 */
export default fp(
  async (fastify) => {
    // plugins/app decorates `fastify.metrics` before the first stream opens.
    const hub = createHub({ onCount: (streams) => fastify.metrics.setStreams(streams) })

    fastify.decorateReply('sendEvents', function (this: FastifyReply, key, source) {
      if (hub.isEnding) throw errors.unavailable('The server is stopping', 'Ask again when it is back')
      const { maxStreams } = fastify.connections
      if (hub.size >= maxStreams) {
        throw errors.unavailable('Too many event streams are open', `The server sends at most ${maxStreams}`)
      }
      // Without this header nginx holds events back until its buffer is full.
      this.cacheControl('no-store').header('X-Accel-Buffering', 'no').type('text/event-stream')
      if (this.request.method === 'HEAD') return this.send('')
      const release = this.server.limits.takeStream(this.request)
      const lastId = this.request.headers['last-event-id']
      const onError = (error: unknown) => fastify.log.error({ err: error, key }, 'an event could not be sent')
      const subscriber = hub.join(
        key,
        { ...source, onError },
        typeof lastId === 'string' ? lastId : undefined
      )
      subscriber.stream.once('close', release)
      return this.send(subscriber.stream)
    })

    // Runs before the generation plugin waits for its runs, so that streams end at once.
    fastify.addHook('preClose', async () => await hub.end())
  },
  { name: 'send-events', dependencies: ['connections', 'errors', 'limits', 'sensible'], fastify: '5.x' }
)
