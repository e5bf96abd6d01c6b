import fp from 'fastify-plugin'
import { createFiles } from '../../lib/storage/files.ts'
import type { Files } from '../../lib/storage/files.ts'
import { FOLDERS } from '../../lib/storage/layout.ts'

declare module 'fastify' {
  interface FastifyInstance {
    files: Files
  }
}

/** `fastify.files`: file operations inside the data folder. The start creates the folder and writes to it once. */
export default fp(
  async (fastify) => {
    const files = createFiles({
      root: fastify.config.dataDir,
      onOperation: (kind, ok) => fastify.metrics.recordFileOperation(kind, ok),
      onRetry: () => fastify.metrics.recordRetry('file')
    })
    await files.checkWriteAccess()
    await files.makeFolder(FOLDERS.output)
    const swept = await files.sweep('.')
    if (swept > 0) fastify.log.info({ files: swept }, 'removed left-over temporary files')
    fastify.decorate('files', files)
  },
  { name: 'files', dependencies: ['config', 'metrics'], fastify: '5.x' }
)
