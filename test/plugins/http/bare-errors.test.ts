import t from 'tap'
import { answerParserError } from '../../../plugins/http/bare-errors.ts'
import { build } from '../../helper.ts'
import { rawRequest } from '../../raw-http.ts'

const CLOSE = 'Connection: close\r\n'

/** Requests that Node or Fastify would answer itself, with the status and the code of the answer. */
const BARE: Array<[what: string, request: string, status: number, code: string]> = [
  ['no Host', `GET / HTTP/1.1\r\n${CLOSE}`, 400, 'INVALID_REQUEST'],
  ['two Hosts', `GET / HTTP/1.1\r\nHost: localhost\r\nhost: localhost\r\n${CLOSE}`, 400, 'INVALID_REQUEST'],
  [
    'two other Hosts',
    `GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n${CLOSE}`,
    400,
    'INVALID_REQUEST'
  ],
  ['a Host that is no name', `GET / HTTP/1.1\r\nHost: a@b\r\n${CLOSE}`, 400, 'INVALID_REQUEST'],
  [
    'an unknown Expect',
    `GET / HTTP/1.1\r\nHost: localhost\r\nExpect: much\r\n${CLOSE}`,
    417,
    'INVALID_REQUEST'
  ],
  ['an open bracket', `GET http://[/ HTTP/1.1\r\nHost: localhost\r\n${CLOSE}`, 400, 'INVALID_REQUEST'],
  ['no authority', `GET http:// HTTP/1.1\r\nHost: localhost\r\n${CLOSE}`, 400, 'INVALID_REQUEST'],
  [
    'a port that is none',
    `GET http://localhost:99999/ HTTP/1.1\r\nHost: localhost\r\n${CLOSE}`,
    400,
    'INVALID_REQUEST'
  ],
  ['another scheme', `GET ftp://localhost/ HTTP/1.1\r\nHost: localhost\r\n${CLOSE}`, 400, 'INVALID_REQUEST'],
  ['a path that is none', `GET /%zz HTTP/1.1\r\nHost: localhost\r\n${CLOSE}`, 400, 'INVALID_REQUEST'],
  ['OPTIONS of everything', `OPTIONS * HTTP/1.1\r\nHost: localhost\r\n${CLOSE}`, 405, 'METHOD_NOT_ALLOWED'],
  ['CONNECT', `CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n`, 405, 'METHOD_NOT_ALLOWED'],
  [
    'a header that is too large',
    `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(40_000)}\r\n`,
    431,
    'INVALID_REQUEST'
  ],
  ['an unknown method', `BREW / HTTP/1.1\r\nHost: localhost\r\n`, 400, 'INVALID_REQUEST'],
  [
    'two lengths',
    `GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n`,
    400,
    'INVALID_REQUEST'
  ]
]

const statusOf = (answer: string) => Number(answer.slice(9, 12))
const headOf = (answer: string) => answer.slice(0, answer.indexOf('\r\n\r\n'))
const bodyOf = (answer: string) => answer.slice(answer.indexOf('\r\n\r\n') + 4)

t.test('what Node or Fastify would answer itself has the shape of every error', async (t) => {
  const { url } = await build(t)
  for (const [what, request, status, code] of BARE) {
    const answer = await rawRequest(url, `${request}\r\n`)
    t.equal(statusOf(answer), status, what)
    t.match(headOf(answer), /^content-type: application\/json; charset=utf-8$/im, what)
    t.match(headOf(answer), /^x-content-type-options: nosniff$/im, what)
    const [, id = ''] = /^x-request-id: ([0-9a-f]{8})$/im.exec(headOf(answer)) ?? []
    t.match(
      JSON.parse(bodyOf(answer)),
      { success: false, error: { code, message: String, timestamp: Number, request_id: id }, request_id: id },
      what
    )
    t.notMatch(answer, /node_modules|\.js:|FST_|HPE_/, what)
    if (status === 405) t.match(headOf(answer), /^allow: GET, HEAD$/im)
  }
})

t.test('a browser gets a page with the same status, code and id', async (t) => {
  const { url } = await build(t)
  // Node keeps no bytes of a header that is too large.
  const withAccept = BARE.filter(([, , status]) => status !== 431)
  for (const [what, request, status, code] of withAccept) {
    const fields = 'Accept: text/html,*/*;q=0.8\r\nX-Request-ID: my-own-id\r\n'
    const answer = await rawRequest(url, request.replace('\r\n', `\r\n${fields}`) + '\r\n')
    t.equal(statusOf(answer), status, what)
    t.match(headOf(answer), /^content-type: text\/html; charset=utf-8$/im, what)
    t.match(headOf(answer), /^content-security-policy: default-src 'none'/im, what)
    t.match(headOf(answer), /^x-request-id: my-own-id$/im, what)
    t.match(
      bodyOf(answer),
      new RegExp(`^<!doctype html>[^]*Status ${status}, code <code>${code}<[^]*my-own-id`),
      what
    )
  }
  const page = await fetch(`${url}/<b>`, { headers: { accept: 'text/html' } })
  t.equal(page.status, 404)
  const html = await page.text()
  t.match(html, /There is nothing at &#34;\/%3Cb%3E&#34;/, 'values are escaped')
  t.match(html, '<a href="/">/ lists what there is</a>')
  for (const accept of [
    '*/*',
    'application/json',
    'application/json, text/html',
    'text/html;q=0',
    'image/png'
  ]) {
    t.match((await fetch(`${url}/none`, { headers: { accept } })).headers.get('content-type'), /json/, accept)
  }
})

t.test('requests that are unusual and right are answered', async (t) => {
  const { url } = await build(t)
  const right: Array<[what: string, request: string]> = [
    ['HTTP/1.0 without Host', 'GET /series HTTP/1.0\r\n'],
    ['an empty Host', `GET /series HTTP/1.1\r\nHost:\r\n${CLOSE}`],
    ['the whole URL', `GET http://localhost/series?x=1 HTTP/1.1\r\nHost: localhost\r\n${CLOSE}`],
    ['the whole URL without a path', `GET http://localhost HTTP/1.1\r\nHost: localhost\r\n${CLOSE}`],
    ['the whole URL with a query only', `GET http://localhost?x HTTP/1.1\r\nHost: localhost\r\n${CLOSE}`],
    [
      'an upgrade that the server does not know',
      `GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: x\r\n${CLOSE}`
    ],
    ['Expect: 100-continue', `GET / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n${CLOSE}`]
  ]
  for (const [what, request] of right) {
    t.match(await rawRequest(url, `${request}\r\n`), /^HTTP\/1\.1 (?:100 Continue[^]*)?200 OK/, what)
  }
})

t.test('a request that took too long is 408, and a connection that was reset gets nothing', async (t) => {
  const sent: string[] = []
  let isDestroyed = false
  const socket = {
    writable: true,
    end: (text: string, done: () => void) => {
      sent.push(text)
      done()
    },
    destroy: () => {
      isDestroyed = true
    }
  }
  const answer = (code: string) => {
    answerParserError({ code }, socket as unknown as Parameters<typeof answerParserError>[1])
  }
  answer('ERR_HTTP_REQUEST_TIMEOUT')
  t.match(sent[0], /^HTTP\/1\.1 408 Request Timeout\r\n/)
  t.match(JSON.parse(bodyOf(sent[0]!)), { error: { code: 'INVALID_REQUEST', details: /took too long/ } })
  t.ok(isDestroyed, 'the connection is closed')
  answer('ECONNRESET')
  t.equal(sent.length, 1)
})
