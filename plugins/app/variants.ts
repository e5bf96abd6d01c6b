import fp from 'fastify-plugin'
import { createVariants } from '../../lib/pictures/variants.ts'
import type { Variants } from '../../lib/pictures/variants.ts'

declare module 'fastify' {
  interface FastifyInstance {
    variants: Variants
  }
}

/** `fastify.variants`: pictures in other widths and formats. What an earlier start kept is found while the server already listens. */
export default fp(
  async (fastify) => {
    const variants = createVariants({
      files: fastify.files,
      encodeQueue: fastify.encodeQueue,
      maxBytes: fastify.config.cacheBytes
    })
    const loading = variants
      .load()
      .catch((error: unknown) =>
        fastify.log.warn({ err: error }, 'the cache of converted pictures could not be read')
      )
    fastify.addHook('onClose', async () => {
      await loading
      await variants.stop()
    })
    fastify.decorate('variants', variants)
  },
  { name: 'variants', dependencies: ['config', 'files', 'encodeQueue'], fastify: '5.x' }
)
