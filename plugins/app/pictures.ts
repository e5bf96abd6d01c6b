import fp from 'fastify-plugin'
import { createEncodeQueue } from '../../lib/image/encode-queue.ts'
import type { EncodeQueue } from '../../lib/image/encode-queue.ts'
import { createGallery } from '../../lib/pictures/gallery.ts'
import type { Gallery } from '../../lib/pictures/gallery.ts'
import { createPngFiles } from '../../lib/pictures/png-files.ts'
import type { PngFiles } from '../../lib/pictures/png-files.ts'
import { createStoredPictures } from '../../lib/pictures/stored.ts'
import type { StoredPictures } from '../../lib/pictures/stored.ts'
import { createVariants } from '../../lib/pictures/variants.ts'
import type { Variants } from '../../lib/pictures/variants.ts'

declare module 'fastify' {
  interface FastifyInstance {
    pictures: {
      /** The finished pictures on disk. */
      stored: StoredPictures
      /** All PNG files that are whole. */
      pngs: PngFiles
      /** All pictures in order, with their titles. */
      gallery: Gallery
      /** Pictures in other widths and formats. */
      variants: Variants
      /** All work on pixels goes through this queue. */
      encodeQueue: EncodeQueue
    }
  }
}

/** `fastify.pictures`: the pictures that exist. Their indexes are read while the server already listens. */
export default fp(
  async (fastify) => {
    const { config, dataFolder, files, log, metrics } = fastify
    const encodeQueue = createEncodeQueue()

    const pngs = createPngFiles(files)
    const stored = createStoredPictures(files, { standIns: config.drawsStandIn, pngs })
    const indexed = stored
      .build()
      .catch((error: unknown) => log.error({ err: error }, 'the index of pictures could not be built'))
    metrics.watchStorage(
      async () => (await dataFolder.space()).freeBytes,
      () => stored.known
    )

    const gallery = createGallery({ images: stored, files })
    const startedAt = performance.now()
    const completed = gallery.reading.then(
      () => {
        const durationMs = Math.round(performance.now() - startedAt)
        log.debug({ pictures: gallery.size, durationMs }, 'gallery is complete')
      },
      (error: unknown) => log.error({ err: error }, 'the gallery could not read the index of pictures')
    )

    const variants = createVariants({
      files,
      pngs,
      encodeQueue,
      maxBytes: config.cacheBytes,
      isDiskLow: async () => (await dataFolder.space()).isLow
    })
    const loaded = variants
      .load()
      .catch((error: unknown) => log.warn({ err: error }, 'the cache of variants could not be read'))

    fastify.addHook('onClose', async () => {
      await Promise.all([indexed, loaded])
      await Promise.all([gallery.stop(), variants.stop()])
      await completed
    })
    fastify.decorate('pictures', { stored, pngs, gallery, variants, encodeQueue })
  },
  { name: 'pictures', dependencies: ['config', 'files', 'metrics'], fastify: '5.x' }
)
