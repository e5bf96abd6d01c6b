import { createDatabase } from '../../lib/engine/postgres/database.ts'
import { migrate } from '../../lib/engine/postgres/migrate.ts'
import { checkFolder } from '../chaos/check.ts'
import { openRoom } from '../chaos/room.ts'
import type { Server } from '../chaos/server.ts'
import { startPostgres } from '../peers/postgres.ts'
import { checkEngine, ledgerProblems } from './check.ts'

export interface FleetOptions {
  scenario: string
  seed: number
  artist?: 'openai' | 'local'
  servers?: number
  workers?: number
  /** Settings of all processes. */
  env?: Record<string, string>
}

export type Fleet = Awaited<ReturnType<typeof openFleet>>

/** Servers and workers as processes of their own, on one database and one folder. */
export async function openFleet({
  scenario,
  seed,
  artist = 'openai',
  servers: serverCount = 2,
  workers: workerCount = 2,
  env = {}
}: FleetOptions) {
  const ends: Array<() => void | Promise<void>> = []
  const postgres = await startPostgres({ teardown: (end) => ends.push(end) })
  const url = await postgres.createDatabase()
  await migrate(url)
  const database = createDatabase({ url, connections: 4 })
  const room = await openRoom({
    scenario,
    seed,
    artist,
    env: {
      TB_DALLE_DATABASE_URL: url,
      TB_DALLE_CLIENT_CONNECTIONS: '0',
      TB_DALLE_CLIENT_STREAMS: '0',
      ...env
    }
  })
  const started: Server[] = []
  const start = async (role: string, more: Record<string, string> = {}) => {
    const server = await room.start({ env: { TB_DALLE_ROLE: role, ...more } })
    started.push(server)
    return server
  }
  const [servers, workers] = await Promise.all([
    Promise.all(Array.from({ length: serverCount }, async () => await start('http'))),
    Promise.all(Array.from({ length: workerCount }, async () => await start('worker')))
  ])

  return {
    ...room,
    postgres,
    database,
    servers: servers as [Server, Server],
    workers,
    addServer: async (env?: Record<string, string>) => await start('http', env),
    addWorker: async (env?: Record<string, string>) => await start('worker', env),

    /** Checks the ledger as often as it can until the signal: what is spent is the sum of the expenses. */
    async watchLedger(signal: AbortSignal, limit: { images?: number } = {}): Promise<number> {
      let samples = 0
      while (!signal.aborted) {
        room.tally.problems.push(...(await ledgerProblems(database, limit)))
        samples += 1
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      return samples
    },

    /** Ends all processes in order, and checks the database, the folder, the calls and the money. */
    async checkAll(): Promise<void> {
      await room.provider.idle()
      const ends = await Promise.all(started.map(async (server) => await server.end('SIGTERM')))
      for (const { code, signal } of ends) {
        if (code !== 0 && signal !== 'SIGKILL') room.tally.problems.push(`a process ended with ${code}`)
      }
      await checkEngine({ room, database })
      await checkFolder({ ...room, isPaid: artist === 'openai', hasSpending: false })
    },

    async close(): Promise<void> {
      await room.close()
      await database.close()
      for (const end of ends.reverse()) await end()
    }
  }
}
