import t from 'tap'
import type { Test } from 'tap'
import { FORMATS } from '../../../lib/pictures/variant-request.ts'
import { WIDTHS } from '../../../lib/pictures/variants.ts'
import { createClock } from '../../clock.ts'
import { addressOf } from '../../lib/engine/engine-suite.ts'
import { build, buildApp, createScriptedArtist, plainPng, until } from '../../helper.ts'
import type { BuildOptions } from '../../helper.ts'
import { listen } from '../../event-stream.ts'
import { buildWithOpenAi } from '../app/with-openai.ts'

const STRANGER = '192.0.2.7'
const picture = (index: number) => `/dalle/simple/${addressOf(index)}`

/** A service whose pictures are drawn by hand, and requests to it from any address. */
async function setUp(t: Test, options: BuildOptions = {}) {
  const { artist, asked } = createScriptedArtist()
  const clock = createClock()
  const { app } = await buildApp(t, { artist, limitsClock: clock, ...options })
  const ask = async (url: string, remoteAddress = STRANGER, headers: Record<string, string> = {}) =>
    await app.inject({ url, remoteAddress, headers })
  const start = async (index: number, remoteAddress?: string, headers?: Record<string, string>) =>
    await ask(`${picture(index)}?generate=1`, remoteAddress, headers)
  return { app, asked, clock, ask, start }
}

t.test('a client may start 60 runs in a minute, and other clients go on', async (t) => {
  const { app, clock, start } = await setUp(t)
  const answers = await Promise.all(Array.from({ length: 70 }, async (_, index) => await start(index)))
  const started = answers.filter(({ headers }) => headers['x-dalle-run'] === 'started')
  t.equal(started.length, 60)
  const refused = answers.find(({ statusCode }) => statusCode === 429)!
  t.equal(refused.headers['retry-after'], '60')
  t.match(refused.json(), {
    success: false,
    error: { code: 'RATE_LIMITED', details: 'A client may start 60 runs in a minute; ask again in 60 s' }
  })
  t.equal((await start(100, '192.0.2.8')).statusCode, 200)
  await clock.advance(59_000)
  t.equal((await start(101)).headers['retry-after'], '1')
  await clock.advance(1_000)
  t.equal((await start(101)).headers['x-dalle-run'], 'started')
  const metrics = await app.metrics.text()
  t.match(metrics, /dalleserver_client_limited_total\{limit="runs"\} 11/)
  t.match(metrics, /dalleserver_generation_rejected_total\{reason="rate_limited"\} 11/)
  t.notMatch(metrics, /192\.0\.2/, 'the metrics name no client')
})

t.test('joins, cache hits, reads and what is refused for another reason do not count', async (t) => {
  const { app, asked, ask, start } = await setUp(t, { settings: { TB_DALLE_CLIENT_RUNS: '2' } })
  const joins = await Promise.all(Array.from({ length: 50 }, async () => await start(1)))
  t.same(joins.map(({ headers }) => headers['x-dalle-run']).sort(), [
    ...Array<string>(49).fill('joined'),
    'started'
  ])
  await until(() => asked.length === 1)
  asked[0]!.deliver()
  await until(async () => (await app.engine.runs.last('simple', addressOf(1)))?.done === true)
  for (let index = 0; index < 3; index += 1) {
    t.equal((await start(1)).headers['x-dalle-run'], 'cached')
    t.equal((await ask(picture(1))).statusCode, 200)
    t.equal((await ask('/v1/gallery')).statusCode, 200)
    t.equal((await ask(`/dalle/nope/${addressOf(1)}?generate=1`)).statusCode, 400)
  }
  t.equal((await start(2)).headers['x-dalle-run'], 'started')
  t.equal((await start(3)).statusCode, 429)
  t.equal((await start(1)).statusCode, 200, 'over the limit, what exists is still sent')
  t.equal((await start(2)).headers['x-dalle-run'], 'joined')
})

