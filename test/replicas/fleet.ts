import { createDatabase } from '../../lib/engine/postgres/database.ts'
import { migrate } from '../../lib/engine/postgres/migrate.ts'
import { checkFolder } from '../chaos/check.ts'
import { openRoom } from '../chaos/room.ts'
import type { Server } from '../chaos/server.ts'
import { startPostgres } from '../peers/postgres.ts'
import { checkEngine, countRuns, ledgerProblems, sweepLeftAnswers } from './check.ts'

/** How much of the log of a process is shown that has ended with an error. */
const LOG_CHARACTERS = 2_000

export interface FleetOptions {
  scenario: string
  seed: number
  artist?: 'openai' | 'local'
  servers?: number
  workers?: number
  /** Settings of all processes. */
  env?: Record<string, string>
  /** How often each live run is polled, in milliseconds. */
  pollMs?: number
}

export type Fleet = Awaited<ReturnType<typeof openFleet>>

/** Servers and workers as processes of their own, on one database and one folder. */
export async function openFleet({
  scenario,
  seed,
  artist = 'openai',
  servers: serverCount = 2,
  workers: workerCount = 2,
  env = {},
  pollMs
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
    pollMs,
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
  async function close(): Promise<void> {
    await room.close()
    await database.close()
    for (const end of ends.reverse()) await end()
  }
  const startAll = (count: number, role: string) =>
    Array.from({ length: count }, async () => await start(role))
  const starting = { servers: startAll(serverCount, 'http'), workers: startAll(workerCount, 'worker') }
  await Promise.allSettled([...starting.servers, ...starting.workers])
  const [servers, workers] = await Promise.all([
    Promise.all(starting.servers),
    Promise.all(starting.workers)
  ]).catch(async (error: unknown) => {
    await close()
    throw error
  })

  return {
    ...room,
    postgres,
    database,
    servers: servers as [Server, Server],
    workers,
    addServer: async (env?: Record<string, string>) => await start('http', env),
    addWorker: async (env?: Record<string, string>) => await start('worker', env),

    /** Checks the ledger every few milliseconds until the signal: what is spent is the sum of the expenses. */
    async watchLedger(
      signal: AbortSignal,
      { everyMs = 5, ...limit }: { images?: number; everyMs?: number } = {}
    ): Promise<number> {
      let samples = 0
      while (!signal.aborted) {
        room.tally.problems.push(...(await ledgerProblems(database, limit)))
        samples += 1
        await new Promise((resolve) => setTimeout(resolve, everyMs))
      }
      return samples
    },

    /** Ends the leases of a worker now, as the database does when it has not heard from the worker for 15 seconds. */
    async endLeases(worker: Server): Promise<void> {
      const ended = database.query(
        `update run set lease_until_ns = least(lease_until_ns, now_ns()) where state = 'working' and worker like $1`,
        [`%:${worker.pid()}:%`]
      )
      // Where the database is away, the leases end by themselves.
      await ended.catch(() => {})
    },

    /** Ends all processes in order, and checks the database, the folder, the calls and the money. */
    async checkAll(): Promise<void> {
      await room.provider.idle()
      const ends = started.map(async (server) => ({ ...(await server.end('SIGTERM')), log: server.log }))
      for (const { code, signal, log } of await Promise.all(ends)) {
        if (code === 0 || signal === 'SIGKILL') continue
        room.tally.problems.push(`a process ended with ${signal ?? code}: ${log.slice(-LOG_CHARACTERS)}`)
      }
      await countRuns(room.accepted, database)
      await checkEngine({ room, database })
      const swept = await sweepLeftAnswers(room.dataDir, database)
      if (swept > 0) room.tally.notes.push(`${swept} kept answers were left for the sweep`)
      await checkFolder({ ...room, isPaid: artist === 'openai', hasSpending: false, isShared: true })
    },

    close
  }
}
