import { cp, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { ADDRESS, json, temporaryFolder, until } from '../../helper.ts'
import { enhance } from '../../peers/openai.ts'
import type { Fault } from '../../peers/openai.ts'
import { NO_ENHANCEMENT, addressOf, buildWithOpenAi } from './with-openai.ts'
import { PRICES, buildWithProviders, startProviders } from './with-providers.ts'

const textsOf = async (png: Buffer) =>
  Object.fromEntries(
    ((await sharp(png).metadata()).comments ?? []).map(({ keyword, text }) => [keyword, text])
  )

t.test('the first provider draws, and the others are not asked', async (t) => {
  const { first, second, file } = await startProviders(t)
  const { make, metric, app } = await buildWithProviders(t, file)
  t.match(await make(), { provider: 'first', error: '', degraded: false, attempt: 1 })
  t.equal(first.billed, 1)
  t.equal(second.count('image'), 0)
  t.same(app.engine.ledger.spent(), { usd: PRICES.first, images: 1 })
  t.equal(await metric('dalleserver_provider_cost_usd_total{provider="first",model="compatible-1"}'), 0.5)
  t.equal(await metric('dalleserver_provider_cost_usd_total{provider="second",model="compatible-1"}'), 0)
})

const FAILURES: Array<[what: string, fault: Fault, calls: number, state?: string]> = [
  ['has no money left', 'insufficient_quota', 1, 'OPEN'],
  ['refuses the key', 'invalid_api_key', 1, 'OPEN'],
  ['does not know the model', 'model_not_found', 1, 'CLOSED'],
  ['asks for a wait', { kind: 'rate_limited', retryAfter: 30 }, 1, 'CLOSED'],
  ['has trouble', 'server_error', 4, 'CLOSED']
]
for (const [what, fault, calls, state] of FAILURES) {
  t.test(`the next provider draws when the first ${what}`, async (t) => {
    const { first, second, file } = await startProviders(t)
    const { make, metric, app, urlOf, dataDir, url } = await buildWithProviders(t, file)
    first.behave('image', fault)
    const last = await make()
    t.match(last, { provider: 'second', error: '', degraded: false })
    t.equal(first.count('image'), calls)
    t.equal(second.count('image'), 1)
    t.same([first.billed, second.billed], [0, 1])
    t.same(app.engine.ledger.spent(), { usd: PRICES.second, images: 1 }, 'only the second is paid')
    t.equal(await metric('dalleserver_provider_images_total{provider="first",model="compatible-1"}'), 0)
    t.equal(await metric('dalleserver_provider_images_total{provider="second",model="compatible-1"}'), 1)
    t.equal(
      await metric(
        'dalleserver_provider_requests_total{provider="second",operation="draw",outcome="success"}'
      ),
      1
    )
    t.equal(
      await metric('dalleserver_provider_out_of_money{provider="first"}'),
      fault === 'insufficient_quota' ? 1 : 0
    )
    t.equal(await metric('dalleserver_generations_total{outcome="completed",provider="second"}'), 1)

    const { circuitBreaker } = app
    t.equal(circuitBreaker.of('first').draw.report().state, state)
    t.equal(circuitBreaker.of('second').draw.report().state, 'CLOSED')
    const health = await json(await fetch(`${url}/health`))
    t.equal(health.data.components.openai.status, state === 'OPEN' ? 'degraded' : 'healthy')

    t.match(await textsOf(Buffer.from(await (await fetch(urlOf())).arrayBuffer())), { Provider: 'second' })
    const folder = join(dataDir, 'output/simple/metadata')
    const [name] = await readdir(folder)
    t.match(JSON.parse(await readFile(join(folder, name!), 'utf8')), { provider: 'second' })

    if (fault !== 'model_not_found' && fault !== 'server_error') {
      t.match(await make(addressOf(1)), { provider: 'second' })
      t.equal(first.count('image'), calls, 'the first is left alone meanwhile')
    }

    const restarted = await buildWithProviders(t, file, { dataDir: await copyOf(dataDir) })
    const { data } = await json(await fetch(`${restarted.urlOf()}?generate=1`))
    t.match(data, { provider: 'second', cacheHit: true, percent: 100 }, 'also after a restart')
  })
}

/** A copy of a data folder, for a process that takes over from one that was killed. */
async function copyOf(dataDir: string): Promise<string> {
  const folder = await temporaryFolder(t)
  await cp(dataDir, folder, { recursive: true, filter: (path) => !/\.(?:lock|tmp)$/.test(path) })
  return folder
}

t.test('a provider that cannot be reached is passed over, and costs nothing', async (t) => {
  const { second, file } = await startProviders(t, { first: { baseUrl: 'http://127.0.0.1:1/v1' } })
  const { make, app } = await buildWithProviders(t, file)
  t.match(await make(), { provider: 'second', error: '' })
  t.equal(second.billed, 1)
  t.same(app.engine.ledger.spent(), { usd: PRICES.second, images: 1 })
})

t.test('when all fail, the run fails with the failure of the last one', async (t) => {
  const { first, second, file } = await startProviders(t)
  const { make, url, app } = await buildWithProviders(t, file)
  first.behave('image', 'insufficient_quota')
  second.behave('image', 'invalid_api_key')
  t.match(await make(), {
    errorCode: 'OPENAI_UNAVAILABLE',
    error: /does not accept the key/,
    provider: 'second'
  })
  t.same([first.count('image'), second.count('image')], [1, 1])
  t.same(app.engine.ledger.spent(), { usd: 0, images: 0 })
  t.equal((await json(await fetch(`${url}/health`))).data.components.openai.status, 'unhealthy')
  t.match(await make(addressOf(1)), { errorCode: 'OPENAI_UNAVAILABLE' })
  t.same([first.count('image'), second.count('image')], [1, 1], 'all circuits are open')
})

t.test(
  'a provider that is too dear for the rest of the budget is named where another one has trouble',
  async (t) => {
    const { first, second, file } = await startProviders(t, {
      first: { prices: { 'compatible-1': { call: 0.05 } } },
      second: { prices: { 'compatible-1': { call: 0.4 } } }
    })
    const settings = { TB_DALLE_DAILY_BUDGET_USD: '0.3' }
    const { make, url, metric } = await buildWithProviders(t, file, { settings })
    t.equal(await metric('dalleserver_provider_over_budget{provider="first"}'), 0)
    t.equal(await metric('dalleserver_provider_over_budget{provider="second"}'), 1)
    const tooDear = /another (?:provider|one) costs more than is left of the daily budget/
    first.behave('image', 'insufficient_quota')
    t.match(await make(), {
      errorCode: 'OPENAI_UNAVAILABLE',
      error: /no money left: another provider costs more/
    })
    t.match(
      await make(addressOf(1)),
      { errorCode: 'OPENAI_UNAVAILABLE', error: tooDear },
      'the circuit is open'
    )
    t.equal(second.count('image'), 0)
    const { openai } = (await json(await fetch(`${url}/health`))).data.components
    t.match(openai, { status: 'unhealthy', message: tooDear })
  }
)

t.test('a provider that is alone names no other one when the budget is spent', async (t) => {
  const { make, url, openai, app } = await buildWithOpenAi(t, {
    settings: {
      ...NO_ENHANCEMENT,
      TB_DALLE_IMAGE_MODEL: 'compatible-1',
      TB_DALLE_PRICES: '{"compatible-1": {"call": 0.2}}',
      TB_DALLE_DAILY_BUDGET_USD: '0.5'
    }
  })
  t.match(await make(), { error: '' })
  openai.behave('image', 'insufficient_quota')
  const failed = [await make(addressOf(1))]
  const spend = await app.engine.ledger.reserve({
    ...{ runId: 'another', step: 'draw', repeatsLost: 0 },
    expected: { usd: 0.2, images: 1 }
  })
  spend.settle({ usd: 0.2, images: 1 })
  failed.push(await make(addressOf(2)))
  for (const { errorCode, error } of failed) {
    t.equal(errorCode, 'OPENAI_UNAVAILABLE')
    t.notMatch(error, /another/)
  }
  const { openai: component } = (await json(await fetch(`${url}/health`))).data.components
  t.equal(component.status, 'unhealthy')
  t.notMatch(component.message, /another/)
})

t.test('refused content goes on only where the entry says so', async (t) => {
  for (const [contentRefusals, expected, calls] of [
    ['stop', { errorCode: 'CONTENT_REJECTED', provider: 'first' }, [1, 0]],
    ['next', { errorCode: '', provider: 'second' }, [1, 1]]
  ] as const) {
    const { first, second, file } = await startProviders(t, { first: { contentRefusals } })
    const { make, app } = await buildWithProviders(t, file)
    first.behave('image', 'moderation_blocked')
    t.match(await make(), expected, contentRefusals)
    t.same([first.count('image'), second.count('image')], calls)
    t.equal(app.circuitBreaker.state, 'CLOSED')
    t.equal(app.engine.ledger.spent().usd, contentRefusals === 'next' ? PRICES.second : 0)
  }
})

t.test('a drawing whose answer was lost is repeated once, by the next provider', async (t) => {
  const { first, second, file } = await startProviders(t)
  const { make, app } = await buildWithProviders(t, file)
  first.behave('image', 'cut_body')
  t.match(await make(), { provider: 'second', error: '' })
  t.same([first.count('image'), second.count('image')], [1, 1])
  t.same(
    app.engine.ledger.spent(),
    { usd: PRICES.first + PRICES.second, images: 2 },
    'the lost one is booked'
  )
  second.behave('image', 'cut_body')
  t.match(await make(addressOf(1)), { errorCode: 'OPENAI_UNAVAILABLE' })
  t.same([first.count('image'), second.count('image')], [2, 2], 'no third drawing')
})

t.test('a lost drawing is not repeated by another provider where it must never be', async (t) => {
  const { first, second, file } = await startProviders(t)
  const { make } = await buildWithProviders(t, file, { settings: { TB_DALLE_IMAGE_RETRY_ON_TIMEOUT: '0' } })
  first.behave('image', 'cut_body')
  t.match(await make(), { errorCode: 'ANSWER_LOST' })
  t.same([first.count('image'), second.count('image')], [1, 0])
})

t.test('an answer that cannot be used is paid for, so the next provider does not draw', async (t) => {
  const { first, second, file } = await startProviders(t)
  const { make, app } = await buildWithProviders(t, file)
  first.behave('image', 'empty_data')
  t.match(await make(), { errorCode: 'IMAGE_DOWNLOAD_ERROR', provider: 'first' })
  t.same([first.count('image'), second.count('image')], [1, 0])
  t.same(app.engine.ledger.spent(), { usd: PRICES.first, images: 1 })
})

t.test('a cheaper provider draws what is left of the budget', async (t) => {
  const { first, second, file } = await startProviders(t)
  const { make, app } = await buildWithProviders(t, file, { settings: { TB_DALLE_DAILY_BUDGET_USD: '0.8' } })
  t.match(await make(), { provider: 'first' })
  t.match(await make(addressOf(1)), { provider: 'second' })
  t.same([first.billed, second.billed], [1, 1])
  t.same(app.engine.ledger.spent(), { usd: 0.75, images: 2 })
  const url = `http://127.0.0.1:${(app.server.address() as { port: number }).port}`
  t.equal((await fetch(`${url}/dalle/simple/${addressOf(2)}?generate=1`)).status, 429)
})

t.test('the next provider also enhances, and each uses its own models', async (t) => {
  const models = (enhancement: string) => ({
    models: { image: 'compatible-1', enhancement },
    prices: { 'compatible-1': { call: 0.1 }, 'one-chat': { call: 0.01 }, 'two-chat': { call: 0.02 } }
  })
  const { first, second, file } = await startProviders(t, {
    first: models('one-chat'),
    second: models('two-chat')
  })
  const { make } = await buildWithProviders(t, file)
  first.behave('chat', 'insufficient_quota')
  const last = await make()
  t.match(last, { provider: 'first', degraded: false })
  t.equal(last.dalleDress.enhancedPrompt, enhance(last.dalleDress.prompt))
  t.same([first.count('chat'), second.count('chat')], [1, 1])
  t.equal(second.requests[0]!.body.model, 'two-chat')
  t.same([first.billed, second.billed], [1, 0], 'each operation has a circuit of its own')
})

t.test('a run that goes on after a kill asks the provider that it was asking', async (t) => {
  const { first, second, file } = await startProviders(t)
  const killed = await buildWithProviders(t, file)
  first.behave('image', 'insufficient_quota')
  second.behave('image', 'hang')
  await fetch(`${killed.urlOf()}?generate=1`)
  await until(() => second.concurrent('image').now === 1)
  const dataDir = await copyOf(killed.dataDir)
  await killed.app.generation.cancel('simple', ADDRESS)

  first.behave('image', 'ok')
  second.behave('image', 'ok')
  const { app, urlOf } = await buildWithProviders(t, file, { dataDir })
  await until(async () => (await fetch(urlOf())).headers.get('content-type') === 'image/png')
  const { data } = await json(await fetch(`${urlOf()}?generate=1`))
  t.match(data, { provider: 'second', error: '' })
  t.same([first.count('image'), second.count('image')], [1, 2])
  t.same(app.engine.ledger.spent(), { usd: 2 * PRICES.second, images: 2 }, 'the lost call stays booked')
})

t.test('a parameter that a model refuses is left out after a restart', async (t) => {
  const { first, file } = await startProviders(t)
  const server = await buildWithProviders(t, file)
  first.behave('image', (_index, body) =>
    'quality' in body ? { kind: 'refused_parameter', form: 'mistral', parameter: 'quality' } : 'ok'
  )
  t.match(await server.make(), { error: '', attempt: 1 })
  t.equal(first.count('image'), 2)
  t.same(server.app.engine.ledger.spent(), { usd: PRICES.first, images: 1 })
  const path = join(server.dataDir, 'metrics/refused_parameters.json')
  await until(async () => (await readFile(path, 'utf8').catch(() => '')).includes('quality'))
  const restarted = await buildWithProviders(t, file, { dataDir: await copyOf(server.dataDir) })
  t.match(await restarted.make(addressOf(1)), { error: '' })
  t.equal(first.count('image'), 3)
})
