import { createServer, get as httpGet } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t from 'tap'
import type { Test } from 'tap'
import {
  ADDRESS,
  bodyOf,
  build,
  json,
  noisyPng,
  pollUntilDone,
  sha256,
  temporaryFolder,
  until
} from '../helper.ts'
import { noNginx, startNginx } from '../peers/nginx.ts'
import { startServer } from '../server/process.ts'

const skip = noNginx()
const picture = `/dalle/simple/${ADDRESS}`

/** A server in place of one of the service, with the requests that reached it. */
async function standIn(t: Test, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    // Each connection is new, so that it cannot end just when it is used again.
    response.setHeader('Connection', 'close')
    answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, server }
}

t.test('nginx in front of several servers', { skip }, async (t) => {
  await t.test('passes on who asks, and not what the client claims', async (t) => {
    const { url, requests } = await standIn(t, (_, response) => response.end('hello'))
    const nginx = await startNginx(t, [url])
    requests.length = 0
    const claims = {
      'X-Forwarded-For': '192.0.2.1',
      'X-Forwarded-Host': 'evil.example',
      'X-Forwarded-Proto': 'gopher',
      'X-Real-IP': '192.0.2.2',
      Forwarded: 'for=192.0.2.3',
      'X-Request-ID': 'of-the-client'
    }
    t.equal(await (await fetch(`${nginx}/dalle/a%20b/%2F?x=1`, { headers: claims })).text(), 'hello')
    t.match(requests[0], {
      url: '/dalle/a%20b/%2F?x=1',
      headers: {
        host: new URL(nginx).host,
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-host': new URL(nginx).host,
        'x-forwarded-proto': 'http',
        'x-request-id': 'of-the-client'
      }
    })
    for (const name of ['x-real-ip', 'forwarded']) t.notOk(requests[0]!.headers[name], name)
    await fetch(nginx, { headers: { 'X-Request-ID': 'not valid' } })
    t.match(requests[1]!.headers['x-request-id'], /^[0-9a-f]{8}$/, 'an id of its own')
  })

  await t.test('keeps the figures of operators from others, and says so in the envelope', async (t) => {
    const { url } = await standIn(t, (_, response) => response.end('figures'))
    const nginx = await startNginx(t, [url])
    const ask = async (path: string, localAddress: string) => {
      const asked = httpGet(`${nginx}${path}`, { localAddress, headers: { 'X-Request-ID': 'of-the-client' } })
      const [response] = (await once(asked, 'response')) as [IncomingMessage]
      return { status: response.statusCode, headers: response.headers, body: await text(response) }
    }
    for (const path of ['/metrics', '/errors?format=json', '/health', '/health/', '/%6detrics', '/Metrics']) {
      t.match(await ask(path, '127.0.0.1'), { status: 200, body: 'figures' }, path)
      const { status, headers, body } = await ask(path, '127.0.0.2')
      t.match(
        { status, headers, body: JSON.parse(body) },
        {
          status: 403,
          headers: { 'content-type': 'application/json; charset=utf-8', 'x-request-id': 'of-the-client' },
          body: {
            success: false,
            error: { code: 'FORBIDDEN', timestamp: Number, request_id: 'of-the-client' },
            request_id: 'of-the-client'
          }
        },
        path
      )
    }
    for (const path of ['/healthz', '/readyz', picture, '/preview']) {
      t.match(await ask(path, '127.0.0.2'), { status: 200, body: 'figures' }, path)
    }
  })

  await t.test('sends each event at once', async (t) => {
    const { url } = await standIn(t, (_, response) => response.write('data: 1\n\n'))
    const nginx = await startNginx(t, [url])
    for (const path of [`${picture}/events`, '/events', '/v1/batches/1/events']) {
      const gone = new AbortController()
      const { body } = await fetch(`${nginx}${path}`, { signal: gone.signal })
      // The response has not ended, so nothing would come through a buffer.
      const { value } = await body!.getReader().read()
      t.equal(Buffer.from(value!).toString(), 'data: 1\n\n', path)
      gone.abort()
    }
  })

  await t.test('repeats what is safe to repeat, and nothing else', async (t) => {
    const cut = await standIn(t, (request, response) => {
      if (request.url === '/') response.end()
      else request.socket.destroy()
    })
    const whole = await standIn(t, (_, response) => response.end('whole'))
    // The servers take turns, whatever fails.
    const nginx = await startNginx(t, [cut.url, whole.url], { 'max_fails=1': 'max_fails=0' })
    /** Asks until a request reaches the server that cuts; its response, and whether the other server got it too. */
    const askCut = async (path: string, method = 'GET') => {
      for (const before = cut.requests.length; ;) {
        const others = whole.requests.length
        const response = await fetch(`${nginx}${path}`, { method })
        const text = await response.text()
        const isRepeated = whole.requests.length > others
        if (cut.requests.length > before) return { status: response.status, text, isRepeated }
      }
    }
    for (const path of [picture, `${picture}?generate=1`, '/v1/images/1', '/events']) {
      t.same(await askCut(path), { status: 200, text: 'whole', isRepeated: true }, path)
    }
    const unsafe: Array<[method: string, path: string]> = [
      ['GET', `${picture}?generate=1&force=1`],
      ['GET', `${picture}?force&generate`],
      ['POST', '/v1/images/generate'],
      ['POST', '/v1/batches']
    ]
    for (const [method, path] of unsafe) {
      const { status, text, isRepeated } = await askCut(path, method)
      t.match({ status, isRepeated }, { status: 503, isRepeated: false }, `${method} ${path}`)
      t.match(JSON.parse(text), { success: false, error: { code: 'SERVICE_UNAVAILABLE' } })
    }
  })

  await t.test('answers in the envelope where no server does', async (t) => {
    const { url, server } = await standIn(t, (_, response) => response.end())
    const nginx = await startNginx(t, [url])
    const large = await fetch(`${nginx}/v1/batches`, { method: 'POST', body: 'x'.repeat(2_100_000) })
    t.match(
      { status: large.status, body: await json(large) },
      { status: 413, body: { success: false, error: { code: 'PAYLOAD_TOO_LARGE' } } }
    )
    server.close()
    server.closeAllConnections()
    for (const path of ['/dalle/simple', '/series?force=1', '/events', '/v1/images']) {
      const response = await fetch(`${nginx}${path}`, { headers: { 'X-Request-ID': 'of-the-client' } })
      const body = await json(response)
      t.match(
        { status: response.status, headers: Object.fromEntries(response.headers), body },
        {
          status: 503,
          headers: {
            'content-type': 'application/json; charset=utf-8',
            'cache-control': 'no-store',
            'retry-after': '2',
            'x-request-id': 'of-the-client'
          },
          body: {
            success: false,
            error: { code: 'SERVICE_UNAVAILABLE', timestamp: Number, request_id: 'of-the-client' },
            request_id: 'of-the-client'
          }
        },
        path
      )
      t.ok(Number.isInteger(body.error.timestamp))
    }
  })

  await t.test('a server that is killed is not seen by polls', async (t) => {
    const dataDir = await temporaryFolder(t)
    const args = ['--port', '0', '--data-dir', dataDir]
    const doomed = startServer(t, { args, cwd: dataDir, env: { TB_DALLE_TRUSTED_PROXIES: '127.0.0.1' } })
    const other = await build(t, { settings: { TB_DALLE_TRUSTED_PROXIES: '127.0.0.1' } })
    const urls = [await doomed.listening(), other.url]
    const nginx = await startNginx(t, urls)
    // Each server has a folder of its own, so both have to draw.
    for (const url of urls) await pollUntilDone(`${url}${picture}?generate=1`)
    const expected = await bodyOf(await fetch(`${nginx}${picture}`))
    t.equal(expected.subarray(1, 4).toString(), 'PNG')

    const statuses: number[] = []
    const enough = new AbortController()
    const pollers = Array.from({ length: 4 }, async () => {
      while (!enough.signal.aborted) {
        const response = await fetch(`${nginx}${picture}?generate=1`)
        await response.arrayBuffer()
        statuses.push(response.status)
      }
    })
    await until(() => statuses.length >= 20)
    doomed.child.kill('SIGKILL')
    await doomed.exited
    const killedAt = statuses.length
    await until(() => statuses.length >= killedAt + 20)
    enough.abort()
    await Promise.all(pollers)
    t.same([...new Set(statuses)], [200])
    t.same(await bodyOf(await fetch(`${nginx}${picture}`)), expected)
  })

  await t.test('sends pictures from the data folder, just as the server would', async (t) => {
    /** The paths that the server told nginx to send, and what happens before nginx opens the next one. */
    const handed: unknown[] = []
    let meanwhile = async () => {}
    const { app, url, dataDir } = await build(t, {
      settings: { TB_DALLE_ACCEL_REDIRECT: '/internal/', TB_DALLE_TRUSTED_PROXIES: '127.0.0.1' },
      extend: (app) =>
        app.addHook('onSend', async (_request, reply) => {
          const path = reply.getHeader('x-accel-redirect')
          if (path !== undefined) {
            handed.push(path)
            await meanwhile()
          }
        })
    })
    const nginx = await startNginx(t, [url], { '/data/': `${dataDir}/` })
    const png = await noisyPng(400)
    const file = `simple/annotated/${ADDRESS}.png`
    await app.pictures.stored.put('simple', ADDRESS, png)
    await app.files.write('output/ä b%/generated/x#?.png', png)
    const version = (await fetch(url + picture)).headers.get('etag')!

    const ask = async (origin: string, path: string, headers: Record<string, string>, method = 'GET') => {
      const own = { 'x-request-id': 'mine', ...headers }
      const response = await fetch(origin + path, { headers: own, method })
      const hop = /^(?:connection|date|keep-alive|server|transfer-encoding)$/
      const fields = [...response.headers].filter(([name]) => !hop.test(name))
      const { status } = response
      const body = await bodyOf(response)
      // An error has the time in its body.
      return { status, headers: fields, body: status < 400 ? sha256(body) : body.length }
    }
    for (const [path, isHanded] of [
      [picture, true],
      [picture.toUpperCase().replace('/DALLE', '/dalle').replace('0X', '0x'), true],
      [`${picture}?w=384`, true],
      [`/files/${file}?v=${version.slice(1, -1)}`, true],
      ['/files/%C3%A4%20b%25/generated/x%23%3F.png', true],
      [`/files/simple/annotated/${ADDRESS.replace('0xf', '0xa')}.png`, false]
    ] as const) {
      handed.length = 0
      const direct = await ask(url, path, {})
      t.same(await ask(nginx, path, {}), direct, path)
      t.equal(handed.length, isHanded ? 1 : 0, path)
    }
    for (const [headers, method] of [
      [{}, 'HEAD'],
      [{ 'if-none-match': version }],
      [{ 'if-modified-since': new Date().toUTCString() }],
      [{ 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' }],
      [{ 'if-none-match': '"other"', 'if-modified-since': new Date().toUTCString() }],
      [{ 'if-match': '"other"' }],
      [{ 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' }],
      [{ range: 'bytes=10-19' }],
      [{ range: 'bytes=0-1,4-5' }],
      [{ range: 'bytes=99999999-' }],
      [{ range: 'bytes=10-19', 'if-range': version }],
      [{ range: 'bytes=10-19', 'if-range': '"other"' }]
    ] as const) {
      const expected = await ask(url, picture, headers, method)
      t.same(await ask(nginx, picture, headers, method), expected, `${JSON.stringify(headers)} ${method}`)
    }

    const other = await noisyPng(410)
    meanwhile = async () => await writeFile(join(dataDir, 'output', file), other)
    const replaced = await fetch(`${nginx}/files/${file}?v=${version.slice(1, -1)}`)
    t.same(await bodyOf(replaced), other, 'the new picture, whole')
    t.equal(replaced.headers.get('etag'), null, 'without what belongs to the old one')
    t.match(replaced.headers.get('cache-control'), /no-store/)

    meanwhile = async () => await rm(join(dataDir, 'output', file), { force: true })
    const removed = await fetch(nginx + picture)
    t.match(
      { status: removed.status, cache: removed.headers.get('cache-control') },
      { status: 200, cache: 'no-store' }
    )
    t.match(await json(removed), { success: true, data: {} }, 'as where there is no picture')

    meanwhile = async () => {}
    await writeFile(join(dataDir, 'output/simple/linked.png'), png)
    await symlink('../linked.png', join(dataDir, 'output', file))
    await until(async () => (await fetch(nginx + picture)).headers.get('content-type') === 'image/png')
    t.same(await bodyOf(await fetch(nginx + picture)), png, 'the server follows a link in the data folder')

    const stranger = await fetch(`${nginx}/internal/output/simple/linked.png`)
    t.match(
      { status: stranger.status, body: await json(stranger) },
      { status: 404, body: { error: { code: 'NOT_FOUND' } } }
    )
  })
})
