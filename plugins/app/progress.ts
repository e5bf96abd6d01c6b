import fp from 'fastify-plugin'
import { createTracker } from '../../lib/progress/tracker.ts'
import type { Tracker } from '../../lib/progress/tracker.ts'

declare module 'fastify' {
  interface FastifyInstance {
    progress: Tracker
  }
}

/** `fastify.progress`: the progress of all runs, and the average durations of their phases. */
export default fp(
  async (fastify) => {
    const tracker = await createTracker({
      files: fastify.files,
      archiveRuns: fastify.config.archiveRuns,
      onDiskError: (error) =>
        fastify.log.warn({ err: error }, 'progress statistics could not be read or saved')
    })
    fastify.addHook('onClose', async () => await tracker.close())
    fastify.decorate('progress', tracker)
  },
  { name: 'progress', dependencies: ['config', 'files'], fastify: '5.x' }
)
