import t from 'tap'
import { createClock } from '../../clock.ts'
import { build, buildApp, createScriptedArtist, until } from '../../helper.ts'
import { KEY, NO_ENHANCEMENT, buildWithOpenAi } from '../../plugins/app/with-openai.ts'
import { addressOf, addresses, batchesOf } from './batches-client.ts'

const MINUTE_MS = 60_000

const fetching = (url: string) => ({
  ask: async (path: string, init?: RequestInit) => await fetch(`${url}${path}`, init)
})

t.test('the cost is estimated and counted, and a batch beyond the budget is refused', async (t) => {
  const settings = { TB_DALLE_DAILY_BUDGET_USD: '1', TB_DALLE_CONCURRENCY: '1' }
  const { url, openai } = await buildWithOpenAi(t, { settings })
  const { send, accept, untilState } = batchesOf(fetching(url))
  t.match(await send('POST', '/estimate', { series: 'simple', addresses: addresses(4) }), {
    status: 200,
    data: { missing: 4, images: 4, estimatedCostUsd: 0.908, refusal: null }
  })
  const refused = await send('POST', '', { series: 'simple', addresses: addresses(5) })
  t.match(refused, {
    status: 429,
    error: {
      code: 'BUDGET_EXHAUSTED',
      details: '1.135 USD are expected, and 1 of 1 USD a day are left; make the batch smaller'
    }
  })
  t.equal(refused.headers.get('retry-after'), null, 'another day does not help')
  t.equal(openai.requests.filter(({ isCharged }) => isCharged).length, 0)

  const { batchId, estimatedCostUsd } = await accept(addresses(1))
  t.equal(estimatedCostUsd, 0.227)
  const { costUsd } = await untilState(batchId, ({ endedAt }) => endedAt !== null)
  t.ok(costUsd > 0 && costUsd < 0.227, `${costUsd} USD`)
  const later = await send('POST', '/estimate', { series: 'simple', addresses: addresses(4) })
  t.match(later.data, { existing: 1, estimatedCostUsd: 0.681, refusal: null }, 'what exists costs nothing')
})

t.test('when others have spent the budget, a batch pauses, and goes on when there is room', async (t) => {
  const settings = {
    ...NO_ENHANCEMENT,
    TB_DALLE_DAILY_IMAGE_LIMIT: '3',
    TB_DALLE_CONCURRENCY: '1',
    TB_DALLE_FAILURE_HOLD: '1ms'
  }
  const { url, openai, app, dataDir, make } = await buildWithOpenAi(t, { settings })
  let deliver = () => {}
  const delivered = new Promise<void>((resolve) => {
    deliver = resolve
  })
  t.teardown(deliver)
  openai.behave('image', { kind: 'delay', until: delivered })
  const { accept, untilState } = batchesOf(fetching(url))
  const { batchId } = await accept(addresses(3))
  await until(() => openai.concurrent('image').now === 1)
  const other = make(addressOf(100))
  await until(async () => (await app.generation.working(9)).count === 3)
  deliver()
  t.match(await other, { error: '' })
  // A machine under load may have refused it for a moment before.
  const paused = await untilState(batchId, ({ reason }) => reason?.code === 'BUDGET_EXHAUSTED')
  t.match(paused, { state: 'paused', counts: { completed: 2, failed: 0, running: 0, waiting: 1 } })
  t.equal(openai.count('image'), 3)
  await app.close()

  const clock = createClock()
  const again = await build(t, {
    dataDir,
    batchesClock: clock,
    settings: {
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: openai.url,
      ...settings,
      TB_DALLE_DAILY_IMAGE_LIMIT: '9'
    }
  })
  const { stateOf } = batchesOf(fetching(again.url))
  let waitedMs = 0
  await until(async () => {
    // Midnight does not come: it tries again at least once a minute.
    if (waitedMs < 2 * MINUTE_MS) await clock.advance(15_000)
    waitedMs += 15_000
    return (await stateOf(batchId)).state === 'completed'
  })
  t.match((await stateOf(batchId)).counts, { completed: 3, failed: 0 })
  t.equal(openai.count('image'), 4, 'each picture was bought once')
})

t.test('a batch keeps to the pace of its client, and leaves it a quarter', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const limitsClock = createClock()
  const batchesClock = createClock()
  const app = await buildApp(t, {
    artist,
    limitsClock,
    batchesClock,
    settings: { OPENAI_API_KEY: KEY, ...NO_ENHANCEMENT, TB_DALLE_CLIENT_RUNS: '4', TB_DALLE_CONCURRENCY: '8' }
  })
  const { accept, untilState } = batchesOf(app)
  const { batchId } = await accept(addresses(4))
  t.match(await untilState(batchId, ({ state }) => state === 'paused'), {
    reason: { code: 'RATE_LIMITED', message: /3 runs in a minute/ },
    counts: { running: 3, waiting: 1 }
  })
  const single = async (index: number) =>
    (await app.ask(`/dalle/simple/${addressOf(index)}?generate=1`)).status
  t.same([await single(100), await single(101)], [200, 429])
  await limitsClock.advance(60_000)
  await batchesClock.advance(60_000)
  await until(() => asked.length === 5)
  for (const { deliver } of asked) deliver()
  await untilState(batchId, ({ state }) => state === 'completed')
})
