import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { PACKAGE_ROOT } from '../lib/package.ts'
import { ADDRESS, json, pollUntilDone, temporaryFolder, until } from './helper.ts'
import { startOpenAi } from './peers/openai.ts'

const SERVER = join(PACKAGE_ROOT, 'dist/server.js')
const KEY = 'sk-very-secret'
const COLLECTOR_KEY = 'collector secret'
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c'
const CLIENT_SPAN_ID = 'b7ad6b7169203331'
/** Runs within the server's process, and has it write at its end what it had loaded of OpenTelemetry. */
const TELL_MODULES = `data:text/javascript,${encodeURIComponent(`
  import { createRequire } from 'node:module'
  const { cache } = createRequire('/')
  process.on('exit', () => {
    const loaded = Object.keys(cache).map((path) => /node_modules.(@opentelemetry.[a-z-]+|@fastify.otel|import-in-the-middle)/.exec(path)?.[1]).filter(Boolean)
    process.stderr.write('loaded ' + JSON.stringify([...new Set(loaded)]))
  })
`)}`

interface Span {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  startMs: number
  endMs: number
  status: { code?: number; message?: string }
  attributes: Record<string, string | number | boolean>
  resource: Record<string, string | number | boolean>
  events: unknown[]
}

interface Attribute {
  key: string
  value: { stringValue?: string; intValue?: number; doubleValue?: number; boolValue?: boolean }
}

const attributesOf = (list: Attribute[]) =>
  Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]!]))

