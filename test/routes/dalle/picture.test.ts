import t from 'tap'
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import {
  ADDRESS,
  bodyOf,
  build,
  buildApp,
  createScriptedArtist,
  json,
  plainPng,
  pollUntilDone,
  sha256,
  until
} from '../../helper.ts'

const PHASES = [
  'setup',
  'base_prompts',
  'enhance_prompt',
  'image_prep',
  'image_wait',
  'image_download',
  'annotate',
  'failed',
  'completed'
]

t.test('a client asks for a picture, polls the progress and fetches the picture', async (t) => {
  const { url } = await build(t)
  const picture = `${url}/dalle/simple/${ADDRESS}`

  const idle = await fetch(picture)
  t.equal(idle.status, 200)
  t.equal(idle.headers.get('x-dalle-run'), 'idle')
  t.equal(idle.headers.get('cache-control'), 'no-store')
  t.equal(idle.headers.get('content-type'), 'application/json; charset=utf-8')
  t.match(await json(idle), { success: true, data: {}, request_id: idle.headers.get('x-request-id') })

  const first = await fetch(`${picture}?generate=1`)
  t.equal(first.status, 200)
  t.equal(first.headers.get('x-dalle-run'), 'started')
  const { data: started } = await json(first)
  t.match(started, {
    done: false,
    cacheHit: false,
    series: 'simple',
    address: ADDRESS,
    provider: 'local',
    attempt: 1,
    degraded: false,
    dalleDress: { original: ADDRESS }
  })
  t.same(
    started.phases.map(({ name }: { name: string }) => name),
    PHASES
  )

  const last = await pollUntilDone(`${picture}?generate=1`)
  t.match(last, {
    error: '',
    errorCode: '',
    percent: 100,
    phaseCount: 7,
    phaseIndex: 7,
    currentPhase: 'completed',
    runId: started.runId,
    cacheHit: true
  })

  const png = await fetch(picture)
  t.equal(png.headers.get('x-dalle-run'), 'cached')
  t.equal(png.headers.get('content-type'), 'image/png')
  const bytes = await bodyOf(png)
  const { width, height, format } = await sharp(bytes).metadata()
  t.equal(format, 'png')
  t.equal(width, 1024)
  t.ok(height > 1024, 'the caption is below the picture')
  t.equal((await sharp(bytes).raw().toBuffer()).length, 1024 * height * 3, 'every pixel can be decoded')

  const file = await fetch(`${url}/files/simple/annotated/${ADDRESS}.png`)
  t.equal(sha256(await bodyOf(file)), sha256(bytes))
  const upper = await fetch(`${url}/dalle/SIMPLE/${ADDRESS.toUpperCase()}`)
  t.equal(sha256(await bodyOf(upper)), sha256(bytes), 'series and address are lower-cased')
  t.match(await (await fetch(`${url}/preview`)).text(), `/files/simple/annotated/${ADDRESS}.png`)
})

t.test('the same address gives the same bytes on another server', async (t) => {
  const pictures = await Promise.all(
    [1, 2].map(async () => {
      const { ask } = await buildApp(t)
      return sha256(
        await bodyOf(await ask(`/dalle/simple/${ADDRESS}?generate=1`, { headers: { prefer: 'wait=60' } }))
      )
    })
  )
  t.equal(pictures[0], pictures[1])
})

t.test('only a GET with generate=1 starts work', async (t) => {
  const { ask, app, dataDir } = await buildApp(t)
  const picture = `/dalle/simple/${ADDRESS}`
  const harmless: Array<[string, { method?: string; headers?: Record<string, string>; body?: string }]> = [
    ['', {}],
    ['?generate=0', {}],
    ['?generate=11', {}],
    ['?force=1', {}],
    ['?generate=1', { method: 'HEAD' }],
    ['?generate=1', { headers: { 'sec-purpose': 'prefetch' } }],
    ['?generate=1', { headers: { 'sec-purpose': 'prefetch;prerender' } }],
    ['?generate=1', { headers: { purpose: 'prefetch' } }],
    ['?generate=1', { method: 'POST' }],
    ['?generate=1', { method: 'PUT', body: '{}' }],
    ['?generate=1', { method: 'DELETE' }],
    ['?generate=1', { method: 'OPTIONS' }]
  ]
  for (const [query, init] of harmless) {
    const response = await ask(picture + query, init)
    t.ok([200, 400, 404, 405].includes(response.status), `${init.method ?? 'GET'} ${query}`)
    t.equal(
      await app.engine.runs.last('simple', ADDRESS),
      undefined,
      `${init.method ?? 'GET'} ${query} ${JSON.stringify(init.headers ?? {})}`
    )
  }
  t.same(await readdir(join(dataDir, 'output')), [])
})

t.test('force makes the picture anew, and the old one is served until then', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { ask, app } = await buildApp(t, { artist })
  const picture = `/dalle/simple/${ADDRESS}`
  const old = await plainPng(64, '#ff0000')
  await app.pictures.stored.put('simple', ADDRESS, old)
  const cached = await ask(`${picture}?generate=1`)
  t.equal(cached.headers.get('x-dalle-run'), 'cached')
  t.match((await json(cached)).data, { done: true, cacheHit: true, percent: 100 })

  const forced = await ask(`${picture}?generate=1&force=1`)
  t.equal(forced.headers.get('x-dalle-run'), 'started')
  t.same(await bodyOf(await ask(picture)), old)
  t.equal((await ask(`${picture}?generate=1`)).headers.get('x-dalle-run'), 'joined')
  await until(() => asked.length === 1)
  asked[0]!.deliver()
  await pollUntilDone(`${picture}?generate=1&force=1`, ask)
  t.equal(asked.length, 1)
  t.notSame(await bodyOf(await ask(picture)), old)
})

t.test('the data folder of the Go server works unchanged', async (t) => {
  const { ask, dataDir } = await buildApp(t)
  const png = await plainPng(128)
  await mkdir(join(dataDir, 'output/simple/annotated'), { recursive: true })
  await mkdir(join(dataDir, 'series'), { recursive: true })
  await writeFile(join(dataDir, 'output/simple/annotated', `${ADDRESS}.png`), png)
  await writeFile(
    join(dataDir, 'series/old-friends.json'),
    '{"suffix": "old-friends", "adverbs": null, "nouns": []}'
  )
  t.same(await bodyOf(await ask(`/dalle/simple/${ADDRESS}`)), png)
  t.match((await json(await ask(`/dalle/simple/${ADDRESS}?generate=1`))).data, {
    done: true,
    cacheHit: true,
    percent: 100,
    dalleDress: { fileSize: png.length }
  })
  await until(async () => (await json(await ask('/series'))).data.series.includes('old-friends'))
  t.equal(
    (await ask(`/dalle/old-friends/${ADDRESS}?generate=1`, { headers: { prefer: 'wait=60' } })).headers.get(
      'content-type'
    ),
    'image/png'
  )
  t.ok((await readFile(join(dataDir, 'output/old-friends/annotated', `${ADDRESS}.png`))).length > 0)
})
