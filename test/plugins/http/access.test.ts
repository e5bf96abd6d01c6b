import t from 'tap'
import type { Test } from 'tap'
import { ADDRESS, buildApp, createScriptedArtist, json, plainPng, until } from '../../helper.ts'

t.test('with tokens, only requests that change something need one', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { ask, app } = await buildApp(t, {
    artist,
    settings: { TB_DALLE_API_TOKENS: 'first-token-of-mine,second-token-of-mine' }
  })
  const picture = `/dalle/simple/${ADDRESS}`
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(64))
  const missing = `/dalle/birds/${ADDRESS}`
  const guarded: Array<[string, string]> = [
    ['GET', `${missing}?generate=1`],
    ['GET', `${picture}?generate=1&force=1`],
    ['GET', `${picture}?remove=1`],
    ['GET', `${missing}?remove`],
    ['DELETE', missing],
    ['DELETE', `/dalle/nope/xyz`],
    ['GET', `/errors?clear=1`]
  ]
  for (const [method, path] of guarded) {
    for (const authorization of [undefined, 'Basic Zmlyc3Q=', 'Bearer', 'first-token-of-mine']) {
      const refused = await ask(path, {
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
      const refused = await ask(path, { method, headers: { authorization: `Bearer ${token}` } })
      t.equal(refused.status, 401, `${method} ${path}`)
      t.equal(refused.headers.get('www-authenticate'), 'Bearer error="invalid_token"')
      t.match(await json(refused), { error: { code: 'UNAUTHORIZED', details: /not one of the server's/ } })
    }
  }
  t.equal(await app.engine.runs.last('birds', ADDRESS), undefined)
  for (const path of [
    picture,
    `${picture}?generate=1`,
    missing,
    `${missing}?generate=0`,
    `/v1/gallery`,
    `/errors`,
    `/preview`
  ]) {
    t.equal((await ask(path)).status, 200, path)
  }
  t.equal(
    (await ask(`${picture}?generate=1`)).headers.get('x-dalle-run'),
    'cached',
    'a request for an existing picture needs no token'
  )

  const headers = { authorization: 'bearer second-token-of-mine' }
  t.equal((await ask(`${missing}?generate=1`, { headers })).headers.get('x-dalle-run'), 'started')
  t.equal(
    (await ask(`${missing}?generate=1`)).headers.get('x-dalle-run'),
    'joined',
    'nor does a request that joins a run'
  )
  await until(() => asked.length === 1)
  t.equal((await ask(missing, { method: 'DELETE', headers })).status, 200)
  t.equal(
    (await ask(missing + '?generate=1')).headers.get('x-dalle-run'),
    'failed',
    'nor a request for a run that failed'
  )
  t.match(await (await ask(`${picture}?remove=1`, { headers })).text(), /removed/)
  t.match(await (await ask('/errors?clear=1', { headers })).text(), /cleared/)
})

const CHROMIUM = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36'
const DOCUMENT = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'user-agent': CHROMIUM }
const IMAGE = { accept: 'image/avif,image/webp,*/*;q=0.8', 'user-agent': CHROMIUM }
type Headers = Record<string, string>

/** Requests of browsers that a page of another site may have sent, with the status that refuses them. */
const FOREIGN: Array<[what: string, headers: Headers, status: number]> = [
  ['a link', { ...DOCUMENT, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' }, 303],
  [
    'a link of another port',
    { ...DOCUMENT, 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'document' },
    303
  ],
  ['an iframe', { ...DOCUMENT, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe' }, 403],
  ['an image', { ...IMAGE, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' }, 403],
  ['an image of another port', { ...IMAGE, 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'image' }, 403],
  ['a site that is given twice', { ...IMAGE, 'sec-fetch-site': 'none, cross-site' }, 403],
  [
    'the header of the gallery',
    { ...IMAGE, 'sec-fetch-site': 'cross-site', 'x-dalle-client': 'gallery' },
    403
  ],
  ['a document on a plain name', DOCUMENT, 303],
  ['an image on a plain name', IMAGE, 403],
  ['another client on a plain name', { ...IMAGE, 'x-dalle-client': 'other' }, 403],
  ['an origin that is not known', { ...IMAGE, origin: 'https://evil.example' }, 403]
]

/** Requests of programs, of the server's own pages, of the address bar, and of known origins. */
const OWN: Array<[what: string, headers: Headers]> = [
  ['curl', { 'user-agent': 'curl/8.5.0', accept: '*/*' }],
  ['a program without a name', {}],
  ["Node's fetch", { 'user-agent': 'node', 'sec-fetch-mode': 'cors' }],
  [
    'PowerShell',
    { 'user-agent': 'Mozilla/5.0 (Windows NT; Windows NT 10.0; de-DE) WindowsPowerShell/5.1.22621' }
  ],
  ['the gallery', { ...IMAGE, 'sec-fetch-site': 'same-origin', 'x-dalle-client': 'gallery' }],
  ['a script of the server', { ...IMAGE, 'sec-fetch-site': 'same-origin' }],
  ['the address bar', { ...DOCUMENT, 'sec-fetch-site': 'none', 'sec-fetch-dest': 'document' }],
  ['the gallery on a plain name', { accept: '*/*', 'user-agent': CHROMIUM, 'x-dalle-client': 'gallery' }],
  ['a known origin', { ...IMAGE, 'sec-fetch-site': 'cross-site', origin: 'https://friend.example' }]
]

async function buildForBrowsers(t: Test) {
  const { artist, asked } = createScriptedArtist()
  const service = await buildApp(t, { artist, settings: { TB_DALLE_CORS_ORIGINS: 'https://friend.example' } })
  await service.app.pictures.stored.put('simple', ADDRESS, await plainPng(32))
  return { ...service, asked }
}

t.test('a page of another site starts, redraws, removes, cancels and clears nothing', async (t) => {
  const { ask, app, asked } = await buildForBrowsers(t)
  const picture = `/dalle/simple/${ADDRESS}`
  const missing = `/dalle/birds/${ADDRESS}`
  const working = `/dalle/noir/${ADDRESS}`
  await ask(`${working}?generate=1`)
  await until(() => asked.length === 1)
  await ask('/nothing')
  for (const [what, headers, status] of FOREIGN) {
    for (const path of [`${missing}?generate=1`, `${picture}?generate=1&force=1`, `${picture}?remove`]) {
      const refused = await ask(path, { headers })
      t.equal(refused.status, status, `${what}: ${path}`)
      const page = `/preview/${path.split('?')[0]!.slice('/dalle/'.length)}`
      t.equal(refused.headers.get('location'), status === 303 ? page : null, what)
      if (headers.accept === IMAGE.accept) t.equal((await json(refused)).error.code, 'FORBIDDEN', what)
    }
    t.equal(
      (await ask('/errors?clear=1', { headers })).status,
      403,
      `${what}: /errors has no page with a button`
    )
    t.equal((await ask(working, { method: 'DELETE', headers })).status, 403, what)

    for (const path of [
      picture,
      `${picture}?generate=1`,
      missing,
      working,
      `${working}?generate=1`,
      '/errors'
    ]) {
      t.equal((await ask(path, { headers })).status, 200, `${what} reads ${path}`)
    }
  }
  t.equal(await app.engine.runs.last('birds', ADDRESS), undefined, 'no run has started')
  t.ok(await app.pictures.stored.find('simple', ADDRESS), 'the picture is there')
  t.equal((await app.engine.runs.last('noir', ADDRESS))!.done, false, 'the run works on')
  t.ok(app.metrics.report.read().total_errors > 0, 'the report is kept')
})

t.test('a prefetch reads, and is not refused', async (t) => {
  const { ask, app } = await buildForBrowsers(t)
  for (const purpose of ['prefetch', 'prefetch;prerender']) {
    const headers = { ...DOCUMENT, 'sec-fetch-site': 'same-origin', 'sec-purpose': purpose }
    const read = await ask(`/dalle/simple/${ADDRESS}?remove=1`, { headers })
    t.equal(read.headers.get('content-type'), 'image/png')
    const idle = await ask(`/dalle/birds/${ADDRESS}?generate=1`, { headers })
    t.equal(idle.headers.get('x-dalle-run'), 'idle')
  }
  t.equal(await app.engine.runs.last('birds', ADDRESS), undefined)
})

t.test('programs, own pages, the address bar and known origins may change something', async (t) => {
  const { ask, app } = await buildForBrowsers(t)
  for (const [index, [what, headers]] of OWN.entries()) {
    const path = `/dalle/birds/0x${String(index).padStart(40, '0')}`
    t.equal((await ask(`${path}?generate=1`, { headers })).headers.get('x-dalle-run'), 'started', what)
    t.equal((await ask(path, { method: 'DELETE', headers })).status, 200, what)
    t.match(await (await ask('/errors?clear=1', { headers })).text(), /cleared/, what)
    await app.pictures.stored.put('simple', ADDRESS, await plainPng(32))
    t.match(await (await ask(`/dalle/simple/${ADDRESS}?remove`, { headers })).text(), /removed/, what)
  }
})

t.test('off loopback, a stranger starts and cancels its own run, and changes nothing else', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const { app, ask } = await buildApp(t, { artist, settings: { TB_DALLE_HOST: '0.0.0.0' } })
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(32))
  const picture = `/dalle/simple/${ADDRESS}`
  const missing = `/dalle/birds/${ADDRESS}`
  for (const path of [`${picture}?generate=1&force=1`, `${picture}?remove=1`, '/errors?clear=1']) {
    const refused = await ask(path)
    t.equal(refused.status, 401, path)
    t.equal(refused.headers.get('www-authenticate'), 'Bearer')
    t.match(await json(refused), {
      error: { code: 'UNAUTHORIZED', details: /this server has none: set TB_DALLE_API_TOKENS/ }
    })
  }
  t.equal((await ask(`${missing}?generate=1`)).headers.get('x-dalle-run'), 'started')
  await until(() => asked.length === 1)
  const other = await app.inject({ method: 'DELETE', url: missing, remoteAddress: '192.0.2.7' })
  t.equal(other.statusCode, 401, 'another client cannot cancel the run')
  t.equal((await app.engine.runs.last('birds', ADDRESS))!.done, false)
  t.equal((await ask(missing, { method: 'DELETE' })).status, 200, 'its own client can')
})

t.test('TB_DALLE_OPEN lets anybody start runs, and nothing else, where there are tokens', async (t) => {
  const { app, ask } = await buildApp(t, {
    settings: { TB_DALLE_OPEN: '1', TB_DALLE_API_TOKENS: 'the-token-of-the-operator' }
  })
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(32))
  const picture = `/dalle/simple/${ADDRESS}`
  t.equal((await ask(`/dalle/birds/${ADDRESS}?generate=1`)).headers.get('x-dalle-run'), 'started')
  for (const path of [`${picture}?remove=1`, `${picture}?generate=1&force=1`]) {
    t.equal((await ask(path)).status, 401, path)
  }
  const headers = { authorization: 'Bearer the-token-of-the-operator' }
  t.match(await (await ask(`${picture}?remove=1`, { headers })).text(), /removed/)
})

t.test('with TB_DALLE_METRICS_AUTH, figures need a token, and probes do not', async (t) => {
  const { ask } = await buildApp(t, {
    settings: { TB_DALLE_METRICS_AUTH: '1', TB_DALLE_API_TOKENS: 'grafana:the-token-of-grafana' }
  })
  const headers = { authorization: 'Bearer the-token-of-grafana' }
  for (const path of ['/metrics', '/metrics?format=json', '/errors', '/errors?format=json', '/health']) {
    const refused = await ask(path)
    t.equal(refused.status, 401, path)
    t.equal(refused.headers.get('www-authenticate'), 'Bearer')
    t.equal((await ask(path, { headers })).status, 200, path)
  }
  for (const path of [
    '/healthz',
    '/readyz',
    '/health?check=liveness',
    '/health?check=readiness',
    '/series'
  ]) {
    t.not((await ask(path)).status, 401, path)
  }
})

t.test('a token for figures reads them, and changes nothing', async (t) => {
  const { artist, asked } = createScriptedArtist()
  const lines: Array<Record<string, unknown>> = []
  const { ask, app } = await buildApp(t, {
    artist,
    settings: {
      LOG_LEVEL: 'info',
      TB_DALLE_METRICS_AUTH: '1',
      TB_DALLE_METRICS_TOKENS: 'prometheus:the-token-of-prometheus,the-token-of-another',
      TB_DALLE_API_TOKENS: 'the-token-of-the-operator'
    },
    onLogLine: (line) => lines.push(line)
  })
  const picture = `/dalle/simple/${ADDRESS}`
  const missing = `/dalle/birds/${ADDRESS}`
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(64))
  const headers = { authorization: 'Bearer the-token-of-prometheus' }
  for (const path of ['/metrics', '/metrics?format=json', '/errors', '/health']) {
    t.equal((await ask(path, { headers })).status, 200, path)
  }
  t.match(lines.filter(({ route }) => route === '/metrics').at(-1), { token: 'prometheus' })
  const changes: Array<[method: string, path: string, body?: string]> = [
    ['GET', `${missing}?generate=1`],
    ['GET', `${picture}?generate=1&force=1`],
    ['GET', `${picture}?remove=1`],
    ['DELETE', missing],
    ['GET', '/errors?clear=1'],
    ['PUT', '/v1/series/mine', '{"suffix":"mine"}'],
    ['POST', '/v1/series/birds/hidden', '{"hidden":true}'],
    ['POST', '/v1/images/generate', '{"series":"simple","input":"a text"}'],
    ['POST', '/v1/batches', JSON.stringify({ series: 'birds', addresses: [ADDRESS] })]
  ]
  for (const [method, path, body] of changes) {
    const refused = await ask(path, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body })
    })
    t.equal(refused.status, 403, `${method} ${path}`)
    t.equal(refused.headers.get('www-authenticate'), 'Bearer error="insufficient_scope"')
    const text = await refused.text()
    t.match(text, /"FORBIDDEN"/)
    t.match(text, /reads figures only/)
  }
  t.equal(asked.length, 0)
  t.equal((await app.engine.runs.live(0)).count, 0)
  t.ok(await app.pictures.stored.find('simple', ADDRESS), 'the picture is still there')
  for (const authorization of ['Bearer the-token-of-the-operator', 'Bearer the-token-of-another']) {
    t.equal((await ask('/metrics', { headers: { authorization } })).status, 200)
  }
  t.equal((await ask('/metrics', { headers: { authorization: 'Bearer unknown-token-here' } })).status, 401)
})

t.test('a request knows the name of its token', async (t) => {
  const { ask } = await buildApp(t, {
    settings: { TB_DALLE_API_TOKENS: 'first-token-of-mine,phone:second-token-of-mine' },
    extend: (server) => {
      server.get('/name', { schema: { response: { 200: {} } } }, async ({ tokenName }) => ({ tokenName }))
    }
  })
  const nameOf = async (authorization: string) =>
    (await json(await ask('/name', { headers: { authorization } }))).tokenName
  t.equal(await nameOf('Bearer first-token-of-mine'), 'token-1', 'a token without a name has its position')
  t.equal(await nameOf('bearer second-token-of-mine'), 'phone')
  t.equal(await nameOf('Bearer phone:second-token-of-mine'), undefined)
  t.equal(await nameOf('Bearer third-token-of-mine'), undefined)
  t.equal(await nameOf('Basic first-token-of-mine'), undefined)
})
