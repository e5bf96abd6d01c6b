import t from 'tap'
import type { Test } from 'tap'
import type { Snapshot } from '../../../lib/schemas/progress.ts'
import { build, json, until } from '../../helper.ts'
import { KEY, NO_ENHANCEMENT, addressOf, buildWithOpenAi } from './with-openai.ts'

async function holding(t: Test) {
  const logLines: Array<Record<string, unknown>> = []
  const server = await buildWithOpenAi(t, {
    settings: {
      ...NO_ENHANCEMENT,
      TB_DALLE_DAILY_BUDGET_USD: '1',
      TB_DALLE_PRICES: '{"gpt-image-2": {"call": 0.3}}'
    },
    onLogLine: (line) => logLines.push(line)
  })
  return { ...server, logLines }
}

t.test('costs are counted by model, and a call without a known price is counted apart', async (t) => {
  const { make, metric } = await buildWithOpenAi(t, {
    settings: { TB_DALLE_ENHANCEMENT_MODEL: 'gpt-4.1-mini' }
  })
  t.equal(await metric('dalleserver_provider_cost_usd_total{provider="openai",model="gpt-image-2"}'), 0)
  await make()
  const cost = await metric('dalleserver_provider_cost_usd_total{provider="openai",model="gpt-image-2"}')
  const input = await metric(
    'dalleserver_provider_tokens_total{provider="openai",model="gpt-image-2",kind="input"}'
  )
  const output = await metric(
    'dalleserver_provider_tokens_total{provider="openai",model="gpt-image-2",kind="output"}'
  )
  t.ok(input > 0 && output > 0)
  t.ok(Math.abs(cost - (input * 5 + output * 30) / 1e6) < 1e-9)
  t.ok((await metric('dalleserver_provider_cost_usd_total{provider="openai",model="gpt-4.1-mini"}')) > 0)
  t.equal(await metric('dalleserver_provider_images_total{provider="openai",model="gpt-image-2"}'), 1)
  t.equal(
    await metric('dalleserver_provider_requests_total{provider="openai",operation="draw",outcome="success"}'),
    1
  )
  t.equal(await metric('dalleserver_openai_requests_total'), 2)
  t.ok(Math.abs((await metric('dalleserver_budget_spent_usd')) - cost) < 0.01)

  const unknown = await buildWithOpenAi(t, {
    settings: { ...NO_ENHANCEMENT, TB_DALLE_IMAGE_MODEL: 'compatible-1' }
  })
  await unknown.make()
  t.equal(
    await unknown.metric(
      'dalleserver_provider_unpriced_requests_total{provider="openai",model="compatible-1"}'
    ),
    1
  )
  t.equal(
    await unknown.metric('dalleserver_provider_cost_usd_total{provider="openai",model="compatible-1"}'),
    0
  )
})

t.test('a spent budget refuses new runs, also after a restart', async (t) => {
  const settings = { ...NO_ENHANCEMENT, TB_DALLE_DAILY_IMAGE_LIMIT: '3' }
  const { openai, make, url, urlOf, dataDir, app, metric } = await buildWithOpenAi(t, { settings })
  openai.script('image', 'server_error')
  await make()
  openai.script('image', 'malformed_json')
  t.match(await make(addressOf(1)), { errorCode: 'IMAGE_DOWNLOAD_ERROR' })
  t.equal(
    await metric('dalleserver_budget_spent_images'),
    2,
    'a refused call is free, and a lost answer is charged'
  )
  await make(addressOf(2))
  const refused = await fetch(`${urlOf(addressOf(3))}?generate=1`)
  t.equal(refused.status, 429)
  t.ok(Number(refused.headers.get('retry-after')) > 0 && Number(refused.headers.get('retry-after')) <= 86_400)
  t.match(await json(refused), {
    success: false,
    error: {
      code: 'BUDGET_EXHAUSTED',
      details: '3 pictures a day may be bought; the count starts anew at midnight UTC'
    }
  })
  t.equal(
    (await fetch(`${urlOf()}?generate=1`)).headers.get('x-dalle-run'),
    'cached',
    'existing pictures are served'
  )
  const page = await (await fetch(`${url}/preview/simple/${addressOf(3)}`)).text()
  t.match(page, 'It cannot be made now: What may be spent on pictures today is spent (BUDGET_EXHAUSTED).')
  t.notMatch(page, /It can be made now/)
  await app.close()
  const again = await build(t, {
    dataDir,
    settings: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: openai.url, ...settings }
  })
  t.equal((await fetch(`${again.url}/dalle/simple/${addressOf(4)}?generate=1`)).status, 429)
  t.equal(openai.count('image'), 4)
})

