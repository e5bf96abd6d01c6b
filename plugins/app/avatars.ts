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
    const { dresses, generation, log, pictures } = fastify
    const { databases } = dresses
    const { dressOf, isDrawnToday } = generation
    const avatars = createAvatars({ variants: pictures.variants, databases, dressOf, isDrawnToday })
    const closing = new AbortController()
    fastify.addHook('onListen', async () => {
      avatars
        .warmUp(closing.signal)
        .catch((error: unknown) => log.error({ err: error }, 'no avatar can be drawn'))
    })
    fastify.addHook('onClose', async () => closing.abort())
    fastify.decorate('avatars', avatars)
  },
  { name: 'avatars', dependencies: ['dresses', 'generation', 'pictures'], fastify: '5.x' }
)
