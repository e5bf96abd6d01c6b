import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { createDownloader, isPublic } from '../../../lib/provider/download.ts'
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
    ['redirect', 1, 'IMAGE_DOWNLOAD_ERROR']
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
    t.equal(calls.filter(({ operation }) => operation === 'download').length, downloads, 'each is reported')
    t.equal(breakers.draw.report().failures, 0, 'the circuit of drawings is not touched')
  }
})

t.test('nothing is downloaded from a private address unless the provider has one', async (t) => {
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
  t.ok(isPublic('93.184.216.34') && isPublic('2606:2800:220:1:248:1893:25c8:1946'))
})
