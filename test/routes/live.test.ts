import { readdir, stat, utimes } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import sharp from 'sharp'
import t from 'tap'
import type { Test } from 'tap'
import { createHub } from '../../lib/sse/hub.ts'
import { createEncodeQueue } from '../../lib/image/encode-queue.ts'
import { createVariants } from '../../lib/pictures/variants.ts'
import { ADDRESS, build, createScriptedArtist, json, plainPng, pollUntilDone, until } from '../helper.ts'

interface ServerEvent {
  event: string
  id: string
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  data: any
}

/** Reads server-sent events as they come. */
async function listen(t: Test, url: string, headers: Record<string, string> = {}) {
  const controller = new AbortController()
  t.teardown(() => controller.abort())
  const response = await fetch(url, { headers, signal: controller.signal })
  const events: ServerEvent[] = []
  const at: number[] = []
  const ended = (async () => {
    let text = ''
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const fields = Object.fromEntries(
          text
            .slice(0, end)
            .split('\n')
            .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)])
        )
        text = text.slice(end + 2)
        if (fields.data !== undefined) {
          events.push({ event: fields.event!, id: fields.id!, data: JSON.parse(fields.data) })
        }
        if (fields.data !== undefined) at.push(performance.now())
      }
    }
  })().catch((error: Error) => {
    if (error.name !== 'AbortError') throw error
  })
  return { response, events, at, ended, leave: () => controller.abort() }
}

/** The number of open event streams, as the metrics show it. */
async function openStreams(app: FastifyInstance): Promise<number> {
  return Number(/^dalleserver_sse_clients (\d+)$/m.exec(await app.metrics.text())![1])
}

t.test('a run is told of while it works, and the stream ends with it', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { url, app } = await build(t, { artist })
  const picture = `${url}/dalle/simple/${ADDRESS}`
  const early = await listen(t, `${picture}/events`)
  t.equal(early.response.headers.get('content-type'), 'text/event-stream')
  t.equal(early.response.headers.get('cache-control'), 'no-store')
  t.match(early.response.headers.get('x-request-id'), /^[0-9a-f]{8}$/)
  t.equal(app.progress.get('simple', ADDRESS), undefined, 'listening starts nothing')

  const {
    data: { runId }
  } = await json(await fetch(`${picture}?generate=1`))
  await until(() => early.events.length > 0 && asked.length > 0)
  const late = await listen(t, `${picture}/events`)
  await until(() => late.events.length > 0)
  t.match(late.events[0], {
    event: 'progress',
    data: { runId, done: false, phases: Array, dalleDress: { original: ADDRESS } }
  })
  asked[0]!.deliver()
  await Promise.all([early.ended, late.ended])
  for (const { events } of [early, late]) {
    t.match(events.at(-1), {
      event: 'done',
      data: { runId, done: true, error: '', percent: 100, cacheHit: false }
    })
    t.equal(events.filter(({ event }) => event === 'done').length, 1)
    t.equal(new Set(events.map(({ id }) => id)).size, events.length, 'every event has an id of its own')
  }
  const gaps = early.at.slice(1).map((time, index) => time - early.at[index]!)
  t.ok(
    gaps.every((ms) => ms > 60),
    `no more than ten a second: ${gaps.map(Math.round).join(', ')} ms apart`
  )
  t.equal(await openStreams(app), 0)

  const again = await listen(t, `${picture}/events`)
  await again.ended
  t.match(
    again.events,
    [{ event: 'done', data: { runId, done: true, percent: 100 } }],
    'who comes after the end is told of it at once'
  )
  const known = await fetch(`${picture}/events`, { headers: { 'last-event-id': again.events[0]!.id } })
  t.equal(known.status, 204, 'who knows it need not ask again')
  await app.pictures.stored.remove('simple', ADDRESS)
  const idle = await listen(t, `${picture}/events`)
  await new Promise((resolve) => setTimeout(resolve, 150))
  t.same(idle.events, [], 'without picture and run there is nothing to tell yet')
  for (const path of [`${picture}/events`, `${url}/events`]) {
    t.equal(
      (await fetch(path, { method: 'HEAD' })).headers.get('content-type'),
      'text/event-stream',
      'HEAD ends at once'
    )
  }
  t.equal((await json(await fetch(`${url}/dalle/nope/${ADDRESS}/events`))).error.code, 'INVALID_SERIES')
})

