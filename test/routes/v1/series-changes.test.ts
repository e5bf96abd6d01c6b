import { mkdir, readFile, readdir, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { ADDRESS, buildApp, json, plainPng } from '../../helper.ts'
import { buildV1, putFile } from './client.ts'

t.test('a change with If-Match is made only if the series is still the same', async (t) => {
  const server = await buildV1(t)
  const { etag } = await server.send('PUT', '/cats', { nouns: ['cat'] })
  const mine = await server.send('PUT', '/cats', { nouns: ['lynx'] }, { 'if-match': etag })
  t.equal(mine.status, 200)
  t.not(mine.etag, etag)
  for (const late of [
    await server.send('PUT', '/cats', { nouns: ['dog'] }, { 'if-match': etag }),
    await server.send('POST', '/cats/hidden', { hidden: true }, { 'if-match': etag }),
    await server.send('PUT', '/cats', {}, { 'if-match': `W/${mine.etag}` }),
    await server.send('PUT', '/cats', {}, { 'if-match': 'nonsense' }),
    await server.send('PUT', '/cats', {}, { 'if-none-match': '*' }),
    await server.send('PUT', '/cats', {}, { 'if-none-match': `W/${mine.etag}` }),
    await server.send('PUT', '/dogs', {}, { 'if-match': '*' })
  ]) {
    t.equal(late.status, 412)
    t.match(late.error, { code: 'series_changed', message: /^series_changed: /, details: /\S/ })
  }
  t.same((await server.send('GET', '/cats')).data.nouns, ['lynx'])
  t.equal((await server.send('PUT', '/cats', {}, { 'if-match': `"other", ${mine.etag}` })).status, 200)
  t.equal((await server.send('PUT', '/cats', {}, { 'if-match': '*' })).status, 200)
  t.equal((await server.send('PUT', '/dogs', {}, { 'if-none-match': '*' })).status, 200)
})

t.test('an edit of the file on disk counts as a change too', async (t) => {
  const server = await buildV1(t)
  const { etag } = await server.send('PUT', '/cats', { nouns: ['cat'] })
  await putFile(server, 'user-series/cats.json', { nouns: ['by hand'] })
  t.equal((await server.send('PUT', '/cats', {}, { 'if-match': etag })).status, 412)
  t.same((await server.send('GET', '/cats')).data.nouns, ['by hand'])
})

t.test('of many changes at once with one ETag, one is made', async (t) => {
  const server = await buildV1(t)
  const { etag } = await server.send('PUT', '/cats', { last: 1 })
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      server.send('PUT', '/cats', { last: 100 + index }, { 'if-match': etag })
    )
  )
  const made = answers.filter(({ status }) => status === 200)
  t.equal(made.length, 1)
  t.equal(answers.filter(({ status }) => status === 412).length, 19)
  t.equal((await server.send('GET', '/cats')).data.last, made[0]!.data.last)
})

t.test('without If-Match the last change wins, and the former file is kept in archives/', async (t) => {
  const server = await buildV1(t)
  for (const last of [1, 2, 3]) await server.send('PUT', '/cats', { last })
  await server.send('PUT', '/cats', { last: 3 })
  const kept = await Promise.all(
    ['cats.json', 'cats.json.2'].map(async (name) =>
      JSON.parse(await readFile(join(server.dataDir, 'archives/user-series', name), 'utf8'))
    )
  )
  t.match(kept, [{ last: 1 }, { last: 2 }])
  t.equal(
    (await readdir(join(server.dataDir, 'archives/user-series'))).length,
    2,
    'the same again adds nothing'
  )
})

t.test('a file with another spelling of the name is the one that is changed', async (t) => {
  const server = await buildV1(t)
  await putFile(server, 'user-series/My Cats.json', { nouns: ['cat'] })
  t.equal((await server.send('POST', '/my-cats/hidden', { hidden: true })).status, 200)
  t.same(await readdir(join(server.dataDir, 'user-series')), ['My Cats.json'])
  await putFile(server, 'series/old.json', { nouns: ['owl'] })
  t.match((await server.send('POST', '/old/hidden', { hidden: true })).data, {
    deleted: true,
    nouns: ['owl']
  })
  t.notOk('deleted' in JSON.parse(await readFile(join(server.dataDir, 'series/old.json'), 'utf8')))
})

t.test('a series file that cannot be written is series_invalid', async (t) => {
  const server = await buildV1(t)
  await mkdir(join(server.dataDir, 'user-series/cats.json'), { recursive: true })
  const { status, error } = await server.send('PUT', '/cats', {})
  t.equal(status, 400)
  t.match(error, { code: 'series_invalid', message: /^series_invalid: its file cannot be written: / })
  t.notMatch(JSON.stringify(error), server.dataDir)
})