t.test('many runs at once stay within a budget in USD', async (t) => {
  const { openai, urlOf, app, metric } = await buildWithOpenAi(t, {
    settings: {
      ...NO_ENHANCEMENT,
      TB_DALLE_DAILY_BUDGET_USD: '1',
      TB_DALLE_PRICES: '{"gpt-image-2": {"call": 0.3}}',
      TB_DALLE_CONCURRENCY: '16'
    },
    peer: { latency: 50 }
  })
  const answers = await Promise.all(
    Array.from(
      { length: 20 },
      async (_, index) => (await fetch(`${urlOf(addressOf(index))}?generate=1`)).status
    )
  )
  t.ok(answers.every((status) => status === 200 || status === 429))
  const ends: Array<Snapshot | undefined> = []
  await until(async () => {
    ends.splice(
      0,
      ends.length,
      ...(await Promise.all(answers.map((_, index) => app.generation.snapshot('simple', addressOf(index)))))
    )
    return ends.every((snapshot) => snapshot?.done !== false)
  })
  t.equal(openai.count('image'), 3)
  t.ok(
    ends.some((snapshot) => snapshot?.errorCode === 'BUDGET_EXHAUSTED'),
    'a run that was accepted before the budget was spent fails with the code'
  )
  t.ok((await metric('dalleserver_budget_spent_usd')) <= 1)
  // Each answer or run that the budget refused counts once, and no such run as a failure.
  const overBudget = ends.filter((snapshot) => snapshot?.errorCode === 'BUDGET_EXHAUSTED').length
  const refused = answers.filter((status) => status === 429).length
  const ended = (outcome: string) => `dalleserver_generations_total{outcome="${outcome}",provider="openai"}`
  t.equal(await metric(ended('over_budget')), overBudget)
  t.equal(await metric(ended('failed')), 0)
  t.equal(
    await metric('dalleserver_generation_rejected_total{reason="budget_exhausted"}'),
    overBudget + refused
  )
})

t.test(
  'money that a drawing at work has reserved is not spent: a request is told to ask again soon',
  async (t) => {
    const { app, urlOf, make, metric, url, logLines } = await holding(t)
    const reservation = await app.engine.ledger.reserve({
      runId: 'another',
      step: 'draw',
      expected: { usd: 0.9, images: 1 },
      repeatsLost: 1
    })
    const refused = await fetch(`${urlOf()}?generate=1`)
    t.equal(refused.status, 429)
    t.equal(refused.headers.get('retry-after'), '30')
    t.match(await json(refused), {
      error: {
        code: 'BUDGET_EXHAUSTED',
        message: 'The rest of what may be spent today is reserved',
        details: /^1 USD a day may be spent, 0\.1 are left, and 0\.3 would be reserved; what the pictures/
      }
    })
    t.equal(await metric('dalleserver_budget_exhausted'), 0)
    t.match((await json(await fetch(`${url}/health`))).data.components.budget, { status: 'healthy' })

    const page = await (await fetch(`${url}/preview/simple/${addressOf(7)}`)).text()
    t.match(
      page,
      'It cannot be made now: The rest of what may be spent today is reserved (BUDGET_EXHAUSTED).'
    )

    reservation.settle({ usd: 0.2, images: 1 })
    t.equal((await make()).error, '')
    t.same(
      logLines.filter(({ msg }) => /budget is spent/.test(String(msg))),
      []
    )
  }
)

