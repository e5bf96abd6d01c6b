import t from 'tap'
import type { Test } from 'tap'
import { createBatches } from '../../../lib/batches/batches.ts'
import type { BatchesOptions } from '../../../lib/batches/batches.ts'
import { errors } from '../../../lib/errors.ts'
import type { ServiceError } from '../../../lib/errors.ts'
import { providerFailure } from '../../../lib/provider/failures.ts'
import type { BatchState } from '../../../lib/schemas/batches.ts'
import { createScriptedArtist, until } from '../../helper.ts'
import { HOLD_MS, SIMPLE, addressOf, databases, setUp } from '../generation/fixtures.ts'

const ASKER = { client: 'a client', isLoopback: true }
const addresses = (count: number) => Array.from({ length: count }, (_, index) => addressOf(index + 1))

interface SetUp extends Partial<Omit<BatchesOptions, 'engine'>> {
  engine?: NonNullable<Parameters<typeof setUp>[2]>['engine']
  folder?: string
  /** Who draws. */
  provider?: string
}

/** Batches with an engine, an artist that the test scripts, and a clock that only the test moves. */
async function setUpBatches(t: Test, { engine: engineOptions, folder, provider, ...changes }: SetUp = {}) {
  const { artist, asked } = createScriptedArtist()
  let refusal: ServiceError | undefined
  artist.refusal = () => refusal
  if (provider !== undefined) artist.provider = provider
  const made = await setUp(t, artist, {
    ...(folder !== undefined && { folder }),
    ...(engineOptions && { engine: engineOptions })
  })
  const { engine, generation, clock } = made
  const log: string[] = []
  const options: BatchesOptions = {
    engine,
    generation,
    databases,
    findSeries: async (name) => (name === 'simple' ? SIMPLE : undefined),
    checkFolder: async () => undefined,
    expected: { usd: 0, images: 0 },
    failureHoldMs: HOLD_MS,
    concurrency: 2,
    queueLimit: 3,
    maxPictures: undefined,
    runsPerMinute: () => undefined,
    count: async () => {},
    onAccept: () => log.push('accepted'),
    onPause: (_batch, { code }) => log.push(`paused ${code}`),
    onResume: () => log.push('goes on'),
    onAddressEnd: (outcome) => log.push(outcome),
    onEnd: ({ state }) => log.push(`ended ${state}`),
    onDiskError: (error) => {
      throw error
    },
    clock,
    unixMs: clock.now,
    ...changes
  }
  const batches = createBatches(options)
  await batches.start()
  t.teardown(() => batches.stop())
  const find = async (batchId: string) => await batches.find(batchId, { offset: 0, limit: 100 })
  return {
    ...made,
    batches,
    /** As after a restart, while the runs of the engine go on. */
    startAgain: async () => await createBatches(options).start(),
    asked,
    log,
    find,
    refuse(error?: ServiceError) {
      refusal = error
    },
    accept: async (count: number) =>
      await batches.accept({ series: 'simple', addresses: addresses(count) }, ASKER),
    untilState: async (batchId: string, isThere: (state: BatchState) => boolean) => {
      await until(async () => isThere(await find(batchId)))
      return await find(batchId)
    }
  }
}

t.test('while no picture may be drawn, a batch waits and loses no address', async (t) => {
  const { accept, untilState, find, asked, log, clock, refuse, generation } = await setUpBatches(t)
  refuse(providerFailure('circuit_open', { waitMs: 5_000 }))
  const { batchId } = await accept(2)
  const paused = await untilState(batchId, ({ state }) => state === 'paused')
  t.match(paused, {
    counts: { waiting: 2, failed: 0, running: 0 },
    reason: {
      code: 'OPENAI_UNAVAILABLE',
      message: /trouble/,
      retryAt: new Date(clock.now() + 5_000).toISOString()
    },
    etaSeconds: 5
  })
  t.equal(await generation.snapshot('simple', addressOf(1)), undefined, 'no run has failed for it')
  await clock.advance(4_999)
  refuse(errors.budgetExhausted('one picture a day', 50))
  await clock.advance(1)
  t.match(await untilState(batchId, ({ reason }) => reason?.code === 'BUDGET_EXHAUSTED'), { state: 'paused' })
  refuse()
  await clock.advance(49_999)
  t.equal((await find(batchId)).state, 'paused')
  await clock.advance(1)
  await until(() => asked.length === 2)
  t.match(await find(batchId), { state: 'running', reason: null, counts: { running: 2 } })
  for (const { deliver } of asked) deliver()
  await untilState(batchId, ({ state }) => state === 'completed')
  t.same(log, [
    'accepted',
    'paused OPENAI_UNAVAILABLE',
    'paused BUDGET_EXHAUSTED',
    'goes on',
    'completed',
    'completed',
    'ended completed'
  ])
})

