// Measures an engine in a process of its own: `runs.js <folder> [url of a database]`. Runs end at once. Prints as JSON
// the time from the request to the end of a run in milliseconds, runs and polls a second, and the memory in MB.
// `runs.js worker <folder> <url>` works the runs of the engine that is measured, until it is killed.
import { BUILT_IN_DATABASES, loadDatabases } from '../../../lib/dress/databases.ts'
import { prepareDress } from '../../../lib/dress/dress.ts'
import { createEmbeddedEngine } from '../../../lib/engine/embedded/engine.ts'
import type { Engine, NewRun, Worker } from '../../../lib/engine/engine.ts'
import { createDatabase } from '../../../lib/engine/postgres/database.ts'
import { createPostgresEngine } from '../../../lib/engine/postgres/engine.ts'
import { createNotices } from '../../../lib/engine/postgres/notices.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { createPngFiles } from '../../../lib/storage/png-files.ts'
import { median, p95, time } from '../measure.ts'
import { addressOf } from '../inputs/many-pictures.ts'

const SERIES = { suffix: 'simple' }
const SINGLE_RUNS = 200
const RUNS = 1_000
/** Clients that each ask for one run after the other. */
const CLIENTS = 40
const POLLERS = 16
const POLL_MS = 4_000
const ENDLESS = addressOf(1_000_000)
const isWorker = process.argv[2] === 'worker'
const [folder = '', url] = process.argv.slice(isWorker ? 3 : 2)
const databases = await loadDatabases(BUILT_IN_DATABASES)
const dressOf = (address: string) => prepareDress(databases, SERIES, address).dress

function createEngine(): Engine {
  const files = createFiles({ root: folder })
  const options = {
    files,
    pngs: createPngFiles(files),
    concurrency: url === undefined ? 8 : 4,
    queueLimit: RUNS,
    lockTtlMs: 300_000,
    limits: {},
    archiveRuns: false
  }
  if (url === undefined) return createEmbeddedEngine(options)
  const role = isWorker ? ('worker' as const) : ('http' as const)
  const database = createDatabase({ url })
  return createPostgresEngine({ ...options, role, database, notices: createNotices({ url }) })
}

const worker: Worker = {
  prepare: async ({ address }) => ({ dress: dressOf(address) }),
  work: async ({ record, progress, signal }) => {
    progress.begin('setup')
    if (record.address === ENDLESS) {
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    }
  }
}

const newRun = (address: string): NewRun => ({
  series: SERIES.suffix,
  address,
  provider: 'openai',
  force: false,
  replaces: false,
  definition: SERIES,
  databaseHash: databases.hash,
  dress: dressOf(address)
})

/** Requests a run, and waits until a listener of its events sees the end. */
async function make(engine: Engine, address: string): Promise<void> {
  let unsubscribe = () => {}
  await new Promise<void>((resolve, reject) => {
    const look = async () => {
      if ((await engine.runs.last(SERIES.suffix, address))?.done === true) resolve()
    }
    unsubscribe = engine.events.subscribe(SERIES.suffix, address, (run) => {
      if (run === undefined) look().catch(reject)
      else if (run.done) resolve()
    })
    engine.runs.accept(newRun(address)).then(look).catch(reject)
  })
  unsubscribe()
}

async function countPolls(engine: Engine): Promise<number> {
  await engine.runs.accept(newRun(ENDLESS))
  const startedAt = performance.now()
  let polls = 0
  await Promise.all(
    Array.from({ length: POLLERS }, async () => {
      while (performance.now() - startedAt < POLL_MS) {
        const run = await engine.runs.last(SERIES.suffix, ENDLESS)
        if (run?.snapshot().done !== false) throw new Error('the run that never ends has ended')
        polls += 1
        // Without a database, nothing of a poll waits for the system: other work needs its turn.
        if (polls % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve))
      }
    })
  )
  return polls / ((performance.now() - startedAt) / 1000)
}

async function measure(engine: Engine): Promise<void> {
  const times: number[] = []
  for (let index = 0; index < SINGLE_RUNS; index += 1) {
    times.push(await time(async () => await make(engine, addressOf(index))))
  }
  let next = SINGLE_RUNS
  const manyMs = await time(async () => {
    await Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        while (next < SINGLE_RUNS + RUNS) await make(engine, addressOf(next++))
      })
    )
  })
  const figures = {
    medianMs: median(times),
    p95Ms: p95(times),
    runsPerSecond: RUNS / (manyMs / 1000),
    pollsPerSecond: await countPolls(engine),
    megabytes: process.memoryUsage.rss() / 2 ** 20
  }
  process.stdout.write(JSON.stringify(figures))
  process.exit()
}

const engine = createEngine()
await engine.open(worker)
engine.start()
if (isWorker) process.stdout.write('works\n')
else await measure(engine)
