import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import type { Test } from 'tap'
import { ADDRESS, bodyOf, build, json, pollUntilDone, temporaryFolder, until } from '../helper.ts'
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
})