t.test('a broken stream resumes, and a failed run says why to whoever comes later', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { url } = await build(t, { artist })
  const picture = `${url}/dalle/simple/${ADDRESS}`
  await fetch(`${picture}?generate=1`)
  const first = await listen(t, `${picture}/events`)
  await until(() => first.events.some(({ data }) => data.currentPhase === 'image_wait'))
  first.leave()
  await first.ended
  const second = await listen(t, `${picture}/events`, { 'last-event-id': first.events.at(-1)!.id })
  asked[0]!.fail(new Error('no paint'))
  await second.ended
  t.match(second.events.at(-1), {
    event: 'done',
    data: { done: true, errorCode: 'INTERNAL_SERVER_ERROR', error: String }
  })
  const later = await listen(t, `${picture}/events`)
  await later.ended
  t.match(later.events, [{ event: 'done', id: /\.done$/, data: { errorCode: 'INTERNAL_SERVER_ERROR' } }])
})

t.test('a reader who sleeps misses what is old, and is told what is new', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { url, app } = await build(t, { artist })
  await fetch(`${url}/dalle/simple/${ADDRESS}?generate=1`)
  await until(() => asked.length > 0)
  const socket = connect(Number(new URL(url).port), '127.0.0.1').pause()
  socket.write(`GET /dalle/simple/${ADDRESS}/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  await until(async () => (await openStreams(app)) === 1)
  const run = app.progress.get('simple', ADDRESS)!
  const turns = 25
  for (let turn = 0; turn < turns; turn += 1) {
    run.dress.enhancedPrompt = `turn ${turn}. ${'x'.repeat(1_000_000)}`
    run.begin('image_wait')
    await new Promise((resolve) => setTimeout(resolve, 105))
  }
  asked[0]!.deliver()
  await until(() => run.done)
  let text = ''
  for await (const chunk of socket.resume()) text += String(chunk)
  const told = [...text.matchAll(/turn (\d+)\./g)].map(([, turn]) => Number(turn))
  t.ok(told.length < turns / 2, `${told.length} of ${turns} states were kept for it`)
  t.match(text.slice(text.lastIndexOf('event: ')), /^event: done\n.*"percent":100/, 'the last one among them')
})

t.test('a thousand readers cost the run nothing, and all end with the server', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { url, app } = await build(t, { artist })
  const picture = `${url}/dalle/simple/${ADDRESS}`
  await fetch(`${picture}?generate=1`)
  await until(() => asked.length > 0)
  const readers = await Promise.all(Array.from({ length: 1000 }, () => listen(t, `${picture}/events`)))
  await until(() => readers.every(({ events }) => events.length > 0))
  t.equal(await openStreams(app), 1000)
  app.progress.get('simple', ADDRESS)!.begin('image_wait')
  const startedAt = performance.now()
  await json(await fetch(picture))
  t.ok(performance.now() - startedAt < 1_000, 'others are answered meanwhile')
  const sleeper = connect(Number(new URL(url).port), '127.0.0.1').pause()
  sleeper
    .on('error', () => {})
    .write(`GET /dalle/simple/${ADDRESS}/events HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  await until(async () => (await openStreams(app)) === 1001)

  const closing = performance.now()
  const closed = app.close()
  await Promise.all(readers.map(({ ended }) => ended))
  t.ok(
    performance.now() - closing < 3_000,
    `all end at once: ${Math.round(performance.now() - closing)} ms, while the run works on`
  )
  t.equal(await openStreams(app), 0)
  t.equal(app.progress.get('simple', ADDRESS)!.done, false)
  asked[0]!.deliver()
  await closed
  sleeper.destroy()
})

