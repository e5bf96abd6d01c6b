import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { BUILT_IN_DATABASES, loadDatabases } from '../../lib/dress/databases.ts'
import { createArtifacts } from '../../lib/generation/artifacts.ts'
import { createGeneration } from '../../lib/generation/generation.ts'
import type { GenerationOptions } from '../../lib/generation/generation.ts'
import type { Artist } from '../../lib/image/artist.ts'
import { createLocalArtist } from '../../lib/image/local/artist.ts'
import { createEncodeQueue } from '../../lib/image/encode-queue.ts'
import { createTracker } from '../../lib/progress/tracker.ts'
import type { Series } from '../../lib/schemas/series.ts'
import { createFiles } from '../../lib/storage/files.ts'
import { createStoredPictures } from '../../lib/pictures/stored.ts'
import { ADDRESS, createScriptedArtist, plainPng, temporaryFolder, until } from '../helper.ts'

const SIMPLE: Series = { suffix: 'simple' }
const databases = await loadDatabases(BUILT_IN_DATABASES)

const addressOf = (index: number) => `0x${index.toString(16).padStart(40, '0')}`

async function setUp(t: Test, artist: Artist, options: Partial<GenerationOptions> = {}) {
  const folder = await temporaryFolder(t)
  const files = createFiles({ root: folder })
  const images = createStoredPictures(files)
  let ahead = 0
  const tracker = await createTracker({
    files,
    archiveRuns: false,
    onDiskError: (error) => {
      throw error
    },
    now: () => Math.round((performance.timeOrigin + performance.now() + ahead) * 1e6)
  })
  const waitFor = (ms: number) => {
    ahead += ms
  }
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
    lockTtlMs: 60_000,
    embedPrompt: true,
    failureHoldMs: 60_000,
    onJoin: () => {},
    onReject: () => {},
    ...options
  })
  t.teardown(async () => {
    await generation.stop(0)
    await tracker.close()
  })
  const annotated = (address: string) => join(folder, 'output/simple/annotated', `${address}.png`)
  const end = async (address = ADDRESS) =>
    await until(async () => (await generation.snapshot('simple', address))?.done !== false)
  return { generation, folder, images, tracker, annotated, ended, end, waitFor }
}

t.test('however many ask at once, one run makes the picture', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { generation, end } = await setUp(t, artist)
  const asks = await Promise.all(Array.from({ length: 1000 }, () => generation.ensure(SIMPLE, ADDRESS)))
  t.equal(asks.filter(({ outcome }) => outcome === 'started').length, 1)
  t.equal(asks.filter(({ outcome }) => outcome === 'joined').length, 999)
  t.equal(new Set(asks.map(({ snapshot }) => snapshot.runId)).size, 1)
  await until(() => asked.length > 0)
  asked[0]!.deliver()
  await end()
  const later = await Promise.all(Array.from({ length: 100 }, () => generation.ensure(SIMPLE, ADDRESS)))
  t.same([...new Set(later.map(({ outcome }) => outcome))], ['cached'])
  t.equal(later[0]!.snapshot.runId, asks[0]!.snapshot.runId, 'the finished run stays readable')
  t.equal(asked.length, 1)
})

t.test('a run that ends while another request looks at the disk is not repeated', async (t) => {
  const { artist, asked } = createScriptedArtist()
  let release = () => {}
  let held = 0
  const { generation, images, end } = await setUp(t, artist)
  // The first look finds nothing, and its answer is held back until a second request has made the picture.
  const find = images.find
  images.find = async (series, address) => {
    const entry = await find(series, address)
    if (held++ === 0) {
      await new Promise<void>((resolve) => {
        release = resolve
      })
    }
    return entry
  }
  const slow = generation.ensure(SIMPLE, ADDRESS)
  await until(() => held > 0)
  t.equal((await generation.ensure(SIMPLE, ADDRESS)).outcome, 'started')
  await until(() => asked.length > 0)
  asked[0]!.deliver()
  await end()
  release()
  t.equal((await slow).outcome, 'cached')
  t.equal(asked.length, 1)
})

