import fp from 'fastify-plugin'
import { createEncodeQueue } from '../../lib/image/encode-queue.ts'
import type { EncodeQueue } from '../../lib/image/encode-queue.ts'

declare module 'fastify' {
  interface FastifyInstance {
    encodeQueue: EncodeQueue
  }
}

/** `fastify.encodeQueue`: the one place where pixels are worked on. */
export default fp(
  async (fastify) => {
    fastify.decorate('encodeQueue', createEncodeQueue())
  },
  { name: 'encodeQueue', fastify: '5.x' }
)