t.test('one stream tells of all runs and of the pictures that come and go', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { url } = await build(t, { artist, settings: { TB_DALLE_CONCURRENCY: '1' } })
  const { events, response } = await listen(t, `${url}/events`)
  const last = () => events.at(-1)?.data
  t.equal(response.headers.get('content-type'), 'text/event-stream')
  await until(() => events.length > 0)
  t.match(events[0], { event: 'activity', data: { live: 0, runs: [], ended: [], pictures: 0, changes: [] } })
  const other = `0x${'2'.repeat(40)}`
  await fetch(`${url}/dalle/simple/${ADDRESS}?generate=1`)
  await fetch(`${url}/dalle/birds/${other}?generate=1`)
  await until(() => last().runs.length === 2 && asked.length === 1)
  t.match(last().runs, [
    { series: 'simple', address: ADDRESS, title: String, queuePosition: 0, partialImages: 0 },
    { series: 'birds', address: other, queuePosition: 1 }
  ])
  t.notOk('dalleDress' in last().runs[0], 'compact')
  asked[0]!.deliver()
  await until(() => last().pictures === 1 && asked.length === 2)
  await fetch(`${url}/dalle/birds/${other}`, { method: 'DELETE' })
  await until(() => last().live === 0)
  t.match(last().ended, [
    { series: 'birds', errorCode: 'CANCELLED' },
    { series: 'simple', error: '', percent: 100 }
  ])
  await fetch(`${url}/dalle/simple/${ADDRESS}?remove=1`)
  await until(() => last().pictures === 0)
  t.match(last().changes, [
    { revision: 2, address: ADDRESS, isThere: false },
    { revision: 1, address: ADDRESS, isThere: true }
  ])
})

t.test('DELETE cancels what waits and what works; the picture stays', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { url, app } = await build(t, { artist, settings: { TB_DALLE_CONCURRENCY: '1' } })
  const waiting = `${url}/dalle/simple/0x${'3'.repeat(40)}`
  const picture = `${url}/dalle/simple/${ADDRESS}`
  const png = await plainPng(64)
  await app.pictures.stored.put('simple', ADDRESS, png)
  const nothing = await fetch(picture, { method: 'DELETE' })
  t.equal(nothing.status, 404)
  t.match(await json(nothing), { error: { code: 'NOT_FOUND', details: new RegExp(ADDRESS) } })
  await fetch(`${picture}?generate=1&force=1`)
  await fetch(`${waiting}?generate=1`)
  await until(() => asked.length === 1)
  for (const one of [waiting, picture]) {
    const cancelled = await fetch(one, { method: 'DELETE' })
    t.equal(cancelled.status, 200)
    t.equal(cancelled.headers.get('x-dalle-run'), 'failed')
    t.match((await json(cancelled)).data, {
      done: true,
      error: 'Generation was cancelled',
      errorCode: 'CANCELLED'
    })
  }
  t.ok(asked[0]!.signal.aborted)
  t.equal(asked.length, 1, 'what waited was never begun')
  t.same(Buffer.from(await (await fetch(picture)).arrayBuffer()), png)
  t.equal(
    (await json(await fetch(`${url}/dalle/simple/xyz`, { method: 'DELETE' }))).error.code,
    'INVALID_ADDRESS'
  )
})

