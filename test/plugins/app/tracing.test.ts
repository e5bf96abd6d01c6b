import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { PACKAGE_ROOT } from '../../../lib/package.ts'
import { ADDRESS, askForRun, json, pollUntilDone, until } from '../../helper.ts'
import { freePort, startCollector } from '../../peers/collector.ts'
import type { Span } from '../../peers/collector.ts'
import { startOpenAi } from '../../peers/openai.ts'
import { serve } from './serve.ts'

const KEY = 'sk-very-secret'
const COLLECTOR_KEY = 'collector secret'
/** Spans of calls take their start from another clock than other spans; the two may differ by this. */
const CLOCK_MS = 100
/** A setting of the OpenTelemetry SDK: spans leave after 50 ms, and not after its default of 5 s. */
const SENT_AT_ONCE = { OTEL_BSP_SCHEDULE_DELAY: '50' }
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c'
const CLIENT_SPAN_ID = 'b7ad6b7169203331'

/** Settings of a provider that draws small pictures, which is faster than the built-in artist. */
async function drawsSmall(t: Test): Promise<Record<string, string>> {
  const openai = await startOpenAi({ scale: 0.0625 })
  t.teardown(() => openai.close())
  return { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: openai.url, TB_DALLE_NO_ENHANCE: '1' }
}

t.test(
  "a trace contains the client's request, the run, its phases and every call to the provider",
  async (t) => {
    const collector = await startCollector(t)
    const openai = await startOpenAi({ scale: 0.0625 })
    t.teardown(() => openai.close())
    openai.script('image', 'overloaded', 'ok')
    const server = await serve(t, {
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: openai.url,
      TB_DALLE_IMAGE_MODEL: 'compatible-1',
      TB_DALLE_CONCURRENCY: '1',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: `api-key=${encodeURIComponent(COLLECTOR_KEY)}`,
      OTEL_SERVICE_NAME: 'pictures',
      ...SENT_AT_ONCE
    })
    const url = `${server.url}/dalle/simple/${ADDRESS}`
    const traceparent = `00-${TRACE_ID}-${CLIENT_SPAN_ID}-01`
    await fetch(`${url}?generate=1&token=hush`, { headers: { traceparent, 'x-request-id': 'mine-1' } })
    const { dalleDress: dress } = await pollUntilDone(`${url}?generate=1`)
    await fetch(`${server.url}/nothing/at/all?token=hush`, { headers: { 'x-request-id': 'mine-2' } })
    await fetch(`${server.url}/dalle/nonsense/${ADDRESS}`)
    // The stop gives the last spans one second, which a busy machine may need for itself.
    await until(() =>
      collector.spans.some(({ attributes }) => /nonsense/.test(String(attributes['url.path'])))
    )
    const { code, loaded, err } = await server.stop()
    t.equal(code, 0)
    t.equal(err, '')
    t.ok(loaded.includes('@opentelemetry/sdk-trace-node'), 'the SDK is loaded')

    const { spans } = collector
    const inTrace = spans.filter(({ traceId }) => traceId === TRACE_ID)
    const one = (name: string, parent?: Span) => {
      const found = inTrace.filter(
        (span) => span.name === name && (parent === undefined || span.parentSpanId === parent.spanId)
      )
      if (found.length !== 1) throw new Error(`the trace has ${found.length} spans ${name}`)
      return found[0]!
    }
    const request = one('GET /dalle/:series/:address')
    const run = one('generation', request)

    t.test('the request and the run', async (t) => {
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
      t.match(run.attributes, {
        'dalleserver.series': 'simple',
        'dalleserver.address': ADDRESS,
        'dalleserver.run_id': /^[0-9a-f-]{36}$/,
        'dalleserver.provider': 'openai',
        'dalleserver.outcome': 'completed',
        'dalleserver.degraded': false
      })
      t.ok(run.endMs > request.endMs, 'the run ends after its request')
    })

    t.test('the phases and the calls', async (t) => {
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
      t.ok(draws[1]!.startMs >= draws[0]!.endMs, 'the wait between them is in neither')
      t.match(callsOf('image_download'), [
        { name: 'download', attributes: { 'dalleserver.attempt': 1, 'dalleserver.outcome': 'success' } }
      ])
      t.equal(inTrace.length, 1 + 1 + 7 + 4)
      const byId = new Map(inTrace.map((span) => [span.spanId, span]))
      for (const span of inTrace.filter(({ spanId }) => spanId !== request.spanId)) {
        const parent = byId.get(span.parentSpanId!)!
        t.ok(
          span.startMs >= parent.startMs - CLOCK_MS &&
            (parent === request || span.endMs <= parent.endMs + CLOCK_MS),
          `${span.name} lies within ${parent.name}`
        )
      }
    })

    t.test('requests outside the trace, and errors of the client', async (t) => {
      const polls = spans.filter(({ name, traceId }) => name === request.name && traceId !== TRACE_ID)
      t.ok(
        polls.length > 1 && polls.every(({ parentSpanId }) => !parentSpanId),
        'a request without a trace begins one'
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
        'an error of the client is no fault'
      )
    })

    t.test('no trace contains a secret, a prompt or a path', async (t) => {
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
        'no message of an error'
      )
    })

    t.test('log lines name their trace', async (t) => {
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
    })
  }
)

