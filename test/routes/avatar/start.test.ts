import t from 'tap'
import type { Test } from 'tap'
import {
  ADDRESS,
  bodyOf,
  buildApp,
  createScriptedArtist,
  json,
  plainPng,
  pollUntilDone,
  until
} from '../../helper.ts'
import type { TestApp } from '../../helper.ts'
import { startOpenAi } from '../../peers/openai.ts'

const AVATAR = `/avatar/simple/${ADDRESS}.webp?size=16`
const TOKEN = 'a-token-of-the-operator'
const CROSS_SITE = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' }

/** Checks that a response is a placeholder, and returns what it says of the run. */
async function readPlaceholder(t: Test, response: Response) {
  t.equal(response.status, 200)
  t.equal(response.headers.get('content-type'), 'image/webp')
  t.equal(response.headers.get('x-dalle-placeholder'), 'true')
  t.ok((await bodyOf(response)).length > 50)
  const field = (name: string) => response.headers.get(name)
  return { run: field('x-dalle-run'), refused: field('x-dalle-refused'), cache: field('cache-control') }
}

async function runsOf({ app }: Pick<TestApp, 'app'>): Promise<number> {
  return (await app.generation.working(0)).count
}

t.test('without generate nothing is paid for, whoever asks and however often', async (t) => {
  const openai = await startOpenAi({ scale: 0.0625 })
  t.teardown(async () => await openai.close())
  const server = await buildApp(t, {
    settings: {
      OPENAI_API_KEY: 'sk-test',
      OPENAI_BASE_URL: openai.url,
      TB_DALLE_NO_ENHANCE: '1',
      TB_DALLE_API_TOKENS: TOKEN,
      TB_DALLE_AUTOSTART: '1',
      TB_DALLE_DAILY_IMAGE_LIMIT: '5'
    }
  })
  const { ask } = server
  const authorization = `Bearer ${TOKEN}`
  for (const [method, query, headers] of [
    ['GET', '', { authorization }],
    ['GET', '&generate=0', { authorization }],
    ['HEAD', '&generate=1', { authorization }],
    ['GET', '&generate=1', { authorization, 'sec-purpose': 'prefetch' }],
    ['GET', '&generate=1', { authorization, ...CROSS_SITE }],
    ['GET', '&generate=1', { authorization, 'user-agent': 'Mozilla/5.0', accept: 'image/*' }],
    ['GET', '&generate=1', {}]
  ] as const) {
    const response = await ask(AVATAR + query, { method, headers: { ...headers } })
    t.equal(response.status, 200)
    t.equal(response.headers.get('x-dalle-placeholder'), 'true')
    t.equal(response.headers.get('x-dalle-run'), 'idle', `${method} ${query} ${JSON.stringify(headers)}`)
    t.equal(response.headers.get('www-authenticate'), null, 'an image asks for no password')
  }
  t.equal(await runsOf(server), 0)
  t.equal(openai.requests.length, 0)

  const allowed = await ask(`${AVATAR}&generate=1`, { headers: { authorization } })
  t.match(await readPlaceholder(t, allowed), { run: 'started', refused: null, cache: 'public, max-age=5' })
  await pollUntilDone(`/dalle/simple/${ADDRESS}`.concat('?generate=1'), (url) => ask(url))
  t.equal(openai.requests.filter(({ path }) => path.includes('images')).length, 1, 'paid once')
  const done = await ask(`${AVATAR}&generate=1`)
  t.equal(done.headers.get('x-dalle-placeholder'), null)
  t.equal(done.headers.get('x-dalle-run'), 'cached')
})

t.test('a refused start is a placeholder that says why; a wrong token is an error', async (t) => {
  const { artist } = createScriptedArtist()
  const server = await buildApp(t, { artist, settings: { TB_DALLE_API_TOKENS: TOKEN } })
  const { ask } = server
  const ofSite = await ask(`${AVATAR}&generate=1`, { headers: CROSS_SITE })
  t.match(await readPlaceholder(t, ofSite), { run: 'idle', refused: 'FORBIDDEN' })
  t.match(await readPlaceholder(t, await ask(`${AVATAR}&generate=1`)), {
    run: 'idle',
    refused: 'UNAUTHORIZED'
  })
  const wrong = await ask(`${AVATAR}&generate=1`, { headers: { authorization: 'Bearer guessed' } })
  t.equal(wrong.status, 401, 'a guess is counted as one')
  t.match(await json(wrong), { error: { code: 'UNAUTHORIZED' } })
  t.equal(await runsOf(server), 0)
})

t.test('a full queue and the limit of a client start nothing, and the placeholder comes', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await buildApp(t, {
    artist,
    settings: { TB_DALLE_CONCURRENCY: '1', TB_DALLE_QUEUE_LIMIT: '1' }
  })
  const start = async (digit: string) =>
    await readPlaceholder(t, await server.ask(`/avatar/simple/0x${digit.repeat(40)}.webp?size=16&generate=1`))
  t.equal((await start('1')).run, 'started')
  t.equal((await start('2')).run, 'started')
  t.match(await start('3'), { run: 'idle', refused: 'QUEUE_FULL' })
  t.match(await start('1'), { run: 'joined', refused: null, cache: 'public, max-age=5' })
  t.equal(await runsOf(server), 2)
  const plain = await server.ask(`/avatar/simple/0x${'1'.repeat(40)}.webp?size=16`)
  t.equal((await readPlaceholder(t, plain)).run, 'joined', 'a request without generate says that a run works')
  await until(() => asked.length === 1)
  asked[0]!.deliver()
})

const { artist, asked } = createScriptedArtist()
const { ask, app } = await buildApp(t, { artist })

t.test('with generate, the picture follows the placeholder at the same URL', async (t) => {
  const first = await ask(`${AVATAR}&generate`)
  const etag = first.headers.get('etag')!
  t.equal((await readPlaceholder(t, first)).run, 'started')
  await until(() => asked.length === 1)
  asked[0]!.deliver()
  await pollUntilDone(`/dalle/simple/${ADDRESS}?generate=1`, (url) => ask(url))
  const next = await ask(`${AVATAR}&generate`, { headers: { 'if-none-match': etag } })
  t.equal(next.status, 200)
  t.equal(next.headers.get('x-dalle-placeholder'), null)
  t.equal(asked.length, 1)
})

t.test('fallback=404 starts the run too', async (t) => {
  const response = await ask(`/avatar/simple/0x${'4'.repeat(40)}.webp?generate=1&fallback=404`)
  t.equal(response.status, 404)
  t.equal(response.headers.get('x-dalle-run'), 'started')
  t.equal(await runsOf({ app }), 1)
})

t.test('a hidden series shows its pictures, and starts nothing', async (t) => {
  await app.files.write('user-series/old.json', JSON.stringify({ suffix: 'old', deleted: true }))
  await app.dresses.series.reload('user-series/old.json')
  await app.pictures.stored.put('old', ADDRESS, await plainPng(32))
  const there = await ask(`/avatar/old/${ADDRESS}.png?size=16&generate=1`)
  t.equal(there.status, 200)
  t.equal(there.headers.get('x-dalle-placeholder'), null)
  const missing = await ask(`/avatar/old/0x${'2'.repeat(40)}.png?size=16&generate=1`)
  t.equal(missing.status, 400)
})
