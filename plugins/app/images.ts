import fp from 'fastify-plugin'
import { createImages } from '../../lib/images/images.ts'
import type { Images } from '../../lib/images/images.ts'

declare module 'fastify' {
  interface FastifyInstance {
    images: Images
  }
}

/** `fastify.images`: the images of /v1. */
export default fp(
  async (fastify) => {
    const { config, dataFolder, dresses, engine, files, generation, records } = fastify
    const images = createImages({
      records,
      files,
      root: config.dataDir,
      series: dresses.series,
      databases: dresses.databases,
      generation,
      pictures: engine.pictures,
      mayWork: () => engine.isOpen,
      checkFolder: dataFolder.refusal
    })
    fastify.decorate('images', images)
  },
  {
    name: 'images',
    dependencies: ['config', 'dresses', 'engine', 'files', 'generation', 'records'],
    fastify: '5.x'
  }
)
