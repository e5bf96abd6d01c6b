import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import type { Test } from 'tap'
import { createDownloader } from '../../../lib/provider/download.ts'
import { startOpenAi } from '../../peers/openai.ts'
import type { Fault } from '../../peers/openai.ts'
import { startClient } from './start-client.ts'

t.test('a failed download is repeated, and the drawing is not', async (t) => {
  const openai = await startOpenAi({ scale: 0.0625 })
  t.teardown(() => openai.close())
  const cases: Array<[fault: Fault, downloads: number, code?: string]> = [
    ['ok', 1],
    ['server_error', 4, 'IMAGE_DOWNLOAD_ERROR'],
    ['cut_body', 2, 'IMAGE_DOWNLOAD_ERROR'],
    ['not_an_image', 1, 'IMAGE_DOWNLOAD_ERROR'],
    ['huge', 1, 'IMAGE_DOWNLOAD_ERROR'],
    ['download_404', 1, 'IMAGE_DOWNLOAD_ERROR'],
    // A redirect to itself is followed three times.
    ['redirect', 4, 'IMAGE_DOWNLOAD_ERROR']
  ]
  for (const [fault, downloads, code] of cases) {
    openai.reset()
    const { draw, breakers, calls } = await startClient(t, {
      baseUrl: openai.url,
      image: { model: 'compatible-1' }
    })
    openai.behave('download', fault)
    const { error, result } = await draw()
    t.equal(error?.code, code, String(fault))
    if (code === undefined) t.equal(result?.mode, 'url')
    t.equal(openai.count('image'), 1, `${String(fault)}: drawn once`)
    t.equal(openai.count('download'), downloads, String(fault))
    const reported = calls.filter(({ operation }) => operation === 'download').length
    t.equal(reported, fault === 'redirect' ? 1 : downloads, 'each is reported')
    t.equal(breakers.draw.report().failures, 0, 'the circuit of drawings is not touched')
  }
})

t.test('nothing is downloaded from a private address but at the host and port of the provider', async (t) => {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'image/png').end('x')
  }).listen(0)
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const { signal } = new AbortController()
  // A provider with a public address. Nothing is sent to it, because every URL is refused before.
  const outside = createDownloader('https://8.8.8.8/v1')
  t.teardown(() => outside.close())
  for (const url of [
    `http://127.0.0.1:${port}/x.png`,
    `http://localhost:${port}/x.png`,
    `http://[::1]:${port}/x.png`,
    `http://[::ffff:127.0.0.1]:${port}/x.png`,
    `http://2130706433:${port}/x.png`,
    `http://0x7f.1:${port}/x.png`,
    `http://0.0.0.0:${port}/x.png`,
    'http://169.254.169.254/latest/meta-data',
    'http://10.0.0.1/x.png',
    'http://192.168.1.1/x.png',
    'http://[fd00::1]/x.png',
    'http://[64:ff9b::7f00:1]/x.png',
    'http://[::7f00:1]/x.png',
    'http://[::a9fe:a9fe]/x.png',
    'ftp://8.8.8.8/x.png',
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
    'no url'
  ]) {
    await t.rejects(
      outside.fetchImage(url, signal).catch((error: Error) => {
        throw error.cause instanceof Error ? error.cause : error
      }),
      { message: /private address|at a \w+: URL|no URL/ },
      url
    )
  }
  const inside = createDownloader(`http://127.0.0.1:${port}/v1`)
  t.teardown(() => inside.close())
  t.equal((await inside.fetchImage(`http://localhost:${port}/x.png`, signal)).toString(), 'x')
})

/** A server that sends an image of one byte. */
async function startImageHost(t: Test): Promise<number> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'image/png').end('x')
  }).listen(0)
  await once(server, 'listening')
  t.teardown(() => server.close())
  return (server.address() as AddressInfo).port
}

t.test('a provider at a private address opens its own host and port, and no other', async (t) => {
  const [own, other] = [await startImageHost(t), await startImageHost(t)]
  const { signal } = new AbortController()
  const downloader = createDownloader(`http://127.0.0.1:${own}/v1`)
  t.teardown(() => downloader.close())
  for (const host of ['127.0.0.1', 'localhost', '2130706433']) {
    t.equal((await downloader.fetchImage(`http://${host}:${own}/x.png`, signal)).toString(), 'x', host)
  }
  for (const url of [
    `http://127.0.0.1:${other}/x.png`,
    `http://localhost:${other}/x.png`,
    `http://127.0.0.2:${own}/x.png`,
    'http://10.0.0.1/x.png',
    'http://169.254.169.254/latest/meta-data'
  ]) {
    await t.rejects(downloader.fetchImage(url, signal).catch(firstCause), { message: /private address/ }, url)
  }
  for (const baseUrl of [
    'http://169.254.169.254/v1',
    'http://[fe80::1]/v1',
    'http://[64:ff9b::a9fe:a9fe]/v1'
  ]) {
    const linkLocal = createDownloader(baseUrl)
    t.teardown(() => linkLocal.close())
    const url = `${new URL(baseUrl).origin}/x.png`
    await t.rejects(linkLocal.fetchImage(url, signal).catch(firstCause), { message: /private address/ }, url)
  }
})

t.test('the answer of the name server at the moment of the connection decides', async (t) => {
  const port = await startImageHost(t)
  const { signal } = new AbortController()
  for (const addresses of [['127.0.0.1'], ['8.8.8.8', '127.0.0.1'], ['::1'], ['64:ff9b::7f00:1']]) {
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    const downloader = createDownloader('https://images.example/v1', (_hostname, _options, done) =>
      done(null, found)
    )
    t.teardown(() => downloader.close())
    const fetching = downloader.fetchImage(`http://rebound.example:${port}/x.png`, signal).catch(firstCause)
    await t.rejects(fetching, { message: /private address/ }, addresses.join())
  }
})

function firstCause(error: Error): never {
  throw error.cause instanceof Error ? error.cause : error
}
