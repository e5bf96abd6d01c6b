import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import sharp from 'sharp'
import { ADDRESS, build, createScriptedArtist, json, plainPng, pollUntilDone, until } from '../helper.ts'

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

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const body = async (response: Response) => Buffer.from(await response.arrayBuffer())

t.test('the main job: ask, poll, fetch the picture', async (t) => {
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
  const bytes = await body(png)
  const { width, height, format } = await sharp(bytes).metadata()
  t.equal(format, 'png')
  t.equal(width, 1024)
  t.ok(height > 1024, 'the caption stands under the picture')
  t.equal((await sharp(bytes).raw().toBuffer()).length, 1024 * height * 3, 'every pixel can be decoded')

  const file = await fetch(`${url}/files/simple/annotated/${ADDRESS}.png`)
  t.equal(sha256(await body(file)), sha256(bytes))
  const upper = await fetch(`${url}/dalle/SIMPLE/${ADDRESS.toUpperCase()}`)
  t.equal(sha256(await body(upper)), sha256(bytes), 'series and address are lower-cased')
  t.match(await (await fetch(`${url}/preview`)).text(), `/files/simple/annotated/${ADDRESS}.png`)
})

t.test('the same address gives the same bytes on another server', async (t) => {
  const pictures = await Promise.all(
    [1, 2].map(async () => {
      const { url } = await build(t)
      return sha256(
        await body(
          await fetch(`${url}/dalle/simple/${ADDRESS}?generate=1`, { headers: { prefer: 'wait=60' } })
        )
      )
    })
  )
  t.equal(pictures[0], pictures[1])
})

t.test('both pictures of a run say where they come from, with the prompts or without', async (t) => {
  for (const [setting, said] of [
    ['1', true],
    ['0', false]
  ] as const) {
    const { url } = await build(t, { settings: { TB_DALLE_EMBED_PROMPT: setting } })
    const { dalleDress } = await pollUntilDone(`${url}/dalle/simple/${ADDRESS}?generate=1`)
    for (const kind of ['annotated', 'generated']) {
      const png = await body(await fetch(`${url}/files/simple/${kind}/${ADDRESS}.png`))
      const { comments = [], xmp } = await sharp(png, { failOn: 'warning' }).metadata()
      const texts = Object.fromEntries(comments.map(({ keyword, text }) => [keyword, text]))
      t.match(texts, { Title: dalleDress.titlePrompt, Provider: 'local', Software: /^dalleserver / }, kind)
      t.match(JSON.parse(texts.Dress!), {
        original: ADDRESS,
        series: 'simple',
        attributes: dalleDress.attributes
      })
      t.match(xmp!.toString(), '/digitalsourcetype/algorithmicMedia<')
      t.equal(png.includes(dalleDress.prompt), said, `${kind}, prompts ${said ? '' : 'not '}embedded`)
    }
  }
})

t.test('only a GET with generate=1 starts work', async (t) => {
  const { url, app, dataDir } = await build(t)
  const picture = `${url}/dalle/simple/${ADDRESS}`
  const harmless: Array<[string, RequestInit]> = [
    ['', {}],
    ['?generate=0', {}],
    ['?generate=', {}],
    ['?generate', {}],
    ['?generate=true', {}],
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
    const response = await fetch(picture + query, init)
    t.ok([200, 404, 405].includes(response.status), `${init.method ?? 'GET'} ${query}`)
    t.equal(
      app.progress.get('simple', ADDRESS),
      undefined,
      `${init.method ?? 'GET'} ${query} ${JSON.stringify(init.headers ?? {})}`
    )
  }
  t.same(await readdir(join(dataDir, 'output')), [])
})

t.test('while a run works everyone sees the same run', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { url } = await build(t, { artist })
  const picture = `${url}/dalle/simple/${ADDRESS}`
  const answers = await Promise.all(Array.from({ length: 200 }, () => fetch(`${picture}?generate=1`)))
  const outcomes = answers.map(({ headers }) => headers.get('x-dalle-run'))
  t.equal(outcomes.filter((outcome) => outcome === 'started').length, 1)
  t.equal(outcomes.filter((outcome) => outcome === 'joined').length, 199)
  const runs = new Set((await Promise.all(answers.map(json))).map(({ data }) => data.runId))
  t.equal(runs.size, 1)

  const plain = await fetch(picture)
  t.equal(plain.headers.get('x-dalle-run'), 'joined')
  const { data } = await json(plain)
  t.ok(runs.has(data.runId))
  t.equal(data.done, false)
  const removed = await fetch(`${picture}?remove=1`)
  t.equal((await json(removed)).data.runId, data.runId, 'remove is a no-op while there is no picture')
  await until(() => asked.length > 0)
  asked[0]!.deliver()
  await pollUntilDone(`${picture}?generate=1`)
  t.equal(asked.length, 1)
})