t.test('with tokens, whatever changes something needs one, and nothing else does', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { url, app } = await build(t, {
    artist,
    settings: { TB_DALLE_API_TOKENS: 'first-token-of-mine,second-token-of-mine' }
  })
  const picture = `${url}/dalle/simple/${ADDRESS}`
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(64))
  const missing = `${url}/dalle/birds/${ADDRESS}`
  const guarded: Array<[string, string]> = [
    ['GET', `${missing}?generate=1`],
    ['GET', `${picture}?generate=1&force=1`],
    ['GET', `${picture}?remove=1`],
    ['GET', `${missing}?remove`],
    ['DELETE', missing],
    ['DELETE', `${url}/dalle/nope/xyz`],
    ['GET', `${url}/errors?clear=1`]
  ]
  for (const [method, path] of guarded) {
    for (const authorization of [undefined, 'Basic Zmlyc3Q=', 'Bearer', 'first-token-of-mine']) {
      const refused = await fetch(path, {
        method,
        headers: authorization === undefined ? {} : { authorization }
      })
      t.equal(refused.status, 401, `${method} ${path} ${authorization}`)
      t.equal(refused.headers.get('www-authenticate'), 'Bearer')
      t.match(await json(refused), { error: { code: 'UNAUTHORIZED', details: /Authorization: Bearer/ } })
    }
    for (const token of [
      'first-token-of-min',
      'first-token-of-mine,second-token-of-mine',
      'x'.repeat(5000)
    ]) {
      const refused = await fetch(path, { method, headers: { authorization: `Bearer ${token}` } })
      t.equal(refused.status, 403, `${method} ${path}`)
      t.equal((await json(refused)).error.code, 'FORBIDDEN')
    }
  }
  t.equal(app.progress.get('birds', ADDRESS), undefined)
  for (const path of [
    picture,
    `${picture}?generate=1`,
    missing,
    `${missing}?generate=0`,
    `${url}/v1/gallery`,
    `${url}/errors`,
    `${url}/preview`
  ]) {
    t.equal((await fetch(path)).status, 200, path)
  }
  t.equal(
    (await fetch(`${picture}?generate=1`)).headers.get('x-dalle-run'),
    'cached',
    'asking for a picture that is there is free'
  )

  const headers = { authorization: 'bearer second-token-of-mine' }
  t.equal((await fetch(`${missing}?generate=1`, { headers })).headers.get('x-dalle-run'), 'started')
  t.equal(
    (await fetch(`${missing}?generate=1`)).headers.get('x-dalle-run'),
    'joined',
    'and so is joining a run'
  )
  await until(() => asked.length === 1)
  t.equal((await fetch(missing, { method: 'DELETE', headers })).status, 200)
  t.equal(
    (await fetch(missing + '?generate=1')).headers.get('x-dalle-run'),
    'failed',
    'and hearing why it failed'
  )
  t.match(await (await fetch(`${picture}?remove=1`, { headers })).text(), /removed/)
  t.match(await (await fetch(`${url}/errors?clear=1`, { headers })).text(), /cleared/)
})

t.test('variants are made once, kept, and never stale', async (t) => {
  const { url, app, dataDir } = await build(t)
  const noise = await sharp({
    create: {
      width: 400,
      height: 450,
      channels: 3,
      background: '#999',
      noise: { type: 'gaussian', mean: 128, sigma: 40 }
    }
  })
    .png()
    .toBuffer()
  await app.pictures.stored.put('simple', ADDRESS, noise)
  const kept = async () => (await readdir(join(dataDir, 'cache/simple')).catch(() => [])).sort()
  const browser = { accept: 'image/avif,image/webp,image/apng,image/*,*/*;q=0.8' }
  const cases: Array<
    [query: string, headers: Record<string, string>, type: string, width: number, vary: boolean]
  > = [
    ['w=320', {}, 'image/png', 320, true],
    ['w=320', browser, 'image/webp', 320, true],
    ['w=320', { accept: 'image/webp;q=0, image/*' }, 'image/png', 320, true],
    ['w=320', { accept: 'text/html' }, 'image/png', 320, true],
    ['w=64&format=avif', {}, 'image/avif', 64, false],
    ['w=2048&format=jpeg', {}, 'image/jpeg', 400, false],
    ['format=webp', {}, 'image/webp', 400, false],
    ['format=png', browser, 'image/png', 400, false]
  ]
  for (const [query, headers, type, width, varies] of cases) {
    for (const path of [`/dalle/simple/${ADDRESS}`, `/files/simple/annotated/${ADDRESS}.png`]) {
      const response = await fetch(`${url}${path}?${query}`, { headers })
      t.equal(response.headers.get('content-type'), type, query)
      t.equal(/accept/i.test(response.headers.get('vary') ?? ''), varies, `${query}: Vary`)
      const bytes = Buffer.from(await response.arrayBuffer())
      t.equal((await sharp(bytes).metadata()).width, width, query)
      const etag = response.headers.get('etag')!
      t.equal(
        (await fetch(`${url}${path}?${query}`, { headers: { ...headers, 'if-none-match': etag } })).status,
        304,
        query
      )
    }
  }
  const names = await kept()
  t.equal(names.length, 5, 'both addresses share what is kept, and the PNG as it is needs no copy')
  const plain = await fetch(`${url}/dalle/simple/${ADDRESS}`)
  t.not(plain.headers.get('etag'), (await fetch(`${url}/dalle/simple/${ADDRESS}?w=320`)).headers.get('etag'))
  t.equal(
    (await fetch(`${url}/dalle/simple/${ADDRESS}?w=128`, { method: 'HEAD' })).headers.get('content-type'),
    'image/png'
  )
  t.equal(
    (await fetch(`${url}/dalle/simple/${ADDRESS}?w=320&format=webp`, { headers: { range: 'bytes=0-9' } }))
      .status,
    206
  )

  const once = await Promise.all(
    Array.from({ length: 40 }, async () =>
      (await fetch(`${url}/dalle/simple/${ADDRESS}?w=512`)).headers.get('etag')
    )
  )
  t.equal(new Set(once).size, 1, 'forty at once get the same one')

  const {
    images: [listed]
  } = (await json(await fetch(`${url}/v1/gallery`))).data
  const forever = await fetch(url + listed.thumbnailUrl)
  t.match(forever.headers.get('cache-control'), /immutable/)
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(700, '#00ff00'))
  const fresh = await sharp(
    Buffer.from(await (await fetch(`${url}/dalle/simple/${ADDRESS}?w=320`)).arrayBuffer())
  ).stats()
  t.same(
    fresh.channels.map(({ mean }) => Math.round(mean)),
    [0, 255, 0],
    'the new picture, smaller'
  )
  t.equal(
    (await fetch(url + listed.thumbnailUrl)).headers.get('cache-control'),
    'public, no-cache',
    'an old version is not kept'
  )
  await until(async () => (await kept()).length === 2)
  t.ok(
    (await kept()).every((name) => !names.includes(name)),
    'what was made of the old picture is gone'
  )

  for (const [query, word] of [
    ['w=63', '"63"'],
    ['w=321', '"321"'],
    ['w=abc', '"abc"'],
    ['w=', '""'],
    ['format=gif', '"gif"'],
    ['w=64&w=128', '2 times']
  ] as const) {
    for (const path of [`/dalle/simple/${ADDRESS}`, `/files/simple/annotated/${ADDRESS}.png`]) {
      const refused = await fetch(`${url}${path}?${query}`)
      t.equal(refused.status, 400, query)
      const { error } = await json(refused)
      t.equal(error.code, 'INVALID_REQUEST')
      t.ok(error.details.includes(word), error.details)
    }
  }
  await app.files.write(`output/simple/title/${ADDRESS}.txt`, 'a title')
  t.equal((await fetch(`${url}/files/simple/title/${ADDRESS}.txt?w=64`)).status, 400)
  t.same((await json(await fetch(`${url}/dalle/birds/${ADDRESS}?w=64`))).data, {}, 'no picture, no variant')
  t.equal((await fetch(`${url}/files/birds/annotated/${ADDRESS}.png?w=64`)).status, 404)
  await app.files.write(`output/noir/annotated/${ADDRESS}.png`, 'no picture at all')
  t.match(await json(await fetch(`${url}/dalle/noir/${ADDRESS}?w=64`)), {
    error: { code: 'IMAGE_DOWNLOAD_ERROR' }
  })
})

