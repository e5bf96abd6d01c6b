import t from 'tap'
import { ADDRESS, buildApp, json, plainPng } from '../../helper.ts'

const EVIL = 'https://evil.example'
const FRIEND = 'https://friend.example'
const ORIGINS = [undefined, EVIL, FRIEND, 'null']
const PICTURE = `/dalle/simple/${ADDRESS}`

const { app, ask } = await buildApp(t, {
  settings: { TB_DALLE_CORS_ORIGINS: `${FRIEND},http://b.example:8081` }
})
await app.pictures.stored.put('simple', ADDRESS, await plainPng(32))

async function askFrom(origin: string | undefined, path: string, method = 'GET') {
  const { status, headers } = await ask(path, { method, headers: origin === undefined ? {} : { origin } })
  return {
    status,
    allowed: headers.get('access-control-allow-origin'),
    exposed: headers.get('access-control-expose-headers'),
    credentials: headers.get('access-control-allow-credentials'),
    policy: headers.get('cross-origin-resource-policy'),
    vary: headers.get('vary')
  }
}

interface Wanted {
  method?: string
  headers?: string
  further?: Record<string, string>
}

/** Sends the preflight for a request, by default one with GET. */
async function preflight(
  origin: string,
  path: string,
  { method = 'GET', headers = '', further = {} }: Wanted = {}
) {
  return await ask(path, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': method,
      ...(headers !== '' && { 'access-control-request-headers': headers }),
      ...further
    }
  })
}

t.test('pages of every origin read what is public, and its errors', async (t) => {
  const paths: Array<[path: string, status: number, method?: string]> = [
    [PICTURE, 200],
    [PICTURE, 200, 'HEAD'],
    [`${PICTURE}?w=64&format=webp`, 200],
    [`/dalle/birds/${ADDRESS}`, 200],
    [`${PICTURE}/events`, 200],
    [`${PICTURE}/partial`, 204],
    ['/events', 200, 'HEAD'],
    [`/files/simple/annotated/${ADDRESS}.png`, 200],
    ['/series', 200],
    ['/v1/gallery', 200],
    ['/v1/series', 200],
    ['/v1/series/simple', 200],
    ['/v1/databases', 200],
    ['/dalle/nope/0x1', 400],
    ['/dalle/simple', 400],
    ['/dalle/%zz', 400],
    [`/dalle/birds/${ADDRESS}?generate=maybe`, 400],
    [`/files/simple/annotated/0x1.png`, 404],
    ['/v1/gallery?limit=many', 400],
    ['/v1/series/nope', 404],
    ['/nothing', 404],
    [PICTURE, 405, 'PATCH']
  ]
  for (const [path, status, method] of paths) {
    for (const origin of ORIGINS) {
      const answer = await askFrom(origin, path, method)
      t.match(
        answer,
        { status, allowed: '*', credentials: null, policy: 'cross-origin' },
        `${path} ${origin}`
      )
      t.match(answer.exposed, /\bETag\b.*\bRetry-After\b.*\bX-Dalle-Run\b.*\bX-Request-ID\b/, path)
      t.notMatch(answer.vary ?? '', /origin/i, `caches keep one answer of ${path} for all`)
    }
  }
})

t.test('nothing else is public: known origins read the rest, but not what is for operators', async (t) => {
  const others = ['/v1/images', '/preview', `/preview/simple/${ADDRESS}`, '/']
  const forOperators = ['/metrics', '/metrics?format=json', '/errors', '/health', '/healthz', '/readyz']
  for (const path of [...others, ...forOperators]) {
    for (const origin of ORIGINS) {
      const { allowed, policy, vary, credentials } = await askFrom(origin, path)
      const isOpen = origin === FRIEND && others.includes(path)
      t.equal(allowed, isOpen ? FRIEND : null, `${path} ${origin}`)
      t.same([policy, credentials], [null, null], path)
      t.equal(/\borigin\b/i.test(vary ?? ''), others.includes(path), `${path} varies with the origin`)
    }
  }
  t.equal((await askFrom(EVIL, '/metrics', 'POST')).allowed, null, 'nor is the error for a wrong method')
  const deleted = await askFrom(FRIEND, `/dalle/birds/${ADDRESS}`, 'DELETE')
  t.match(deleted, { status: 404, allowed: FRIEND, exposed: /X-Request-ID/, vary: /Origin/ })
})