t.test('few runs work at once, the others wait in order, and too many are refused', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { generation } = await setUp(t, artist)
  for (let index = 0; index < 5; index += 1) await generation.ensure(SIMPLE, addressOf(index))
  await until(() => asked.length === 2)
  const positions = await Promise.all(
    [0, 1, 2, 3, 4].map(
      async (index) => (await generation.snapshot('simple', addressOf(index)))?.queuePosition
    )
  )
  t.same(positions, [0, 0, 1, 2, 3])
  await t.rejects(generation.ensure(SIMPLE, addressOf(5)), {
    code: 'QUEUE_FULL',
    statusCode: 503,
    retryAfter: 10
  })
  t.equal(await generation.snapshot('simple', addressOf(5)), undefined)
  t.equal(
    (await generation.ensure(SIMPLE, addressOf(4))).outcome,
    'joined',
    'who waits already may ask again'
  )

  asked[0]!.deliver()
  await until(() => asked.length === 3)
  t.equal(asked[2]!.address, addressOf(2))
  t.same((await generation.snapshot('simple', addressOf(3)))?.queuePosition, 1)
  for (let index = 1; index < 5; index += 1) {
    await until(() => asked.length > index)
    asked[index]!.deliver()
  }
  await until(async () => (await generation.ensure(SIMPLE, addressOf(4))).outcome === 'cached')
})

t.test('a run older than the lock TTL is given up, and what it delivers later is not kept', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { generation, annotated, end, ended, waitFor } = await setUp(t, artist, { lockTtlMs: 300 })
  await generation.ensure(SIMPLE, ADDRESS)
  await end()
  const failed = await generation.snapshot('simple', ADDRESS)
  t.equal(failed?.errorCode, 'GENERATION_TIMEOUT')
  t.match(failed?.error, /0\.3 s/)
  t.equal(failed?.phases.find(({ name }) => name === 'image_wait')?.error, failed?.error)
  t.ok(asked[0]!.signal.aborted)
  t.equal(ended.length, 1)

  waitFor(60_000)
  t.equal((await generation.ensure(SIMPLE, ADDRESS)).outcome, 'started')
  asked[0]!.deliver()
  await until(() => asked.length === 2)
  await t.rejects(readFile(annotated(ADDRESS)), { code: 'ENOENT' })
  asked[1]!.deliver()
  await until(async () => (await generation.ensure(SIMPLE, ADDRESS)).outcome === 'cached')
})

t.test('a failed run answers until the failure hold is over, then a new one may start', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { generation, end, waitFor } = await setUp(t, artist)
  const first = await generation.ensure(SIMPLE, ADDRESS)
  await until(() => asked.length === 1)
  asked[0]!.fail(new Error('a secret of /the/machine'))
  await end()
  for (const poller of ['one', 'two']) {
    const { outcome, snapshot } = await generation.ensure(SIMPLE, ADDRESS)
    t.equal(outcome, 'failed', poller)
    t.equal(snapshot.runId, first.snapshot.runId)
    t.equal(snapshot.error, 'Internal server error', 'nothing inside leaks')
    t.equal(snapshot.errorCode, 'INTERNAL_SERVER_ERROR')
    t.equal(snapshot.currentPhase, 'failed')
    t.ok(snapshot.percent < 100)
  }
  waitFor(60_000)
  t.equal((await generation.ensure(SIMPLE, ADDRESS)).outcome, 'started')
  await until(() => asked.length === 2)
  asked[1]!.deliver()
  await end()
})

