import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import type { Test } from 'tap'
import { plainPng } from '../../helper.ts'
import { startOpenAi } from '../../peers/openai.ts'
import { startClient } from './start-client.ts'

const MEGABYTE = 2 ** 20
const KEY = 'sk-a-secret-key-of-a-test'
const openai = await startOpenAi({ scale: 0.0625 })
const base64 = (await plainPng(64)).toString('base64')
t.teardown(() => openai.close())
t.beforeEach(() => openai.reset())

const chat = (rest = '', content = 'A painted otter') =>
  `{"choices":[{"message":{"content":${JSON.stringify(content)}}}]${rest}}`
const image = (rest = '') => `{"data":[{"b64_json":"${base64}"}]${rest}}`
const nested = (depth: number) => `,"x":${'['.repeat(depth)}${']'.repeat(depth)}`
const manyValues = `,"x":[${'[],'.repeat(20_000)}0]`

/** The innermost cause of an error: what the client itself found. */
function causeOf(error: unknown): string | undefined {
  let last = error
  while (last instanceof Error && last.cause instanceof Error) last = last.cause
  return (last as Error | undefined)?.message
}

async function startRaw(t: Test, listener: RequestListener): Promise<string> {
  const server = createServer({ maxHeaderSize: 4 * MEGABYTE }, listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
}

t.test('an answer beyond the limits of JSON is refused before it is parsed, and bought once', async (t) => {
  for (const [rest, reason] of [
    [nested(100), /nested deeper than 32 levels/],
    [nested(8 * MEGABYTE), /nested deeper than 32 levels/],
    [manyValues, /too many values/]
  ] as const) {
    openai.reset()
    openai.behave('image', { kind: 'raw', body: image(rest) })
    const { draw, enhance } = await startClient(t, { baseUrl: openai.url })
    const drawn = await draw()
    t.match([drawn.error?.code, causeOf(drawn.error)], ['IMAGE_DOWNLOAD_ERROR', reason])
    openai.behave('chat', { kind: 'raw', body: chat(rest.slice(0, MEGABYTE / 2)) })
    t.match(causeOf((await enhance()).error), reason)
    t.equal(openai.count('image') + openai.count('chat'), 2)
  }
  openai.behave('image', { kind: 'raw', body: image(`,"x":"${'[{,:\\"'.repeat(100_000)}"`) })
  openai.behave('chat', { kind: 'raw', body: chat(nested(20)) })
  const { draw, enhance } = await startClient(t, { baseUrl: openai.url })
  t.ok((await draw()).result, 'signs within a text do not count')
  t.ok((await enhance()).result)
})

t.test('an answer of a language model has at most 1 MB', async (t) => {
  const { enhance } = await startClient(t, { baseUrl: openai.url })
  openai.script('chat', { kind: 'raw', body: chat(`,"x":"${'a'.repeat(MEGABYTE)}"`) })
  t.match(causeOf((await enhance()).error), /more than 1048576 bytes/)
  openai.script('chat', { kind: 'raw', body: chat(`,"x":"${'a'.repeat(MEGABYTE / 2)}"`) })
  t.ok((await enhance()).result)
})

t.test('the body of an error response is neither long nor deep when it is read', async (t) => {
  for (const body of [
    `{"error":{"message":"x","code":${'['.repeat(7_000)}${']'.repeat(7_000)}}}`,
    `{"error":{"message":"${'x'.repeat(4 * MEGABYTE)}"}}`
  ]) {
    openai.reset()
    openai.behave('image', { kind: 'raw', status: 400, body })
    const { draw } = await startClient(t, { baseUrl: openai.url })
    const { error } = await draw()
    t.match(error, { kind: 'wrong_request', message: /does not take the request/ })
    t.ok((causeOf(error) ?? '').length < 100)
  }
})

t.test('an error response that breaks off is known by its status', async (t) => {
  let asked = 0
  const baseUrl = await startRaw(t, ({ socket }, response) => {
    asked += 1
    response.writeHead(401, { 'content-length': 1_000 }).write('{"error":', () => socket.destroy())
  })
  const { draw } = await startClient(t, { baseUrl })
  t.match((await draw()).error, { kind: 'no_permission' })
  t.equal(asked, 1)
})

t.test('a redirect is not followed', async (t) => {
  let followed = 0
  const target = await startRaw(t, (_request, response) => {
    followed += 1
    response.setHeader('content-type', 'application/json').end(image())
  })
  for (const status of [301, 302, 303, 307, 308]) {
    const baseUrl = await startRaw(t, (_request, response) => {
      response.writeHead(status, { location: target }).end()
    })
    const { draw } = await startClient(t, { baseUrl })
    t.match((await draw()).error, { kind: 'wrong_request' }, String(status))
  }
  t.equal(followed, 0)
})

t.test('a header that is too large and an answer that is no HTTP are bought once', async (t) => {
  let asked = 0
  const large = await startRaw(t, (_request, response) => {
    asked += 1
    response.writeHead(200, { 'x-a': 'a'.repeat(MEGABYTE) }).end(image())
  })
  const strange = await startRaw(t, ({ socket }) => {
    asked += 1
    socket.end('HTTP/1.1 200 OK\r\nno header at all\r\n\r\n')
  })
  for (const baseUrl of [large, strange]) {
    const { draw } = await startClient(t, { baseUrl })
    t.match((await draw()).error, { kind: 'unusable' })
  }
  t.equal(asked, 2)
})

t.test('a compressed answer counts with its real length', async (t) => {
  const bomb = gzipSync(Buffer.from(chat(`,"x":"${'a'.repeat(40 * MEGABYTE)}"`)))
  const baseUrl = await startRaw(t, (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb)
  })
  const { draw, enhance } = await startClient(t, { baseUrl })
  t.match(causeOf((await enhance()).error), /more than 1048576 bytes/)
  t.match(causeOf((await draw()).error), /more than 33554432 bytes/)
})

