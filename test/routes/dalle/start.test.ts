import t from 'tap'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  ADDRESS,
  buildApp,
  createScriptedArtist,
  json,
  plainPng,
  pollUntilDone,
  until
} from '../../helper.ts'
import type { TestApp } from '../../helper.ts'

const PICTURE = `/dalle/simple/${ADDRESS}`
const AUTOSTART = { TB_DALLE_AUTOSTART: '1' }
const TOKENS = { TB_DALLE_API_TOKENS: 'a-token-of-the-operator' }
const AUTHORIZED = { authorization: 'Bearer a-token-of-the-operator' }

async function runOf(response: Response): Promise<string | null> {
  await response.arrayBuffer()
  return response.headers.get('x-dalle-run')
}

/** The number of runs that the server has started. */
async function startedBy({ app }: Pick<TestApp, 'app'>): Promise<number> {
  return (await app.generation.working(0)).count
}

t.test('1, true and a bare key start a run; 0, false and no do not', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { ask } = await buildApp(t, { artist })
  for (const query of ['generate=0', 'generate=false', 'generate=no', 'other=1', 'generated=1', '']) {
    const response = await ask(`${PICTURE}?${query}`)
    t.equal(response.status, 200, query)
    t.strictSame((await json(response)).data, {}, query)
  }
  t.equal(asked.length, 0)
  const starting = [
    'generate=1',
    'generate=true',
    'generate=',
    'generate',
    'generate&w=64',
    'generate=1&force=no'
  ]
  for (const [index, query] of starting.entries()) {
    const picture = `/dalle/simple/0x${String(index).repeat(40)}`
    t.equal(await runOf(await ask(`${picture}?${query}`)), 'started', query)
    await until(() => asked.length > index)
    asked[index]!.deliver()
    await pollUntilDone(`${picture}?generate=1`, ask)
  }
})

t.test('every other spelling is refused and says what is right', async (t) => {
  const server = await buildApp(t, { artist: createScriptedArtist().artist })
  const cases: Array<[query: string, details: RegExp]> = [
    ['generate=yes', /generate is "yes": generate=1/],
    ['generate=2', /"2"/],
    ['generate=True', /"True"/],
    ['generate=on', /"on"/],
    ['generate=%201', /" 1"/],
    ['generate=1&force=yes', /force is "yes": force=1/],
    ['Generate=1', /"Generate" is unknown in the query: write generate/],
    ['GENERATE', /write generate/],
    ['generate=1&Force=1', /write force/],
    ['Remove=1', /write remove/],
    ['W=64', /write w$/]
  ]
  for (const [query, details] of cases) {
    const response = await server.ask(`${PICTURE}?${query}`)
    t.equal(response.status, 400, query)
    const { error } = await json(response)
    t.match(error, { code: 'INVALID_REQUEST', message: 'Invalid request path', details }, query)
  }
  t.equal(await startedBy(server), 0)
})

t.test('force has the same spellings', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { ask, app } = await buildApp(t, { artist })
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(64))
  t.equal(await runOf(await ask(`${PICTURE}?generate&force=0`)), 'cached')
  t.equal(await runOf(await ask(`${PICTURE}?generate&force`)), 'started')
  await until(() => asked.length > 0)
  asked[0]!.deliver()
  await pollUntilDone(PICTURE + '?generate=1', ask)
})