t.test('force makes an existing picture anew, and the old one stays until then', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { generation, annotated, end, folder, waitFor } = await setUp(t, artist)
  await mkdir(join(folder, 'output/simple/annotated'), { recursive: true })
  const old = await plainPng()
  await writeFile(annotated(ADDRESS), old)

  t.equal((await generation.ensure(SIMPLE, ADDRESS)).outcome, 'cached')
  t.equal((await generation.ensure(SIMPLE, ADDRESS, { force: true })).outcome, 'started')
  t.equal((await generation.ensure(SIMPLE, ADDRESS, { force: true })).outcome, 'joined')
  await until(() => asked.length === 1)
  t.same(await readFile(annotated(ADDRESS)), old)
  asked[0]!.deliver()
  await end()
  t.notSame(await readFile(annotated(ADDRESS)), old)
  t.equal(
    (await generation.ensure(SIMPLE, ADDRESS, { force: true })).outcome,
    'cached',
    'a client that repeats force does not pay at each poll'
  )
  waitFor(60_000)
  t.equal((await generation.ensure(SIMPLE, ADDRESS, { force: true })).outcome, 'started')
  await until(() => asked.length === 2)
  asked[1]!.fail(new Error('no luck'))
  await end()
  t.equal(
    (await generation.ensure(SIMPLE, ADDRESS)).outcome,
    'failed',
    'within the hold those who asked see the failure'
  )
  waitFor(60_000)
  t.match(
    await generation.ensure(SIMPLE, ADDRESS),
    { outcome: 'cached', snapshot: { error: '' } },
    'after it the old picture counts'
  )
})

t.test('cancel ends a waiting run at once and a working one at its next step', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { generation, annotated } = await setUp(t, artist, { concurrency: 1 })
  t.equal(await generation.cancel('simple', ADDRESS), undefined)
  await generation.ensure(SIMPLE, addressOf(1))
  await generation.ensure(SIMPLE, addressOf(2))
  await generation.ensure(SIMPLE, addressOf(3))
  await until(() => asked.length === 1)
  t.match(await generation.cancel('simple', addressOf(2)), { done: true, errorCode: 'CANCELLED' })
  t.equal((await generation.snapshot('simple', addressOf(3)))?.queuePosition, 1)
  t.match(await generation.cancel('simple', addressOf(1)), { done: true, errorCode: 'CANCELLED' })
  await t.rejects(readFile(annotated(addressOf(1))), { code: 'ENOENT' })
  await until(() => asked.length === 2)
  t.equal(asked[1]!.address, addressOf(3), 'a cancelled run never reaches the artist')
  t.equal(await generation.cancel('simple', addressOf(1)), undefined)
})

t.test('stopping gives up what waits, lets what works finish, and takes nothing new', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { generation, annotated, end } = await setUp(t, artist, { concurrency: 1 })
  await generation.ensure(SIMPLE, addressOf(1))
  await generation.ensure(SIMPLE, addressOf(2))
  await until(() => asked.length === 1)
  const stopped = generation.stop(60_000)
  await end(addressOf(2))
  t.equal((await generation.snapshot('simple', addressOf(2)))?.errorCode, 'SERVICE_UNAVAILABLE')
  await t.rejects(generation.ensure(SIMPLE, addressOf(3)), { code: 'SERVICE_UNAVAILABLE', statusCode: 503 })
  asked[0]!.deliver()
  await stopped
  t.ok((await readFile(annotated(addressOf(1)))).length > 0)
  t.equal((await generation.ensure(SIMPLE, addressOf(1))).outcome, 'cached', 'what exists is still served')
})

t.test('stopping cuts a run that does not finish in time, and leaves no half file', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { generation, folder } = await setUp(t, artist)
  await generation.ensure(SIMPLE, ADDRESS)
  await until(() => asked.length === 1)
  await generation.stop(20)
  t.equal((await generation.snapshot('simple', ADDRESS))?.errorCode, 'SERVICE_UNAVAILABLE')
  const left = await readdir(join(folder, 'output'), { recursive: true })
  t.same(
    left.filter((name) => name.endsWith('.tmp') || name.endsWith('.png')),
    []
  )
})