t.test('the cache of variants keeps to its size, and what it had is found at the next start', async (t) => {
  const { app, dataDir } = await build(t)
  const addresses = ['1', '2', '3', '4', '5', '6'].map((digit) => `0x${digit.repeat(40)}`)
  const noise = await sharp({
    create: {
      width: 256,
      height: 256,
      channels: 3,
      background: '#999',
      noise: { type: 'gaussian', mean: 128, sigma: 40 }
    }
  })
    .png()
    .toBuffer()
  for (const address of addresses) await app.pictures.stored.put('simple', address, noise)
  const open = async (variants: ReturnType<typeof createVariants>, address: string) => {
    const handle = await variants.open(
      'simple',
      address,
      { width: 128, format: 'png' },
      new AbortController().signal
    )
    const { size } = await handle!.stat()
    await handle!.close()
    return size
  }
  const first = createVariants({ files: app.files, encodeQueue: createEncodeQueue(), maxBytes: 1e9 })
  const size = await open(first, addresses[0]!)
  for (const address of addresses.slice(1, 4)) await open(first, address)
  const names = await readdir(join(dataDir, 'cache/simple'))
  t.equal(names.length, 4)
  for (const [index, name] of names.sort().entries()) {
    await utimes(join(dataDir, 'cache/simple', name), 1000 + index, 1000 + index)
  }
  await app.files.write('cache/simple/strange.txt', 'not ours')

  const second = createVariants({ files: app.files, encodeQueue: createEncodeQueue(), maxBytes: size * 4 })
  await second.load()
  const before = (await stat(join(dataDir, 'cache/simple', names[0]!))).mtimeMs
  await open(second, addresses[0]!)
  t.equal(
    (await stat(join(dataDir, 'cache/simple', names[0]!))).mtimeMs,
    before,
    'what is kept is not made again'
  )
  await open(second, addresses[4]!)
  await until(async () => (await readdir(join(dataDir, 'cache/simple'))).length === 5)
  const left = (await readdir(join(dataDir, 'cache/simple'))).map((name) => name[2]).sort()
  t.same(left, ['1', '3', '4', '5', 'r'], 'the one not asked for longest went; what is not ours stays')
})

