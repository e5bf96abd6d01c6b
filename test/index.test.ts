import { execFileSync } from 'node:child_process'
import { constants, closeSync, openSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import compress from '@fastify/compress'
import rateLimit from '@fastify/rate-limit'
import sensible from '@fastify/sensible'
import fastifyStatic from '@fastify/static'
import Fastify from 'fastify'
import type { FastifyInstance, FastifyServerOptions } from 'fastify'
import t from 'tap'
import type { Test } from 'tap'
import dalleserver from '../index.ts'
import type { DalleserverOptions, OwnProvider } from '../index.ts'
import type { Artist } from '../lib/image/artist.ts'
import { ADDRESS, json, plainPng, pollUntilDone, temporaryFolder } from './helper.ts'
import { rawRequest } from './raw-http.ts'

const OTHER = '0x71c7656ec7ab88b098defb751b7401b5f6d8976f'
const PICTURE = `/art/dalle/simple/${ADDRESS}`

/** An artist that delivers a small picture at once. */
const quickArtist: Artist = {
  provider: 'local',
  compose: () => ({ draw: async () => ({ downloadMode: 'local', download: async () => await plainPng(64) }) })
}

/** Another application, with `GET /` and whatever `extend` adds. */
async function startHost(
  t: Test,
  extend: (host: FastifyInstance) => void | Promise<void>,
  options: FastifyServerOptions = {}
) {
  const host: FastifyInstance = Fastify(options)
  t.teardown(() => host.close())
  host.get('/', async () => 'the application')
  await extend(host)
  return { host, url: await host.listen({ port: 0, host: '127.0.0.1' }) }
}

const fastOptions = async (t: Test, options: Partial<DalleserverOptions> = {}) => ({
  prefix: '/art',
  dataDir: await temporaryFolder(t),
  artist: quickArtist,
  ...options
})

/**
 * Stalls all reads and writes of files, as a disk that does not answer, until the returned function is called: each
 * thread that could read waits for the other end of a FIFO.
 */
async function stallFiles(t: Test): Promise<() => void> {
  const threads = Number(process.env.UV_THREADPOOL_SIZE ?? 4)
  const fifo = join(await temporaryFolder(t), 'fifo')
  execFileSync('mkfifo', [fifo])
  const waiting = Array.from({ length: threads }, async () => await open(fifo))
  const release = () => closeSync(openSync(fifo, constants.O_WRONLY))
  t.teardown(async () => {
    release()
    for (const handle of await Promise.all(waiting)) await handle.close()
  })
  return release
}

t.test('the service works under a prefix of another application, and all links begin with it', async (t) => {
  const options = await fastOptions(t)
  const { url } = await startHost(t, async (host) => {
    await host.register(dalleserver, options)
  })
  const ask = async (path: string, init?: RequestInit) =>
    await fetch(url + path, { redirect: 'manual', ...init })

  const accepted = await ask(`${PICTURE}?generate=1`, { headers: { prefer: 'respond-async' } })
  t.equal(accepted.status, 202)
  t.equal(accepted.headers.get('location'), PICTURE)
  await pollUntilDone(`${url}${PICTURE}?generate=1`)
  const picture = await ask(PICTURE)
  t.equal(picture.headers.get('content-type'), 'image/png')
  t.match(picture.headers.get('x-request-id'), /^req-\w+$/, 'the id is the one of the application')

  const [image] = (await json(await ask('/art/v1/gallery'))).data.images
  for (const link of [image.imageUrl, image.thumbnailUrl, image.pageUrl]) {
    t.ok(link.startsWith('/art/'), link)
    t.equal((await ask(link)).status, 200, link)
  }
  for (const path of [
    '/art/',
    '/art',
    '/art/preview',
    image.pageUrl,
    '/art/preview/series',
    '/art/nothing'
  ]) {
    const page = await (await ask(path, { headers: { accept: 'text/html' } })).text()
    const links = [...page.matchAll(/(?:href|src|action|data-(?:page|picture))="(\/[^"]*)"/g)].map(
      ([, to]) => to!
    )
    t.ok(links.length > 1, `${path} has links`)
    for (const link of new Set(links)) t.match(link, /^\/art(?:\/|$)/, `${path}: ${link}`)
  }
  const list = await (await ask('/art')).text()
  t.notMatch(list, /(?:^|[ (])\/(?!art\/)\w/m, 'each path of the list')
  t.match(await (await ask('/art/errors')).text(), '/art/errors?format=json')
  t.match(await (await ask('/art/robots.txt')).text(), 'Disallow: /art/\n')
  t.match((await json(await ask('/art/nothing'))).error, {
    code: 'NOT_FOUND',
    details: 'There is nothing at "/art/nothing"; /art/ lists what there is'
  })
  t.match((await json(await ask('/art/v1/images/x', { method: 'PUT' }))).error, { code: 'invalid_input' })
  const refused = await ask(`${PICTURE}?remove=1`, {
    headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' }
  })
  t.equal(refused.status, 303)
  t.equal(refused.headers.get('location'), `/art/preview/simple/${ADDRESS}`)
  t.match(
    await (await ask('/art/metrics')).text(),
    'route="/dalle/:series/:address"',
    'dashboards stay as they are'
  )

  const made = await ask('/art/v1/images/generate', {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'respond-async' },
    body: JSON.stringify({ input: 'a text' })
  })
  t.equal(made.status, 202)
  t.match(made.headers.get('location'), /^\/art\/v1\/images\/sha256:/)

  const events = await ask(`${PICTURE}/events`)
  t.match(await events.text(), /event: done/)
  t.equal((await ask(`${PICTURE}?remove=1`)).status, 200)
  t.equal((await ask('/art/readyz')).status, 200)
})

