import { lookup } from 'node:dns'
import t from 'tap'
import { createDownloader } from '../../../lib/provider/download.ts'
import { NotConnected, UnusableAnswer } from '../../../lib/provider/failures.ts'
import { startOpenAi } from '../../peers/openai.ts'
import { startProxy } from '../../peers/proxy.ts'
import { startClient } from './start-client.ts'

const openai = await startOpenAi({ scale: 0.0625 })
const port = Number(new URL(openai.url).port)
t.teardown(() => openai.close())
t.beforeEach(() => openai.reset())

const signal = new AbortController().signal

t.test('requests go through the proxy, which gets its own password and not the key', async (t) => {
  const proxy = await startProxy({ port })
  t.teardown(proxy.close)
  const { draw, enhance } = await startClient(t, {
    baseUrl: 'http://provider.example/v1',
    proxies: { http: proxy.url.replace('//', '//me:secret@'), https: undefined, except: '' }
  })
  t.equal((await draw()).error, undefined)
  t.equal((await enhance()).error, undefined)
  t.ok(proxy.asked.length > 0 && proxy.asked.every((host) => host.startsWith('provider.example')))
  t.equal(proxy.authorizations[0], `Basic ${Buffer.from('me:secret').toString('base64')}`)
  t.match(openai.requests[0]!.headers, { host: /^provider\.example/, authorization: /^Bearer / })
  t.notOk('proxy-authorization' in openai.requests[0]!.headers)
})

t.test('NO_PROXY names hosts that are reached directly', async (t) => {
  const proxy = await startProxy({ port })
  t.teardown(proxy.close)
  for (const [except, count] of [
    ['127.0.0.1', 0],
    ['*', 0],
    [`127.0.0.1:${port}`, 0],
    ['example.org', 1]
  ] as const) {
    proxy.asked.length = 0
    const { draw } = await startClient(t, {
      baseUrl: openai.url,
      proxies: { http: proxy.url, https: proxy.url, except }
    })
    t.equal((await draw()).error, undefined)
    t.equal(proxy.asked.length, count, except)
  }
})

t.test('the environment of the process is not read', async (t) => {
  const { HTTP_PROXY } = process.env
  process.env.HTTP_PROXY = 'http://127.0.0.1:1'
  t.teardown(() => {
    if (HTTP_PROXY === undefined) delete process.env.HTTP_PROXY
    else process.env.HTTP_PROXY = HTTP_PROXY
  })
  const { draw } = await startClient(t, {
    baseUrl: openai.url,
    proxies: { http: undefined, https: 'http://127.0.0.1:1', except: '' }
  })
  t.equal((await draw()).error, undefined)
})

t.test('where the proxy makes no connection, nothing was sent and nothing is charged', async (t) => {
  for (const status of [403, 407, 502]) {
    const proxy = await startProxy({ port, status })
    t.teardown(proxy.close)
    const { draw, charges } = await startClient(t, {
      baseUrl: 'http://provider.example/v1',
      proxies: { http: proxy.url, https: undefined, except: '' }
    })
    t.match((await draw()).error, { kind: 'unreachable' }, String(status))
    t.same(charges, [])
  }
  const { draw, charges } = await startClient(t, {
    baseUrl: 'http://provider.example/v1',
    proxies: { http: 'http://127.0.0.1:1', https: undefined, except: '' }
  })
  t.match((await draw()).error, { kind: 'unreachable' }, 'the proxy itself is away')
  t.same(charges, [])
  t.equal(openai.count('image'), 0)
})

t.test('images at private addresses are refused behind a proxy too', async (t) => {
  const proxy = await startProxy({ port })
  t.teardown(proxy.close)
  const addresses: Record<string, string> = {
    'public.example': '93.184.215.14',
    'private.example': '10.0.0.1',
    'metadata.example': '169.254.169.254'
  }
  const resolve: typeof lookup = ((
    hostname: string,
    _options: unknown,
    found: (...given: unknown[]) => void
  ) => {
    const address = addresses[hostname]
    if (address === undefined) found(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), [])
    else found(null, [{ address, family: 4 }])
  }) as never
  const downloader = createDownloader('http://provider.example/v1', resolve as never, {
    http: proxy.url,
    https: undefined,
    except: ''
  })
  t.teardown(() => downloader.close())
  const path = '/images/img-1024x1024-0.png'
  t.ok((await downloader.fetchImage(`http://public.example${path}`, signal)).length > 0)
  t.ok((await downloader.fetchImage(`http://provider.example${path}`, signal)).length > 0, 'the own host')
  t.equal(proxy.asked.length, 2)
  for (const [url, type] of [
    [`http://private.example${path}`, UnusableAnswer],
    [`http://metadata.example${path}`, UnusableAnswer],
    [`http://10.0.0.1${path}`, UnusableAnswer],
    [`http://169.254.169.254${path}`, UnusableAnswer],
    [`http://[::1]${path}`, UnusableAnswer],
    [`http://provider.example:81${path}`, NotConnected],
    [`http://unknown.example${path}`, NotConnected]
  ] as const) {
    await t.rejects(downloader.fetchImage(url, signal), { constructor: type } as never, url)
  }
  t.equal(proxy.asked.length, 2, 'the proxy is asked for none of them')
})

t.test('a name that NO_PROXY lists is checked when the connection is made', async (t) => {
  const proxy = await startProxy({ port })
  t.teardown(proxy.close)
  const downloader = createDownloader('http://provider.example/v1', lookup, {
    http: proxy.url,
    https: undefined,
    except: 'localhost'
  })
  t.teardown(() => downloader.close())
  await t.rejects(downloader.fetchImage(`http://localhost:${port}/images/img-1024x1024-0.png`, signal), {
    constructor: UnusableAnswer
  } as never)
  t.equal(openai.count('download'), 0)
})
