import fp from 'fastify-plugin'
import { createRecords } from '../../lib/records/store.ts'
import type { Records } from '../../lib/records/store.ts'

declare module 'fastify' {
  interface FastifyInstance {
    records: Records
  }
}

/** `fastify.records`: the records of the images in the data folder. */
export default fp(
  async (fastify) => {
    const { config, files, log, metrics } = fastify
    const records = createRecords({
      files,
      root: config.dataDir,
      onUnreadable(file, reason) {
        metrics.recordUnreadableRecord()
        log.warn({ file, reason }, 'the record of an image cannot be used')
      }
    })
    fastify.decorate('records', records)
  },
  { name: 'records', dependencies: ['config', 'files', 'metrics'], fastify: '5.x' }
)