t.test('the application and the service do not see each other', async (t) => {
  const options = await fastOptions(t)
  const seen: string[] = []
  const { host, url } = await startHost(
    t,
    async (host) => {
      await host.register(compress)
      await host.register(sensible)
      await host.register(rateLimit, { max: 1000 })
      await host.register(fastifyStatic, { root: import.meta.dirname, prefix: '/static/' })
      host.decorate('config', 'of the application' as never)
      host.decorate('metrics', 1 as never)
      host.decorateRequest('clientId', 'of the application')
      host.decorateReply('outcome', 'of the application' as never)
      host.addSchema({ $id: 'ApiError', type: 'object' })
      host.addContentTypeParser('application/json', (_request, _body, done) =>
        done(new Error('not for JSON'))
      )
      host.setValidatorCompiler(() => {
        throw new Error('a compiler that knows no TypeBox')
      })
      host.setNotFoundHandler((_request, reply) => reply.code(404).send('nothing in the application'))
      host.setErrorHandler((error: Error, _request, reply) =>
        reply.code(500).send(`in the application: ${error.message}`)
      )
      host.addHook('onRequest', async (request, reply) => {
        reply.header('access-control-allow-origin', 'https://shop.example')
        if (request.headers['x-refuse'] !== undefined) throw new Error('refused')
      })
      host.addHook('onResponse', async ({ url }) => {
        seen.push(url)
      })
      host.get('/fails', async () => {
        throw new Error('on purpose')
      })
      host.get('/config', async () => `${String(host.config)} ${Object.keys(host).includes('engine')}`)
      await host.register(dalleserver, options)
    },
    { requestIdHeader: 'x-request-id' }
  )
  const text = async (path: string, init?: RequestInit) => await (await fetch(url + path, init)).text()

  t.equal(await text('/'), 'the application')
  t.equal(await text('/nothing'), 'nothing in the application')
  t.equal(await text('/artist'), 'nothing in the application')
  t.equal(await text('/fails'), 'in the application: on purpose')
  t.equal(await text('/config'), 'of the application false')
  const home = await fetch(url)
  t.equal(home.headers.get('referrer-policy'), null, 'no header of the service')
  t.equal(home.headers.get('x-request-id'), null)

  const preview = await fetch(`${url}/art/v1/images/preview`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'of-the-client' },
    body: JSON.stringify({ input: 'a text' })
  })
  t.match(await json(preview), { success: true, data: { input: 'a text' }, request_id: 'of-the-client' })
  t.equal(
    preview.headers.get('access-control-allow-origin'),
    'https://shop.example',
    'headers of its hooks stay'
  )
  t.equal(await text('/art/series', { headers: { 'x-refuse': '1' } }), 'in the application: refused')
  const { statusCode, body } = await host.inject('/art/series')
  t.equal(statusCode, 200)
  t.match(JSON.parse(body), { success: true })
  t.ok(seen.includes('/art/v1/images/preview'), 'its hooks read the whole URL')
  t.equal(host.server.keepAliveTimeout, 72_000, 'the server keeps its own limits')
  t.equal(host.server.maxConnections, undefined)
  t.match(
    await rawRequest(url, 'GET /art/series HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n'),
    /^HTTP\/1\.1 200/,
    'names are its own business'
  )
})

t.test('two services work in one application, and end with it', async (t) => {
  const [one, two] = [await fastOptions(t), await fastOptions(t, { artist: undefined })]
  const { host, url } = await startHost(t, (host) => {
    host.register(dalleserver, one)
    // Without a prefix, GET / stays that of the application.
    host.register(dalleserver, { ...two, prefix: '' })
  })
  await pollUntilDone(`${url}${PICTURE}?generate=1`)
  t.equal((await json(await fetch(`${url}/art/v1/gallery`))).data.total, 1)
  t.equal((await json(await fetch(`${url}/v1/gallery`))).data.total, 0)
  t.equal(await (await fetch(url)).text(), 'the application')
  t.equal((await fetch(`${url}/robots.txt`)).status, 404)
  t.match((await json(await fetch(`${url}/dalle/no-such/${ADDRESS}`))).error, { code: 'INVALID_SERIES' })
  const stream = await fetch(`${url}/art/events`)
  await host.close()
  await stream.text().catch(() => {})
  const { url: again } = await startHost(t, async (host) => {
    await host.register(dalleserver, one)
  })
  t.equal((await fetch(`${again}/art/readyz`)).status, 200, 'the lock of the data folder was released')
})

