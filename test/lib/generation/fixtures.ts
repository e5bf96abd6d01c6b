import { join } from 'node:path'
import type { Test } from 'tap'
import { BUILT_IN_DATABASES, loadDatabases } from '../../../lib/dress/databases.ts'
import { createArtifacts } from '../../../lib/generation/artifacts.ts'
import { createGeneration } from '../../../lib/generation/generation.ts'
import type { GenerationOptions } from '../../../lib/generation/generation.ts'
import type { Artist } from '../../../lib/image/artist.ts'
import { createEncodeQueue } from '../../../lib/image/encode-queue.ts'
import { createStoredPictures } from '../../../lib/pictures/stored.ts'
import { createTracker } from '../../../lib/progress/tracker.ts'
import type { Series } from '../../../lib/schemas/series.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { createClock } from '../../clock.ts'
import { ADDRESS, temporaryFolder, until } from '../../helper.ts'

export const SIMPLE: Series = { suffix: 'simple' }
export const LOCK_TTL_MS = 300_000
export const HOLD_MS = 60_000
export const databases = await loadDatabases(BUILT_IN_DATABASES)

/** An address for each number. */
export const addressOf = (index: number) => `0x${index.toString(16).padStart(40, '0')}`

/** `createGeneration` on a new folder. Its clock moves only when the test moves it. */
export async function setUp(t: Test, artist: Artist, options: Partial<GenerationOptions> = {}) {
  const folder = await temporaryFolder(t)
  const files = createFiles({ root: folder })
  const images = createStoredPictures(files)
  const clock = createClock()
  const tracker = await createTracker({
    files,
    archiveRuns: false,
    onDiskError: (error) => {
      throw error
    },
    now: clock.nowNs
  })
  const ended: unknown[] = []
  tracker.subscribeAll((run) => {
    if (run.done) ended.push(run.cause)
  })
  const generation = createGeneration({
    artist,
    encodeQueue: createEncodeQueue(),
    artifacts: createArtifacts(files),
    pictures: images,
    databases,
    tracker,
    concurrency: 2,
    queueLimit: 3,
    lockTtlMs: LOCK_TTL_MS,
    startTimer: clock.startTimer,
    embedPrompt: true,
    failureHoldMs: HOLD_MS,
    onJoin: () => {},
    onReject: () => {},
    ...options
  })
  t.teardown(async () => {
    const stopped = generation.stop(0)
    await clock.advance(0)
    await stopped
    await tracker.close()
  })
  const annotated = (address: string) => join(folder, 'output/simple/annotated', `${address}.png`)
  const end = async (address = ADDRESS) =>
    await until(async () => (await generation.snapshot('simple', address))?.done !== false)
  return { generation, folder, images, tracker, annotated, ended, end, clock }
}
