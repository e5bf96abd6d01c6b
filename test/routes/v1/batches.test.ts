import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { errors } from '../../../lib/errors.ts'
import { build, buildApp, createScriptedArtist, json, temporaryFolder, until } from '../../helper.ts'
import { putFile } from './client.ts'
import { addressOf, addresses, batchesOf, instantArtist } from './batches-client.ts'

t.test('a batch makes all of its pictures, and says how far it is', async (t) => {
  const app = await buildApp(t, { artist: await instantArtist() })
  const { send, untilState } = batchesOf(app)
  await app.ask(`/dalle/simple/${addressOf(0)}?generate=1`)
  await until(async () => {
    const response = await app.ask(`/dalle/simple/${addressOf(0)}`)
    return response.headers.get('content-type') === 'image/png'
  })
  const list = [...addresses(4), addressOf(1).toUpperCase().replace('X', 'x')]
  const accepted = await send('POST', '', { series: ' Simple ', addresses: list })
  t.equal(accepted.status, 202)
  const { batchId } = accepted.data
  t.equal(accepted.headers.get('location'), `/v1/batches/${batchId}`)
  t.match(accepted.data, {
    series: 'simple',
    state: 'running',
    duplicates: 1,
    counts: { total: 4, existing: 1, completed: 0, failed: 0 },
    percent: 25,
    estimatedCostUsd: 0,
    endedAt: null
  })
  const state = await untilState(batchId, ({ endedAt }) => endedAt !== null)
  t.match(state, {
    state: 'completed',
    reason: null,
    counts: {
      total: 4,
      existing: 1,
      completed: 3,
      degraded: 0,
      failed: 0,
      cancelled: 0,
      running: 0,
      waiting: 0
    },
    percent: 100,
    etaSeconds: 0,
    costUsd: 0,
    failures: []
  })
  for (const address of addresses(4)) {
    t.equal((await app.ask(`/dalle/simple/${address}`)).headers.get('content-type'), 'image/png')
  }
  t.match((await send('DELETE', `/${batchId}`)).data, { state: 'completed' }, 'it stays as it is')
  t.match((await send('GET')).data.batches, [{ batchId }])

  const again = await send('POST', '', { series: 'simple', addresses: addresses(4) })
  t.match(again.data.counts, { existing: 4, waiting: 0 })
  await untilState(again.data.batchId, ({ state }) => state === 'completed')
})

t.test('a batch is refused whole, and the answer names the value', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const settings = { TB_DALLE_MAX_PICTURES: '20', TB_DALLE_STRICT_CHECKSUM: '1' }
  const app = await buildApp(t, { artist, settings })
  await putFile(app, 'user-series/hidden.json', { suffix: 'hidden', deleted: true })
  const { send } = batchesOf(app)
  const good = addresses(3)
  const cases: Array<[body: unknown, status: number, code: string, text: RegExp]> = [
    ['', 400, 'invalid_input', /empty/],
    ['{"series":', 400, 'invalid_input', /not JSON/],
    ['[]', 400, 'invalid_input', /object/],
    [{ addresses: good }, 400, 'invalid_input', /series is required/],
    [{ series: 7, addresses: good }, 400, 'invalid_input', /series is 7/],
    [{ series: 'nowhere', addresses: good }, 400, 'series_invalid', /"nowhere"/],
    [{ series: 'hidden', addresses: good }, 400, 'series_invalid', /"hidden"/],
    [{ series: '../simple', addresses: good }, 400, 'series_invalid', /"..\/simple"/],
    [{ series: 'simple' }, 400, 'invalid_input', /0 entries/],
    [{ series: 'simple', addresses: [] }, 400, 'invalid_input', /0 entries/],
    [{ series: 'simple', addresses: 'all' }, 400, 'invalid_input', /addresses is "all"/],
    [{ series: 'simple', addresses: addresses(10_001) }, 400, 'invalid_input', /10001 entries.*1 to 10000/],
    [{ series: 'simple', addresses: [...good, '0x12'] }, 400, 'invalid_input', /addresses\[3\] is "0x12"/],
    [{ series: 'simple', addresses: [good[0], 17] }, 400, 'invalid_input', /addresses\[1\] is 17/],
    [
      { series: 'simple', addresses: [good[0], '0xF503017d7bAf7fbc0fff7492b751025c6a78179b'] },
      400,
      'invalid_input',
      /addresses\[1\] has a wrong checksum.*"0xF503017d7bAf7fbc0fff7492b751025c6a78179b"/
    ],
    [{ series: 'simple', addresses: [null] }, 400, 'invalid_input', /addresses\[0\] is null/],
    [{ series: 'simple', addresses: [['0x']] }, 400, 'invalid_input', /addresses\[0\] is a list/],
    [`{"x":"${'y'.repeat(1_100_000)}"}`, 413, 'PAYLOAD_TOO_LARGE', /1048576/],
    [{ series: 'simple', addresses: addresses(21) }, 503, 'SERVICE_UNAVAILABLE', /at most 20 pictures/]
  ]
  for (const [body, status, code, text] of cases) {
    const refused = await send('POST', '', body)
    t.match([refused.status, refused.error?.code], [status, code], `${text}`)
    t.match(`${refused.error?.message} ${refused.error?.details}`, text)
  }
  const refused = await send('POST', '', {
    series: 'simple',
    addresses: ['0xF503017d7bAf7fbc0fff7492b751025c6a78179b']
  })
  t.equal(refused.headers.get('x-address-checksum'), 'invalid')
  t.same((await send('GET')).data, { batches: [] })
  t.same(await readdir(join(app.dataDir, 'runs/batches')).catch(() => []), [], 'nothing is kept')
  t.equal(asked.length, 0)

  const unknown = await send('GET', '/0a8f3c1e-5d27-4b6f-9c1a-2f1d0e7b8a90')
  t.match([unknown.status, unknown.error.code], [404, 'artifact_missing'])
  t.equal((await send('DELETE', '/..%2Fx')).status, 404)
  t.equal((await send('GET', '/0a8f3c1e-5d27-4b6f-9c1a-2f1d0e7b8a90/events')).status, 404)
  t.match(await send('GET', '/x?limit=5000'), { status: 400, error: { details: /limit is "5000"/ } })
  t.match(await send('PUT', '/x'), { status: 405, error: { code: 'invalid_input' } })
})