t.test('what an artist delivers is kept only if it is a picture', async (t) => {
  for (const [what, bytes] of [
    ['text', Buffer.from('<html>sorry</html>')],
    ['half a PNG', (await plainPng()).subarray(0, 200)]
  ] as const) {
    const artist: Artist = {
      provider: 'openai',
      compose: () => ({ draw: async () => ({ downloadMode: 'b64', download: async () => bytes }) })
    }
    const { generation, annotated, end } = await setUp(t, artist)
    await generation.ensure(SIMPLE, ADDRESS)
    await end()
    t.match(
      await generation.snapshot('simple', ADDRESS),
      { errorCode: 'IMAGE_DOWNLOAD_ERROR', provider: 'openai', dalleDress: { downloadMode: 'b64' } },
      what
    )
    await t.rejects(readFile(annotated(ADDRESS)), { code: 'ENOENT' })
  }
})

t.test('a disk that fails fails the run with its reason and without a path', async (t) => {
  const { generation, folder, end } = await setUp(t, createLocalArtist(createEncodeQueue()))
  await mkdir(join(folder, 'output/simple'), { recursive: true })
  await writeFile(join(folder, 'output/simple/generated'), 'a file where a folder must be')
  await generation.ensure(SIMPLE, ADDRESS)
  await end()
  const failed = await generation.snapshot('simple', ADDRESS)
  t.equal(failed?.errorCode, 'FILE_SYSTEM_ERROR')
  t.notMatch(failed?.error, folder)
})

t.test('a run leaves every artifact, and they agree with its dress', async (t) => {
  const { generation, folder, end } = await setUp(t, createLocalArtist(createEncodeQueue()))
  await generation.ensure(SIMPLE, ADDRESS)
  await end()
  const { snapshot } = await generation.ensure(SIMPLE, ADDRESS)
  const dress = snapshot.dalleDress
  const text = (kind: string) => readFile(join(folder, 'output/simple', kind, `${ADDRESS}.txt`), 'utf8')
  t.equal(await text('data'), dress.dataPrompt)
  t.equal(await text('title'), dress.titlePrompt)
  t.equal(await text('terse'), dress.tersePrompt)
  t.equal(await text('prompt'), dress.prompt)
  t.match(await text('technical'), /^Figure: /)
  await t.rejects(text('enhanced'), { code: 'ENOENT' }, 'no language model, no enhanced prompt')
  t.ok(snapshot.phases.find(({ name }) => name === 'enhance_prompt')?.skipped)
  t.match(dress, {
    downloadMode: 'local',
    completed: true,
    generatedPath: `simple/generated/${ADDRESS}.png`,
    annotatedPath: `simple/annotated/${ADDRESS}.png`
  })
  t.equal(dress.fileSize, (await readFile(join(folder, 'output', dress.annotatedPath))).length)
  t.ok((await readFile(join(folder, 'output', dress.generatedPath))).length > 0)
  const metadata = JSON.parse(
    await readFile(join(folder, 'output/simple/metadata', `${dress.seed}.json`), 'utf8')
  )
  t.match(metadata, {
    imageId: /^sha256:[0-9a-f]{64}$/,
    input: ADDRESS,
    seed: dress.seed,
    provider: 'local',
    database: { version: 'v1.0.0' },
    prompts: { prompt: dress.prompt }
  })
  t.same(JSON.parse(await readFile(join(folder, 'output/simple/selector', `${ADDRESS}.json`), 'utf8')), dress)
})

