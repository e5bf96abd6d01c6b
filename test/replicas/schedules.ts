import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../chaos/server.ts'
import type { Server } from '../chaos/server.ts'
import type { Tally } from '../chaos/tally.ts'
import { doubledRuns } from './check.ts'
import { openFleet } from './fleet.ts'
import type { Fleet } from './fleet.ts'

/** Ends that the contract names for runs whose answer was lost too often, or that were begun too often. */
const DECLARED = new Set(['ANSWER_LOST', 'INTERNAL_SERVER_ERROR'])
const RUNS_MOST = 8

export interface SchedulesOptions {
  seed: number
  schedules: number
  /** What may happen in one schedule. */
  events?: number
}

type Happening = (fleet: Fleet, living: Living) => Promise<void>

/** The processes that live now. */
interface Living {
  servers: Server[]
  workers: Server[]
}

const HAPPENINGS: Record<string, Happening> = {
  'a worker is killed': async (fleet, { workers }) => await replace(fleet, workers, fleet.addWorker),
  'a server is killed': async (fleet, { servers }) => await replace(fleet, servers, fleet.addServer),
  'a worker freezes for a moment': async ({ random }, { workers }) => {
    const pid = workers[0]!.pid()
    process.kill(pid, 'SIGSTOP')
    await sleep(random.between(100, 3_000))
    process.kill(pid, 'SIGCONT')
  },
  'the database crashes': async ({ postgres, random }) => {
    await postgres.stop('immediate')
    await sleep(random.between(0, 1_500))
    await postgres.start()
  },
  'connections to the database are cut': async ({ database }) => {
    await database
      .query(
        'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and random() < 0.5'
      )
      .catch(() => {})
  },
  'a worker is stopped': async (fleet, { workers }) => {
    workers.push(await fleet.addWorker())
    await workers.shift()!.end('SIGTERM')
  }
}

async function replace({ kill }: Fleet, processes: Server[], start: () => Promise<Server>): Promise<void> {
  const [killed] = processes.splice(0, 1)
  await Promise.all([kill(killed!), start().then((next) => processes.push(next))])
}

/** Random things happen to a fleet that works. After each schedule, the ledger, the runs and the calls are checked. */
export async function randomSchedules({ seed, schedules, events = 2 }: SchedulesOptions): Promise<Tally> {
  const fleet = await openFleet({ scenario: `${schedules} random schedules`, seed })
  const { provider, random, tally } = fleet
  tally.notes.push(`seed ${seed}`)
  provider.answersAfter(() => random.between(20, 800))
  const living: Living = { servers: [...fleet.servers], workers: [...fleet.workers] }
  const watching = new AbortController()
  const samples = fleet.watchLedger(watching.signal)
  const happenings = Object.entries(HAPPENINGS)
  try {
    for (let schedule = 0; schedule < schedules; schedule += 1) {
      const before = tally.problems.length
      const names = await runSchedule(fleet, living, events, happenings)
      await fleet.finish(living.servers[0]!, DECLARED)
      tally.problems.push(...(await doubledRuns(fleet.database)))
      if (tally.problems.length > before) tally.problems.push(`in schedule ${schedule}: ${names.join(', ')}`)
    }
    watching.abort()
    tally.notes.push(`the ledger was checked ${await samples} times`)
    await fleet.checkAll()
  } finally {
    watching.abort()
    await fleet.close()
  }
  return tally
}

async function runSchedule(
  fleet: Fleet,
  living: Living,
  events: number,
  happenings: ReadonlyArray<[string, Happening]>
): Promise<string[]> {
  const { ask, random } = fleet
  const names: string[] = []
  const runs = Math.ceil(random.between(2, RUNS_MOST))
  for (let run = 0; run < runs; run += 1) {
    const address = random.address()
    await until('a server accepts', async () => {
      const server = living.servers[Math.floor(random.between(0, living.servers.length))]
      return server !== undefined && (await ask(server, address))?.status === 200
    })
  }
  for (let event = 0; event < events; event += 1) {
    await sleep(random.between(0, 600))
    const [name, happen] = happenings[Math.floor(random.between(0, happenings.length))]!
    names.push(name)
    await happen(fleet, living)
    fleet.tally.faults += 1
  }
  return names
}