t.test('/v1/gallery lists all pictures page by page', async (t) => {
  const { url, app, dataDir } = await build(t)
  const png = await plainPng(32)
  const expected: string[] = []
  for (let index = 0; index < 30; index += 1) {
    const series = index % 3 === 0 ? 'birds' : 'simple'
    const address = `0x${(index + 1).toString(16).padStart(40, 'a')}`
    await app.files.write(
      `output/${series}/title/${address}.txt`,
      `The ${index % 2 === 0 ? 'Quick\n  Brown' : 'Lazy'} Fox ${index}`
    )
    await app.pictures.stored.put(series, address, png)
    const time = 1_700_000_000 + index * (index % 5 === 0 ? 0 : 1)
    await utimes(join(dataDir, `output/${series}/annotated/${address}.png`), time, time)
    await app.pictures.stored.find(series, address)
    expected.push(`${series}/${address}`)
  }
  const ask = async (query: string) => (await json(await fetch(`${url}/v1/gallery?${query}`))).data
  const all = async (query: string) => {
    const found: string[] = []
    for (let cursor = ''; ;) {
      const page = await ask(`${query}&limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`)
      found.push(
        ...page.images.map(
          ({ series, address }: { series: string; address: string }) => `${series}/${address}`
        )
      )
      if (page.nextCursor === null) return { found, page }
      cursor = page.nextCursor
    }
  }
  await app.pictures.gallery.reading
  const { found: newest, page } = await all('')
  t.same([...newest].sort(), [...expected].sort(), 'each once')
  t.equal(newest[0], expected[29]!)
  t.match(page, {
    total: 30,
    unread: 0,
    series: [
      { name: 'simple', count: 20 },
      { name: 'birds', count: 10 }
    ]
  })
  t.match((await ask('limit=1')).images, [
    {
      title: 'The Lazy Fox 29',
      width: 32,
      height: 32,
      bytes: png.length,
      modifiedAt: '2023-11-14T22:13:49.000Z'
    }
  ])
  const grouped = (await all('order=series')).found
  t.same([...grouped].sort(), [...expected].sort())
  t.equal(
    grouped.findIndex((key) => key.startsWith('birds')),
    20,
    'one series after the other'
  )
  t.equal((await all('series=birds')).found.length, 10)
  t.equal((await all('series=birds&order=series')).found.length, 10)
  t.same((await all('series=none')).found, [])
  t.equal((await all('q=quick%20FOX')).found.length, 15)
  t.equal((await all('q=quick%20birds&order=series')).found.length, 5)
  t.equal((await all(`q=${expected[7]!.slice(-9).toUpperCase()}`)).found.join(), expected[7])
  t.same((await all('q=nowhere')).page, { images: [], total: 0, series: [], nextCursor: null, unread: 0 })
  t.same((await ask(`q=${ADDRESS}`)).images, [])

  const page1 = await ask('order=series&limit=5')
  await app.pictures.stored.put('birds', ADDRESS, png)
  await until(async () => (await ask('')).total === 31)
  const seen = page1.images.map(({ address }: { address: string }) => address)
  const page2 = await ask(`order=series&limit=50&cursor=${page1.nextCursor}`)
  t.equal(
    new Set([...seen, ...page2.images.map(({ address }: { address: string }) => address)]).size,
    30,
    'a picture that comes meanwhile moves no other from its page'
  )
  t.match((await ask('limit=1')).images, [
    {
      address: ADDRESS,
      checksumAddress: '0xf503017D7baF7FBC0fff7492b751025c6A78179b',
      imageUrl: new RegExp(`^/files/birds/annotated/${ADDRESS}`),
      pageUrl: `/preview/birds/${ADDRESS}`
    }
  ])
  await app.pictures.stored.remove('birds', ADDRESS)
  t.equal((await ask('')).total, 30)

  for (const [query, details] of [
    ['limit=0', /limit is "0"/],
    ['limit=201', /limit is "201"/],
    ['order=oldest', /order is "oldest"/],
    ['cursor=nonsense', /cursor is "nonsense"/],
    [`cursor=${page1.nextCursor}`, /order=series/],
    ['q=1&q=2', /2 times/]
  ] as const) {
    const refused = await fetch(`${url}/v1/gallery?${query}`)
    t.equal(refused.status, 400, query)
    t.match(await json(refused), { error: { code: 'invalid_input', details } })
  }
})

