import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { errors } from '../../../lib/errors.ts'
import type { ServiceError } from '../../../lib/errors.ts'
import { ADDRESS, createScriptedArtist, plainPng, until } from '../../helper.ts'
import { HOLD_MS, SIMPLE, addressOf, setUp } from './fixtures.ts'

t.test('a thousand concurrent requests share one run', async (t) => {
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
  t.equal(later[0]!.snapshot.runId, asks[0]!.snapshot.runId, 'the finished run can still be read')
  t.equal(asked.length, 1)
})

t.test('a run that ends while another request reads the disk is not repeated', async (t) => {
  const { artist, asked } = createScriptedArtist()
  let release = () => {}
  let held = 0
  const { generation, images, end } = await setUp(t, artist)
  // The first read finds no picture. Its result is held until the run of a second request has ended.
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

t.test('a run whose picture could not be kept is not started', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const rejections: string[] = []
  let refusal: ServiceError | undefined = errors.unavailable('no room')
  const series: string[] = []
  const { generation, end, images } = await setUp(t, artist, {
    generation: {
      checkFolder: async (name) => {
        series.push(name)
        return refusal
      },
      onReject: (reason) => rejections.push(reason)
    }
  })
  const refused = errors.forbidden('not you')
  const admit = () => {
    throw refused
  }
  await t.rejects(
    generation.ensure(SIMPLE, ADDRESS, { admit }),
    { code: 'FORBIDDEN' },
    'a stranger learns nothing'
  )
  await t.rejects(generation.ensure(SIMPLE, ADDRESS), { code: 'SERVICE_UNAVAILABLE', message: 'no room' })
  t.equal(await generation.snapshot('simple', ADDRESS), undefined, 'there is no run')
  t.same([rejections, series, asked.length], [['folder_unusable'], ['simple', 'simple'], 0])

  refusal = undefined
  const asks = await Promise.all([generation.ensure(SIMPLE, ADDRESS), generation.ensure(SIMPLE, ADDRESS)])
  t.same(asks.map(({ outcome }) => outcome).sort(), ['joined', 'started'])
  await until(() => asked.length > 0)
  asked[0]!.deliver()
  await end()
  refusal = errors.unavailable('no room')
  t.ok(await images.find('simple', ADDRESS))
  t.equal((await generation.ensure(SIMPLE, ADDRESS)).outcome, 'cached', 'a picture that exists needs no room')
})

t.test('a failed run answers until the failure hold is over, then a new run may start', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { generation, end, clock } = await setUp(t, artist)
  const first = await generation.ensure(SIMPLE, ADDRESS)
  await until(() => asked.length === 1)
  asked[0]!.fail(new Error('a secret of /the/machine'))
  await end()
  for (const poller of ['one', 'two']) {
    const { outcome, snapshot } = await generation.ensure(SIMPLE, ADDRESS)
    t.equal(outcome, 'failed', poller)
    t.equal(snapshot.runId, first.snapshot.runId)
    t.equal(snapshot.error, 'Internal server error', 'the error shows nothing internal')
    t.equal(snapshot.errorCode, 'INTERNAL_SERVER_ERROR')
    t.equal(snapshot.currentPhase, 'failed')
    t.ok(snapshot.percent < 100)
  }
  await clock.advance(HOLD_MS)
  t.equal((await generation.ensure(SIMPLE, ADDRESS)).outcome, 'started')
  await until(() => asked.length === 2)
  asked[1]!.deliver()
  await end()
})

t.test('force makes an existing picture anew, and the old one is served until then', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { generation, annotated, end, folder, clock } = await setUp(t, artist)
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
    'within the hold a repeated force starts no run'
  )
  await clock.advance(HOLD_MS)
  t.equal((await generation.ensure(SIMPLE, ADDRESS, { force: true })).outcome, 'started')
  await until(() => asked.length === 2)
  asked[1]!.fail(new Error('no luck'))
  await end()
  t.equal((await generation.ensure(SIMPLE, ADDRESS)).outcome, 'failed', 'within the hold the failure answers')
  await clock.advance(HOLD_MS)
  t.match(
    await generation.ensure(SIMPLE, ADDRESS),
    { outcome: 'cached', snapshot: { error: '' } },
    'after the hold the old picture answers'
  )
})

t.test('stop keeps waiting runs, lets working ones finish, and starts none', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { generation, annotated, stop } = await setUp(t, artist, { engine: { concurrency: 1 } })
  await generation.ensure(SIMPLE, addressOf(1))
  await generation.ensure(SIMPLE, addressOf(2))
  await until(() => asked.length === 1)
  const stopped = stop(60_000)
  t.match(await generation.snapshot('simple', addressOf(2)), { done: false, error: '' })
  await t.rejects(generation.ensure(SIMPLE, addressOf(3)), { code: 'SERVICE_UNAVAILABLE', statusCode: 503 })
  asked[0]!.deliver()
  await stopped
  t.ok((await readFile(annotated(addressOf(1)))).length > 0)
  t.equal(
    (await generation.ensure(SIMPLE, addressOf(1))).outcome,
    'cached',
    'existing pictures are still served'
  )
})

t.test('a subscriber receives every phase until it unsubscribes', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { generation, end } = await setUp(t, artist)
  const phases: string[] = []
  const afterwards: string[] = []
  generation.subscribe('simple', ADDRESS, (snapshot) => phases.push(snapshot!.currentPhase))
  generation.subscribe('simple', ADDRESS, (snapshot) => afterwards.push(snapshot!.currentPhase))()
  await generation.ensure(SIMPLE, ADDRESS)
  await until(() => asked.length === 1)
  asked[0]!.deliver()
  await end()
  t.same(
    [...new Set(phases)],
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
  t.same(afterwards, [])
})

t.test('a process that waits shows the run of another one, and can neither join nor cancel it', async (t) => {
  const { artist } = createScriptedArtist()
  const { generation, engine } = await setUp(t, artist)
  await generation.ensure(SIMPLE, ADDRESS)
  const run = (await engine.runs.last('simple', ADDRESS))!
  engine.findElsewhere = async (_series, address) => (address === addressOf(1) ? run : undefined)
  Object.defineProperty(engine, 'isOpen', { value: false })
  t.equal((await generation.snapshot('simple', addressOf(1)))?.runId, run.runId)
  const busy = { code: 'SERVICE_UNAVAILABLE', message: /Another process works/ }
  await t.rejects(generation.ensure(SIMPLE, addressOf(1)), busy)
  await t.rejects(generation.cancel('simple', addressOf(1)), busy)
  t.equal(await generation.cancel('simple', addressOf(2)), undefined)
})
