import fp from 'fastify-plugin'
import { BUILT_IN_DATABASES, loadDatabases, loadUserDatabases } from '../../lib/dress/databases.ts'
import type { Databases } from '../../lib/dress/databases.ts'

declare module 'fastify' {
  interface FastifyInstance {
    databases: Databases
  }
}

/** `fastify.databases`: what dresses are chosen from, the user's own databases or the built-in ones. */
export default fp(
  async (fastify) => {
    const own = await loadUserDatabases(fastify.files)
    const databases = own ?? (await loadDatabases(BUILT_IN_DATABASES))
    const { version, hash } = databases
    if (own !== undefined) fastify.log.info({ version, hash }, 'using the databases of the data folder')
    fastify.metrics.setBuild({ revision: fastify.config.revision, databases: version, databases_hash: hash })
    fastify.decorate('databases', databases)
  },
  { name: 'databases', dependencies: ['config', 'files', 'metrics'], fastify: '5.x' }
)
