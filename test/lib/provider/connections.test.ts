import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import t from 'tap'
import type { Test } from 'tap'
import { temporaryFolder } from '../../helper.ts'
import { errors } from '../../../lib/errors.ts'
import { startOpenAi } from '../../peers/openai.ts'
import { startClient } from './start-client.ts'

async function listen(t: Test, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return (server.address() as AddressInfo).port
}

const { error: noOpenssl } = spawnSync('openssl', ['version'])
/** Why a test that needs a certificate is skipped, if it is. */
const withoutOpenssl = noOpenssl && 'the program openssl makes the certificate, and it is not installed'

/** A key and a certificate that nothing trusts. */
async function certificate(t: Test) {
  const folder = await temporaryFolder(t)
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=localhost', '-days', '1', '-nodes']
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore'
  })
  return { key: readFileSync(key), cert: readFileSync(cert) }
}

async function checkFree(t: Test, baseUrl: string): Promise<void> {
  const { draw, enhance, ledger, breakers } = await startClient(t, { baseUrl })
  const { error, attempts } = await draw()
  t.match(error, { code: 'OPENAI_UNAVAILABLE', kind: 'unreachable' })
  t.equal(attempts, 4, 'it is repeated, since it costs nothing')
  t.match((await enhance()).error, { kind: 'unreachable' })
  t.same(ledger.spent(), { usd: 0, images: 0 })
  t.match(breakers.draw.report(), { failures: 4 })
}

t.test('a connection that ends before the request is written costs nothing', async (t) => {
  const closing = createServer((socket) => socket.destroy())
  const ending = createServer((socket) => socket.end())
  const resetting = createServer((socket) => socket.resetAndDestroy())
  for (const [what, server] of [
    ['a port that closes', closing],
    ['a port that ends', ending],
    ['a port that resets', resetting]
  ] as const) {
    const port = await listen(t, server)
    await t.test(what, async (t) => await checkFree(t, `http://127.0.0.1:${port}/v1`))
    await t.test(`${what}, before TLS`, async (t) => await checkFree(t, `https://127.0.0.1:${port}/v1`))
  }
  const silent = createServer((socket) => {
    socket.once('data', () => socket.destroy()).on('error', () => {})
  })
  const port = await listen(t, silent)
  await t.test(
    'a port that closes in the middle of TLS',
    async (t) => await checkFree(t, `https://127.0.0.1:${port}/v1`)
  )
  await t.test('a name that is unknown', async (t) => await checkFree(t, 'http://nowhere.invalid/v1'))
})

t.test('TLS that fails costs nothing', { skip: withoutOpenssl }, async (t) => {
  const pair = await certificate(t)
  const unknown = await listen(
    t,
    createTlsServer(pair).on('tlsClientError', () => {})
  )
  await t.test('an unknown certificate', async (t) => await checkFree(t, `https://127.0.0.1:${unknown}/v1`))
  const plain = await startOpenAi()
  t.teardown(() => plain.close())
  await t.test('a port without TLS', async (t) => await checkFree(t, plain.url.replace('http:', 'https:')))
})

t.test('a connection that ends after the request was written may be charged', async (t) => {
  const openai = await startOpenAi()
  t.teardown(() => openai.close())
  const { draw, ledger } = await startClient(t, { baseUrl: openai.url })
  openai.script('image', 'reset', 'model_not_found')
  t.match((await draw()).error, { kind: 'wrong_request' })
  t.equal(ledger.spent().images, 1)
})

t.test('a call that is cancelled before it has a connection costs nothing', async (t) => {
  const waiting = createServer((socket) => socket.on('error', () => {}))
  const port = await listen(t, waiting)
  const controller = new AbortController()
  // The connection is there, and TLS never begins.
  waiting.once('connection', () => controller.abort(errors.cancelled()))
  const { draw, ledger } = await startClient(t, { baseUrl: `https://127.0.0.1:${port}/v1` })
  t.match((await draw({ signal: controller.signal })).error, { code: 'CANCELLED' })
  t.same(ledger.spent(), { usd: 0, images: 0 })
})
