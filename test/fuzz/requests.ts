import fc from 'fast-check'
import { ADDRESS } from '../helper.ts'

/** One request as bytes, and what the check must know of it. */
export interface RawRequest {
  method: string
  bytes: Buffer
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY']
const STRANGE_METHODS = ['CONNECT', 'get', 'PRI', 'G ET', '', 'GET\t', '\x00GET', 'SOURCE', 'M-SEARCH']
const CODINGS = [undefined, 'gzip', 'deflate', 'br', 'identity', 'gzip, gzip', 'x']

const rarely = <T>(weight: number, usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>) =>
  fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: rare })
const anyText = fc.string({ unit: 'binary', maxLength: 30 })
const oneOf = <T>(...values: T[]) => fc.constantFrom(...values)

const method = rarely(20, oneOf('GET', 'GET', 'GET', ...METHODS), oneOf(...STRANGE_METHODS))

const address = fc.oneof(
  oneOf(
    ADDRESS,
    ADDRESS.toUpperCase(),
    `0x${'0'.repeat(40)}`,
    '0x',
    ADDRESS.slice(0, -1),
    `${ADDRESS}.png`,
    '%30x'
  ),
  fc.string({ unit: oneOf(...'0123456789abcdefx'), maxLength: 44 })
)
const series = fc.oneof(
  oneOf('simple', 'SIMPLE', 'five-tone', '', '.', '..', '%2e%2e', '-', 'no such', '%00', 'a'.repeat(300)),
  anyText
)
const escape = oneOf(
  '..',
  '%2e%2e',
  '..%2f',
  '%2e%2e%2f',
  '..\\',
  '%5c',
  '//',
  '%00',
  '/etc/passwd',
  '.env',
  '%c0%ae',
  '%',
  '%zz',
  ' '
)
const segments = fc
  .array(fc.oneof(escape, anyText, series, address), { maxLength: 5 })
  .map((parts) => parts.join('/'))

const path = fc.oneof(
  fc
    .tuple(oneOf('/dalle', '/preview', '/files', '/avatar', '/nft', '//dalle'), series, address)
    .map((parts) => parts.join('/')),
  fc
    .tuple(oneOf('/dalle/simple', '/dalle'), address, oneOf('events', 'partial', '', 'x'))
    .map((parts) => parts.join('/')),
  oneOf(
    '/',
    '/series',
    '/preview',
    '/metrics',
    '/errors',
    '/health',
    '/healthz',
    '/readyz',
    '/events',
    '/v1/gallery',
    '*'
  ),
  fc
    .tuple(oneOf('/files', '/preview/assets', '/v1', '/v1/gallery', '/dalle', ''), segments)
    .map((parts) => parts.join('/')),
  segments
)

const KEYS = [
  'generate',
  'force',
  'remove',
  'w',
  'h',
  'format',
  'q',
  'cursor',
  'series',
  'limit',
  'order',
  'check',
  'clear',
  'fields',
  'class',
  'facets',
  'like',
  'all'
]
const MORE_KEYS = ['part', '__proto__', 'constructor', 'hasOwnProperty', 'Generate', '']
const value = fc.oneof(
  oneOf(
    '1',
    '0',
    'true',
    'json',
    'series',
    'newest',
    'detail',
    '-1',
    '1e9',
    'NaN',
    'webp',
    '64',
    'readiness',
    'progress',
    'mood',
    'bird'
  ),
  anyText
)
const query = fc
  .array(fc.tuple(fc.oneof(oneOf(...KEYS, ...MORE_KEYS), anyText), value), { maxLength: 4 })
  .map((pairs) => (pairs.length === 0 ? '' : `?${pairs.map(([key, text]) => `${key}=${text}`).join('&')}`))
const encoded = fc
  .tuple(path, query, fc.boolean())
  .map(([where, what, isRaw]) => (isRaw ? where + what : encodeURI(wellFormed(where + what))))
