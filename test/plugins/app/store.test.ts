import { once } from 'node:events'
import { get } from 'node:http'
import t from 'tap'
import type { Test } from 'tap'
import {
  ADDRESS,
  bodyOf,
  build,
  buildApp,
  json,
  noisyPng,
  pollUntilDone,
  sha256,
  until
} from '../../helper.ts'
import { createTestDatabase, noPostgres } from '../../peers/postgres.ts'
import { startStore } from '../../peers/s3.ts'
import { NO_ENHANCEMENT, addressOf, buildWithOpenAi } from './with-openai.ts'

const PICTURE = `/dalle/simple/${ADDRESS}`
const FILE = `/files/simple/annotated/${ADDRESS}.png`
const OTHER = `0x${'b'.repeat(40)}`

/** Services on different machines: they share a database and a bucket, and nothing else. */
async function open(t: Test) {
  const peer = await startStore(t)
  const shared: Record<string, string> = {
    TB_DALLE_DATABASE_URL: await createTestDatabase(),
    ...peer.settings
  }
  const start = async (settings: Record<string, string> = {}) =>
    await buildApp(t, { settings: { ...shared, ...settings } })
  return { peer, shared, start }
}

async function run(): Promise<void> {
  const { peer, shared, start } = await open(t)
  const a = await start()
  const b = await start()

  await t.test('a picture that one service makes is served by another one with another folder', async (t) => {
    t.equal((await pollUntilDone(`${PICTURE}?generate=1`, a.ask)).error, '')
    const made = await a.ask(FILE)
    const found = await b.ask(FILE)
    t.equal(found.status, 200)
    const [bytes, etag] = [await bodyOf(made), made.headers.get('etag')!]
    t.equal(sha256(await bodyOf(found)), sha256(bytes))
    t.strictSame(
      [found.headers.get('etag'), found.headers.get('last-modified'), found.headers.get('cache-control')],
      [etag, made.headers.get('last-modified'), 'public, no-cache']
    )
    t.match(etag, /^"/, 'the ETag is strong')
    const keys = peer.requests.filter((request) => request.startsWith('PUT output/simple/annotated/'))
    t.equal(keys.length, 1)

    const part = await b.ask(FILE, { headers: { range: 'bytes=1-3' } })
    t.strictSame([part.status, String(await bodyOf(part))], [206, 'PNG'])
    t.equal(part.headers.get('content-range'), `bytes 1-3/${bytes.length}`)
    const beyond = await b.ask(FILE, { headers: { range: `bytes=${bytes.length}-` } })
    t.strictSame([beyond.status, beyond.headers.get('content-range')], [416, `bytes */${bytes.length}`])
    const head = await b.ask(FILE, { method: 'HEAD' })
    t.strictSame([head.status, head.headers.get('content-length')], [200, String(bytes.length)])
    for (const path of [
      `${FILE}?w=320`,
      `/avatar/simple/${ADDRESS}`,
      `/files/simple/generated/${ADDRESS}.png`
    ]) {
      t.equal((await b.ask(path)).status, 200, path)
    }
    const versioned = await b.ask(`${FILE}?v=${etag.slice(1, -1)}`)
    t.match(versioned.headers.get('cache-control'), /immutable/)
    t.match((await json(await b.ask(`${PICTURE}?generate=1`))).data, {
      cacheHit: true
    })
  })

  await t.test('a client with a current copy costs the store nothing', async (t) => {
    const fresh = await start()
    const etag = (await b.ask(FILE)).headers.get('etag')!
    const before = peer.requests.length
    const same = await fresh.ask(FILE, { headers: { 'if-none-match': etag } })
    t.strictSame([same.status, same.headers.get('etag')], [304, etag])
    t.equal(peer.requests.length, before)
    t.equal((await fresh.ask(FILE, { headers: { 'if-none-match': '"other"' } })).status, 200)
  })

  await t.test('what one service removes, another one restores', async (t) => {
    t.equal((await b.ask(`/v1/images/${ADDRESS}`, { method: 'DELETE' })).status, 200)
    t.equal((await a.ask(FILE)).status, 404)
    const restored = await a.ask(`/v1/images/${ADDRESS}/restore?series=simple`, { method: 'POST' })
    t.equal(restored.status, 200, await restored.clone().text())
    t.equal((await b.ask(FILE)).status, 200)
    t.equal((await b.ask(`/files/simple/generated/${ADDRESS}.png`)).status, 200)
  })

  await t.test('a series that one service takes is offered by the others', async (t) => {
    const body = JSON.stringify({ suffix: 'mine' })
    const headers = { 'content-type': 'application/json', 'if-none-match': '*' }
    const puts = [a, b].map(
      async ({ ask }) => (await ask('/v1/series/mine', { method: 'PUT', headers, body })).status
    )
    const statuses = await Promise.all(puts)
    t.strictSame(
      statuses.filter((status) => status === 412).length,
      1,
      'of two that write it new, one is refused'
    )
    for (const { ask } of [a, b]) await until(async () => (await ask('/v1/series/mine')).status === 200)
  })

  await t.test(
    'while the store is away, pictures that are not in memory are 503, and all else goes on',
    async (t) => {
      const empty = await start()
      t.teardown(() => peer.fail(undefined))
      await b.ask(FILE)
      peer.fail('reset')
      const away = await empty.ask(FILE)
      t.strictSame([away.status, away.headers.get('retry-after')], [503, '5'])
      t.notMatch(away.headers.get('cache-control'), /public/)
      t.strictSame((await json(away)).error.details, 'Ask again in a moment')
      t.equal((await b.ask(FILE)).status, 200, 'from memory')
      t.equal((await empty.ask('/v1/gallery')).status, 200)
      const refused = await empty.ask(`/dalle/simple/${OTHER}?generate=1`)
      t.strictSame([refused.status, refused.headers.get('retry-after')], [503, '5'])
      t.match((await json(refused)).error, { code: 'SERVICE_UNAVAILABLE' })
      const { components } = (await json(await empty.ask('/health'))).data
      t.match(components.filesystem, { status: 'degraded', message: /^The object store does not answer/ })
      peer.fail(undefined)
      await until(async () => (await empty.ask(FILE)).status === 200)
    }
  )

  await t.test(
    'a picture that the store cuts ends the connection, so that nothing half looks whole',
    async (t) => {
      const { app, url } = await build(t, { settings: { ...shared, TB_DALLE_MEMORY_MB: '0' } })
      const png = await noisyPng(1_200)
      await app.pictures.stored.put('simple', OTHER, png)
      const path = `${url}/files/simple/annotated/${OTHER}.png`
      t.strictSame(await bodyOf(await fetch(path)), png, 'streamed')
      peer.fail('cut', 1, 'GET')
      const [response] = await once(get(path), 'response')
      t.equal(Number(response.headers['content-length']), png.length)
      response.resume()
      const [error] = await once(response, 'error')
      t.match(error, { code: 'ECONNRESET' })
      peer.fail(undefined)
    }
  )

  await t.test(
    'an answer that the store refuses is kept as soon as it takes it, and paid once',
    async (t) => {
      // All processes of one database draw in the same way.
      const { peer, shared } = await open(t)
      const { make, openai, url } = await buildWithOpenAi(t, { settings: { ...shared, ...NO_ENHANCEMENT } })
      peer.fail(503, 6, 'PUT runs/answers/')
      t.equal((await make(addressOf(1))).error, '')
      peer.fail(undefined)
      t.equal(openai.count('image'), 1)
      t.equal((await fetch(`${url}/files/simple/annotated/${addressOf(1)}.png`)).status, 200)
      const removed = `DELETE runs/answers/simple/${addressOf(1)}.draw`
      await until(() => peer.requests.includes(removed))
    }
  )

  await t.test('a bucket that cannot be used ends the start with one sentence', async (t) => {
    const failure = async (settings: Record<string, string>) =>
      await start(settings).then(
        () => 'started',
        (error: unknown) => (error as Error).message
      )
    const line = (reason: string) => `the bucket of TB_DALLE_S3_URL cannot be used: ${reason}.`
    t.equal(
      await failure({ TB_DALLE_S3_SECRET_ACCESS_KEY: 'wrong' }),
      line('the object store refuses the secret key')
    )
    t.equal(
      await failure({ TB_DALLE_S3_URL: shared.TB_DALLE_S3_URL!.replace('pictures', 'missing') }),
      line('the bucket does not exist')
    )
    t.equal(await failure({ TB_DALLE_S3_URL: 'http://127.0.0.1:9/pictures' }), line('it does not answer'))
  })
}

if (noPostgres !== false) t.plan(0, noPostgres)
else await run()