/** A collector that takes OTLP over HTTP, in JSON. */
async function startCollector(t: Test) {
  const spans: Span[] = []
  const bodies: string[] = []
  const headers: Array<Record<string, unknown>> = []
  let status = 200
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        const isTraces =
          request.method === 'POST' &&
          request.url === '/base/v1/traces' &&
          request.headers['content-type'] === 'application/json'
        response.writeHead(isTraces ? status : 404, { 'content-type': 'application/json' }).end('{}')
        if (!isTraces || status !== 200) return
        const body = Buffer.concat(chunks).toString()
        bodies.push(body)
        headers.push(request.headers)
        for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans) {
          for (const { spans: some } of scopeSpans) {
            for (const span of some) {
              spans.push({
                ...span,
                attributes: attributesOf(span.attributes),
                resource: attributesOf(resource.attributes),
                startMs: Number(span.startTimeUnixNano) / 1e6,
                endMs: Number(span.endTimeUnixNano) / 1e6
              })
            }
          }
        }
      })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`,
    spans,
    headers,
    text: () => bodies.join('\n'),
    answer: (code: number) => {
      status = code
    }
  }
}

/** The real process. */
async function serve(t: Test, env: Record<string, string>) {
  const dataDir = await temporaryFolder(t)
  const child = spawn(
    process.execPath,
    ['--import', TELL_MODULES, SERVER, '--port', '0', '--data-dir', dataDir],
    { cwd: dataDir, env: { PATH: process.env.PATH, ...env } }
  )
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    output.out += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    output.err += String(chunk)
  })
  const exited = once(child, 'close')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const urlIn = () => /listens at (http:\S+?)"?[,}\s]/.exec(output.out)?.[1]
  await until(() => {
    if (child.exitCode !== null) throw new Error(`ended early: ${output.err}`)
    return urlIn() !== undefined
  })
  return {
    url: urlIn()!,
    dataDir,
    output,
    lines: () =>
      output.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    /** Its exit code, how long it took to end, and what it had loaded. */
    stop: async () => {
      const signalled = performance.now()
      child.kill('SIGTERM')
      const [code] = await exited
      return {
        code: code as number | null,
        ms: performance.now() - signalled,
        loaded: JSON.parse(/loaded (\[.*\])/.exec(output.err)?.[1] ?? '[]') as string[],
        err: output.err.replace(/loaded \[.*\]/, '')
      }
    }
  }
}

t.test(
  "a trace leads from the client's request over the run and its phases to every call to the provider",
  async (t) => {
    const collector = await startCollector(t)
    const openai = await startOpenAi({ scale: 0.125 })
    t.teardown(() => openai.close())
    openai.script('image', 'overloaded', 'ok')
    const server = await serve(t, {
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: openai.url,
      TB_DALLE_IMAGE_MODEL: 'compatible-1',
      TB_DALLE_CONCURRENCY: '1',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: `api-key=${encodeURIComponent(COLLECTOR_KEY)}`,
      OTEL_SERVICE_NAME: 'pictures'
    })
    const url = `${server.url}/dalle/simple/${ADDRESS}`
    const traceparent = `00-${TRACE_ID}-${CLIENT_SPAN_ID}-01`
    await fetch(`${url}?generate=1&token=hush`, { headers: { traceparent, 'x-request-id': 'mine-1' } })
    const { dalleDress: dress } = await pollUntilDone(`${url}?generate=1`)
    await fetch(`${server.url}/nothing/at/all?token=hush`, { headers: { 'x-request-id': 'mine-2' } })
    await fetch(`${server.url}/dalle/nonsense/${ADDRESS}`)
    const { code, ms, loaded, err } = await server.stop()
    t.equal(code, 0)
    t.equal(err, '')
    t.ok(ms < 3_000, 'what is left is sent at the end')
    t.ok(loaded.includes('@opentelemetry/sdk-trace-node'), 'what is loaded is seen')

    const { spans } = collector
    const inTrace = spans.filter(({ traceId }) => traceId === TRACE_ID)
    const one = (name: string, parent?: Span) => {
      const found = inTrace.filter(
        (span) => span.name === name && (parent === undefined || span.parentSpanId === parent.spanId)
      )
      t.equal(found.length, 1, name)
      return found[0]!
    }
    const request = one('GET /dalle/:series/:address')
    t.match(request, {
      parentSpanId: CLIENT_SPAN_ID,
      kind: 2,
      attributes: {
        'http.route': '/dalle/:series/:address',
        'http.request.method': 'GET',
        'http.response.status_code': 200,
        'url.path': `/dalle/simple/${ADDRESS}`,
        'dalleserver.request_id': 'mine-1',
        'dalleserver.run': 'started'
      },
      resource: { 'service.name': 'pictures', 'service.version': /^\d/ }
    })
    const run = one('generation', request)
    t.match(run.attributes, {
      'dalleserver.series': 'simple',
      'dalleserver.address': ADDRESS,
      'dalleserver.run_id': /^[0-9a-f-]{36}$/,
      'dalleserver.provider': 'openai',
      'dalleserver.outcome': 'completed',
      'dalleserver.degraded': false
    })
    t.ok(run.endMs > request.endMs, 'the run outlives its request')
    const phases = inTrace
      .filter(({ parentSpanId }) => parentSpanId === run.spanId)
      .sort((a, b) => a.startMs - b.startMs)
    t.same(
      phases.map(({ name }) => name),
      ['setup', 'base_prompts', 'enhance_prompt', 'image_prep', 'image_wait', 'image_download', 'annotate']
    )
    const callsOf = (phase: string) =>
      inTrace
        .filter(({ parentSpanId }) => parentSpanId === one(phase, run).spanId)
        .sort((a, b) => a.startMs - b.startMs)
    t.match(callsOf('enhance_prompt'), [
      {
        name: 'enhance',
        kind: 3,
        attributes: {
          'gen_ai.request.model': 'gpt-5.4-mini',
          'dalleserver.attempt': 1,
          'dalleserver.outcome': 'success'
        }
      }
    ])
    const draws = callsOf('image_wait')
    t.match(draws, [
      {
        name: 'draw',
        kind: 3,
        status: { code: 2 },
        attributes: {
          'gen_ai.request.model': 'compatible-1',
          'dalleserver.attempt': 1,
          'dalleserver.outcome': 'overloaded',
          'error.type': 'overloaded'
        }
      },
      {
        name: 'draw',
        attributes: {
          'gen_ai.request.model': 'compatible-1',
          'dalleserver.attempt': 2,
          'dalleserver.outcome': 'success'
        }
      }
    ])
    t.equal(draws.length, 2, 'a span an attempt')
    t.ok(draws[1]!.startMs - draws[0]!.endMs > 500, 'the wait between them is in neither')
    t.match(callsOf('image_download'), [
      { name: 'download', attributes: { 'dalleserver.attempt': 1, 'dalleserver.outcome': 'success' } }
    ])
    t.equal(inTrace.length, 1 + 1 + 7 + 4)
    const byId = new Map(inTrace.map((span) => [span.spanId, span]))
    for (const span of inTrace.filter(({ spanId }) => spanId !== request.spanId)) {
      const parent = byId.get(span.parentSpanId!)!
      t.ok(
        span.startMs >= parent.startMs - 2 && (parent === request || span.endMs <= parent.endMs + 2),
        `${span.name} lies within ${parent.name}`
      )
    }

    const polls = spans.filter(({ name, traceId }) => name === request.name && traceId !== TRACE_ID)
    t.ok(
      polls.length > 1 && polls.every(({ parentSpanId }) => !parentSpanId),
      'a client without a trace begins one'
    )
    t.match(
      spans.find(({ attributes }) => attributes['dalleserver.request_id'] === 'mine-2'),
      {
        name: 'GET',
        attributes: { 'http.response.status_code': 404, 'error.type': 'NOT_FOUND' },
        status: { code: 0 }
      }
    )
    t.match(
      spans.find(({ attributes }) => attributes['error.type'] === 'INVALID_SERIES'),
      { status: { code: 0 } },
      'what a client does wrong is no fault'
    )

    t.match(collector.headers[0], { 'api-key': COLLECTOR_KEY })
    const paths = [server.dataDir, PACKAGE_ROOT, openai.origin]
    for (const secret of [
      KEY,
      COLLECTOR_KEY,
      'hush',
      dress.prompt,
      dress.enhancedPrompt,
      dress.titlePrompt,
      dress.tersePrompt,
      ...paths
    ]) {
      t.notOk(secret === '' || collector.text().includes(secret), `not in a trace: ${secret.slice(0, 40)}`)
    }
    t.ok(
      spans.every(({ status, events }) => status.message === undefined && events.length === 0),
      'no words of an error'
    )

    const lines = server.lines()
    t.match(
      lines.find(({ msg, reqId }) => msg === 'request' && reqId === 'mine-1'),
      { trace_id: TRACE_ID, span_id: request.spanId }
    )
    t.match(
      lines.find(({ msg }) => msg === 'run completed'),
      { trace_id: TRACE_ID, span_id: run.spanId }
    )
    t.notOk(server.output.out.includes(COLLECTOR_KEY))
  }
)

t.test('a run that waits its turn or fails is told of in its own trace', async (t) => {
  const collector = await startCollector(t)
  const openai = await startOpenAi({ scale: 0.125 })
  t.teardown(() => openai.close())
  openai.script('image', 'hang', 'invalid_api_key')
  const server = await serve(t, {
    OPENAI_API_KEY: KEY,
    OPENAI_BASE_URL: openai.url,
    TB_DALLE_NO_ENHANCE: '1',
    TB_DALLE_CONCURRENCY: '1',
    TB_DALLE_LOCK_TTL: '1500ms',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url
  })
  await writeFile(join(server.dataDir, 'output/empty'), '')
  t.match(await pollUntilDone(`${server.url}/dalle/empty/${ADDRESS}?generate=1`), {
    errorCode: 'FILE_SYSTEM_ERROR'
  })
  const addresses = ['1', '2'].map((digit) => `0x${digit.repeat(40)}`) as [string, string]
  const traceIdOf = (address: string) => address.slice(2, 34)
  for (const address of addresses) {
    await fetch(`${server.url}/dalle/simple/${address}?generate=1`, {
      headers: { traceparent: `00-${traceIdOf(address)}-${CLIENT_SPAN_ID}-01` }
    })
  }
  for (const address of addresses) await pollUntilDone(`${server.url}/dalle/simple/${address}?generate=1`)
  t.equal((await server.stop()).code, 0)

  const [first, second] = addresses
  const spansOf = (address: string, name: string) =>
    collector.spans.filter((span) => span.traceId === traceIdOf(address) && span.name === name)
  t.match(spansOf(first, 'generation'), [
    {
      status: { code: 2 },
      attributes: { 'dalleserver.outcome': 'failed', 'error.type': 'GENERATION_TIMEOUT' }
    }
  ])
  t.match(spansOf(first, 'image_wait'), [
    { status: { code: 2 }, attributes: { 'error.type': 'GENERATION_TIMEOUT' } }
  ])
  t.match(spansOf(first, 'draw'), [
    {
      attributes: { 'dalleserver.outcome': 'aborted' },
      parentSpanId: spansOf(first, 'image_wait')[0]?.spanId
    }
  ])
  t.match(spansOf(second, 'generation'), [
    {
      status: { code: 2 },
      attributes: { 'dalleserver.outcome': 'failed', 'error.type': 'OPENAI_UNAVAILABLE' }
    }
  ])
  t.match(
    spansOf(second, 'draw'),
    [
      {
        attributes: { 'error.type': 'no_permission' },
        parentSpanId: spansOf(second, 'image_wait')[0]?.spanId
      }
    ],
    'a run from the queue has its own trace, not that of the one before it'
  )
  t.match(spansOf(second, 'enhance_prompt'), [
    { attributes: { 'dalleserver.skipped': true }, status: { code: 0 } }
  ])
  t.match(
    collector.spans.find(
      ({ name, attributes }) => name === 'generation' && attributes['dalleserver.series'] === 'empty'
    ),
    { status: { code: 2 }, attributes: { 'error.type': 'FILE_SYSTEM_ERROR' } }
  )
  for (const secret of [KEY, server.dataDir, PACKAGE_ROOT]) t.notOk(collector.text().includes(secret), secret)
  const [waited] = spansOf(second, 'generation')
  t.ok(spansOf(second, 'setup')[0]!.startMs - waited!.startMs > 1_000, 'before its first phase it waited')
})

t.test('a collector that is away, refuses or never answers does no harm, and is told of once', async (t) => {
  const silent: Socket[] = []
  const blackHole = createServer().on('connection', (socket: Socket) => silent.push(socket))
  blackHole.listen(0, '127.0.0.1')
  await once(blackHole, 'listening')
  t.teardown(() => {
    for (const socket of silent) socket.destroy()
    blackHole.close()
  })
  const refusing = await startCollector(t)
  refusing.answer(403)
  const cases: Array<[what: string, endpoint: string, reason?: string]> = [
    ['away', `http://127.0.0.1:${await freePort()}`, 'ECONNREFUSED'],
    ['refusing', refusing.url, '403'],
    ['silent', `http://127.0.0.1:${(blackHole.address() as AddressInfo).port}`]
  ]
  await Promise.all(
    cases.map(async ([what, endpoint, reason]) => {
      const server = await serve(t, { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_BSP_SCHEDULE_DELAY: '200' })
      const answer = await fetch(`${server.url}/dalle/simple/${ADDRESS}?generate=1`, {
        headers: { prefer: 'wait=60' }
      })
      t.equal(answer.headers.get('content-type'), 'image/png', what)
      await answer.arrayBuffer()
      if (reason !== undefined) await until(() => server.output.out.includes('traces are not delivered'))
      for (let index = 0; index < 10; index++) await json(await fetch(`${server.url}/series`))
      if (reason !== undefined) await new Promise((resolve) => setTimeout(resolve, 500))
      const { code, ms, err } = await server.stop()
      t.equal(code, 0, what)
      t.equal(err, '', what)
      t.ok(ms < 4_000, `${what}: stopped in ${Math.round(ms)} ms`)
      const told = server.lines().filter(({ msg }) => msg === 'traces are not delivered')
      if (reason !== undefined) t.match(told, [{ level: 40, reason }], what)
      t.ok(told.length <= 1, what)
    })
  )
})

t.test('without the setting nothing is sent, and nothing of it is loaded', async (t) => {
  const collector = await startCollector(t)
  const server = await serve(t, {
    OTEL_SERVICE_NAME: 'pictures',
    OTEL_EXPORTER_OTLP_HEADERS: 'a=b',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collector.url
  })
  const answer = await fetch(`${server.url}/dalle/simple/${ADDRESS}?generate=1`, {
    headers: { prefer: 'wait=60', traceparent: `00-${TRACE_ID}-${CLIENT_SPAN_ID}-01` }
  })
  t.equal(answer.headers.get('content-type'), 'image/png')
  await answer.arrayBuffer()
  const { code, loaded } = await server.stop()
  t.equal(code, 0)
  t.same(loaded, ['@opentelemetry/api'], 'prom-client loads that too')
  t.same(collector.spans, [])
  t.notMatch(server.output.out, /trace_id/)
})

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