t.test('the gallery reads what lies on disk, and shows what is no PNG without a size', async (t) => {
  const first = await build(t)
  await first.app.files.write(`output/simple/annotated/${ADDRESS}.png`, 'odd')
  await first.app.files.write(`output/simple/title/${ADDRESS}.txt`, `${'long '.repeat(300)}`)
  await first.app.pictures.stored.put('birds', ADDRESS, await plainPng(48))
  await first.app.close()
  const { url, app } = await build(t, { dataDir: first.dataDir })
  await app.pictures.gallery.reading
  const { images } = (await json(await fetch(`${url}/v1/gallery`))).data
  t.match(
    images
      .map(({ series, width, title }: { series: string; width: number; title: string }) => [
        series,
        width,
        title.length
      ])
      .sort(),
    [
      ['birds', 48, 0],
      ['simple', 0, 499]
    ]
  )
  t.equal((await pollUntilDone(`${url}/dalle/birds/${ADDRESS}?generate=1`)).cacheHit, true)
})

t.test(
  'a quiet stream is kept open by comments, and a reader that comes back is not told again what it had',
  async (t) => {
    const hub = createHub({ keepAliveMs: 20 })
    t.teardown(() => hub.end())
    let announce = () => {}
    let state = { event: 'progress', id: 'run.1', data: { percent: 1 }, isMoving: false, isLast: false }
    const source = {
      read: async () => state,
      subscribe: (listener: () => void) => {
        announce = listener
        return () => {}
      },
      onError: t.threw
    }
    const told = (lastId?: string) => {
      const reader = hub.join('simple/0x', source, lastId)
      let text = ''
      reader.stream.on('data', (chunk) => {
        text += String(chunk)
      })
      return () => text
    }
    const fresh = told()
    await until(() => fresh().includes('id: run.1'))
    const back = told('run.1')
    await until(() => back().split(': still here').length > 4)
    t.notMatch(back(), 'run.1', 'it had that one')
    state = { ...state, id: 'run.2', data: { percent: 2 } }
    announce()
    await until(() => back().includes('id: run.2') && fresh().includes('id: run.2'))
  }
)

t.test('a stream that is ended takes no more', async (t) => {
  const hub = createHub()
  const reader = hub.join('x', { read: async () => undefined, subscribe: () => () => {}, onError: t.threw })
  reader.stream.on('error', t.threw).resume()
  await hub.end()
  reader.send({ id: '1', bytes: Buffer.from('data: late\n\n'), isLast: false })
  reader.end()
  await until(() => reader.stream.destroyed)
})

t.test('who listens already is told of a run that waits for its turn', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { url } = await build(t, { artist, settings: { TB_DALLE_CONCURRENCY: '1' } })
  await fetch(`${url}/dalle/simple/${ADDRESS}?generate=1`)
  const second = `${url}/dalle/simple/0x${'2'.repeat(40)}`
  const { events } = await listen(t, `${second}/events`)
  await fetch(`${second}?generate=1`)
  await until(() => events.some(({ data }) => data.queuePosition === 1))
  await until(() => asked.length === 1)
  asked[0]!.deliver()
  await until(() => asked.length === 2 && events.some(({ data }) => data.queuePosition === 0))
  asked[1]!.deliver()
  await until(() => events.at(-1)?.event === 'done')
})

