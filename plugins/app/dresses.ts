import fp from 'fastify-plugin'
import { BUILT_IN_DATABASES, loadDatabases, loadUserDatabases } from '../../lib/dress/databases.ts'
import type { Databases } from '../../lib/dress/databases.ts'
import { createSeriesEditor } from '../../lib/dress/series-editor.ts'
import type { SeriesEditor } from '../../lib/dress/series-editor.ts'
import { createSeriesRegistry } from '../../lib/dress/series-registry.ts'
import type { SeriesRegistry } from '../../lib/dress/series-registry.ts'

declare module 'fastify' {
  interface FastifyInstance {
    dresses: {
      /** The user's databases, else the built-in ones. */
      databases: Databases
      /** The built-in series and the user's series. */
      series: SeriesRegistry
      /** What clients read and change of the series. */
      editor: SeriesEditor
    }
  }
}

/** `fastify.dresses`: the databases and the series that dresses are made from. */
export default fp(
  async (fastify) => {
    const { config, files, log, metrics } = fastify
    const userDatabases = await loadUserDatabases(files)
    const databases = userDatabases ?? (await loadDatabases(BUILT_IN_DATABASES))
    const { version, hash } = databases
    if (userDatabases !== undefined) log.info({ version, hash }, 'using the databases of the data folder')
    metrics.setBuild({ revision: config.revision, databases: version, databases_hash: hash })

    const series = await createSeriesRegistry({
      files,
      onUnreadable: (file, reason) => log.warn({ file, reason }, 'a series file cannot be used')
    })
    const editor = createSeriesEditor({ files, registry: series, databases })
    fastify.decorate('dresses', { databases, series, editor })
  },
  { name: 'dresses', dependencies: ['config', 'files', 'metrics'], fastify: '5.x' }
)
