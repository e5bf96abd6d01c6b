import { connect } from 'node:net'
import fc from 'fast-check'
import t from 'tap'
import { errorResponses } from '../../lib/schemas/api.ts'
import { ADDRESS, build, json, plainPng } from '../helper.ts'

t.test('every wrong path below /dalle gets its code, and details name the value', async (t) => {
  const { url } = await build(t)
  const cases: Array<[path: string, code: string, details: RegExp]> = [
    ['/dalle', 'INVALID_REQUEST', /<series>/],
    ['/dalle/', 'INVALID_REQUEST', /<series>/],
    ['/dalle/simple', 'INVALID_REQUEST', /<series>/],
    ['/dalle/nope', 'INVALID_REQUEST', /<series>/],
    [`/dalle//${ADDRESS}`, 'MISSING_PARAMETER', /series/],
    ['/dalle//', 'MISSING_PARAMETER', /series/],
    [`/dalle/nope/${ADDRESS}`, 'INVALID_SERIES', /"nope"/],
    ['/dalle/nope/', 'INVALID_SERIES', /"nope"/],
    ['/dalle/nope/xyz', 'INVALID_SERIES', /"nope"/],
    [`/dalle/${'n'.repeat(5000)}/${ADDRESS}`, 'INVALID_SERIES', /"n{100}…"/],
    [`/dalle/..%2f..%2fetc/${ADDRESS}`, 'INVALID_SERIES', /"\.\.\/\.\.\/etc"/],
    [`/dalle/%00/${ADDRESS}`, 'INVALID_SERIES', /is not a series/],
    ['/dalle/simple/', 'MISSING_PARAMETER', /address/],
    ['/dalle/simple/xyz', 'INVALID_ADDRESS', /"xyz"/],
    [`/dalle/simple/${ADDRESS.slice(2)}`, 'INVALID_ADDRESS', /40 hexadecimal/],
    [`/dalle/simple/${ADDRESS}0`, 'INVALID_ADDRESS', /40 hexadecimal/],
    [`/dalle/simple/${ADDRESS.slice(0, -1)}`, 'INVALID_ADDRESS', /40 hexadecimal/],
    [`/dalle/simple/${ADDRESS.slice(0, -1)}g`, 'INVALID_ADDRESS', /40 hexadecimal/],
    [`/dalle/simple/${ADDRESS}.png`, 'INVALID_ADDRESS', /\.png"/],
    [`/dalle/simple/${ADDRESS}/extra`, 'INVALID_ADDRESS', /\/extra"/],
    [`/dalle/simple/${ADDRESS}/`, 'INVALID_ADDRESS', /40 hexadecimal/],
    [`/dalle/simple/${ADDRESS}%20`, 'INVALID_ADDRESS', /40 hexadecimal/],
    ['/dalle/simple/..%2f..%2f..%2fetc%2fpasswd', 'INVALID_ADDRESS', /etc\/passwd/],
    ['/dalle/simple/%zz', 'INVALID_REQUEST', /percent-encoding/],
    ['/dalle/simple/%c3%28', 'INVALID_REQUEST', /percent-encoding/],
    [`/dalle/simple/${ADDRESS}?generate=1&generate=1`, 'INVALID_REQUEST', /generate is given 2 times/],
    [`/dalle/simple/${ADDRESS}?remove=1&remove=2`, 'INVALID_REQUEST', /remove is given 2 times/]
  ]
  for (const [path, code, details] of cases) {
    const response = await fetch(url + path)
    t.equal(response.status, 400, path.slice(0, 80))
    const { success, error, request_id: id } = await json(response)
    t.equal(success, false)
    t.equal(error.code, code, path.slice(0, 80))
    t.match(error.details, details)
    t.equal(error.request_id, id)
    t.equal(id, response.headers.get('x-request-id'))
    t.equal(response.headers.get('cache-control'), 'no-store')
    t.equal(response.headers.get('content-type'), 'application/json; charset=utf-8')
    t.ok(Math.abs(error.timestamp - Date.now() / 1000) < 60)
  }
})

t.test('unknown routes, wrong methods and wrong queries keep to the shape', async (t) => {
  const { url } = await build(t)
  const cases: Array<[method: string, path: string, status: number, code: string]> = [
    ['GET', '/nothing', 404, 'NOT_FOUND'],
    ['POST', '/nothing', 404, 'NOT_FOUND'],
    ['GET', '/malformed-url', 404, 'NOT_FOUND'],
    ['GET', '/%zz', 400, 'INVALID_REQUEST'],
    ['POST', '/', 405, 'METHOD_NOT_ALLOWED'],
    ['POST', '/series', 405, 'METHOD_NOT_ALLOWED'],
    ['PUT', '/preview', 405, 'METHOD_NOT_ALLOWED'],
    ['PATCH', '/health', 405, 'METHOD_NOT_ALLOWED'],
    ['DELETE', '/metrics', 405, 'METHOD_NOT_ALLOWED'],
    ['OPTIONS', '/errors', 405, 'METHOD_NOT_ALLOWED'],
    ['PROPFIND', '/files/x.png', 405, 'METHOD_NOT_ALLOWED'],
    ['POST', `/dalle/simple/${ADDRESS}`, 405, 'METHOD_NOT_ALLOWED'],
    ['GET', '/health?check=nonsense', 400, 'INVALID_REQUEST'],
    ['GET', '/metrics?format=nonsense', 400, 'INVALID_REQUEST'],
    ['GET', '/errors?format=xml', 400, 'INVALID_REQUEST'],
    ['GET', '/preview?cursor=nonsense', 400, 'INVALID_REQUEST'],
    ['GET', `/preview?q=${'x'.repeat(501)}`, 400, 'INVALID_REQUEST'],
    ['GET', '/preview/simple/xyz', 400, 'INVALID_ADDRESS'],
    ['GET', `/preview/simple/${ADDRESS}?part=detail`, 404, 'NOT_FOUND'],
    ['GET', `/preview/simple/${ADDRESS}?part=all`, 400, 'INVALID_REQUEST'],
    ['GET', '/preview/assets/', 403, 'FORBIDDEN'],
    ['GET', '/preview/assets/none.css', 404, 'NOT_FOUND'],
    ['GET', '/preview/assets/..%2fpage.ts', 403, 'FORBIDDEN'],
    ['POST', '/events', 405, 'METHOD_NOT_ALLOWED'],
    ['POST', '/v1/gallery', 405, 'METHOD_NOT_ALLOWED']
  ]
  for (const [method, path, status, code] of cases) {
    const response = await fetch(url + path, {
      method,
      ...(method === 'POST' && { body: '<x/>', headers: { 'content-type': 'text/xml' } })
    })
    t.equal(response.status, status, `${method} ${path}`)
    t.match(
      await json(response),
      { success: false, error: { code, message: String, request_id: response.headers.get('x-request-id') } },
      `${method} ${path}`
    )
    t.equal(
      response.headers.get('allow'),
      status !== 405 ? null : path.startsWith('/dalle') ? 'GET, HEAD, DELETE' : 'GET, HEAD'
    )
  }
  const { error } = await json(await fetch(`${url}/health?check=nonsense`))
  t.equal(error.details, 'check is "nonsense": it must be one of liveness, readiness')
})

t.test('files outside the output folder are never served, however they are spelled', async (t) => {
  const { url, app, dataDir } = await build(t)
  await app.pictures.stored.put('simple', ADDRESS, await plainPng(32))
  await app.files.write('secret.txt', 'top secret')
  await app.files.write('output/.hidden', 'top secret')
  await app.files.write('output/simple/.x.png.1.0000abcd.tmp', 'top secret')
  const spellings = [
    '../secret.txt',
    '..%2fsecret.txt',
    '%2e%2e/secret.txt',
    '%2e%2e%2fsecret.txt',
    '..%5csecret.txt',
    '%252e%252e/secret.txt',
    'simple/../../secret.txt',
    'simple/..%2f..%2fsecret.txt',
    './secret.txt',
    '/secret.txt',
    '//secret.txt',
    `${encodeURIComponent(dataDir)}/secret.txt`,
    `${dataDir}/secret.txt`,
    'simple/annotated/..%00/x',
    '%00',
    'secret.txt%00.png',
    '.hidden',
    'simple/.x.png.1.0000abcd.tmp',
    'simple',
    'simple/',
    'simple/annotated',
    '',
    `simple/annotated/${ADDRESS}.png/`,
    `simple/annotated/${ADDRESS}.png/x`,
    `SIMPLE/annotated/${ADDRESS}.png`,
    'a'.repeat(3000)
  ]
  for (const spelling of spellings) {
    const text = await rawGet(url, `/files/${spelling}`)
    t.match(text, /^HTTP\/1\.1 404 /, spelling.slice(0, 80))
    t.match(text, /"code":"NOT_FOUND"/)
    t.notMatch(text, /top secret/)
  }
})

t.test('whatever is sent as a path or a query, the answer is no 500 and keeps its shape', async (t) => {
  const { url } = await build(t)
  const part = fc.oneof(
    fc.string({ unit: 'grapheme' }).map(encodeURIComponent),
    fc.string({ unit: fc.constantFrom(..."%.\\/?#&=;:@!$'()*+,~0xF") }),
    fc.constantFrom(
      'dalle',
      'files',
      'simple',
      ADDRESS,
      '..',
      '%2e%2e',
      'generate=',
      'preview',
      'page=',
      '__proto__',
      'constructor'
    )
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(part, { maxLength: 6 }),
      fc.array(part, { maxLength: 3 }),
      async (segments, query) => {
        // No property may start work, so the one query that does is left out.
        const path = `/${segments.join('/')}?${query.join('&')}`
          .replaceAll('generate=1', '')
          .replace(/[\s#]/g, '')
        const text = await rawGet(url, path)
        const status = Number(text.slice(9, 12))
        if (status >= 500 || status < 200) throw new Error(`${path} gave ${text.slice(0, 300)}`)
        if (status >= 400 && !/"code":"[A-Z_]+"/.test(text)) {
          throw new Error(`${path} gave ${text.slice(0, 300)}`)
        }
        if (!/^x-request-id: [A-Za-z0-9._-]+\r$/im.test(text)) throw new Error(`${path} has no request id`)
      }
    ),
    { numRuns: 400 }
  )
})

t.test('a request id is kept if usable, else made', async (t) => {
  const { url } = await build(t)
  for (const given of ['a', 'A-1_b.c', 'x'.repeat(64)]) {
    const response = await fetch(`${url}/series`, { headers: { 'x-request-id': given } })
    t.equal(response.headers.get('x-request-id'), given)
    t.equal((await json(response)).request_id, given)
  }
  for (const given of ['x'.repeat(65), 'a b', 'a/b', '<i>', '%20', 'é']) {
    const response = await fetch(`${url}/series`, {
      headers: { 'x-request-id': encodeURI(given) === given ? given : 'a\tb' }
    })
    t.match(response.headers.get('x-request-id'), /^[0-9a-f]{8}$/, given)
  }
  for (const path of [
    '/',
    '/preview',
    '/metrics',
    '/errors',
    '/health',
    '/preview/assets/gallery.css',
    '/nothing'
  ]) {
    t.match((await fetch(url + path)).headers.get('x-request-id'), /^[0-9a-f]{8}$/, path)
  }
})

t.test('what is no HTTP is answered in the same shape', async (t) => {
  const { url } = await build(t)
  const nonsense = await rawRequest(url, 'FOO / HTTP/1.1\r\nHost: x\r\n\r\n')
  t.match(nonsense, /^HTTP\/1\.1 400 Bad Request\r\nX-Request-ID: [0-9a-f]{8}\r\n/)
  t.match(JSON.parse(nonsense.split('\r\n\r\n')[1]!), { success: false, error: { code: 'INVALID_REQUEST' } })
  const huge = await rawRequest(url, `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(40_000)}\r\n\r\n`)
  t.match(huge, /^HTTP\/1\.1 431 /)
  t.match(JSON.parse(huge.split('\r\n\r\n')[1]!), { success: false, error: { code: 'INVALID_REQUEST' } })
})

t.test('bodies too large, malformed or of a wrong kind, and what nobody expected', async (t) => {
  const { url, app } = await build(t, {
    extend: (server) => {
      server.post('/echo', { schema: { response: errorResponses } }, async () => {})
      server.get('/broken', { schema: { response: errorResponses } }, async () => {
        throw new Error('password hunter2 in /etc/shadow')
      })
    }
  })
  const post = (body: string, type = 'application/json') =>
    fetch(`${url}/echo`, { method: 'POST', body, headers: { 'content-type': type } })
  t.match(await json(await post('{')), { error: { code: 'INVALID_REQUEST' } })
  t.match(await json(await post('<x/>', 'text/xml')), { error: { code: 'UNSUPPORTED_MEDIA_TYPE' } })
  const large = await post(JSON.stringify('x'.repeat(2 ** 20)))
  t.equal(large.status, 413)
  t.match(await json(large), { error: { code: 'PAYLOAD_TOO_LARGE', details: /1048576 bytes/ } })
  const broken = await fetch(`${url}/broken`)
  t.equal(broken.status, 500)
  const text = await broken.text()
  t.notMatch(text, /hunter2|shadow|node_modules|\.js/)
  t.match(JSON.parse(text), {
    success: false,
    error: { code: 'INTERNAL_SERVER_ERROR', message: 'Internal server error' }
  })
  t.equal(app.metrics.report.read().errors_by_code.INTERNAL_SERVER_ERROR, 1)
})

/** The whole answer to a GET of exactly this path; fetch would tidy it up first. */
async function rawGet(url: string, path: string): Promise<string> {
  return await rawRequest(url, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
}

async function rawRequest(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url)
  return await new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect(Number(port), hostname, () => socket.write(text))
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', reject)
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')))
  })
}