t.test('the estimate starts nothing', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const app = await buildApp(t, { artist, settings: { TB_DALLE_MAX_PICTURES: '20' } })
  const { send } = batchesOf(app)
  const list = [...addresses(5), addressOf(0)]
  t.match(await send('POST', '/estimate', { series: 'simple', addresses: list }), {
    status: 200,
    data: { total: 5, duplicates: 1, existing: 0, missing: 5, images: 0, estimatedCostUsd: 0, refusal: null }
  })
  const tooMany = await send('POST', '/estimate', { series: 'simple', addresses: addresses(21) })
  t.match(tooMany, {
    status: 200,
    data: { refusal: { code: 'SERVICE_UNAVAILABLE', details: /this one needs 21/ } }
  })
  t.equal((await send('POST', '/estimate', { series: 'simple', addresses: ['x'] })).status, 400)
  t.same((await send('GET')).data, { batches: [] })
  t.equal(asked.length, 0)
})

t.test(
  'ten thousand addresses go to the queue a few at a time, and other pictures come in between',
  async (t) => {
    const { artist, asked } = createScriptedArtist()
    const settings = {
      TB_DALLE_CONCURRENCY: '2',
      TB_DALLE_API_TOKENS: 'one:token-of-the-first,two:token-of-the-other'
    }
    const app = await buildApp(t, { artist, settings })
    const { send, stateOf, untilState } = batchesOf(app)
    const [one, two] = [
      { authorization: 'Bearer token-of-the-first' },
      { authorization: 'Bearer token-of-the-other' }
    ]
    const body = { series: 'simple', addresses: addresses(10_000) }
    t.equal((await send('POST', '', body)).status, 401)
    const accepted = await send('POST', '', body, one)
    t.equal(accepted.status, 202)
    const { batchId } = accepted.data
    t.match(await untilState(batchId, ({ counts }) => counts.running === 4), { counts: { waiting: 9_996 } })
    t.equal((await readdir(join(app.dataDir, 'runs/batches'))).length, 1, 'one record')
    await until(() => asked.length === 2)

    const single = addressOf(20_000)
    await app.ask(`/dalle/simple/${single}?generate=1`, { headers: two })
    asked[0]!.deliver()
    await until(() => asked.length === 3)
    t.equal(asked[2]!.address, single, 'the picture of another client is next')
    asked[2]!.deliver()
    await untilState(batchId, ({ counts }) => counts.completed === 1 && counts.running === 4)

    await until(() => asked.length === 4)
    t.equal((await send('DELETE', `/${batchId}`)).status, 401)
    const cancelled = await send('DELETE', `/${batchId}`, undefined, two)
    t.match(cancelled, {
      status: 200,
      data: { state: 'cancelled' }
    })
    // Both pictures that are being drawn are finished.
    await untilState(batchId, ({ counts }) => counts.running === 2)
    asked[1]!.deliver()
    asked[3]!.deliver()
    await untilState(batchId, ({ counts }) => counts.running === 0)
    t.match((await stateOf(batchId)).counts, { completed: 3, cancelled: 9_997, waiting: 0, failed: 0 })
    t.equal(asked.length, 4, 'no other picture was begun')

    t.same((await send('GET')).data.batches, [], 'a stranger sees only batches of its own')
    t.match((await send('GET', '', undefined, two)).data.batches, [{ batchId, state: 'cancelled' }])
  }
)

