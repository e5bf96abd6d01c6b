import t from 'tap'
import { ADDRESS, bodyOf, build, buildApp, json, noisyPng, plainPng, sha256 } from '../../helper.ts'

t.test('a picture can be revalidated, read in ranges and asked for with HEAD', async (t) => {
  const { ask: request, app } = await buildApp(t)
  const picture = `/dalle/simple/${ADDRESS}`
  const bytes = await plainPng()
  await app.pictures.stored.put('simple', ADDRESS, bytes)
  for (const path of [picture, `/files/simple/annotated/${ADDRESS}.png`]) {
    const ask = (headers: Record<string, string>, method = 'GET') => request(path, { method, headers })
    const plain = await ask({})
    const etag = plain.headers.get('etag')!
    const modified = plain.headers.get('last-modified')!
    t.match(etag, /^"[0-9a-z]+-[0-9a-z]+"$/)
    t.equal(plain.headers.get('cache-control'), 'public, no-cache')
    t.equal(plain.headers.get('content-length'), String(bytes.length))
    t.equal(sha256(await bodyOf(plain)), sha256(bytes))

    t.equal((await ask({ 'if-none-match': etag })).status, 304)
    t.equal((await ask({ 'if-none-match': `"other", W/${etag}` })).status, 304)
    t.equal((await ask({ 'if-none-match': '"other"' })).status, 200)
    t.equal((await ask({ 'if-modified-since': modified })).status, 304)
    t.equal((await ask({ 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' })).status, 200)
    t.equal(
      (await ask({ 'if-none-match': '"other"', 'if-modified-since': modified })).status,
      200,
      'If-None-Match overrides If-Modified-Since'
    )

    const part = await ask({ range: 'bytes=100-299' })
    t.equal(part.status, 206)
    t.equal(part.headers.get('content-range'), `bytes 100-299/${bytes.length}`)
    t.same(await bodyOf(part), bytes.subarray(100, 300))
    t.same(await bodyOf(await ask({ range: 'bytes=-10' })), bytes.subarray(-10))
    t.same(await bodyOf(await ask({ range: `bytes=${bytes.length - 5}-` })), bytes.subarray(-5))
    t.equal((await ask({ range: 'bytes=0-9', 'if-range': etag })).status, 206)
    t.equal((await ask({ range: 'bytes=0-9', 'if-range': '"older"' })).status, 200)
    t.equal((await ask({ range: 'nonsense' })).status, 200)
    const beyond = await ask({ range: 'bytes=99999999-' })
    t.equal(beyond.status, 416)
    t.equal(beyond.headers.get('content-range'), `bytes */${bytes.length}`)
    t.equal((await json(beyond)).error.code, 'INVALID_REQUEST')

    const beyondHead = await ask({ range: 'bytes=99999999-' }, 'HEAD')
    t.equal(beyondHead.status, 200, 'HEAD ignores Range')
    const partHead = await ask({ range: 'bytes=0-9' }, 'HEAD')
    t.equal(partHead.status, 200)
    t.equal(partHead.headers.get('content-length'), String(bytes.length))
    t.equal(partHead.headers.get('content-range'), null)
    const head = await ask({}, 'HEAD')
    t.equal(head.headers.get('etag'), etag)
    t.equal(head.headers.get('content-length'), String(bytes.length))
    t.equal((await bodyOf(head)).length, 0)
  }
})

t.test('a large picture is streamed whole, and two pictures are never mixed', async (t) => {
  const { url, app } = await build(t)
  const pictures = await Promise.all(
    ['#102030', '#c0d0e0'].map((background) => noisyPng(900, 900, background))
  )
  const known = new Set(pictures.map(sha256))
  await app.pictures.stored.put('simple', ADDRESS, pictures[0]!)
  t.ok(pictures[0]!.length > 1_000_000, 'larger than one chunk')
  const progress = { isReplacing: true, responses: 0, unknown: 0 }
  const writer = (async () => {
    for (let turn = 0; turn < 60; turn += 1) {
      await app.pictures.stored.put('simple', ADDRESS, pictures[turn % 2]!)
    }
    progress.isReplacing = false
  })()
  while (progress.isReplacing) {
    const paths = [`/dalle/simple/${ADDRESS}`, `/files/simple/annotated/${ADDRESS}.png`]
    for (const response of await Promise.all(paths.map((path) => fetch(url + path)))) {
      progress.responses += 1
      if (!known.has(sha256(await bodyOf(response)))) progress.unknown += 1
    }
  }
  await writer
  t.ok(progress.responses > 0)
  t.equal(progress.unknown, 0, 'every response is one of the two pictures')
})