t.test('with TB_DALLE_AUTOSTART, a plain GET of a missing picture starts its run', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const server = await buildApp(t, { artist, settings: AUTOSTART })
  const { ask } = server
  for (const [method, query, headers] of [
    ['HEAD', '', {}],
    ['GET', '?generate=0', {}],
    ['GET', '?remove', {}],
    ['GET', '', { 'sec-purpose': 'prefetch' }],
    ['GET', '', { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'empty' }],
    ['GET', '', { 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'script' }],
    ['GET', '', { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe' }],
    ['GET', '', { 'user-agent': 'Mozilla/5.0', accept: '*/*' }]
  ] as const) {
    await ask(PICTURE + query, { method, headers: { ...headers } })
    t.equal(await startedBy(server), 0, `${method} ${query} ${JSON.stringify(headers)}`)
  }
  const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' }
  const sent = await ask(PICTURE, { headers: link })
  t.equal(sent.status, 303)
  t.equal(sent.headers.get('location'), `/preview/simple/${ADDRESS}`)
  t.equal(await startedBy(server), 0)

  const first = await ask(PICTURE)
  t.equal(first.headers.get('x-dalle-run'), 'started')
  t.equal((await json(first)).data.done, false)
  t.equal(await runOf(await ask(PICTURE)), 'joined')
  t.equal(await startedBy(server), 1)
  await until(() => asked.length > 0)
  asked[0]!.deliver()
  await pollUntilDone(`${PICTURE}?generate=1`, ask)
  const picture = await ask(PICTURE)
  t.equal(picture.headers.get('content-type'), 'image/png')
  t.equal(await runOf(picture), 'cached')
})

t.test('an image in a page of another site may start it', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { ask } = await buildApp(t, { artist, settings: AUTOSTART })
  const images: Array<Record<string, string>> = [
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image', 'user-agent': 'Mozilla/5.0' },
    { 'user-agent': 'Mozilla/5.0', accept: 'image/avif,image/webp,*/*;q=0.8' }
  ]
  for (const [index, headers] of images.entries()) {
    const picture = `/dalle/simple/0x${String(index).repeat(40)}`
    t.equal(await runOf(await ask(picture, { headers })), 'started')
    t.equal(
      (await ask(`${picture}?generate=1&force=1`, { headers: images[0] })).status,
      200,
      'it joins the run'
    )
    await until(() => asked.length > index)
    asked[index]!.deliver()
    await pollUntilDone(`${picture}?generate=1`, ask)
  }
  const asking = await ask(`${PICTURE}?generate=1`, { headers: images[0] })
  t.equal(asking.status, 403, 'generate=1 in the URL of an image starts nothing')
})

t.test('with tokens, a plain GET without one starts nothing and gets {}', async (t) => {
  const server = await buildApp(t, {
    artist: createScriptedArtist().artist,
    settings: { ...AUTOSTART, ...TOKENS }
  })
  const strangers: Array<Record<string, string>> = [{}, { authorization: 'Bearer another-token-than-that' }]
  for (const headers of strangers) {
    const response = await server.ask(PICTURE, { headers })
    t.equal(response.status, 200)
    t.strictSame((await json(response)).data, {})
  }
  t.equal(await startedBy(server), 0)
  t.equal(await runOf(await server.ask(PICTURE, { headers: AUTHORIZED })), 'started')
  const { ask } = await buildApp(t, {
    artist: createScriptedArtist().artist,
    settings: { ...AUTOSTART, ...TOKENS, TB_DALLE_OPEN: '1' }
  })
  t.equal(await runOf(await ask(PICTURE)), 'started', 'where anybody may start, no token is needed')
})

t.test('after a failure a plain GET never starts again', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const settings = { ...AUTOSTART, TB_DALLE_FAILURE_HOLD: '1ms' }
  const { ask, app, dataDir } = await buildApp(t, { artist, settings })
  await ask(PICTURE)
  await until(() => asked.length > 0)
  asked[0]!.fail(new Error('no'))
  await until(async () => await app.failedPictures!.has('simple', ADDRESS))
  t.equal(await runOf(await ask(PICTURE)), 'failed')
  await app.close()
  // The engine remembers a failure for ten minutes, also after a restart. Without its record it has forgotten it.
  for (const file of await readdir(join(dataDir, 'runs'))) {
    if (file.endsWith('.json')) await rm(join(dataDir, 'runs', file))
  }

  const next = await buildApp(t, { artist, settings, dataDir })
  const idle = await next.ask(PICTURE)
  t.equal(idle.headers.get('x-dalle-run'), 'idle')
  t.strictSame((await json(idle)).data, {})
  t.equal(asked.length, 1)
  await next.ask(`${PICTURE}?generate=1`)
  await until(() => asked.length > 1)
  asked[1]!.deliver()
  await pollUntilDone(`${PICTURE}?generate=1`, next.ask)
  await until(async () => !(await next.app.failedPictures!.has('simple', ADDRESS)))
  await next.ask(`${PICTURE}?remove=1`)
  t.equal(
    await runOf(await next.ask(PICTURE)),
    'started',
    'after a picture was made and removed, it starts again'
  )
})
