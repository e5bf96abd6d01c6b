import { connect } from 'node:net'
import t from 'tap'
import { listen, openStreams } from '../../event-stream.ts'
import { ADDRESS, build, buildApp, createScriptedArtist, json, plainPng, until } from '../../helper.ts'

t.test('the events of a picture show its run, and the stream ends with the run', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { url, app } = await build(t, { artist })
  const picture = `${url}/dalle/simple/${ADDRESS}`
  const early = await listen(t, `${picture}/events`)
  t.equal(early.response.headers.get('content-type'), 'text/event-stream')
  t.equal(early.response.headers.get('cache-control'), 'no-store')
  t.match(early.response.headers.get('x-request-id'), /^[0-9a-f]{8}$/)
  t.equal(await app.engine.runs.last('simple', ADDRESS), undefined, 'a stream starts no run')

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
  t.equal(await openStreams(app), 0)

  const again = await listen(t, `${picture}/events`)
  await again.ended
  t.match(
    again.events,
    [{ event: 'done', data: { runId, done: true, percent: 100 } }],
    'a stream that opens after the end has only the last event'
  )
  const known = await fetch(`${picture}/events`, { headers: { 'last-event-id': again.events[0]!.id } })
  t.equal(known.status, 204, 'a client that has the last event need not reconnect')
})

t.test('without a run and a picture the stream waits for the next run', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { url, app } = await build(t, { artist })
  const picture = `${url}/dalle/simple/${ADDRESS}`
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(16))
  await app.pictures.stored.remove('simple', ADDRESS)
  const { events, ended } = await listen(t, `${picture}/events`)
  const { data } = await json(await fetch(`${picture}?generate=1`))
  await until(() => asked.length === 1)
  asked[0]!.deliver()
  await ended
  t.ok(events.length > 0)
  t.ok(
    events.every((event) => event.data.runId === data.runId),
    'no event before the run'
  )
})

t.test('HEAD sends the headers of a stream, and an invalid path is an error', async (t) => {
  const { ask } = await buildApp(t)
  for (const path of [`/dalle/simple/${ADDRESS}/events`, '/events']) {
    const head = await ask(path, { method: 'HEAD' })
    t.equal(head.headers.get('content-type'), 'text/event-stream')
    t.equal(await head.text(), '')
  }
  t.equal((await json(await ask(`/dalle/nope/${ADDRESS}/events`))).error.code, 'INVALID_SERIES')
})

t.test('a client resumes a broken stream, and later clients receive the error of the run', async (t) => {
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

t.test('a client that does not read misses old events, and receives the last one', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { url, app } = await build(t, { artist })
  const picture = `/dalle/simple/${ADDRESS}`
  await fetch(`${url}${picture}?generate=1`)
  await until(() => asked.length > 0)
  const reader = await listen(t, `${url}${picture}/events`)
  const socket = connect(Number(new URL(url).port), '127.0.0.1').pause()
  socket.write(`GET ${picture}/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  await until(async () => (await openStreams(app)) === 2)
  const run = app.engine.local.oldest(1)[0]!
  const turns = 20
  for (let turn = 0; turn < turns; turn += 1) {
    const prompt = `turn ${turn}. ${'x'.repeat(1_000_000)}`
    run.dress.enhancedPrompt = prompt
    run.begin('image_wait')
    await until(() => reader.events.at(-1)?.data.dalleDress.enhancedPrompt === prompt)
  }
  asked[0]!.deliver()
  await reader.ended
  let text = ''
  for await (const chunk of socket.resume()) text += String(chunk)
  const received = new Set([...text.matchAll(/turn (\d+)\./g)].map(([, turn]) => turn))
  t.ok(received.size < turns, `${received.size} of ${turns} events were kept for it`)
  t.match(text.slice(text.lastIndexOf('event: ')), /^event: done\n.*"percent":100/)
})

t.test(
  'many streams of one run are served together, and end before the run when the server stops',
  async (t) => {
    const { artist, asked } = createScriptedArtist()
    const { url, app } = await build(t, { artist })
    const picture = `${url}/dalle/simple/${ADDRESS}`
    await fetch(`${picture}?generate=1`)
    await until(() => asked.length > 0)
    const readers = await Promise.all(Array.from({ length: 300 }, () => listen(t, `${picture}/events`)))
    await until(() => readers.every(({ events }) => events.length > 0))
    t.equal(await openStreams(app), 300)
    app.engine.local.oldest(1)[0]!.begin('image_wait')
    const { data } = await json(await fetch(picture))
    t.match(data, { done: false, currentPhase: 'image_wait' }, 'other requests are answered')
    const unread = connect(Number(new URL(url).port), '127.0.0.1').pause()
    unread
      .on('error', () => {})
      .write(`GET /dalle/simple/${ADDRESS}/events HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    await until(async () => (await openStreams(app)) === 301)

    const closed = app.close()
    await Promise.all(readers.map(({ ended }) => ended))
    await until(async () => (await openStreams(app)) === 0)
    t.equal((await app.engine.runs.last('simple', ADDRESS))!.done, false, 'the run works on')
    asked[0]!.deliver()
    await closed
    unread.destroy()
  }
)

t.test('a stream shows how its run moves through the queue', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { url } = await build(t, { artist, settings: { TB_DALLE_CONCURRENCY: '1' } })
  await fetch(`${url}/dalle/simple/${ADDRESS}?generate=1`)
  const second = `${url}/dalle/simple/0x${'2'.repeat(40)}`
  const { events, ended } = await listen(t, `${second}/events`)
  await fetch(`${second}?generate=1`)
  await until(() => asked.length === 1 && events.length > 0)
  asked[0]!.deliver()
  await until(() => asked.length === 2 && events.at(-1)?.data.queuePosition === 0)
  asked[1]!.deliver()
  await ended
  t.match(events[0], { event: 'progress', data: { queuePosition: 1, currentPhase: 'setup' } })
  t.match(events.at(-1), { event: 'done', data: { queuePosition: 0, error: '' } })
})

t.test('a stream of an existing picture is no cache hit', async (t) => {
  const { url, app } = await build(t)
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(16))
  let cacheHits = 0
  app.engine.averages.addCacheHit = () => {
    cacheHits += 1
  }
  t.match(await (await fetch(`${url}/dalle/simple/${ADDRESS}/events`)).text(), /^event: done$/m)
  t.equal(cacheHits, 0)
})