t.test('wrong methods are 405 with Allow', async (t) => {
  const { ask } = await buildApp(t)
  for (const [method, path, allow] of [
    ['POST', '/v1/series', 'GET'],
    ['DELETE', '/v1/series', 'GET'],
    ['HEAD', '/v1/series', 'GET'],
    ['DELETE', '/v1/series/cats', 'GET, PUT'],
    ['HEAD', '/v1/series/cats', 'GET, PUT'],
    ['GET', '/v1/series/cats/hidden', 'POST'],
    ['PUT', '/v1/series/cats/hidden', 'POST']
  ] as const) {
    const response = await ask(path, { method })
    t.equal(response.status, 405, `${method} ${path}`)
    t.equal(response.headers.get('allow'), allow, `${method} ${path}`)
    if (method !== 'HEAD') {
      t.match(await json(response), { error: { code: 'invalid_input', message: 'method not allowed' } })
    }
  }
})

t.test('changes need a token where the server has tokens, and reading needs none', async (t) => {
  const server = await buildV1(t, { settings: { TB_DALLE_API_TOKENS: 'ops:a-token-of-this-test' } })
  const authorization = 'Bearer a-token-of-this-test'
  const wrong = { authorization: 'Bearer wrong-token-of-this-test' }
  for (const headers of [undefined, wrong]) {
    t.equal((await server.send('PUT', '/cats', 'no JSON', headers)).status, 401)
    t.equal((await server.send('POST', '/cats/hidden', {}, headers)).status, 401)
  }
  t.equal((await server.send('PUT', '/cats', {}, { authorization })).status, 200)
  t.equal((await server.send('GET', '/cats')).status, 200)
  t.equal((await server.send('POST', '/cats/hidden', { hidden: true }, { authorization })).status, 200)
})

t.test('a server that others can reach and that has no tokens lets nobody change a series', async (t) => {
  const server = await buildV1(t, { settings: { TB_DALLE_HOST: '0.0.0.0' } })
  const { status, error } = await server.send('PUT', '/cats', {})
  t.equal(status, 401)
  t.match(error, { details: /set TB_DALLE_API_TOKENS/, code: 'UNAUTHORIZED' })
})

t.test('a page of another site and a prefetch change no series', async (t) => {
  const server = await buildV1(t)
  for (const [name, value] of [
    ['sec-fetch-site', 'cross-site'],
    ['user-agent', 'Mozilla/5.0'],
    ['purpose', 'prefetch']
  ] as const) {
    t.equal((await server.send('PUT', '/cats', {}, { [name]: value })).status, 403, name)
    t.equal((await server.send('POST', '/cats/hidden', {}, { [name]: value })).status, 403, name)
  }
  t.equal(
    (await server.send('PUT', '/cats', {}, { 'user-agent': 'Mozilla/5.0', 'x-dalle-client': 'gallery' }))
      .status,
    200
  )
})

t.test('a series that the Go server has hidden comes back with its pictures when it is shown', async (t) => {
  const server = await buildV1(t)
  await putFile(server, 'user-series/cats.json', { deleted: true })
  const put = `output/cats.deleted/annotated/${ADDRESS}.png`
  await server.app.files.write(put, await plainPng(16))
  const then = new Date('2025-01-02T03:04:05Z')
  await utimes(join(server.dataDir, put), then, then)
  t.equal((await server.ask(`/dalle/cats.deleted/${ADDRESS}`)).status, 400, 'its folder is no series')
  t.equal((await server.ask(`/dalle/cats/${ADDRESS}`)).status, 400)
  t.equal((await server.send('POST', '/cats/hidden', { hidden: false })).status, 200)
  const { data } = await json(await server.ask('/v1/gallery?series=cats'))
  t.match(data, { total: 1, images: [{ modifiedAt: then.toISOString() }] }, 'it is as old as it was')
  t.equal((await server.ask(`/dalle/cats/${ADDRESS}`)).headers.get('content-type'), 'image/png')
  t.same(await readdir(join(server.dataDir, 'output')), ['cats'])
})

t.test('a picture that is in both folders of a shown series stays in both', async (t) => {
  const server = await buildV1(t)
  await putFile(server, 'user-series/cats.json', { deleted: true })
  await putFile(server, 'output/cats/title/one.txt', 'new')
  await putFile(server, 'output/cats.deleted/title/one.txt', 'old')
  await putFile(server, 'output/cats.deleted/title/two.txt', 'old')
  t.equal((await server.send('POST', '/cats/hidden', {})).status, 200)
  const read = async (path: string) => await readFile(join(server.dataDir, 'output', path), 'utf8')
  t.same(await Promise.all(['cats/title/one.txt', 'cats/title/two.txt'].map(read)), ['new', 'old'])
  t.equal(await read('cats.deleted/title/one.txt'), 'old')
  t.same(await readdir(join(server.dataDir, 'output/cats.deleted/title')), ['one.txt'])
})

t.test('a file of a series, and its former one, are read by their owner only', async (t) => {
  const server = await buildV1(t)
  for (const last of [1, 2]) await server.send('PUT', '/cats', { last })
  const modeOf = async (path: string) => (await stat(join(server.dataDir, path))).mode & 0o777
  t.equal(await modeOf('user-series/cats.json'), 0o600)
  t.equal(await modeOf('archives/user-series/cats.json'), 0o600)
  t.equal((await modeOf('user-series')) & ~0o750, 0)
})
