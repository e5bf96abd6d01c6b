import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import type { FastifyServerOptions } from 'fastify'
import t from 'tap'
import type { Test } from 'tap'
import dalleserver from '../index.ts'
import type { DalleserverOptions, OwnProvider } from '../index.ts'
import type { Artist } from '../lib/image/artist.ts'
import { ADDRESS, json, plainPng, pollUntilDone, temporaryFolder } from './helper.ts'

const PICTURE = `/art/dalle/simple/${ADDRESS}?generate=1`
const png = await plainPng(64)

const paid: Artist = {
  provider: 'paid',
  compose: () => ({ draw: async () => ({ downloadMode: 'local', download: async () => png }) })
}

/** Another application with a provider of its own. */
async function createHost(
  t: Test,
  draw: () => Promise<unknown>,
  options: Partial<DalleserverOptions> = {},
  ofHost: FastifyServerOptions = {}
) {
  const calls: string[] = []
  const provider: OwnProvider = {
    name: 'mine',
    prices: { draw: 1 },
    async draw() {
      calls.push('draw')
      return (await draw()) as { bytes: Uint8Array }
    }
  }
  const host = Fastify(ofHost)
  t.teardown(() => host.close())
  const settings = { prefix: '/art', dataDir: await temporaryFolder(t), provider, ...options }
  await host.register(dalleserver, settings)
  return { host, calls, start: async () => await host.listen({ port: 0, host: '127.0.0.1' }) }
}

t.test('options that would let anybody spend without a limit are refused', async (t) => {
  const draw = async () => ({ bytes: png })
  const refusals: Array<[options: object, message: RegExp]> = [
    [{ open: true }, /^open: true|^open is/],
    [
      { provider: undefined, artist: paid, dailyImageLimit: 1 },
      /^dailyImageLimit is set, but what an artist/
    ],
    [{ provider: undefined, artist: paid, open: true, dailyBudgetUsd: 1 }, /^dailyBudgetUsd is set/],
    [{ provider: { name: 'mine', draw, prices: { draw: Number.NaN } } }, /^provider\.prices\.draw is NaN/],
    [{ provider: { name: 'mine', draw, prices: { draw: -1 } } }, /^provider\.prices\.draw is -1/],
    [{ skipImage: true }, /^skipImage is set, but a provider is given/],
    [{ noEnhance: true }, /^noEnhance is set, but a provider is given/]
  ]
  for (const [options, message] of refusals) {
    const failure = await createHost(t, draw, options).then(
      () => 'it starts',
      ({ message }: Error) => message
    )
    t.match(failure, message)
  }
})

t.test('only a request from this machine starts a paid run without a token', async (t) => {
  const { host, calls } = await createHost(t, async () => ({ bytes: png }), {}, { trustProxy: true })
  await host.ready()
  // The application does not listen itself, so it has no addresses.
  const server = createServer((request, response) => host.server.emit('request', request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const foreign: Array<Record<string, string>> = [
    { 'x-forwarded-for': '203.0.113.9' },
    { 'x-forwarded-for': '127.0.0.1' },
    { 'x-forwarded-host': 'art.example.com' },
    { forwarded: 'for=203.0.113.9' }
  ]
  for (const headers of foreign) {
    t.equal((await fetch(url + PICTURE, { headers })).status, 401, JSON.stringify(headers))
  }
  const named = await host.inject({ url: PICTURE, headers: { host: 'rebinding.example' } })
  t.equal(named.statusCode, 401, 'a name that is not of this machine')
  t.same(calls, [])
  t.match(await pollUntilDone(url + PICTURE), { error: '' })
  t.same(calls, ['draw'])
})

t.test('a batch counts the prices of the provider, and wrong tokens are refused', async (t) => {
  const draw = async () => ({ bytes: png })
  const limits = { dailyBudgetUsd: 3, apiTokens: 'right-token-of-the-server' }
  const { calls, start } = await createHost(t, draw, limits)
  const url = await start()
  const addresses = Array.from({ length: 5 }, (_, index) => `0x${String(index).padStart(40, '0')}`)
  const headers = { authorization: 'Bearer right-token-of-the-server' }
  const body = JSON.stringify({ series: 'simple', addresses })
  const ask = async (path: string) =>
    await json(await fetch(`${url}/art/v1/batches${path}`, { method: 'POST', headers, body }))
  t.match((await ask('/estimate')).data, { images: 5, estimatedCostUsd: 5 })
  t.match((await ask('')).error, { code: 'BUDGET_EXHAUSTED' })
  t.same(calls, [])
  const wrong = await fetch(`${url}/art/v1/batches`, { headers: { authorization: 'Bearer wrong' } })
  t.equal(wrong.status, 401)
})

t.test('whatever a provider returns is counted, and an answer that cannot be used is paid for', async (t) => {
  const free = Object.assign(new Error('no credit was used'), { mayBeBilled: false })
  const cases: Array<[what: string, draw: () => Promise<unknown>, errorCode: string, usd: number]> = [
    ['its own cost', async () => ({ bytes: png, usd: 0.5 }), '', 0.5],
    ['no number', async () => ({ bytes: png, usd: Number.NaN }), '', 1],
    ['less than nothing', async () => ({ bytes: png, usd: -5 }), '', 1],
    ['another shape', async () => ({ data: png }), 'IMAGE_DOWNLOAD_ERROR', 1],
    ['nothing', async () => undefined, 'IMAGE_DOWNLOAD_ERROR', 1],
    ['an error', async () => await Promise.reject(new Error('socket hang up')), 'OPENAI_UNAVAILABLE', 1],
    ['an error that is free', async () => await Promise.reject(free), 'OPENAI_UNAVAILABLE', 0]
  ]
  for (const [what, draw, errorCode, usd] of cases) {
    const { calls, start } = await createHost(t, draw, { dailyBudgetUsd: 10 })
    const url = await start()
    t.match(await pollUntilDone(url + PICTURE), { errorCode }, what)
    t.same(calls, ['draw'], `${what}: one call`)
    const metrics = await (await fetch(`${url}/art/metrics`)).text()
    t.match(metrics, new RegExp(`^dalleserver_budget_spent_usd ${usd}$`, 'm'), what)
  }
})

t.test('a picture is named after the artist of the application, also after a restart', async (t) => {
  const dataDir = await temporaryFolder(t)
  const options = { dataDir, provider: undefined, artist: paid }
  const first = await createHost(t, async () => undefined, options)
  const before = await first.start()
  t.match(await pollUntilDone(before + PICTURE), { error: '', provider: 'paid' })
  await first.host.close()
  const url = await (await createHost(t, async () => undefined, options)).start()
  t.match((await json(await fetch(url + PICTURE))).data, { provider: 'paid', cacheHit: true })
  const page = await (await fetch(`${url}/art/preview/simple/${ADDRESS}`)).text()
  t.match(page, /<dt>Drawn by<\/dt><dd>the model provider<\/dd>/)
  const svg = await fetch(`${url}/art/avatar/simple/${ADDRESS}.svg`)
  t.equal(svg.headers.get('x-dalle-placeholder'), 'true', 'the built-in artist has not drawn it')
})
