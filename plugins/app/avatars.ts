import fp from 'fastify-plugin'
import { createAvatars } from '../../lib/pictures/avatars.ts'
import type { Avatars } from '../../lib/pictures/avatars.ts'

declare module 'fastify' {
  interface FastifyInstance {
    avatars: Avatars
  }
}

/** `fastify.avatars`: an image for every address. */
export default fp(
  async (fastify) => {
    const { dresses, generation, pictures } = fastify
    const { databases } = dresses
    const { dressOf, drawerOf } = generation
    const avatars = createAvatars({ variants: pictures.variants, databases, dressOf, drawerOf })
    fastify.decorate('avatars', avatars)
  },
  { name: 'avatars', dependencies: ['dresses', 'generation', 'pictures'], fastify: '5.x' }
)
