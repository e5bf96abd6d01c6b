import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../chaos/server.ts'
import type { Server } from '../chaos/server.ts'
import type { Tally } from '../chaos/tally.ts'
import { doubledRuns } from './check.ts'
import { createFiller } from './filler.ts'
import { openFleet } from './fleet.ts'
import type { Fleet } from './fleet.ts'

/** Ends that the contract names for runs whose answer was lost too often, that were begun too often, or too dear. */
const DECLARED = new Set(['ANSWER_LOST', 'INTERNAL_SERVER_ERROR', 'BUDGET_EXHAUSTED'])
const STARTS_MOST = 5
const STARTS_AGAIN_MS = 1_000
const ENDED_AT_START = /The server has ended at its start/
const RUNS_MOST = 8
/** In this share of the schedules, the budget has no room for all runs. */
const TIGHT_SHARE = 0.25
/** Far more drawings than the schedules buy. */
const LIMIT_IMAGES = 1_000_000

export interface SchedulesOptions {
  seed: number
  schedules: number
  /** No schedule begins later. */
  minutes?: number
  /** What may happen in one schedule. */
  events?: number
}

type Happening = (fleet: Fleet, living: Living) => Promise<void>

/** The processes that live now. */
interface Living {
  servers: Server[]
  workers: Server[]
  /** Resolves when those that replace killed ones work too. */
  replaced: Promise<unknown>
}

/** What may happen, and how often: starting a process takes most of the time of a schedule. */
const HAPPENINGS: ReadonlyArray<[share: number, name: string, happen: Happening]> = [
  [
    2,
    'a worker is killed',
    async (fleet, living) => {
      const killed = await replace(fleet, living, 'workers')
      await fleet.endLeases(killed)
    }
  ],
  [
    1,
    'a server is killed',
    async (fleet, living) => {
      await replace(fleet, living, 'servers')
    }
  ],
  [
    1,
    'a worker is stopped',
    async (fleet, { workers }) => {
      workers.push(await fleet.addWorker())
      await workers.shift()!.end('SIGTERM')
    }
  ],
  [2, 'a worker freezes for a moment', async ({ random }, { workers }) => await freeze(workers[0]!, random)],
  [
    3,
    'a worker freezes until its leases are over',
    async ({ random, endLeases }, { workers }) => {
      await freeze(workers[0]!, random, async () => await endLeases(workers[0]!))
    }
  ],
  [
    3,
    'the database crashes',
    async ({ postgres, random }) => {
      await postgres.stop('immediate')
      await sleep(random.between(0, 1_500))
      await postgres.start()
    }
  ],
  [
    3,
    'connections to the database are cut',
    async ({ database }) => {
      await database
        .query(
          'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and random() < 0.5'
        )
        .catch(() => {})
    }
  ]
]

async function freeze(
  worker: Server,
  random: Fleet['random'],
  meanwhile: () => Promise<void> = async () => {}
): Promise<void> {
  const pid = worker.pid()
  process.kill(pid, 'SIGSTOP')
  await meanwhile()
  await sleep(random.between(100, 3_000))
  process.kill(pid, 'SIGCONT')
}

/** Kills a process. The others go on while the next one starts, unless there is none. */
async function replace(fleet: Fleet, living: Living, role: 'servers' | 'workers'): Promise<Server> {
  const processes = living[role]
  if (processes.length < 2) await living.replaced
  const killed = processes.shift()!
  const add = role === 'servers' ? fleet.addServer : fleet.addWorker
  const start = startAgain(add).then((next) => processes.push(next))
  living.replaced = Promise.all([living.replaced, start])
  // Who waits for it sees the error.
  living.replaced.catch(() => {})
  await fleet.kill(killed)
  return killed
}

/** Starts a process, and again if it ends, as an orchestrator does: the database may crash during the start. */
async function startAgain(add: () => Promise<Server>): Promise<Server> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await add()
    } catch (error) {
      if (attempt === STARTS_MOST || !ENDED_AT_START.test(String(error))) throw error
      await sleep(STARTS_AGAIN_MS)
    }
  }
}

