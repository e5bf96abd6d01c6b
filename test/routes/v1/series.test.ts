import { readFile, readdir, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { ADDRESS, json, plainPng } from '../../helper.ts'
import { buildV1, putFile } from './client.ts'

const FILTERS = [
  'adverbs',
  'adjectives',
  'nouns',
  'emotions',
  'occupations',
  'actions',
  'artstyles',
  'litstyles',
  'colors',
  'viewpoints',
  'gazes',
  'backstyles',
  'compositions'
]

t.test('GET /v1/series lists the built-in series and those of the user by name', async (t) => {
  const server = await buildV1(t)
  await putFile(server, 'user-series/my-cats.json', { nouns: ['cat'], modifiedAt: 'stored', last: 3 })
  await utimes(join(server.dataDir, 'user-series/my-cats.json'), 1_700_000_000.7, 1_700_000_000.7)
  await putFile(server, 'user-series/happy.json', { purpose: 'mine' })
  await putFile(server, 'user-series/gone.json', { deleted: true })
  await putFile(server, 'user-series/broken.json', '{')
  await putFile(server, 'user-series/inner/nested.json', {})
  await server.app.dresses.series.reload()
  const names = async (query: string) =>
    ((await server.send('GET', query)).data as Array<{ suffix: string }>).map(({ suffix }) => suffix)

  const shown = await names('')
  t.same(shown, [...shown].sort(), 'by name')
  t.equal(new Set(shown).size, shown.length, 'a series of the user replaces a built-in one')
  t.ok(shown.includes('empty') && shown.includes('happy') && shown.includes('my-cats'))
  t.notOk(shown.includes('gone'), 'hidden ones are left out')
  t.notOk(shown.includes('broken') || shown.includes('nested') || shown.includes('inner'))
  t.same(await names('?onlyHidden=1'), ['gone'])
  t.same(await names('?onlyHidden=1&includeHidden=1'), ['gone'], 'onlyHidden wins')
  t.same(await names('?includeHidden=1'), [...shown, 'gone'].sort())
  t.same(await names('?includeHidden=true&onlyHidden=yes'), shown, 'only 1 has an effect')

  const { data, response } = await server.send('GET', '')
  t.equal(response.headers.get('cache-control'), 'no-store')
  const find = (name: string) => data.find(({ suffix }: { suffix: string }) => suffix === name)
  t.match(find('my-cats'), { last: 3, source: 'user', modifiedAt: '2023-11-14T22:13:20Z', nouns: ['cat'] })
  t.match(find('happy'), { source: 'user', purpose: 'mine' })
  t.same(
    Object.keys(find('birds')),
    ['suffix', 'purpose', ...FILTERS, 'source'],
    'the keys of the Go server, in its order; what is empty is left out'
  )
  t.same(find('birds').adverbs, null)
  t.match(find('birds'), { source: 'builtin' })
})

t.test('PUT /v1/series/{name} writes a series, and GET reads it', async (t) => {
  const server = await buildV1(t)
  const put = await server.send('PUT', '/Test%20Series', { last: 7, purpose: 'test' })
  t.equal(put.status, 200)
  t.match(put.data, { suffix: 'test-series', last: 7, purpose: 'test', source: 'user', nouns: null })
  const got = await server.send('GET', '/Test%20Series')
  t.same(got.data, put.data, 'the answer is the series as GET gives it')
  t.match(got.etag, /^"[0-9a-f]{32}"$/)
  t.equal(got.etag, put.etag)
  t.match((await server.send('GET', '/TEST-series')).data, { last: 7 })

  const sent = {
    SUFFIX: ' Test Series ',
    last: 0,
    deleted: false,
    modifiedAt: 'then',
    version: 'v2',
    source: 'builtin',
    nouns: ['otter', '<&>'],
    adverbs: [],
    gazes: null,
    places: ['Malta'],
    tropes: null,
    ColorLimit: 'two',
    unknown: 1
  }
  const replaced = await server.send('PUT', '/test-series', sent)
  t.match(replaced.data, {
    modifiedAt: 'then',
    version: 'v2',
    source: 'user',
    adverbs: [],
    places: ['Malta']
  })
  t.notOk('purpose' in replaced.data || 'last' in replaced.data, 'the whole series is replaced')
  const text = await readFile(join(server.dataDir, 'user-series/test-series.json'), 'utf8')
  t.same(
    JSON.parse(text),
    {
      suffix: 'test-series',
      ...Object.fromEntries(FILTERS.map((name) => [name, null])),
      nouns: ['otter', '<&>'],
      adverbs: [],
      places: ['Malta'],
      colorLimit: 'two',
      modifiedAt: 'then',
      version: 'v2',
      source: 'builtin'
    },
    'the file has what was sent, and no unknown keys'
  )
  t.match(text, /^\{\n {2}"suffix"[^]*\n\}$/, 'two spaces, no final newline')
  t.match(text, '\\u003c\\u0026\\u003e', 'escaped as the Go server does')
  t.same(
    await readdir(join(server.dataDir, 'user-series')),
    ['test-series.json'],
    'no temporary file is left'
  )
})

t.test('a series that was saved or hidden is so for /dalle at once', async (t) => {
  const { send, ask, app } = await buildV1(t)
  t.equal((await ask(`/dalle/new-one/${ADDRESS}`)).status, 400)
  await send('PUT', '/new-one', { nouns: [',penguins,'] })
  t.equal((await ask(`/dalle/new-one/${ADDRESS}`)).status, 200)
  await send('PUT', '/new-one', { nouns: ['otter'] })
  t.match(await app.dresses.series.get('new-one'), { nouns: ['otter'] })
  await send('POST', '/new-one/hidden', { hidden: true })
  t.match(await json(await ask(`/dalle/new-one/${ADDRESS}`)), { error: { code: 'INVALID_SERIES' } })
  await send('POST', '/new-one/hidden', { hidden: false })
  t.equal((await ask(`/dalle/new-one/${ADDRESS}`)).status, 200)
})

t.test('two changes of the same size within one tick of the clock are both seen', async (t) => {
  const server = await buildV1(t)
  for (let last = 1; last <= 9; last += 1) {
    t.equal((await server.send('PUT', '/quick', { last })).data.last, last)
    await utimes(join(server.dataDir, 'user-series/quick.json'), 1_700_000_000, 1_700_000_000)
  }
})

t.test('GET finds hidden series, and answers 404 for unknown names', async (t) => {
  const server = await buildV1(t)
  await server.send('PUT', '/cats', { deleted: true, modifiedAt: 'stored' })
  t.match((await server.send('GET', '/cats')).data, { deleted: true, modifiedAt: 'stored' })
  t.match((await server.send('GET', '/noir')).data, { suffix: 'noir', source: 'builtin' })
  for (const name of [
    'nosuch',
    '%20',
    'a%00b',
    'a%2Fb',
    '..',
    '..%2Fsettings',
    'constructor',
    'x'.repeat(300)
  ]) {
    const { status, error } = await server.send('GET', `/${name}`)
    t.equal(status, 404, name)
    if (name !== '..') {
      t.match(error, { code: 'series_not_found', message: 'series_not_found: series was not found' }, name)
    }
  }
})

t.test('names are made safe for paths, and names that no file can have are refused', async (t) => {
  const server = await buildV1(t)
  for (const [name, suffix] of [
    ['A%2Fb', 'a-b'],
    ['a..c', 'a-c'],
    ['..%2F..%2Fup', '----up'],
    ['%20Trimmed%20', 'trimmed'],
    ['%E2%82%AC', '€'],
    ['%20', 'unknown']
  ] as const) {
    const { status, data } = await server.send('PUT', `/${name}`, {})
    t.equal(status, 200, name)
    t.equal(data.suffix, suffix, name)
  }
  for (const name of ['a%00b', '%00', '.hidden', 'a%5Cb', 'a%0Ab', 'x'.repeat(300), 'x.deleted']) {
    const { status, error } = await server.send('PUT', `/${name}`, {})
    t.equal(status, 400, name)
    t.match(error, { code: 'series_invalid', message: /^series_invalid: [^]*cannot be the name of a/ }, name)
  }
  t.same(
    (await readdir(server.dataDir, { recursive: true })).filter((file) => file.endsWith('.json')).sort(),
    ['----up', 'a-b', 'a-c', 'trimmed', 'unknown', '€'].map((name) => `user-series/${name}.json`).sort()
  )
})

t.test('PUT refuses a suffix that is not that of the path, and built-in series', async (t) => {
  const server = await buildV1(t)
  const other = await server.send('PUT', '/one', { suffix: 'two' })
  t.equal(other.status, 400)
  t.match(other.error, { code: 'series_invalid', message: /^series_invalid: suffix is "two", .*"one"/ })
  t.equal((await server.send('PUT', '/my-cats', { suffix: 'My Cats' })).status, 200)
  await putFile(server, 'user-series/happy.json', {})
  for (const name of ['birds', 'BIRDS', 'happy']) {
    for (const refused of [
      await server.send('PUT', `/${name}`, {}),
      await server.send('POST', `/${name}/hidden`, { hidden: true })
    ]) {
      t.equal(refused.status, 400, name)
      t.match(refused.error, {
        code: 'series_invalid',
        message: 'series_invalid: cannot modify built-in series'
      })
    }
  }
})

t.test('a body that is no series is invalid_input', async (t) => {
  const server = await buildV1(t)
  for (const body of [
    '',
    'no JSON',
    '[]',
    '"text"',
    '{"nouns": "otter"}',
    '{"nouns": [1]}',
    '{"last": "7"}',
    '{"last": 1.5}',
    '{"last": 1e300}',
    '{"deleted": 1}',
    '{"purpose": {}}'
  ]) {
    const { status, error } = await server.send('PUT', '/cats', body)
    t.equal(status, 400, body)
    t.match(error, { code: 'invalid_input', message: 'invalid JSON request' }, body)
  }
  for (const body of ['', '{"hidden": "yes"}', '{"hidden": 1}']) {
    const { status, error } = await server.send('POST', '/cats/hidden', body)
    t.equal(status, 400, body)
    t.match(error, { code: 'invalid_input', message: 'invalid JSON request' }, body)
  }
  t.equal((await server.send('GET', '/cats')).status, 404, 'nothing was saved')
  t.equal(
    (await server.send('PUT', '/cats', '{"LAST": 3} and more', { 'content-type': 'text/plain' })).status,
    200
  )
  t.equal((await server.send('GET', '/cats')).data.last, 3)
})

t.test(
  'a body of 10 MB is refused, and so is a series whose file would be too large to be read',
  async (t) => {
    const server = await buildV1(t)
    const huge = await server.send('PUT', '/cats', `{"nouns": ["${'a'.repeat(10_000_000)}"]}`)
    t.equal(huge.status, 413)
    const { status, error } = await server.send('PUT', '/cats', { nouns: ['<'.repeat(900_000)] })
    t.equal(status, 400)
    t.match(error, { code: 'series_invalid', message: /its file would have \d+ bytes/ })
    t.equal((await server.send('GET', '/cats')).status, 404)
  }
)

t.test('a series whose filters leave nothing is saved, and the answer says where', async (t) => {
  const server = await buildV1(t)
  const saved = await server.send('PUT', '/void', {
    nouns: ['no such noun'],
    tropes: ['no such trope'],
    colors: ['blue']
  })
  t.equal(saved.status, 200)
  t.same(saved.data.empty, ['nouns', 'tropes'])
  t.same((await server.send('GET', '/void')).data.empty, ['nouns', 'tropes'])
  t.equal((await server.ask(`/dalle/void/${ADDRESS}`)).status, 200)
  t.notOk('empty' in (await server.send('PUT', '/void', { nouns: ['otter'] })).data)
})

t.test('POST hidden sets the mark, keeps the pictures, and finds series of the user only', async (t) => {
  const server = await buildV1(t)
  await server.send('PUT', '/cats', { nouns: ['cat'], last: 4 })
  await server.app.pictures.stored.put('cats', ADDRESS, await plainPng(16))
  const hidden = await server.send('POST', '/cats/hidden', { HIDDEN: true })
  t.equal(hidden.status, 200)
  t.match(hidden.data, { suffix: 'cats', deleted: true, last: 4, nouns: ['cat'] })
  t.match(JSON.parse(await readFile(join(server.dataDir, 'user-series/cats.json'), 'utf8')), {
    deleted: true
  })
  t.ok((await stat(join(server.dataDir, `output/cats/annotated/${ADDRESS}.png`))).isFile())
  t.equal((await server.ask(`/dalle/cats/${ADDRESS}`)).headers.get('content-type'), 'image/png')

  const listed = async (path: string) => (await (await server.ask(path)).text()).includes('cats')
  for (const path of ['/series', '/v1/series', '/v1/gallery', '/preview']) {
    t.notOk(await listed(path), `${path} does not list a hidden series`)
  }
  t.equal((await json(await server.ask('/v1/gallery'))).data.total, 0)
  const shown = await server.send('POST', '/cats/hidden', {})
  t.notOk('deleted' in shown.data, 'absent is false')
  for (const path of ['/series', '/v1/series', '/v1/gallery', '/preview']) t.ok(await listed(path), path)

  const missing = await server.send('POST', '/nosuch/hidden', { hidden: true })
  t.equal(missing.status, 404)
  t.match(missing.error, { code: 'series_not_found', message: 'series_not_found: series was not found' })
})