t.test('the list tells a token that reads figures from a wrong one', async (t) => {
  const settings = {
    TB_DALLE_API_TOKENS: 'one:token-of-the-first',
    TB_DALLE_METRICS_TOKENS: 'prometheus:token-of-prometheus',
    TB_DALLE_METRICS_AUTH: '1'
  }
  const app = await buildApp(t, { artist: createScriptedArtist().artist, settings })
  const { send } = batchesOf(app)
  const listWith = async (token: string) =>
    (await send('GET', '', undefined, { authorization: `Bearer ${token}` })).status
  t.equal(await listWith('token-of-the-first'), 200)
  t.equal(await listWith('token-of-prometheus'), 200, 'as without a token')
  t.equal(await listWith('token-of-a-stranger'), 401)
})

t.test('a failure is named with its address, and the batch goes on', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const app = await buildApp(t, { artist, settings: { TB_DALLE_CONCURRENCY: '1' } })
  const { send, accept, untilState } = batchesOf(app)
  const { batchId } = await accept(addresses(3))
  await until(() => asked.length === 1)
  asked[0]!.fail(errors.image('it is no picture'))
  await until(() => asked.length === 2)
  t.equal((await app.ask(`/dalle/simple/${addressOf(1)}`, { method: 'DELETE' })).status, 200)
  await until(() => asked.length === 3)
  asked[2]!.deliver()
  const state = await untilState(batchId, ({ endedAt }) => endedAt !== null)
  t.match(state.counts, { completed: 1, failed: 1, cancelled: 1 })
  t.match(state, {
    state: 'completed',
    failures: [{ address: addressOf(0), code: 'IMAGE_DOWNLOAD_ERROR', error: /no picture/ }]
  })
  t.match((await send('GET', `/${batchId}?limit=0`)).data, { counts: { failed: 1 }, failures: [] })
  t.match((await send('GET', `/${batchId}?offset=1`)).data, { failures: [] })
})

t.test('a batch goes on after a restart, and makes nothing twice', async (t) => {
  const dataDir = await temporaryFolder(t)
  const first = createScriptedArtist()
  const before = await buildApp(t, { artist: first.artist, dataDir, settings: { TB_DALLE_CONCURRENCY: '1' } })
  const { batchId } = await batchesOf(before).accept(addresses(4))
  await until(() => first.asked.length === 1)
  first.asked[0]!.fail(errors.image('it is no picture'))
  await until(() => first.asked.length === 2)
  first.asked[1]!.deliver()
  await until(() => first.asked.length === 3)
  const closing = before.app.close()
  first.asked[2]!.deliver()
  await closing

  const second = createScriptedArtist()
  const after = await buildApp(t, { artist: second.artist, dataDir })
  const { untilState, send } = batchesOf(after)
  await until(() => second.asked.length === 1)
  t.equal(second.asked[0]!.address, addressOf(3))
  second.asked[0]!.deliver()
  t.match(await untilState(batchId, ({ endedAt }) => endedAt !== null), {
    counts: { completed: 3, failed: 1 },
    failures: [{ address: addressOf(0) }]
  })
  t.equal(second.asked.length, 1)
  t.match((await send('GET')).data.batches, [{ batchId }])
})

t.test('the events of a batch end with its end', async (t) => {
  const { url } = await build(t, { artist: await instantArtist() })
  const ask = async (path: string, init?: RequestInit) => await fetch(`${url}${path}`, init)
  const { batchId } = await batchesOf({ ask }).accept(addresses(5))
  const text = await (await fetch(`${url}/v1/batches/${batchId}/events`)).text()
  const events = text.split('\n\n').filter((event) => event.startsWith('id: '))
  t.match(events.at(-1), /^id: \S+\.done\nevent: done\ndata: .*"completed":5/)
  for (const event of events.slice(0, -1)) t.match(event, /\nevent: progress\n/)
  const lastId = /^id: (.*)$/m.exec(events.at(-1)!)![1]!
  const again = await fetch(`${url}/v1/batches/${batchId}/events`, { headers: { 'last-event-id': lastId } })
  t.equal(again.status, 204)

  const metrics = await (await fetch(`${url}/metrics`)).text()
  t.match(metrics, /^dalleserver_batches\{state="running"\} 0$/m)
  t.match(metrics, /^dalleserver_batch_pictures_waiting 0$/m)
  t.match(metrics, /^dalleserver_batch_pictures_total\{outcome="completed"\} 5$/m)
  t.match(await json(await fetch(`${url}/v1/batches`)), { data: { batches: [{ batchId, percent: 100 }] } })
})