t.test('a run that is queued or fails has its own trace', async (t) => {
  const collector = await startCollector(t)
  const openai = await startOpenAi({ scale: 0.0625 })
  t.teardown(() => openai.close())
  openai.script('image', 'hang', 'invalid_api_key')
  const server = await serve(t, {
    OPENAI_API_KEY: KEY,
    OPENAI_BASE_URL: openai.url,
    TB_DALLE_NO_ENHANCE: '1',
    TB_DALLE_CONCURRENCY: '1',
    TB_DALLE_FAILURE_HOLD: '1h',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    ...SENT_AT_ONCE
  })
  // The folder of a prompt cannot be made.
  await mkdir(join(server.dataDir, 'output/empty'), { recursive: true })
  await writeFile(join(server.dataDir, 'output/empty/terse'), '')
  t.match(await pollUntilDone(`${server.url}/dalle/empty/${ADDRESS}?generate=1`), {
    errorCode: 'FILE_SYSTEM_ERROR'
  })
  const addresses = ['1', '2'].map((digit) => `0x${digit.repeat(40)}`) as [string, string]
  const traceIdOf = (address: string) => address.slice(2, 34)
  for (const address of addresses) {
    await askForRun(`${server.url}/dalle/simple/${address}?generate=1`, {
      headers: { traceparent: `00-${traceIdOf(address)}-${CLIENT_SPAN_ID}-01` }
    })
  }
  const [first, second] = addresses
  await until(() => openai.concurrent('image').now === 1, 60)
  await fetch(`${server.url}/dalle/simple/${first}`, { method: 'DELETE' })
  await pollUntilDone(`${server.url}/dalle/simple/${second}?generate=1`)
  const spansOf = (address: string, name: string) =>
    collector.spans.filter((span) => span.traceId === traceIdOf(address) && span.name === name)
  await until(() => addresses.every((address) => spansOf(address, 'generation').length > 0))
  t.equal((await server.stop()).code, 0)

  t.match(spansOf(first, 'generation'), [
    {
      status: { code: 0 },
      attributes: { 'dalleserver.outcome': 'cancelled', 'error.type': 'CANCELLED' }
    }
  ])
  t.match(spansOf(first, 'image_wait'), [{ status: { code: 0 }, attributes: { 'error.type': 'CANCELLED' } }])
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
  t.ok(
    spansOf(second, 'setup')[0]!.startMs >= spansOf(first, 'generation')[0]!.endMs - CLOCK_MS &&
      waited!.startMs < spansOf(first, 'generation')[0]!.endMs,
    'the span of the run begins in the queue, and its first phase after the run before it'
  )
})

t.test('a collector that is away, refuses or never answers does no harm, and is logged once', async (t) => {
  const silent: Socket[] = []
  const blackHole = createServer().on('connection', (socket: Socket) => silent.push(socket))
  blackHole.listen(0, '127.0.0.1')
  await once(blackHole, 'listening')
  t.teardown(() => {
    for (const socket of silent) socket.destroy()
    blackHole.close()
  })
  const drawing = await drawsSmall(t)
  const refusing = await startCollector(t)
  refusing.answer(403)
  const cases: Array<[what: string, endpoint: string, reason?: string]> = [
    ['away', `http://127.0.0.1:${await freePort()}`, 'ECONNREFUSED'],
    ['refusing', refusing.url, '403'],
    ['silent', `http://127.0.0.1:${(blackHole.address() as AddressInfo).port}`]
  ]
  await Promise.all(
    cases.map(async ([what, endpoint, reason]) => {
      const server = await serve(t, {
        ...drawing,
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
        OTEL_BSP_SCHEDULE_DELAY: '200'
      })
      const answer = await askForRun(`${server.url}/dalle/simple/${ADDRESS}?generate=1`, {
        headers: { prefer: 'wait=60' }
      })
      t.equal(answer.headers.get('content-type'), 'image/png', what)
      await answer.arrayBuffer()
      if (reason !== undefined) await until(() => server.output.out.includes('traces are not delivered'), 60)
      for (let index = 0; index < 10; index++) await json(await fetch(`${server.url}/series`))
      const { code, err } = await server.stop()
      t.equal(code, 0, what)
      t.equal(err, '', what)
      const warnings = server.lines().filter(({ msg }) => msg === 'traces are not delivered')
      if (reason !== undefined) t.match(warnings, [{ level: 40, reason }], what)
      t.ok(warnings.length <= 1, what)
    })
  )
})

t.test(
  'without the settings no trace is sent, and neither SDKs nor the clients of a database are loaded',
  async (t) => {
    const collector = await startCollector(t)
    const server = await serve(t, {
      ...(await drawsSmall(t)),
      OTEL_SERVICE_NAME: 'pictures',
      OTEL_EXPORTER_OTLP_HEADERS: 'a=b',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collector.url
    })
    const answer = await askForRun(`${server.url}/dalle/simple/${ADDRESS}?generate=1`, {
      headers: { prefer: 'wait=60', traceparent: `00-${TRACE_ID}-${CLIENT_SPAN_ID}-01` }
    })
    t.equal(answer.headers.get('content-type'), 'image/png')
    await answer.arrayBuffer()
    const { code, loaded } = await server.stop()
    t.equal(code, 0)
    t.same(loaded, ['@opentelemetry/api'], 'prom-client loads that too')
    t.same(collector.spans, [])
    t.notMatch(server.output.out, /trace_id/)
  }
)