const target = fc.oneof(
  { weight: 12, arbitrary: encoded },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        oneOf('http://127.0.0.1', 'http://', 'http:/', 'https://x:99999', 'ftp://[', 'http://[::1]'),
        encoded
      )
      .map((parts) => parts.join(''))
  },
  {
    weight: 1,
    arbitrary: oneOf('', '127.0.0.1:443', '?', '#', '/#a', `/${'a'.repeat(20_000)}`, '/dalle?generate=1')
  }
)

const SPECIAL_HEADERS: Array<[name: string, values: string[]]> = [
  [
    'Range',
    ['bytes=0-1', 'bytes=-1', 'bytes=5-2', 'bytes=0-0,2-3', 'bytes=99999999999999999999-', 'x=1', 'bytes=']
  ],
  ['If-Range', ['"x"', 'Thu, 01 Jan 1970 00:00:00 GMT', '0']],
  ['If-None-Match', ['*', '"x"', 'W/"x", "y"', '"']],
  ['If-Modified-Since', ['Thu, 01 Jan 1970 00:00:00 GMT', 'tomorrow', '-1']],
  ['Prefer', ['wait=0', 'wait=1e3', 'respond-async', 'wait=-1, wait', ';;=,', 'return=minimal']],
  ['Accept', ['text/html', 'text/html;q=0', '*/*', 'image/avif,image/webp', 'q=;', ',', 'application/json']],
  ['Accept-Encoding', ['gzip', 'br;q=1, *;q=0', 'identity;q=0', 'x']],
  ['X-Request-ID', ['abc', 'a'.repeat(65), 'ä', '', '__proto__']],
  ['Last-Event-ID', ['1', 'x.done', '9'.repeat(400)]],
  ['Authorization', ['Bearer', 'Bearer x', 'Basic Og==', `Bearer ${'x'.repeat(600)}`]],
  ['Sec-Fetch-Site', ['cross-site', 'same-origin', 'none', 'x']],
  ['Sec-Purpose', ['prefetch', 'prefetch;prerender']],
  ['Origin', ['null', 'http://evil.example']],
  ['Access-Control-Request-Method', ['GET', 'POST', 'x', '', 'constructor']],
  ['Sec-Fetch-Dest', ['document', 'iframe', 'x']],
  ['Expect', ['100-continue', 'the-unexpected']],
  ['Upgrade', ['websocket', 'h2c', 'TLS/1.0']],
  ['Connection', ['keep-alive', 'Upgrade', 'Upgrade, HTTP2-Settings', 'close, close', 'x']],
  ['Cookie', ['a=b', ';;;', '__proto__=x']],
  ['Traceparent', ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', '00-0-0-0', 'x']],
  ['X-Forwarded-For', ['1.2.3.4', 'x', '::1, ::1']],
  ['X-HTTP-Method-Override', ['DELETE']],
  [
    'Content-Type',
    ['application/json', 'text/plain', 'application/json; charset=x', 'multipart/form-data', ';', '']
  ]
]
const headerText = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
  maxLength: 40
})
const specialHeader = oneOf(...SPECIAL_HEADERS).chain(([name, values]) =>
  fc.tuple(
    fc.constant(name),
    fc.oneof({ weight: 3, arbitrary: oneOf(...values) }, { weight: 1, arbitrary: headerText })
  )
)
const strangeHeader = fc.tuple(
  oneOf('X-A', 'x', '', ' ', 'A B', 'X\x00', 'Content-Length', 'Transfer-Encoding', 'Host'),
  fc.oneof(headerText, anyText)
)
const hugeHeader = fc.constant(['X-Huge', 'a'.repeat(20_000)] as [string, string])
const header = fc.oneof(
  { weight: 30, arbitrary: specialHeader },
  { weight: 2, arbitrary: strangeHeader },
  { weight: 1, arbitrary: hugeHeader }
)
const hosts = rarely<string[]>(
  12,
  fc.constant(['127.0.0.1']),
  oneOf<string[]>([], [''], ['a', 'b'], ['evil.example'], ['[::1]:80'], ['a b'], ['localhost:99999999'])
)

