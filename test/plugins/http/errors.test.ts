import t from 'tap'
import fc from 'fast-check'
import { errorResponses } from '../../../lib/schemas/api.ts'
import { ADDRESS, build, buildApp, json } from '../../helper.ts'
import { rawGet, rawRequest } from '../../raw-http.ts'

t.test('unknown paths, wrong methods and invalid queries are errors of one shape', async (t) => {
  const { ask } = await buildApp(t)
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
    ['GET', '/metrics?format=nonsense', 400, 'INVALID_REQUEST'],
    ['GET', '/errors?format=xml', 400, 'INVALID_REQUEST'],
    ['GET', '/preview?cursor=nonsense', 400, 'INVALID_REQUEST'],
    ['GET', `/preview?q=${'x'.repeat(501)}`, 400, 'INVALID_REQUEST'],
    ['GET', '/preview/simple/xyz', 400, 'INVALID_ADDRESS'],
    ['GET', `/preview/simple/${ADDRESS}?part=detail`, 404, 'NOT_FOUND'],
    ['GET', `/preview/simple/${ADDRESS}?part=all`, 400, 'INVALID_REQUEST'],
    ['GET', '/preview/assets/', 404, 'NOT_FOUND'],
    ['GET', '/preview/assets/none.css', 404, 'NOT_FOUND'],
    ['GET', '/preview/assets/..%2fpage.ts', 403, 'FORBIDDEN'],
    ['POST', '/events', 405, 'METHOD_NOT_ALLOWED'],
    ['POST', '/v1/gallery', 405, 'invalid_input']
  ]
  for (const [method, path, status, code] of cases) {
    const response = await ask(path, {
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
  const { error } = await json(await ask('/metrics?format=nonsense'))
  t.equal(error.details, 'format is "nonsense": it must be one of json, text')
})

t.test('no path or query causes a status of 500 or more, and every error has the same shape', async (t) => {
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
        // `generate=1` starts a run, so the last character is removed.
        const path = `/${segments.join('/')}?${query.join('&')}`
          .replace(/[\s#]/g, '')
          .replaceAll('generate=1', 'generate=')
        const text = await rawGet(url, path)
        const status = Number(text.slice(9, 12))
        if (status >= 500 || status < 200) throw new Error(`${path} gave ${text.slice(0, 300)}`)
        // The address of a picture that does not exist is a page that offers to make the picture.
        const offered = status === 404 && path.startsWith('/preview/') && text.includes('</html>')
        if (status >= 400 && !offered && !/"code":"[A-Z_]+"/.test(text)) {
          throw new Error(`${path} gave ${text.slice(0, 300)}`)
        }
        if (!/^x-request-id: [A-Za-z0-9._-]+\r$/im.test(text)) throw new Error(`${path} has no request id`)
      }
    ),
    { numRuns: 400 }
  )
})

t.test('a malformed HTTP request is answered with an error of the same shape', async (t) => {
  const { url } = await build(t)
  const nonsense = await rawRequest(url, 'FOO / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  t.match(nonsense, /^HTTP\/1\.1 400 Bad Request\r\nX-Request-ID: [0-9a-f]{8}\r\n/)
  t.match(JSON.parse(nonsense.split('\r\n\r\n')[1]!), { success: false, error: { code: 'INVALID_REQUEST' } })
  const huge = await rawRequest(
    url,
    `GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(40_000)}\r\n\r\n`
  )
  t.match(huge, /^HTTP\/1\.1 431 /)
  t.match(JSON.parse(huge.split('\r\n\r\n')[1]!), { success: false, error: { code: 'INVALID_REQUEST' } })
})

t.test('invalid bodies and unexpected errors are answered with errors of the same shape', async (t) => {
  const { ask, app } = await buildApp(t, {
    extend: (server) => {
      server.post('/echo', { schema: { response: errorResponses } }, async () => {})
      server.get('/broken', { schema: { response: errorResponses } }, async () => {
        throw new Error('password hunter2 in /etc/shadow')
      })
    }
  })
  const post = (body: string, type = 'application/json') =>
    ask('/echo', { method: 'POST', body, headers: { 'content-type': type } })
  t.match(await json(await post('{')), { error: { code: 'INVALID_REQUEST' } })
  t.match(await json(await post('<x/>', 'text/xml')), { error: { code: 'UNSUPPORTED_MEDIA_TYPE' } })
  const large = await post(JSON.stringify('x'.repeat(2 ** 20)))
  t.equal(large.status, 413)
  t.match(await json(large), { error: { code: 'PAYLOAD_TOO_LARGE', details: /1048576 bytes/ } })
  const broken = await ask('/broken')
  t.equal(broken.status, 500)
  const text = await broken.text()
  t.notMatch(text, /hunter2|shadow|node_modules|\.js/)
  t.match(JSON.parse(text), {
    success: false,
    error: { code: 'INTERNAL_SERVER_ERROR', message: 'Internal server error' }
  })
  t.equal(app.metrics.report.read().errors_by_code.INTERNAL_SERVER_ERROR, 1)
})