t.test('a run that failed at no cost is tried twice more, after all others', async (t) => {
  const { accept, untilState, asked, clock } = await setUpBatches(t)
  const { batchId } = await accept(3)
  await until(() => asked.length === 2)
  const { address } = asked[0]!
  asked[0]!.fail(providerFailure('overloaded'))
  await until(() => asked.length === 3)
  asked[1]!.deliver()
  asked[2]!.deliver()
  const waits = await untilState(batchId, ({ state }) => state === 'paused')
  t.match(waits, { counts: { completed: 2, waiting: 1, failed: 0 }, reason: { code: 'OPENAI_UNAVAILABLE' } })
  for (const attempt of [4, 5]) {
    await clock.advance(HOLD_MS + 1)
    await until(() => asked.length === attempt)
    t.equal(asked[attempt - 1]!.address, address)
    asked[attempt - 1]!.fail(providerFailure('unreachable'))
    await untilState(batchId, ({ counts }) => counts.running === 0)
  }
  const state = await untilState(batchId, ({ endedAt }) => endedAt !== null)
  t.match(state, { state: 'completed', counts: { failed: 1 }, failures: [{ address }] })
  t.equal(asked.length, 5)
})

t.test('a run that may be charged is not tried again', async (t) => {
  const { accept, untilState, asked } = await setUpBatches(t)
  const { batchId } = await accept(2)
  await until(() => asked.length === 2)
  asked[0]!.fail(providerFailure('interrupted'))
  asked[1]!.fail(providerFailure('timeout'))
  const { counts, failures } = await untilState(batchId, ({ endedAt }) => endedAt !== null)
  t.match(counts, { failed: 2 })
  t.same(failures.map(({ code }) => code).sort(), ['OPENAI_TIMEOUT', 'OPENAI_UNAVAILABLE'])
})

t.test('a run that the budget stopped costs no try', async (t) => {
  const { accept, untilState, asked, clock } = await setUpBatches(t)
  const { batchId } = await accept(1)
  for (let attempt = 1; attempt <= 4; attempt += 1) {
    await until(() => asked.length === attempt)
    asked[attempt - 1]!.fail(errors.budgetExhausted('one picture a day', 1))
    await untilState(batchId, ({ state }) => state === 'paused')
    await clock.advance(HOLD_MS + 1)
  }
  await until(() => asked.length === 5)
  asked[4]!.deliver()
  t.match(await untilState(batchId, ({ endedAt }) => endedAt !== null), {
    counts: { completed: 1, failed: 0 }
  })
})

t.test('while the provider or the service is away, a run that fails costs no try', async (t) => {
  const away: Array<[what: string, failure: ServiceError, refusal?: ServiceError]> = [
    ['an open circuit', providerFailure('circuit_open', { waitMs: 100 })],
    [
      'the probe of a circuit',
      providerFailure('no_money'),
      providerFailure('circuit_open', { waitMs: 9_000 })
    ],
    ['a provider that says when to come again', providerFailure('overloaded', { waitMs: 4_000 })],
    ['too many requests', providerFailure('throttled')],
    ['a full disk', errors.unavailable('The disk is almost full')]
  ]
  for (const [what, failure, refusal] of away) {
    const { accept, untilState, asked, clock, refuse } = await setUpBatches(t)
    const { batchId } = await accept(2)
    for (let round = 1; round <= 4; round += 1) {
      await until(() => asked.length === 2 * round)
      refuse(refusal)
      for (const { fail } of asked.slice(-2)) fail(failure)
      t.match(await untilState(batchId, ({ state }) => state === 'paused'), {
        counts: { waiting: 2, failed: 0 }
      })
      refuse()
      await clock.advance(HOLD_MS + 1)
    }
    await until(() => asked.length === 10)
    for (const { deliver } of asked.slice(-2)) deliver()
    const { counts } = await untilState(batchId, ({ endedAt }) => endedAt !== null)
    t.match(counts, { completed: 2, failed: 0 }, what)
  }
})

