import fp from 'fastify-plugin'
import { createEncodeQueue } from '../../lib/image/encode-queue.ts'
import type { EncodeQueue } from '../../lib/image/encode-queue.ts'
import { createPictureCids } from '../../lib/pictures/cids.ts'
import type { PictureCids } from '../../lib/pictures/cids.ts'
import { createDrawings } from '../../lib/pictures/drawings.ts'
import type { Drawings } from '../../lib/pictures/drawings.ts'
import { createStoredPictures } from '../../lib/pictures/stored.ts'
import type { StoredPictures } from '../../lib/pictures/stored.ts'
import { createVariants } from '../../lib/pictures/variants.ts'
import type { Variants } from '../../lib/pictures/variants.ts'

declare module 'fastify' {
  interface FastifyInstance {
    pictures: {
      /** The PNGs of finished pictures. */
      stored: StoredPictures
      /** Their content identifiers. */
      cids: PictureCids
      /** The drawings without caption. */
      drawings: Drawings
      /** Pictures in other widths and formats. */
      variants: Variants
      /** All work on pixels goes through this queue. */
      encodeQueue: EncodeQueue
    }
  }
}

/** How often the folder of variants is counted again, where several processes use it. */
const RECOUNT_MS = 600_000

/** `fastify.pictures`: the pictures that exist, and other sizes of them. */
export default fp(
  async (fastify) => {
    const { config, dataFolder, engine, fileCache, files, log, metrics, pngFiles: pngs } = fastify
    const encodeQueue = createEncodeQueue()
    const stored = createStoredPictures({
      files,
      pngs,
      index: engine.pictures,
      standIns: config.drawsStandIn
    })
    metrics.watchStorage(
      async () => (await dataFolder.space()).freeBytes,
      async () => await dataFolder.isUsable(),
      () => engine.pictures.size
    )

    const variants = createVariants({
      files,
      pngs,
      fileCache,
      encodeQueue,
      maxBytes: config.cacheBytes,
      isDiskLow: async () => (await dataFolder.space()).isLow,
      onUnkept: (error) => log.warn({ err: error }, 'a picture in another size could not be kept')
    })
    const count = async () =>
      await variants
        .load()
        .catch((error: unknown) => log.warn({ err: error }, 'the cache of variants could not be read'))
    let counted = count()
    // Other processes with the same folder write and remove variants too.
    const timer =
      config.databaseUrl === undefined
        ? undefined
        : setInterval(() => {
            counted = counted.then(count)
          }, RECOUNT_MS).unref()

    fastify.addHook('onClose', async () => {
      clearInterval(timer)
      await counted
      await variants.stop()
    })
    fastify.decorate('pictures', {
      stored,
      cids: createPictureCids(stored),
      drawings: createDrawings(files, pngs),
      variants,
      encodeQueue
    })
  },
  { name: 'pictures', dependencies: ['config', 'engine', 'files', 'metrics'], fastify: '5.x' }
)
