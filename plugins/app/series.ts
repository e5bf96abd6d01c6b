import fp from 'fastify-plugin'
import { createSeriesRegistry } from '../../lib/dress/series-registry.ts'
import type { SeriesRegistry } from '../../lib/dress/series-registry.ts'

declare module 'fastify' {
  interface FastifyInstance {
    series: SeriesRegistry
  }
}

/** `fastify.series`: the built-in series and the user's. */
export default fp(
  async (fastify) => {
    fastify.decorate(
      'series',
      await createSeriesRegistry({
        files: fastify.files,
        onUnreadable: (file, reason) => fastify.log.warn({ file, reason }, 'a series file cannot be used')
      })
    )
  },
  { name: 'series', dependencies: ['files'], fastify: '5.x' }
)