t.test('an application does not wait for a slow start, so that its requests wait', async (t) => {
  const options = await fastOptions(t)
  const release = await stallFiles(t)
  const { url } = await startHost(
    t,
    async (host) => {
      await host.register(dalleserver, options)
    },
    { pluginTimeout: 1_000 }
  )
  t.equal(await (await fetch(url)).text(), 'the application')
  const waiting = fetch(`${url}/art/readyz`)
  release()
  t.equal((await waiting).status, 200)
})

t.test('a wrong option or folder ends the start with one sentence', async (t) => {
  const dataDir = await temporaryFolder(t)
  const failureOf = async (options: object) => {
    const host = Fastify()
    t.teardown(() => host.close())
    return await host.register(dalleserver, options as DalleserverOptions).then(
      () => 'it starts',
      ({ message }: Error) => message
    )
  }
  const provider = { name: 'mine', draw: async () => ({ bytes: new Uint8Array() }) }
  const cases: Array<[options: object, message: string | RegExp]> = [
    [{ dataDir, concurrency: 0 }, 'concurrency is "0": it must be a whole number from 1 to 256.'],
    [{ prefix: '/:tenant', dataDir }, 'prefix is "/:tenant": it must have no parameters.'],
    [
      { dataDir: import.meta.filename },
      /^The data folder .* cannot be used: Could not write to the data folder/
    ],
    [{ dataDir, artist: quickArtist, provider }, 'artist and provider are both given: remove one of them.'],
    [{ dataDir, openaiApiKey: 'sk-a', provider }, /^provider and openaiApiKey or providers are both given/],
    [{ dataDir, artist: {} }, 'artist has no function compose: it must be an Artist.'],
    [{ dataDir, provider: { name: 'mine' } }, 'provider has no function draw: it must be an OwnProvider.'],
    [
      { dataDir, provider: { ...provider, name: 'local' } },
      /^provider\.name is "local": it must be .*, and not be local\.$/
    ],
    [{ dataDir, dailyBudgetUsd: 1, provider }, /^dailyBudgetUsd is set, but provider\.prices has no price/]
  ]
  for (const [options, expected] of cases) {
    const message = await failureOf(options)
    if (typeof expected === 'string') t.equal(message, expected)
    else t.match(message, expected)
  }
})

/** The example of routes/README.md. */
function createProvider(calls: string[]): OwnProvider {
  return {
    name: 'my-model',
    prices: { draw: 0.04, enhance: 0.001 },
    async enhance(prompt, { persona }) {
      calls.push('enhance')
      return { text: `Enhanced for ${persona.length}: ${prompt}` }
    },
    async draw(prompt, { signal }) {
      signal.throwIfAborted()
      calls.push(prompt.slice(0, 8))
      return { bytes: await plainPng(64) }
    }
  }
}

t.test('an application draws with a provider of its own, which is paid once', async (t) => {
  const calls: string[] = []
  const options = await fastOptions(t, {
    artist: undefined,
    provider: createProvider(calls),
    dailyBudgetUsd: 0.05
  })
  const { url } = await startHost(t, async (host) => {
    await host.register(dalleserver, options)
  })
  const snapshot = await pollUntilDone(`${url}${PICTURE}?generate=1`)
  t.match(snapshot, { error: '', provider: 'my-model', degraded: false })
  t.match(snapshot.dalleDress.enhancedPrompt, /^Enhanced for \d+: /)
  t.same(calls, ['enhance', 'Enhanced'])
  t.equal((await fetch(url + PICTURE)).headers.get('content-type'), 'image/png')
  const metrics = await (await fetch(`${url}/art/metrics`)).text()
  t.match(metrics, 'dalleserver_provider_cost_usd_total{provider="my-model",model="my-model"} 0.041')
  const refused = await fetch(`${url}/art/dalle/simple/${OTHER}?generate=1`)
  t.match((await json(refused)).error, { code: 'BUDGET_EXHAUSTED' }, 'its price counts before each call')
  t.same(calls, ['enhance', 'Enhanced'])
})

t.test('an application whose address others can reach starts no paid run without a token', async (t) => {
  const calls: string[] = []
  const host = Fastify()
  t.teardown(() => host.close())
  await host.register(
    dalleserver,
    await fastOptions(t, { artist: undefined, provider: createProvider(calls) })
  )
  const url = await host.listen({ port: 0, host: '0.0.0.0' })
  const refused = await fetch(`${url}${PICTURE}?generate=1`)
  t.equal(refused.status, 401)
  t.match((await json(refused)).error, { code: 'UNAUTHORIZED' })
  t.same(calls, [])
})
