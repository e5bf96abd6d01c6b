import fp from 'fastify-plugin'
import type { FastifyBaseLogger } from 'fastify'
import type { Database } from '../../lib/engine/postgres/database.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The database that several processes share; undefined in a service of one process. */
    database: Database | undefined
  }
}

/** Connections that break within this time of another one break for the same reason. */
const BURST_MS = 5_000

/** Connections of a process besides one for each run that it works. */
const CONNECTIONS = 8

/**
 * `fastify.database`: one pool of connections for all parts, so that a transaction may span them. The start fails when
 * the database cannot be used.
 */
export default fp(
  async (fastify) => {
    fastify.decorate('database', undefined)
    const { config, log } = fastify
    if (config.databaseUrl === undefined) return
    const [{ createDatabase }, { checkSchema }] = await loadClient()
    await checkSchema(config.databaseUrl)
    const database = createDatabase({
      url: config.databaseUrl,
      connections: CONNECTIONS + config.concurrency,
      onError: reportOncePerBurst(log)
    })
    // Hooks run from the last to the first one, so everything that asks the database has ended.
    fastify.addHook('onClose', async () => await database.close())
    fastify.database = database
  },
  { name: 'database', dependencies: ['config'], fastify: '5.x' }
)

/** A database that ends breaks all connections at once. The first one is a warning, the others are for a search. */
function reportOncePerBurst(log: FastifyBaseLogger): (error: Error) => void {
  let lastAt = -Infinity
  return ({ message: reason }) => {
    const at = performance.now()
    log[at - lastAt < BURST_MS ? 'debug' : 'warn']({ reason }, 'a connection to the database broke')
    lastAt = at
  }
}

/** Without a database, a start does not need its client. */
async function loadClient() {
  return await Promise.all([
    import('../../lib/engine/postgres/database.ts'),
    import('../../lib/engine/postgres/migrate.ts')
  ])
}