t.test('a preflight gives every page leave to read what is public', async (t) => {
  const paths = [PICTURE, `${PICTURE}/events`, '/v1/gallery', '/dalle/nope', '/nothing', '/files/x/y.png']
  for (const path of paths) {
    for (const method of ['GET', 'HEAD']) {
      for (const origin of [EVIL, 'null']) {
        const { status, headers } = await preflight(origin, path, { method, headers: 'prefer,range' })
        t.equal(status, 204, `${method} ${path}`)
        t.equal(headers.get('access-control-allow-origin'), '*')
        t.equal(headers.get('access-control-allow-methods'), 'GET, HEAD')
        const allowed = headers.get('access-control-allow-headers')!.toLowerCase().split(', ')
        for (const name of ['prefer', 'last-event-id', 'if-none-match', 'range']) t.ok(allowed.includes(name))
        for (const name of ['authorization', 'x-dalle-client', '*']) t.notOk(allowed.includes(name), name)
        t.match(headers.get('access-control-max-age'), /^\d+$/)
        t.equal(headers.get('access-control-allow-credentials'), null)
        t.match(headers.get('x-request-id'), /^[0-9a-f]{8}$/)
      }
    }
  }
})

const CHANGES: Array<[method: string, path: string]> = [
  ['DELETE', PICTURE],
  ['POST', '/v1/images/generate'],
  ['POST', '/v1/images/sha256:00/regenerate'],
  ['DELETE', '/v1/images/sha256:00'],
  ['PUT', '/v1/series/mine'],
  ['POST', '/v1/series/mine/hidden']
]
const CHANGING = { headers: 'authorization,content-type,idempotency-key' }
const GATED: Array<[method: string, path: string]> = [
  ['GET', '/metrics'],
  ['GET', '/errors?clear=1'],
  ['GET', '/health'],
  ['PATCH', PICTURE],
  ['POST', '/nothing'],
  ['constructor', PICTURE],
  ['', PICTURE]
]

t.test('a preflight gives known origins alone leave to change something', async (t) => {
  for (const [method, path] of CHANGES) {
    const { status, headers } = await preflight(FRIEND, path, { method, ...CHANGING })
    t.equal(status, 204, path)
    t.equal(headers.get('access-control-allow-origin'), FRIEND)
    t.ok(headers.get('access-control-allow-methods')!.split(', ').includes(method), `${method} ${path}`)
    for (const name of CHANGING.headers.split(',')) {
      t.ok(headers.get('access-control-allow-headers')!.toLowerCase().split(', ').includes(name), name)
    }
    t.match(headers.get('vary'), /Origin/)
  }
  const withToken = await preflight(FRIEND, `${PICTURE}?generate=1`, { headers: 'authorization' })
  t.match(withToken.headers.get('access-control-allow-headers'), /Authorization/)

  const refused: Array<[origin: string, method: string, path: string]> = [
    ...[EVIL, 'null', `${FRIEND}.evil.example`, 'http://friend.example', `${FRIEND}:444`].flatMap((origin) =>
      CHANGES.map(([method, path]) => [origin, method, path] as [string, string, string])
    ),
    ...[EVIL, FRIEND].flatMap((origin) =>
      GATED.map(([method, path]) => [origin, method, path] as [string, string, string])
    ),
    [EVIL, 'GET', '/v1/images'],
    [EVIL, 'GET', '/preview']
  ]
  for (const [origin, method, path] of refused) {
    const { status, headers } = await preflight(origin, path, { method, ...CHANGING })
    const what = `${origin} ${method} ${path}`
    t.equal(status, 204, what)
    const given = [...headers.keys()].filter((name) => name.startsWith('access-control-'))
    t.same(given, [], what)
  }
})

t.test('a preflight for a private network gets no leave for it', async (t) => {
  const further = { 'access-control-request-private-network': 'true' }
  const { status, headers } = await preflight(EVIL, PICTURE, { further })
  t.equal(status, 204)
  t.equal(headers.get('access-control-allow-private-network'), null)
})

t.test('OPTIONS without the headers of a preflight is a wrong method', async (t) => {
  const given: Array<Record<string, string>> = [
    {},
    { origin: EVIL },
    { 'access-control-request-method': 'GET' }
  ]
  for (const headers of given) {
    const answer = await ask(PICTURE, { method: 'OPTIONS', headers })
    t.equal(answer.status, 405)
    t.equal(answer.headers.get('allow'), 'GET, HEAD, DELETE')
    t.match(await json(answer), { success: false, error: { code: 'METHOD_NOT_ALLOWED' } })
  }
})

t.test('without TB_DALLE_CORS_ORIGINS no page of another origin changes or reads more', async (t) => {
  const { ask } = await buildApp(t)
  for (const [method, path] of [...CHANGES, ['GET', '/v1/images'] as const]) {
    const headers = { origin: FRIEND, 'access-control-request-method': method }
    const answer = await ask(path, { method: 'OPTIONS', headers })
    t.same([answer.status, answer.headers.get('access-control-allow-origin')], [204, null], path)
  }
  const read = await ask('/v1/images', { headers: { origin: FRIEND } })
  t.same([read.headers.get('access-control-allow-origin'), read.headers.get('vary')], [null, null])
})
