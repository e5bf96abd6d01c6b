import fp from 'fastify-plugin'
import { createStoredPictures } from '../../lib/pictures/stored.ts'
import type { StoredPictures } from '../../lib/pictures/stored.ts'

declare module 'fastify' {
  interface FastifyInstance {
    images: StoredPictures
  }
}

/** `fastify.images`: the finished pictures. Their index is built while the server already listens. */
export default fp(
  async (fastify) => {
    const images = createStoredPictures(fastify.files, { standIns: fastify.config.drawsStandIn })
    const building = images
      .build()
      .catch((error: unknown) => fastify.log.error({ err: error }, 'could not read which pictures there are'))
    fastify.addHook('onClose', async () => await building)
    fastify.metrics.watchStorage(
      async () => (await fastify.files.diskSpace()).freeBytes,
      () => images.known
    )
    fastify.decorate('images', images)
  },
  { name: 'images', dependencies: ['config', 'files', 'metrics'], fastify: '5.x' }
)