t.test('a stream of events ends', async (t) => {
  const partial = `data: {"type":"image_generation.partial_image","b64_json":"${base64}"}\n\n`
  const completed = `data: {"type":"image_generation.completed","b64_json":"${base64}"}\n\n`
  const drawFrom = async (body: string) => {
    openai.reset()
    openai.behave('image', { kind: 'raw', type: 'text/event-stream', body })
    const client = await startClient(t, { baseUrl: openai.url, image: { partialImages: 2 } })
    return { ...(await client.draw()), partials: client.partials }
  }
  t.match(causeOf((await drawFrom(': ping\n'.repeat(20_000))).error), /does not come to an end/)
  t.match(causeOf((await drawFrom('data: 1\n\n'.repeat(20_000))).error), /does not come to an end/)
  t.match(causeOf((await drawFrom(`data: {"x":1${nested(100)}}\n\n`)).error), /nested deeper/)
  t.equal(
    (await drawFrom(partial.repeat(20) + completed)).partials.length,
    3,
    'no more than can be asked for'
  )
  t.match(await drawFrom(`event: thread.x\ndata: no JSON\n\n${completed}`), { error: { kind: 'unusable' } })
  for (const [what, body] of [
    ['line ends of Windows', `data: {"type":"x"}\r\n\r\n${completed.replaceAll('\n', '\r\n')}`],
    ['a comment and other fields', `: ping\nid: 1\nevent: x\nretry: 5\n${completed}`],
    ['data on several lines', 'data: {"type":\ndata: "x"}\n\n' + completed],
    ['data without a blank', completed.replace('data: ', 'data:')]
  ] as const) {
    t.ok((await drawFrom(body)).result, what)
  }
  t.ok((await drawFrom(completed.trimEnd())).result, 'an event without its end, whose data are whole')
  t.match((await drawFrom(completed.slice(0, -6))).error, { kind: 'interrupted' }, 'an event that breaks off')
})

t.test('no strange event reaches the console', async (t) => {
  const written: unknown[] = []
  for (const method of ['log', 'warn', 'error'] as const) {
    const original = console[method]
    console[method] = (...words: unknown[]) => written.push(words)
    t.teardown(() => (console[method] = original))
  }
  const { draw } = await startClient(t, { baseUrl: openai.url, image: { partialImages: 1 } })
  for (const event of ['', 'event: thread.x\n']) {
    openai.script('image', { kind: 'raw', type: 'text/event-stream', body: `${event}data: {secret\n\n` })
    t.ok((await draw()).error)
  }
  t.same(written, [])
})

t.test('an enhanced prompt has no control characters, and is never the key', async (t) => {
  const { enhance } = await startClient(t, { baseUrl: openai.url, apiKey: KEY })
  openai.script('chat', {
    kind: 'raw',
    body: chat('', '\x1b[31mAn\0 otter\u202e at\tdusk\n\x9b2Jwaits\ud800')
  })
  t.equal((await enhance()).result, '[31mAn otter at\tdusk\n2Jwaits')
  openai.script('chat', { kind: 'raw', body: chat('', `The key is ${KEY}.`) })
  t.match((await enhance()).error, { kind: 'unusable', message: /cannot be used/ })
})