t.test('all addresses of an IPv6 network are one client, and a token is one from everywhere', async (t) => {
  const authorization = { authorization: 'Bearer the-token-of-alice' }
  const { start } = await setUp(t, {
    settings: {
      TB_DALLE_CLIENT_RUNS: '1',
      TB_DALLE_API_TOKENS: 'alice:the-token-of-alice,the-second-token-here'
    }
  })
  t.equal((await start(1, '192.0.2.1', authorization)).statusCode, 200)
  t.equal((await start(2, '192.0.2.2', authorization)).statusCode, 429)
  const second = { authorization: 'Bearer the-second-token-here' }
  t.equal((await start(3, '2001:db8:1:2::1', second)).statusCode, 200)

  const open = await setUp(t, { settings: { TB_DALLE_CLIENT_RUNS: '1' } })
  t.equal((await open.start(1, '2001:db8:1:2::1')).statusCode, 200)
  t.equal((await open.start(2, '2001:db8:1:2:ffff::2')).statusCode, 429)
  t.equal((await open.start(2, '2001:db8:1:3::1')).statusCode, 200)
})

t.test('a forged X-Forwarded-For makes no new client, and one of a trusted proxy does', async (t) => {
  const forwarded = (index: number) => ({ 'x-forwarded-for': `198.51.100.${index}` })
  const { start } = await setUp(t, {
    settings: { TB_DALLE_CLIENT_RUNS: '1', TB_DALLE_TRUSTED_PROXIES: '10.0.0.0/8' }
  })
  t.equal((await start(1, STRANGER, forwarded(1))).statusCode, 200)
  t.equal((await start(2, STRANGER, forwarded(2))).statusCode, 429)
  t.equal((await start(3, '10.0.0.1', forwarded(1))).statusCode, 200)
  t.equal((await start(4, '10.0.0.2', forwarded(1))).statusCode, 429)
  t.equal((await start(4, '10.0.0.1', forwarded(2))).statusCode, 200)
})

t.test('0 sets no limit, and without a key neither has a client on this machine', async (t) => {
  const off = await setUp(t, { settings: { TB_DALLE_CLIENT_RUNS: '0' } })
  const answers = await Promise.all(Array.from({ length: 61 }, async (_, index) => await off.start(index)))
  t.ok(answers.every(({ statusCode }) => statusCode === 200))
  const local = await setUp(t, { settings: { TB_DALLE_CLIENT_RUNS: '1' } })
  for (let index = 0; index < 5; index += 1) {
    t.equal((await local.start(index, ['127.0.0.1', '::1'][index % 2])).statusCode, 200)
  }
})

t.test('with a key a client on this machine has its limit too', async (t) => {
  const { urlOf, openai } = await buildWithOpenAi(t, { settings: { TB_DALLE_CLIENT_RUNS: '2' } })
  const statuses: number[] = []
  for (const index of [1, 2, 3, 4]) {
    statuses.push((await fetch(`${urlOf(addressOf(index))}?generate=1`)).status)
  }
  t.same(statuses, [200, 200, 429, 429])
  await until(() => openai.requests.filter(({ path }) => path.includes('images')).length === 2)
})

t.test('wrong tokens are limited by address, and the right one is accepted all the same', async (t) => {
  const { clock, start } = await setUp(t, { settings: { TB_DALLE_API_TOKENS: 'alice:the-token-of-alice' } })
  const guess = async (index: number, from?: string) =>
    await start(1, from, { authorization: `Bearer a-wrong-token-${index}` })
  const statuses = await Promise.all(Array.from({ length: 61 }, async (_, i) => (await guess(i)).statusCode))
  t.same(statuses.sort(), [...Array<number>(60).fill(401), 429])
  const refused = await guess(100)
  t.match(refused.json(), { error: { code: 'RATE_LIMITED', details: /wrong tokens/ } })
  t.ok(Number(refused.headers['retry-after']) > 0)
  t.equal((await guess(1, '192.0.2.8')).statusCode, 401)
  t.equal((await start(1, STRANGER, {})).statusCode, 401, 'a request without a token is no guess')
  t.equal((await start(1, STRANGER, { authorization: 'Bearer the-token-of-alice' })).statusCode, 200)
  await clock.advance(60_000)
  t.equal((await start(2, STRANGER, { authorization: 'Bearer a-wrong-token-again' })).statusCode, 401)
})

