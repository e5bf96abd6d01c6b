import { join } from 'node:path'
import type { Test } from 'tap'
import { BUILT_IN_DATABASES, loadDatabases } from '../../../lib/dress/databases.ts'
import { createEmbeddedEngine } from '../../../lib/engine/embedded/engine.ts'
import type { EmbeddedEngineOptions } from '../../../lib/engine/embedded/engine.ts'
import type { RunRecord } from '../../../lib/engine/engine.ts'
import { createAnswers } from '../../../lib/generation/answers.ts'
import { createArtifacts } from '../../../lib/generation/artifacts.ts'
import { createGeneration } from '../../../lib/generation/generation.ts'
import type { GenerationOptions } from '../../../lib/generation/generation.ts'
import { createWorker } from '../../../lib/generation/worker.ts'
import type { WorkerOptions } from '../../../lib/generation/worker.ts'
import type { Artist } from '../../../lib/image/artist.ts'
import { createEncodeQueue } from '../../../lib/image/encode-queue.ts'
import { createStoredPictures } from '../../../lib/pictures/stored.ts'
import type { Series } from '../../../lib/schemas/series.ts'
import { createRecords } from '../../../lib/records/store.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { createPngFiles } from '../../../lib/storage/png-files.ts'
import { createClock } from '../../clock.ts'
import { ADDRESS, temporaryFolder, until } from '../../helper.ts'

export const SIMPLE: Series = { suffix: 'simple' }
export const LOCK_TTL_MS = 300_000
export const HOLD_MS = 60_000
export const databases = await loadDatabases(BUILT_IN_DATABASES)

/** An address for each number. */
export const addressOf = (index: number) => `0x${index.toString(16).padStart(40, '0')}`

/** The record of a run of the series `simple`. */
export function recordOf(changes: Partial<RunRecord> = {}): RunRecord {
  return {
    runId: 'a-run',
    series: 'simple',
    address: ADDRESS,
    provider: 'openai',
    force: false,
    replaces: false,
    acceptedNs: 0,
    definition: SIMPLE,
    databaseHash: databases.hash,
    step: 'accepted',
    restarts: 0,
    ...changes
  }
}

interface SetUpOptions {
  /** A folder of an earlier engine; a new one if absent. */
  folder?: string
  engine?: Partial<EmbeddedEngineOptions>
  generation?: Partial<GenerationOptions>
  worker?: Partial<WorkerOptions>
}

/** `createGeneration` with an engine and a worker. Its clock moves only when the test moves it. */
export async function setUp(t: Test, artist: Artist, options: SetUpOptions = {}) {
  const folder = options.folder ?? (await temporaryFolder(t))
  const files = createFiles({ root: folder })
  const pngs = createPngFiles(files)
  const clock = createClock()
  const recovered: string[] = []
  const engine = createEmbeddedEngine({
    files,
    pngs,
    concurrency: 2,
    queueLimit: 3,
    lockTtlMs: LOCK_TTL_MS,
    limits: {},
    archiveRuns: false,
    onDiskError: (error) => {
      throw error
    },
    onRecover: (action) => recovered.push(action),
    clock,
    now: clock.nowNs,
    calendar: () => clock.nowNs() / 1e6,
    ...options.engine
  })
  const images = createStoredPictures({ files, pngs, index: engine.pictures })
  const ended: unknown[] = []
  engine.local.subscribe((run) => {
    if (run.done) ended.push(run.cause)
  })
  const records = createRecords({ files, root: folder, onUnreadable: () => {} })
  const parts = { artist, artifacts: createArtifacts(files), pictures: images, databases, records }
  const generation = createGeneration({
    ...parts,
    engine,
    failureHoldMs: HOLD_MS,
    onJoin: () => {},
    onReject: () => {},
    ...options.generation
  })
  const worker = createWorker({
    ...parts,
    ledger: engine.ledger,
    answers: createAnswers(files),
    encodeQueue: createEncodeQueue(),
    embedPrompt: true,
    findSeries: async (name) => (name === 'simple' ? SIMPLE : undefined),
    ...options.worker
  })
  await engine.open(worker)
  engine.start()

  async function stop(graceMs = 0): Promise<void> {
    generation.refuse()
    await engine.stop(graceMs)
    await engine.close()
  }
  t.teardown(async () => {
    const stopped = stop()
    await clock.advance(0)
    await stopped
  })
  const annotated = (address: string) => join(folder, 'output/simple/annotated', `${address}.png`)
  const end = async (address = ADDRESS) =>
    await until(async () => (await generation.snapshot('simple', address))?.done !== false)
  return { generation, engine, worker, folder, files, images, annotated, ended, end, clock, recovered, stop }
}