t.test('a run that was accepted waits for the money that others may not need', async (t) => {
  const settings = { ...NO_ENHANCEMENT, TB_DALLE_CONCURRENCY: '3' }
  const { app: dear } = await buildWithOpenAi(t, { settings })
  const reserved = dear.expectedCost.usd!
  // There is room for two reservations, and for a third one when the real prices are known.
  const { openai, urlOf, metric, make } = await buildWithOpenAi(t, {
    settings: { ...settings, TB_DALLE_DAILY_BUDGET_USD: (reserved * 2.95).toFixed(4) },
    peer: { latency: 200 }
  })
  const ends = await Promise.all(
    [1, 2, 3].map(addressOf).map(async (address) => {
      await until(async () => (await fetch(`${urlOf(address)}?generate=1`)).status === 200)
      return await make(address)
    })
  )
  t.same(
    ends.map(({ errorCode }) => errorCode),
    ['', '', '']
  )
  t.equal(openai.count('image'), 3)
  t.equal(await metric('dalleserver_generations_total{outcome="over_budget",provider="openai"}'), 0)
})

t.test('a spent budget is one warning, though requests that it refuses are none', async (t) => {
  const lines: Array<Record<string, unknown>> = []
  const { make, urlOf } = await buildWithOpenAi(t, {
    settings: { ...NO_ENHANCEMENT, TB_DALLE_DAILY_IMAGE_LIMIT: '2' },
    onLogLine: (line) => lines.push(line)
  })
  const warnings = () => lines.filter(({ level }) => Number(level) >= 40)
  await make()
  t.same(warnings(), [])
  await make(addressOf(1))
  for (const index of [2, 3]) {
    t.equal((await fetch(`${urlOf(addressOf(index))}?generate=1`)).status, 429)
  }
  t.match(warnings(), [
    { level: 40, leftImages: 0, until: /T00:00:00/, msg: /^the daily budget is spent: .* are refused$/ }
  ])
  t.equal(warnings().length, 1)
})

t.test('a budget that is less than a picture reserves is named at the start and in the answer', async (t) => {
  const settings = { ...NO_ENHANCEMENT, TB_DALLE_PRICES: '{"gpt-image-2": {"call": 0.3}}' }
  const warning = /the daily budget is less than one picture reserves/
  async function start(usd: string) {
    const lines: string[] = []
    const service = await buildWithOpenAi(t, {
      settings: { ...settings, TB_DALLE_DAILY_BUDGET_USD: usd },
      onLogLine: ({ msg }) => lines.push(String(msg))
    })
    return { ...service, log: lines.join('') }
  }
  const enough = await start('0.3')
  t.notMatch(enough.log, warning)
  t.equal(await enough.metric('dalleserver_budget_exhausted'), 0)
  const healthOf = async () => (await json(await fetch(`${enough.url}/health`))).data
  t.match((await healthOf()).components.budget, {
    name: 'budget',
    status: 'healthy',
    message: '0.3 USD are left until midnight UTC',
    details: { left_usd: 0.3, until: /^\d{4}-\d\d-\d\dT00:00:00\.000Z$/ }
  })
  await enough.make()
  // The result of /health is reused for a second.
  await until(async () => (await healthOf()).components.budget.status === 'degraded')
  const { status, components } = await healthOf()
  t.equal(status, 'degraded', 'pictures that exist are served')
  t.match(components.budget.message, /new pictures are refused until midnight UTC/)
  t.equal(await enough.metric('dalleserver_budget_exhausted'), 1, 'nothing is left')
  const small = await start('0.05')
  t.match(small.log, warning)
  t.equal(await small.metric('dalleserver_budget_exhausted'), 1)
  const refused = await fetch(`${small.urlOf()}?generate=1`)
  t.equal(refused.status, 429)
  t.match(await json(refused), {
    error: {
      code: 'BUDGET_EXHAUSTED',
      details: /^0\.05 USD a day may be spent, 0\.05 are left, and 0\.3 would be reserved; the count/
    }
  })
})
