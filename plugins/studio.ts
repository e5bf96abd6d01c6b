import fp from 'fastify-plugin'
import { createStudio } from '../lib/image/studio.ts'
import type { Studio } from '../lib/image/studio.ts'

declare module 'fastify' {
  interface FastifyInstance {
    studio: Studio
  }
}

/** `fastify.studio`: the one place where pixels are worked on. */
export default fp(async (fastify) => {
  fastify.decorate('studio', createStudio())
}, { name: 'studio', fastify: '5.x' })