t.test('a picture that was made while no process fed the batch has its cost and its state', async (t) => {
  const { accept, asked, batches, engine, startAgain, find, end } = await setUpBatches(t)
  const { batchId } = await accept(2)
  await until(() => asked.length === 2)
  batches.stop()
  for (const [index, address] of addresses(2).entries()) {
    const run = (await engine.runs.live(10)).runs.find((each) => each.address === address)!
    run.addCost(0.25)
    if (index === 1) run.degrade('The prompt was not enhanced')
  }
  for (const { deliver } of asked) deliver()
  for (const address of addresses(2)) await end(address)
  await startAgain()
  await until(async () => (await find(batchId)).endedAt !== null)
  t.match(await find(batchId), { counts: { completed: 1, degraded: 1 }, costUsd: 0.5 })
})

t.test('after a restart, addresses whose runs have failed at no cost are tried again', async (t) => {
  const first = await setUpBatches(t)
  const { batchId } = await first.accept(2)
  await until(() => first.asked.length === 2)
  first.asked[0]!.fail(providerFailure('no_permission'))
  first.asked[1]!.fail(providerFailure('interrupted'))
  await first.untilState(batchId, ({ counts }) => counts.failed === 1 && counts.waiting === 1)
  first.batches.stop()
  await first.stop()

  const second = await setUpBatches(t, { folder: first.folder })
  await second.untilState(batchId, ({ state }) => state === 'paused')
  await second.clock.advance(HOLD_MS + 1)
  await until(() => second.asked.length === 1)
  t.equal(second.asked[0]!.address, first.asked[0]!.address)
  second.asked[0]!.deliver()
  const { counts } = await second.untilState(batchId, ({ endedAt }) => endedAt !== null)
  t.match(counts, { completed: 1, failed: 1 })
})

t.test('the failure of a run from before the batch is not its own', async (t) => {
  const { generation, accept, untilState, asked, clock, batches, end } = await setUpBatches(t)
  await generation.ensure(SIMPLE, addressOf(1), ASKER)
  await until(() => asked.length === 1)
  asked[0]!.fail(errors.image('it is no picture'))
  await end(addressOf(1))
  await clock.advance(1)
  const { batchId } = await accept(1)
  t.match(await untilState(batchId, ({ state }) => state === 'paused'), { counts: { waiting: 1 } })
  await clock.advance(HOLD_MS + 1)
  await until(() => asked.length === 2)
  asked[1]!.deliver()
  await untilState(batchId, ({ counts }) => counts.completed === 1)
  await until(() => batches.load().running === 0)
  t.same(batches.load(), { running: 0, paused: 0, waiting: 0 })
})

t.test('the pace of a client holds a batch back', async (t) => {
  let left = 1
  const { accept, untilState, asked, clock, log } = await setUpBatches(t, {
    runsPerMinute: () => 2,
    count: async () => {
      if (left === 0) throw errors.rateLimited('2 runs in a minute', 30)
      left -= 1
    }
  })
  const { batchId, etaSeconds } = await accept(3)
  t.equal(etaSeconds, 90)
  t.match(await untilState(batchId, ({ state }) => state === 'paused'), {
    reason: { code: 'RATE_LIMITED' },
    counts: { running: 1, waiting: 2 }
  })
  left = 2
  await clock.advance(30_000)
  await until(() => asked.length === 2)
  t.match(await untilState(batchId, ({ counts }) => counts.running === 3), { counts: { waiting: 0 } })
  t.same(log, ['accepted', 'paused RATE_LIMITED', 'goes on'])
})

t.test('a failure that was not kept in time is found after a restart', async (t) => {
  const first = await setUpBatches(t)
  const { batchId } = await first.accept(1)
  await until(() => first.asked.length === 1)
  // The batch does not see the end of its run, as after a kill.
  first.batches.stop()
  await first.clock.advance(1)
  first.asked[0]!.fail(errors.image('it is no picture'))
  await first.end(addressOf(1))
  await first.stop()

  const second = await setUpBatches(t, { folder: first.folder })
  const state = await second.untilState(batchId, ({ endedAt }) => endedAt !== null)
  t.match(state, { counts: { failed: 1 }, failures: [{ code: 'IMAGE_DOWNLOAD_ERROR' }] })
  t.equal(second.asked.length, 0)
})

t.test('a batch does not go on with another artist, other databases or without its series', async (t) => {
  const cases: Array<[SetUp, string]> = [
    [{ databases: { hash: 'sha256:other' } }, 'TEMPLATE_ERROR'],
    [{ findSeries: async () => undefined }, 'INVALID_SERIES'],
    [{ provider: 'openai' }, 'SERVICE_UNAVAILABLE']
  ]
  for (const [change, code] of cases) {
    const first = await setUpBatches(t)
    first.refuse(providerFailure('circuit_open'))
    const { batchId } = await first.accept(2)
    await first.untilState(batchId, ({ state }) => state === 'paused')
    first.batches.stop()
    await first.stop()
    const second = await setUpBatches(t, { folder: first.folder, ...change })
    const state = await second.untilState(batchId, ({ endedAt }) => endedAt !== null)
    t.match(state, { state: 'cancelled', reason: { code }, counts: { cancelled: 2, waiting: 0 } })
    t.same(second.log, ['ended cancelled'])
  }
})