t.test('remove deletes the annotated picture only', async (t) => {
  const { url, dataDir } = await build(t)
  const picture = `${url}/dalle/simple/${ADDRESS}`
  await fetch(`${picture}?generate=1`, { headers: { prefer: 'wait=60' } })
  for (const init of [{ method: 'HEAD' }, { headers: { 'sec-purpose': 'prefetch' } }]) {
    await fetch(`${picture}?remove`, init)
    t.equal((await fetch(picture)).headers.get('content-type'), 'image/png', 'a look ahead removes nothing')
  }
  const removed = await fetch(`${picture}?remove&generate=1`)
  t.equal(removed.status, 200)
  t.equal(removed.headers.get('content-type'), 'text/plain; charset=utf-8')
  t.equal(await removed.text(), `image removed simple/annotated/${ADDRESS}.png\n`)
  t.same(await readdir(join(dataDir, 'output/simple/annotated')), [])
  t.same(await readdir(join(dataDir, 'output/simple/generated')), [`${ADDRESS}.png`])

  const idle = await fetch(picture)
  t.equal(idle.headers.get('x-dalle-run'), 'idle')
  t.same((await json(idle)).data, {})
  t.same((await json(await fetch(`${picture}?remove=x`))).data, {}, 'removing what is not there is a no-op')
  t.equal((await fetch(`${picture}?generate=1`)).headers.get('x-dalle-run'), 'started')
  await pollUntilDone(`${picture}?generate=1`)
})

t.test('a failed run is told to every poller, and counted as an error', async (t) => {
  const { url, dataDir, app } = await build(t)
  const picture = `${url}/dalle/simple/${ADDRESS}`
  await mkdir(join(dataDir, 'output/simple'), { recursive: true })
  await writeFile(join(dataDir, 'output/simple/generated'), 'a file where a folder must be')
  await fetch(`${picture}?generate=1`)
  const failed = await pollUntilDone(`${picture}?generate=1`)
  t.match(failed, { errorCode: 'FILE_SYSTEM_ERROR', currentPhase: 'failed', done: true })
  t.ok(failed.percent < 100)
  for (const query of ['', '?generate=1', '?remove']) {
    const response = await fetch(picture + query)
    t.equal(response.status, 200)
    t.equal(response.headers.get('x-dalle-run'), 'failed')
    t.equal((await json(response)).data.runId, failed.runId)
  }
  t.equal(app.metrics.report.read().errors_by_code.FILE_SYSTEM_ERROR, 1)
  t.match(app.metrics.report.read().errors_by_endpoint, { '/dalle/:series/:address': 1 })
})

t.test('Prefer: wait holds the answer until the run ends', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { url } = await build(t, { artist })
  const picture = `${url}/dalle/simple/${ADDRESS}`
  const ask = (query: string, prefer: string, init: RequestInit = {}) =>
    fetch(picture + query, { ...init, headers: { prefer } })

  const idle = await ask('', 'wait=5')
  t.same((await json(idle)).data, {}, 'nothing runs, so there is nothing to wait for')
  t.equal(idle.headers.get('preference-applied'), null)

  const short = await ask('?generate=1', 'wait=0')
  t.equal(short.headers.get('preference-applied'), 'wait=0')
  t.equal(short.headers.get('x-dalle-run'), 'started')
  t.equal((await json(short)).data.done, false)

  const async202 = await ask('?generate=1', 'respond-async')
  t.equal(async202.status, 202)
  t.equal(async202.headers.get('location'), `/dalle/simple/${ADDRESS}`)
  t.equal(async202.headers.get('preference-applied'), 'respond-async')
  t.equal((await json(async202)).data.done, false)
  const both = await ask('?generate=1', 'respond-async, wait=0')
  t.equal(both.status, 202)
  t.equal(both.headers.get('preference-applied'), 'wait=0, respond-async')

  const gone = new AbortController()
  const leaving = ask('?generate=1', 'wait=60', { signal: gone.signal })
  const waiting = [
    ask('?generate=1', 'wait=60'),
    ask('?generate=1', 'WAIT="999"; x=y'),
    ask('', 'handling=lenient, wait=60')
  ]
  await until(() => asked.length === 1)
  gone.abort()
  await t.rejects(leaving)
  t.equal(asked[0]!.signal.aborted, false, 'a client that leaves ends nothing')
  asked[0]!.deliver()
  const [joined, capped, plain] = await Promise.all(waiting)
  t.equal(joined!.headers.get('content-type'), 'image/png')
  t.equal(joined!.headers.get('x-dalle-run'), 'joined')
  t.equal(joined!.headers.get('preference-applied'), 'wait=60')
  t.equal(capped!.headers.get('preference-applied'), 'wait=60', 'more than 60 s are not waited')
  t.equal(plain!.headers.get('content-type'), 'image/png')

  const cached = await ask('?generate=1', 'wait=60')
  t.equal(cached.headers.get('x-dalle-run'), 'cached')
  t.equal(cached.headers.get('content-type'), 'image/png')
  for (const nonsense of [
    'wait=',
    'wait=-1',
    'wait=1.5',
    'wait=abc',
    'wait',
    'respond-async=1',
    '=',
    ',,;'
  ]) {
    t.equal(
      (await ask('?generate=1', nonsense)).headers.get('preference-applied'),
      null,
      `"${nonsense}" is ignored`
    )
  }
})