t.test('variants of a series with a dot in its name do not drive each other out', async (t) => {
  const { url, app, dataDir } = await build(t)
  const addresses = ['1', '2', '3'].map((digit) => `0x${digit.repeat(40)}`)
  for (const address of addresses) {
    await app.pictures.stored.put('v1.2', address, await plainPng(128))
    await (await fetch(`${url}/files/v1.2/annotated/${address}.png?w=64`)).arrayBuffer()
  }
  t.equal((await readdir(join(dataDir, 'cache/v1.2'))).length, 3)
})

t.test(
  'a variant that cannot be kept is answered with the picture itself, and what nobody waits for is not made',
  async (t) => {
    const { url, app } = await build(t)
    await app.pictures.stored.put('simple', ADDRESS, await plainPng(128))
    await app.files.write('cache/simple', 'a file where the folder must be')
    const answer = await fetch(`${url}/dalle/simple/${ADDRESS}?w=64`)
    t.equal(answer.status, 200)
    t.equal((await sharp(await answer.arrayBuffer()).metadata()).width, 128)

    const encodeQueue = createEncodeQueue()
    const releases: Array<() => void> = []
    const { signal } = new AbortController()
    const busy = [1, 2].map(
      async () =>
        await encodeQueue.run(
          async () => await new Promise<void>((resolve) => releases.push(resolve)),
          signal
        )
    )
    const variants = createVariants({ files: app.files, encodeQueue, maxBytes: 1e9 })
    await app.pictures.stored.put('birds', ADDRESS, await plainPng(128))
    const client = new AbortController()
    const waiting = variants.open('birds', ADDRESS, { width: 64, format: 'avif' }, client.signal)
    setTimeout(() => client.abort(new Error('gone')), 50)
    await t.rejects(waiting, { message: 'gone' })
    for (const release of releases) release()
    await Promise.all(busy)
    await variants.stop()
    t.same(await app.files.list('cache/birds'), [])
  }
)

t.test('pages of other sites start, remove and clear nothing', async (t) => {
  const { url, app } = await build(t)
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(32))
  const foreign = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }
  for (const query of ['?remove=1', '?generate=1&force=1']) {
    t.equal(
      (await fetch(`${url}/dalle/simple/${ADDRESS}${query}`, { headers: foreign })).headers.get(
        'content-type'
      ),
      'image/png',
      'it may look'
    )
  }
  t.equal(
    (await fetch(`${url}/dalle/birds/${ADDRESS}?generate=1`, { headers: foreign })).headers.get(
      'x-dalle-run'
    ),
    'idle'
  )
  await fetch(`${url}/nothing`)
  await fetch(`${url}/errors?clear=1`, { headers: foreign })
  t.ok(app.metrics.report.read().total_errors > 0)
  t.equal(
    (
      await fetch(`${url}/dalle/birds/${ADDRESS}?generate=1`, {
        headers: { ...foreign, 'sec-fetch-site': 'same-origin' }
      })
    ).headers.get('x-dalle-run'),
    'started'
  )
})

t.test(
  'pages of one series after the other repeat nothing, though the newest of a series is made anew or goes',
  async (t) => {
    const { url, app } = await build(t)
    for (const series of ['a', 'b', 'c']) {
      for (let index = 0; index < 5; index += 1) {
        await app.pictures.stored.put(series, `0x${String(index).padStart(40, '0')}`, await plainPng(16))
      }
    }
    await app.pictures.gallery.reading
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { data } = await json(
        await fetch(`${url}/v1/gallery?order=series&limit=4${cursor === '' ? '' : `&cursor=${cursor}`}`)
      )
      seen.push(
        ...data.images.map(
          ({ series, address }: { series: string; address: string }) => `${series}/${address}`
        )
      )
      cursor = data.nextCursor
      await app.pictures.stored.put('c', `0x${'4'.padStart(40, '0')}`, await plainPng(17))
      await app.pictures.stored.remove('b', `0x${'4'.padStart(40, '0')}`)
    }
    t.equal(new Set(seen).size, seen.length, seen.join())
    t.ok(seen.length >= 13)
    t.equal((await json(await fetch(`${url}/v1/gallery?series=A`))).data.total, 5)
  }
)

t.test('listening to a picture that is there is no cache hit', async (t) => {
  const { url, app } = await build(t)
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(16))
  await (await fetch(`${url}/dalle/simple/${ADDRESS}/events`)).text()
  t.equal(app.progress.averages.stats.cacheHits, 0)
})