t.test('a cancelled paused batch ends at once', async (t) => {
  const { accept, untilState, batches, asked, refuse, clock, log } = await setUpBatches(t)
  refuse(providerFailure('circuit_open'))
  const { batchId } = await accept(2)
  await untilState(batchId, ({ state }) => state === 'paused')
  t.match(await batches.cancel(batchId), { state: 'cancelled', reason: null, counts: { cancelled: 2 } })
  await until(() => log.at(-1) === 'ended cancelled')
  refuse()
  await clock.advance(60_000)
  t.equal(asked.length, 0)
  t.match(await batches.cancel(batchId), { state: 'cancelled' }, 'again')
})

t.test('money that other batches will need is not given away twice', async (t) => {
  const { accept, batches, refuse } = await setUpBatches(t, {
    engine: { limits: { usd: 1, images: 9 } },
    expected: { usd: 0.2, images: 1 }
  })
  refuse(errors.budgetExhausted('for now', 60))
  const tooDear = { code: 'BUDGET_EXHAUSTED', retryAfter: undefined }
  await t.rejects(accept(6), { ...tooDear, details: /^1.2 USD are expected, and 1 of 1 USD.*smaller$/ })
  await t.rejects(accept(10), { ...tooDear, details: /^10 pictures must be bought, and 9 of 9 a day/ })
  t.equal((await accept(4)).estimatedCostUsd, 0.8)
  const later = {
    code: 'BUDGET_EXHAUSTED',
    details: /^0.4 USD are expected, and 0.2 of 1 USD.*midnight UTC$/
  }
  await t.rejects(accept(2), later)
  await accept(2).catch(({ retryAfter }: ServiceError) => t.ok(retryAfter! > 0 && retryAfter! <= 86_400))
  t.match(await batches.estimate({ series: 'simple', addresses: addresses(2) }, ASKER), {
    images: 2,
    estimatedCostUsd: 0.4,
    refusal: later
  })
  t.equal((await accept(1)).counts.total, 1)
})

t.test('there is room for a number of batches, and for one of each client', async (t) => {
  const { accept, batches, refuse } = await setUpBatches(t)
  refuse(providerFailure('circuit_open'))
  for (let count = 0; count < 32; count += 1) await accept(1)
  await t.rejects(accept(1), { code: 'QUEUE_FULL', retryAfter: 60 })
  const other = { client: 'another', isLoopback: true }
  await batches.accept({ series: 'simple', addresses: addresses(1) }, other)
  t.equal((await batches.list('another')).length, 1)
  t.equal((await batches.list()).length, 33)
})

t.test('what waits of a batch that was being cancelled at a kill never starts', async (t) => {
  const { accept, asked, batches, engine, startAgain } = await setUpBatches(t)
  const { batchId } = await accept(4)
  await until(async () => (await engine.runs.live(9)).count === 4)
  await until(() => asked.length === 2)
  batches.stop()
  await engine.batches.end(batchId, { state: 'cancelled' })
  const { address } = (await engine.runs.live(9)).runs[3]!.snapshot()
  t.equal((await engine.runs.live(9)).count, 4, 'the process ended before it cancelled its runs')
  await startAgain()
  t.equal((await engine.runs.live(9)).count, 2, 'what is being drawn is finished')
  t.match((await engine.runs.last('simple', address))?.snapshot(), { errorCode: 'CANCELLED' })
  for (const { deliver } of asked) deliver()
  await until(async () => (await engine.runs.live(9)).count === 0)
  t.equal(asked.length, 2)
})

t.test('the expected time is that of one run at least', async (t) => {
  const { batches, engine } = await setUpBatches(t)
  Object.assign(engine.averages, { all: () => ({ image_wait: 8e9, base_prompts: 2e9 }) })
  const secondsOf = async (count: number) =>
    (await batches.estimate({ series: 'simple', addresses: addresses(count) }, ASKER)).estimatedSeconds
  t.same(
    [await secondsOf(1), await secondsOf(2), await secondsOf(4)],
    [10, 10, 20],
    'two pictures are drawn at the same time'
  )
})