/** Random things happen to a fleet that works. After each schedule, the ledger, the runs and the calls are checked. */
export async function randomSchedules({
  seed,
  schedules,
  minutes = Infinity,
  events = 2
}: SchedulesOptions): Promise<Tally> {
  const fleet = await openFleet({
    scenario: 'random schedules',
    seed,
    env: { TB_DALLE_DAILY_IMAGE_LIMIT: String(LIMIT_IMAGES) },
    pollMs: 200
  })
  const { provider, random, tally } = fleet
  tally.notes.push(`seed ${seed}`)
  provider.answersAfter(() => random.between(20, 800))
  const living: Living = {
    servers: [...fleet.servers],
    workers: [...fleet.workers],
    replaced: Promise.resolve()
  }
  const endsAt = performance.now() + minutes * 60_000
  const watching = new AbortController()
  const samples = fleet.watchLedger(watching.signal, { images: LIMIT_IMAGES, everyMs: 50 })
  const filler = createFiller(fleet.database, LIMIT_IMAGES)
  const happenings = HAPPENINGS.flatMap((happening) => Array.from({ length: happening[0] }, () => happening))
  try {
    for (let schedule = 0; schedule < schedules && performance.now() < endsAt; schedule += 1) {
      const before = tally.problems.length
      const isTight = random.between(0, 1) < TIGHT_SHARE
      if (isTight) await untilDone(async () => await filler.leave(Math.floor(random.between(1, RUNS_MOST))))
      const names = await runSchedule(fleet, living, events, happenings)
      if (isTight) {
        await fleet.finish(living.servers[0]!)
        await untilDone(filler.clear)
        await askUntilAccepted(fleet, () => living.servers[0]!)
      }
      await fleet.finish(living.servers[0]!, DECLARED)
      tally.problems.push(...(await doubledRuns(fleet.database)))
      if (tally.problems.length > before) tally.problems.push(`in schedule ${schedule}: ${names.join(', ')}`)
      tally.scenario = `${schedule + 1} random schedules`
      process.stderr.write(
        `${new Date().toISOString()} seed ${seed}: ${tally.scenario}, ${tally.kills} kills, ${tally.faults} faults, ` +
          `${tally.accepted} runs, ${tally.problems.length} problems\n` +
          tally.problems
            .slice(before)
            .map((problem) => `  ${problem}\n`)
            .join('')
      )
    }
    await living.replaced
    watching.abort()
    tally.notes.push(`the ledger was checked ${await samples} times`)
    await fleet.checkAll()
  } finally {
    watching.abort()
    await fleet.close()
  }
  return tally
}

/** The database may have gone away just now. */
async function untilDone(work: () => Promise<void>): Promise<void> {
  await until(
    'the database answers',
    async () =>
      await work().then(
        () => true,
        () => false
      )
  )
}

/** Asks for a new picture. @param enough a status that ends the attempts too */
async function askUntilAccepted(
  { ask, random }: Fleet,
  server: () => Server | undefined,
  enough?: number
): Promise<void> {
  const address = random.address()
  await until('a server accepts', async () => {
    const asked = server()
    const status = asked && (await ask(asked, address))?.status
    return status === 200 || (status !== undefined && status === enough)
  })
}

async function runSchedule(
  fleet: Fleet,
  living: Living,
  events: number,
  happenings: typeof HAPPENINGS
): Promise<string[]> {
  const { random } = fleet
  const names: string[] = []
  const runs = Math.ceil(random.between(2, RUNS_MOST))
  const anyServer = () => living.servers[Math.floor(random.between(0, living.servers.length))]
  // 429 says that the budget has no room.
  for (let run = 0; run < runs; run += 1) await askUntilAccepted(fleet, anyServer, 429)
  for (let event = 0; event < events; event += 1) {
    await sleep(random.between(0, 600))
    const [, name, happen] = happenings[Math.floor(random.between(0, happenings.length))]!
    names.push(name)
    await happen(fleet, living)
    fleet.tally.faults += 1
  }
  return names
}
