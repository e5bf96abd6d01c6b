import fp from 'fastify-plugin'
import { createDatabase } from '../../lib/engine/postgres/database.ts'
import type { Database } from '../../lib/engine/postgres/database.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The database that several processes share; undefined in a service of one process. */
    database: Database | undefined
  }
}

/** `fastify.database`: one pool of connections for all parts, so that a transaction may span them. */
export default fp(
  async (fastify) => {
    const { config, log } = fastify
    const database =
      config.databaseUrl === undefined
        ? undefined
        : createDatabase({
            url: config.databaseUrl,
            onError: (error) => log.warn({ err: error }, 'a connection to the database broke')
          })
    // Hooks run from the last to the first one, so everything that asks the database has ended.
    fastify.addHook('onClose', async () => await database?.close())
    fastify.decorate('database', database)
  },
  { name: 'database', dependencies: ['config'], fastify: '5.x' }
)