t.test('prompts on disk are used again, the picture is drawn anew', async (t) => {
  const { generation, folder, end, images } = await setUp(t, createLocalArtist(createEncodeQueue()))
  await mkdir(join(folder, 'output/simple/terse'), { recursive: true })
  await mkdir(join(folder, 'output/simple/enhanced'), { recursive: true })
  await writeFile(join(folder, 'output/simple/terse', `${ADDRESS}.txt`), 'Edited by hand.')
  await writeFile(join(folder, 'output/simple/enhanced', `${ADDRESS}.txt`), 'A novel of it.')
  await generation.ensure(SIMPLE, ADDRESS)
  await end()
  const first = (await generation.ensure(SIMPLE, ADDRESS)).snapshot
  t.match(
    first.dalleDress,
    { tersePrompt: 'Edited by hand.', enhancedPrompt: '' },
    'an enhanced one counts only where prompts are enhanced'
  )
  t.equal(await readFile(join(folder, 'output/simple/terse', `${ADDRESS}.txt`), 'utf8'), 'Edited by hand.')

  await rm(join(folder, 'output/simple/generated'), { recursive: true })
  await images.remove('simple', ADDRESS)
  t.equal(
    (await generation.ensure(SIMPLE, ADDRESS)).outcome,
    'started',
    'a picture that is gone is made again'
  )
  await end()
  t.ok((await readFile(join(folder, 'output/simple/generated', `${ADDRESS}.png`))).length > 0)
})

t.test('a picture of long ago is told of from the disk', async (t) => {
  const { generation, folder, annotated, tracker } = await setUp(t, createLocalArtist(createEncodeQueue()))
  await mkdir(join(folder, 'output/simple/annotated'), { recursive: true })
  await mkdir(join(folder, 'output/simple/selector'), { recursive: true })
  await mkdir(join(folder, 'output/simple/title'), { recursive: true })
  await writeFile(annotated(ADDRESS), await plainPng())
  await writeFile(join(folder, 'output/simple/title', `${ADDRESS}.txt`), 'The Old Title')
  await writeFile(
    join(folder, 'output/simple/selector', `${ADDRESS}.json`),
    JSON.stringify({
      original: ADDRESS,
      downloadMode: 'url',
      imageUrl: 'https://example.org/x.png',
      generatedPath: '/old/machine/x.png'
    })
  )
  const { outcome, snapshot } = await generation.ensure(SIMPLE, ADDRESS)
  t.equal(outcome, 'cached')
  t.match(snapshot, {
    done: true,
    cacheHit: true,
    percent: 100,
    currentPhase: 'completed',
    provider: 'openai',
    error: ''
  })
  t.match(snapshot.dalleDress, {
    titlePrompt: 'The Old Title',
    imageUrl: 'https://example.org/x.png',
    cacheHit: true,
    completed: true,
    generatedPath: `simple/generated/${ADDRESS}.png`
  })
  t.equal(snapshot.dalleDress.fileSize, (await readFile(annotated(ADDRESS))).length)
  t.equal(snapshot.dalleDress.attributes.length, 18)
  t.equal(tracker.averages.stats.cacheHits, 1)
  t.equal(tracker.averages.stats.generationRuns, 0)

  await writeFile(join(folder, 'output/simple/selector', `${ADDRESS}.json`), '{"original": 7')
  t.equal(
    (await generation.ensure(SIMPLE, ADDRESS)).snapshot.dalleDress.original,
    ADDRESS,
    'an unreadable record is no obstacle'
  )
})

t.test('subscribers hear of every step until they leave', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { generation, end } = await setUp(t, artist)
  const heard: string[] = []
  const left: string[] = []
  generation.subscribe('simple', ADDRESS, ({ currentPhase }) => heard.push(currentPhase))
  generation.subscribe('simple', ADDRESS, ({ currentPhase }) => left.push(currentPhase))()
  await generation.ensure(SIMPLE, ADDRESS)
  await until(() => asked.length === 1)
  asked[0]!.deliver()
  await end()
  t.same(
    [...new Set(heard)],
    [
      'setup',
      'base_prompts',
      'enhance_prompt',
      'image_prep',
      'image_wait',
      'image_download',
      'annotate',
      'completed'
    ]
  )
  t.same(left, [])
})