t.test('a client has a limited number of waiting requests, and a run is not started beyond it', async (t) => {
  const { app, asked, ask, start } = await setUp(t, { settings: { TB_DALLE_CLIENT_WAITERS: '2' } })
  const prefer = { prefer: 'wait=60' }
  const waiting = [start(1, STRANGER, prefer), start(1, STRANGER, prefer)]
  await until(() => asked.length === 1)
  for (const refused of [
    await start(1, STRANGER, prefer),
    await ask(picture(1), STRANGER, prefer),
    await start(2, STRANGER, prefer)
  ]) {
    t.equal(refused.statusCode, 429)
    t.equal(refused.headers['retry-after'], '5')
    t.match(refused.json(), { error: { code: 'RATE_LIMITED', details: /2 requests/ } })
  }
  t.equal(await app.engine.runs.last('simple', addressOf(2)), undefined)
  t.equal((await ask(picture(1))).statusCode, 200, 'a request that does not wait is answered')
  t.equal((await start(2)).headers['x-dalle-run'], 'started')
  waiting.push(start(1, '192.0.2.8', prefer))
  await until(() => asked.length === 2)
  asked[0]!.deliver()
  for (const { headers } of await Promise.all(waiting)) t.equal(headers['content-type'], 'image/png')
  const next = start(2, STRANGER, prefer)
  asked[1]!.deliver()
  t.equal((await next).headers['content-type'], 'image/png', 'the places are free again')
})

t.test('a client has a limited number of event streams', async (t) => {
  const { artist } = createScriptedArtist()
  const { url, app } = await build(t, {
    artist,
    settings: { TB_DALLE_CLIENT_STREAMS: '2', TB_DALLE_TRUSTED_PROXIES: '127.0.0.1' }
  })
  await fetch(`${url}${picture(1)}?generate=1`)
  const from = (client: string) => ({ 'x-forwarded-for': client })
  const first = await listen(t, `${url}/events`, from(STRANGER))
  await listen(t, `${url}${picture(1)}/events`, from(STRANGER))
  for (const path of ['/events', `${picture(1)}/events`]) {
    const refused = await fetch(`${url}${path}`, { headers: from(STRANGER) })
    t.equal(refused.status, 429)
    t.equal(refused.headers.get('retry-after'), '5')
    t.match(await refused.json(), { error: { code: 'RATE_LIMITED', details: /2 event streams/ } })
  }
  t.equal((await listen(t, `${url}/events`, from('192.0.2.8'))).response.status, 200)
  first.leave()
  await until(async () => (await listen(t, `${url}/events`, from(STRANGER))).response.status === 200)
  t.match(await app.metrics.text(), /dalleserver_client_limited_total\{limit="streams"\} [2-9]/)
})

t.test('a client has a limited number of conversions, and no limit for pictures as they are', async (t) => {
  const { app, ask } = await setUp(t)
  for (const index of [1, 2, 3]) await app.pictures.stored.put('simple', addressOf(index), await plainPng(16))
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const busy = [1, 2].map(async () => await app.pictures.encodeQueue.run(async () => await released))
  const variants = [1, 2, 3].flatMap((index) =>
    WIDTHS.flatMap((width) => FORMATS.map((format) => `${picture(index)}?w=${width}&format=${format}`))
  )
  const answers = variants.map(async (url) => await ask(url))
  await until(() => app.pictures.variants.underway === 100)
  t.equal((await ask(picture(1))).statusCode, 200)
  const other = ask(`${picture(1)}?w=384`, '192.0.2.8')
  release()
  t.equal((await other).statusCode, 200)
  const statuses = (await Promise.all(answers)).map(({ statusCode }) => statusCode)
  t.equal(statuses.filter((status) => status === 200).length, 100)
  const refused = (await Promise.all(answers)).find(({ statusCode }) => statusCode !== 200)!
  t.match(refused.json(), { error: { code: 'RATE_LIMITED', details: /100 pictures/ } })
  t.equal(refused.headers['retry-after'], '5')
  await Promise.all(busy)
})

t.test('the log names the address and the name of the token', async (t) => {
  const lines: Array<Record<string, unknown>> = []
  const { ask } = await setUp(t, {
    settings: { LOG_LEVEL: 'info', TB_DALLE_API_TOKENS: 'alice:the-token-of-alice' },
    onLogLine: (line) => lines.push(line)
  })
  await ask('/series', STRANGER, { authorization: 'Bearer the-token-of-alice' })
  await ask('/series', '2001:db8::1')
  await until(() => lines.filter(({ msg }) => msg === 'request').length === 2)
  const logged = lines.filter(({ msg }) => msg === 'request')
  t.match(logged, [{ client: STRANGER, token: 'alice' }, { client: '2001:db8::1' }])
  t.notOk('token' in logged[1]!)
  t.notMatch(JSON.stringify(lines), /the-token-of-alice/)
})
