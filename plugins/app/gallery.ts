import fp from 'fastify-plugin'
import { createGallery } from '../../lib/pictures/gallery.ts'
import type { Gallery } from '../../lib/pictures/gallery.ts'

declare module 'fastify' {
  interface FastifyInstance {
    gallery: Gallery
  }
}

/** `fastify.gallery`: all pictures in order, with their titles. They are read while the server already listens. */
export default fp(
  async (fastify) => {
    const catalogue = createGallery({ images: fastify.images, files: fastify.files })
    const startedAt = performance.now()
    catalogue.reading.then(
      () =>
        fastify.log.debug(
          { pictures: catalogue.size, durationMs: Math.round(performance.now() - startedAt) },
          'gallery is complete'
        ),
      (error: unknown) =>
        fastify.log.error({ err: error }, 'the gallery could not read which pictures there are')
    )
    fastify.addHook('onClose', async () => await catalogue.stop())
    fastify.decorate('gallery', catalogue)
  },
  { name: 'gallery', dependencies: ['files', 'images'], fastify: '5.x' }
)