type Framing = 'none' | 'length' | 'chunked' | 'short' | 'both' | 'broken chunks'
const framing = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Framing>('none') },
  { weight: 5, arbitrary: oneOf<Framing>('length', 'chunked') },
  { weight: 1, arbitrary: oneOf<Framing>('short', 'both', 'broken chunks') }
)
const body = fc.oneof(
  fc.json({ maxDepth: 3 }),
  anyText,
  oneOf('', '{', '{"__proto__":{"x":1}}', '['.repeat(5_000), `{"input":"x","force":true}`, 'null')
)

function frame(kind: Framing, text: string): { headers: string[]; content: Buffer } {
  const content = Buffer.from(text)
  const chunk = `${content.length.toString(16)}\r\n`
  const whole = Buffer.concat([
    Buffer.from(chunk),
    content,
    Buffer.from(content.length === 0 ? '\r\n' : '\r\n0\r\n\r\n')
  ])
  switch (kind) {
    case 'none':
      return { headers: [], content: Buffer.alloc(0) }
    case 'length':
      return { headers: [`Content-Length: ${content.length}`], content }
    case 'chunked':
      return { headers: ['Transfer-Encoding: chunked'], content: whole }
    case 'short':
      return { headers: [`Content-Length: ${content.length + 10}`], content }
    case 'both':
      return { headers: ['Transfer-Encoding: chunked', `Content-Length: ${content.length}`], content: whole }
    case 'broken chunks':
      return {
        headers: ['Transfer-Encoding: chunked'],
        content: Buffer.concat([Buffer.from('zz\r\n'), content])
      }
  }
}

/** A request of any method, path, headers and body, well formed or not. */
const request: fc.Arbitrary<RawRequest> = fc
  .record({
    method,
    target,
    version: rarely(
      40,
      fc.constant('HTTP/1.1'),
      oneOf('HTTP/1.0', 'HTTP/2.0', 'HTTP/9', '', 'http/1.1', 'ICAP/1.0')
    ),
    hosts,
    headers: fc.array(header, { maxLength: 5 }),
    coding: oneOf(...CODINGS),
    framing,
    body,
    lineEnd: rarely(40, fc.constant('\r\n'), oneOf('\n', '\r'))
  })
  .map(
    ({
      method: verb,
      target: where,
      version,
      hosts: names,
      headers,
      coding,
      framing: kind,
      body: text,
      lineEnd
    }) => {
      const { headers: framed, content } = frame(kind, text)
      const lines = [
        `${verb} ${where} ${version}`,
        ...names.map((name) => `Host: ${name}`),
        ...headers.map(([name, given]) => `${name}: ${given}`),
        ...(coding === undefined || kind === 'none' ? [] : [`Content-Encoding: ${coding}`]),
        ...framed
      ]
      const head = Buffer.from(lines.join(lineEnd) + lineEnd + lineEnd, 'latin1')
      return { method: verb, bytes: Buffer.concat([head, content]) }
    }
  )

const noise: fc.Arbitrary<RawRequest> = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => ({ method: '', bytes: Buffer.from(bytes) })),
  oneOf(
    '\x16\x03\x01\x02\x00\x01\x00',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'GET',
    'GET / HTTP/1.1\r\nHost: a\r\nX: '
  ).map((text) => ({
    method: '',
    bytes: Buffer.from(text, 'latin1')
  }))
)

/** The requests of one connection, sent at once. */
export const conversation: fc.Arbitrary<RawRequest[]> = fc.oneof(
  { weight: 30, arbitrary: fc.array(request, { minLength: 1, maxLength: 6 }) },
  { weight: 1, arbitrary: fc.tuple(noise) }
)

function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}
