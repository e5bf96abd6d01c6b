// Measures the engine in a process of its own. Prints as JSON: the median of accepting a run and of one flushed file in
// milliseconds, and the time to take up a thousand runs.
import { mkdtemp, open, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BUILT_IN_DATABASES, loadDatabases } from '../../../lib/dress/databases.ts'
import { prepareDress } from '../../../lib/dress/dress.ts'
import { createEmbeddedEngine } from '../../../lib/engine/embedded/engine.ts'
import type { Worker } from '../../../lib/engine/engine.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { createPngFiles } from '../../../lib/storage/png-files.ts'
import { median, time } from '../measure.ts'

const RUNS = 1_000
const SERIES = { suffix: 'empty' }

const databases = await loadDatabases(BUILT_IN_DATABASES)
const folder = await mkdtemp(join(tmpdir(), 'dalleserver-bench-engine-'))
const addressOf = (index: number) => `0x${index.toString(16).padStart(40, '0')}`
const dressOf = (address: string) => prepareDress(databases, SERIES, address).dress
const worker: Worker = {
  prepare: async ({ address }) => ({ dress: dressOf(address) }),
  work: async () => {}
}

/** An engine whose runs wait for ever. */
function createEngine() {
  const files = createFiles({ root: folder })
  return createEmbeddedEngine({
    files,
    pngs: createPngFiles(files),
    concurrency: 4,
    queueLimit: RUNS,
    lockTtlMs: 300_000,
    limits: {},
    archiveRuns: false
  })
}

async function flushFile(index: number): Promise<void> {
  const handle = await open(join(folder, 'temporary'), 'w')
  await handle.writeFile('x'.repeat(1_000))
  await handle.sync()
  await handle.close()
  await rename(join(folder, 'temporary'), join(folder, `flushed-${index}`))
}

const first = createEngine()
await first.open(worker)
const accepts: number[] = []
const flushes: number[] = []
for (let index = 0; index < RUNS; index += 1) {
  const address = addressOf(index)
  const run = {
    series: SERIES.suffix,
    address,
    provider: 'openai' as const,
    force: false,
    replaces: false,
    definition: SERIES,
    databaseHash: databases.hash
  }
  accepts.push(await time(async () => await first.runs.accept({ ...run, dress: dressOf(address) })))
  if (index % 10 === 0) flushes.push(await time(async () => await flushFile(index)))
}
const second = createEngine()
const startMs = await time(async () => await second.open(worker))
if ((await second.runs.live(1)).count !== RUNS) throw new Error('not all runs were taken up')
await rm(folder, { recursive: true })
process.stdout.write(JSON.stringify({ acceptMs: median(accepts), flushMs: median(flushes), startMs }))
process.exit()