t.test('a picture has validators, ranges and a HEAD', async (t) => {
  const { url } = await build(t)
  const picture = `${url}/dalle/simple/${ADDRESS}`
  const full = await fetch(`${picture}?generate=1`, { headers: { prefer: 'wait=60' } })
  const bytes = await body(full)
  for (const place of [picture, `${url}/files/simple/annotated/${ADDRESS}.png`]) {
    const ask = (headers: Record<string, string>, method = 'GET') => fetch(place, { method, headers })
    const plain = await ask({})
    const etag = plain.headers.get('etag')!
    const modified = plain.headers.get('last-modified')!
    t.match(etag, /^"[0-9a-f-]+"$/)
    t.equal(plain.headers.get('cache-control'), 'public, no-cache')
    t.equal(plain.headers.get('content-length'), String(bytes.length))
    t.equal(sha256(await body(plain)), sha256(bytes))

    t.equal((await ask({ 'if-none-match': etag })).status, 304)
    t.equal((await ask({ 'if-none-match': `"other", W/${etag}` })).status, 304)
    t.equal((await ask({ 'if-none-match': '"other"' })).status, 200)
    t.equal((await ask({ 'if-modified-since': modified })).status, 304)
    t.equal((await ask({ 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' })).status, 200)
    t.equal(
      (await ask({ 'if-none-match': '"other"', 'if-modified-since': modified })).status,
      200,
      'the ETag counts more than the date'
    )

    const part = await ask({ range: 'bytes=100-299' })
    t.equal(part.status, 206)
    t.equal(part.headers.get('content-range'), `bytes 100-299/${bytes.length}`)
    t.same(await body(part), bytes.subarray(100, 300))
    t.same(await body(await ask({ range: 'bytes=-10' })), bytes.subarray(-10))
    t.same(await body(await ask({ range: `bytes=${bytes.length - 5}-` })), bytes.subarray(-5))
    t.equal((await ask({ range: 'bytes=0-9', 'if-range': etag })).status, 206)
    t.equal((await ask({ range: 'bytes=0-9', 'if-range': '"older"' })).status, 200)
    t.equal((await ask({ range: 'nonsense' })).status, 200)
    const beyond = await ask({ range: 'bytes=99999999-' })
    t.equal(beyond.status, 416)
    t.equal(beyond.headers.get('content-range'), `bytes */${bytes.length}`)
    t.equal((await json(beyond)).error.code, 'INVALID_REQUEST')

    const head = await ask({}, 'HEAD')
    t.equal(head.headers.get('etag'), etag)
    t.equal(head.headers.get('content-length'), String(bytes.length))
    t.equal((await body(head)).length, 0)
  }
})

t.test('a large picture is streamed whole, and a reader never sees two pictures mixed', async (t) => {
  const { url, app } = await build(t)
  const pictures = await Promise.all(
    ['#102030', '#c0d0e0'].map(async (background) => {
      const noise = await sharp({
        create: {
          width: 900,
          height: 900,
          channels: 3,
          background,
          noise: { type: 'gaussian', mean: 128, sigma: 60 }
        }
      })
        .png()
        .toBuffer()
      return noise
    })
  )
  const known = new Set(pictures.map(sha256))
  await app.pictures.stored.put('simple', ADDRESS, pictures[0]!)
  t.ok(pictures[0]!.length > 1_000_000, 'larger than what is sent at once')
  const progress = { replacing: true, read: 0 }
  const writer = (async () => {
    for (let turn = 0; turn < 60; turn += 1)
      await app.pictures.stored.put('simple', ADDRESS, pictures[turn % 2]!)
    progress.replacing = false
  })()
  while (progress.replacing) {
    const answers = await Promise.all(
      [`${url}/dalle/simple/${ADDRESS}`, `${url}/files/simple/annotated/${ADDRESS}.png`].map((place) =>
        fetch(place)
      )
    )
    for (const answer of answers) {
      if (!known.has(sha256(await body(answer)))) t.fail('a mixed or a cut picture was sent')
      progress.read += 1
    }
  }
  await writer
  t.ok(progress.read > 0)
})

t.test('force makes the picture anew while the old one is served', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { url, app } = await build(t, { artist })
  const picture = `${url}/dalle/simple/${ADDRESS}`
  const old = await plainPng(64, '#ff0000')
  await app.pictures.stored.put('simple', ADDRESS, old)
  const cached = await fetch(`${picture}?generate=1`)
  t.equal(cached.headers.get('x-dalle-run'), 'cached')
  t.match((await json(cached)).data, { done: true, cacheHit: true, percent: 100 })

  const forced = await fetch(`${picture}?generate=1&force=1`)
  t.equal(forced.headers.get('x-dalle-run'), 'started')
  t.same(await body(await fetch(picture)), old)
  t.equal((await fetch(`${picture}?generate=1`)).headers.get('x-dalle-run'), 'joined')
  await until(() => asked.length === 1)
  asked[0]!.deliver()
  await pollUntilDone(`${picture}?generate=1&force=1`)
  t.equal(asked.length, 1)
  t.notSame(await body(await fetch(picture)), old)
})

t.test('a full queue is refused with a time to come back', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { url } = await build(t, {
    artist,
    settings: { TB_DALLE_CONCURRENCY: '1', TB_DALLE_QUEUE_LIMIT: '1' }
  })
  const ask = (digit: string) => fetch(`${url}/dalle/simple/0x${digit.repeat(40)}?generate=1`)
  await ask('1')
  t.match((await json(await ask('2'))).data, { queuePosition: 1, currentPhase: 'setup', percent: 0 })
  const refused = await ask('3')
  t.equal(refused.status, 503)
  t.equal(refused.headers.get('retry-after'), '10')
  t.match(await json(refused), { success: false, error: { code: 'QUEUE_FULL', message: /waiting/ } })
  for (const turn of [0, 1]) {
    await until(() => asked.length > turn)
    asked[turn]!.deliver()
  }
  await pollUntilDone(`${url}/dalle/simple/0x${'2'.repeat(40)}`.concat('?generate=1'))
})

t.test('a folder of the Go server works as it is', async (t) => {
  const { url, dataDir } = await build(t)
  const png = await plainPng(128)
  await mkdir(join(dataDir, 'output/simple/annotated'), { recursive: true })
  await mkdir(join(dataDir, 'series'), { recursive: true })
  await writeFile(join(dataDir, 'output/simple/annotated', `${ADDRESS}.png`), png)
  await writeFile(
    join(dataDir, 'series/old-friends.json'),
    '{"suffix": "old-friends", "adverbs": null, "nouns": []}'
  )
  t.same(await body(await fetch(`${url}/dalle/simple/${ADDRESS}`)), png)
  t.match((await json(await fetch(`${url}/dalle/simple/${ADDRESS}?generate=1`))).data, {
    done: true,
    cacheHit: true,
    percent: 100,
    dalleDress: { fileSize: png.length }
  })
  await until(async () => (await json(await fetch(`${url}/series`))).data.series.includes('old-friends'))
  t.equal(
    (
      await fetch(`${url}/dalle/old-friends/${ADDRESS}?generate=1`, { headers: { prefer: 'wait=60' } })
    ).headers.get('content-type'),
    'image/png'
  )
  await rm(join(dataDir, 'series/old-friends.json'))
  t.ok((await readFile(join(dataDir, 'output/old-friends/annotated', `${ADDRESS}.png`))).length > 0)
})
