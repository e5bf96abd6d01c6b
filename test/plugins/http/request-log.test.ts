import t from 'tap'
import { errors } from '../../../lib/errors.ts'
import type { ServiceError } from '../../../lib/errors.ts'
import { RequestLog } from '../../../plugins/http/request-log/index.ts'
import type { ReplyOutcome } from '../../../plugins/http/request-log/index.ts'
import { ADDRESS, buildApp, createScriptedArtist, json, plainPng, until } from '../../helper.ts'

type Line = Record<string, unknown>

/** The value of a sample in Prometheus' text format; 0 when there is none. */
function sampleOf(text: string, name: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${name} `))
  return Number(line?.slice(name.length + 1) ?? 0)
}

t.test('every response has the id of its request', async (t) => {
  const { ask } = await buildApp(t)
  for (const given of ['a', 'A-1_b.c', 'x'.repeat(64)]) {
    const response = await ask('/series', { headers: { 'x-request-id': given } })
    t.equal(response.headers.get('x-request-id'), given)
    t.equal((await json(response)).request_id, given)
  }
  for (const given of ['x'.repeat(65), 'a b', 'a/b', '<i>', '%20', 'a\tb', 'é']) {
    const response = await ask('/series', { headers: { 'x-request-id': given } })
    t.match(response.headers.get('x-request-id'), /^[0-9a-f]{8}$/, given)
  }
  for (const path of ['/', '/preview', '/metrics', '/errors', '/health', '/nothing']) {
    t.match((await ask(path)).headers.get('x-request-id'), /^[0-9a-f]{8}$/, path)
  }
  const asset = await ask('/preview/assets/gallery.css')
  t.match(asset.headers.get('x-request-id'), /^[0-9a-f]{8}$/)
})

t.test(
  'a probe that succeeds has its line at debug, and one that fails or is slow has a warning',
  async (t) => {
    const lines: unknown[] = []
    const record = (level: string) => (_line: object, message: string) => {
      lines.push([level, message])
    }
    const complete = (isProbe: boolean, failure?: ServiceError, elapsedTime = 1) => {
      const request = {
        method: 'GET',
        originalUrl: '/x',
        routeOptions: { url: '/x', config: { isProbe } },
        log: { debug: record('debug'), info: record('info'), warn: record('warn'), error: record('error') }
      }
      const reply = { elapsedTime, statusCode: failure?.statusCode ?? 200, outcome: { failure } }
      new RequestLog().requestCompleted(null, request as never, reply as never)
    }
    complete(true)
    complete(false)
    complete(true, errors.unavailable('The server is stopping'))
    complete(true, undefined, 5_001)
    t.same(lines, [
      ['debug', 'request'],
      ['info', 'request'],
      ['warn', 'request refused'],
      ['warn', 'SLOW request']
    ])
  }
)

t.test('what happened to the run is in X-Dalle-Run, in the log line and in the metrics', async (t) => {
  const lines: Line[] = []
  const { artist, asked } = createScriptedArtist()
  const { app, ask } = await buildApp(t, {
    artist,
    settings: { LOG_LEVEL: 'info' },
    onLogLine: (line) => lines.push(line)
  })
  const picture = `/dalle/simple/${ADDRESS}`
  const requests: Array<[path: string, run: string]> = [
    [picture, 'idle'],
    [`${picture}?generate=1`, 'started'],
    [`${picture}?generate=1`, 'joined'],
    [picture, 'joined']
  ]
  for (const [path, run] of requests) t.equal((await ask(path)).headers.get('x-dalle-run'), run)
  await until(() => asked.length === 1)
  asked[0]!.fail(new Error('no paint'))
  await until(async () => (await app.engine.runs.last('simple', ADDRESS))?.done === true)
  t.equal((await ask(`${picture}?generate=1`)).headers.get('x-dalle-run'), 'failed')
  await app.pictures.stored.put('birds', ADDRESS, await plainPng(16))
  t.equal((await ask(`/dalle/birds/${ADDRESS}`)).headers.get('x-dalle-run'), 'cached')

  await until(() => lines.filter(({ msg }) => msg === 'request').length === 6)
  const logged = lines.filter(({ msg }) => msg === 'request')
  t.same(
    logged.map(({ run }) => run),
    ['idle', 'started', 'joined', 'joined', 'failed', 'cached']
  )
  t.match(logged[1], {
    method: 'GET',
    url: picture,
    route: '/dalle/:series/:address',
    status: 200,
    durationMs: Number
  })
  const text = await app.metrics.text()
  const requestsOf = (result: string) =>
    sampleOf(text, `dalleserver_image_cache_requests_total{result="${result}"}`)
  t.equal(requestsOf('hit'), 1, 'cached')
  t.equal(requestsOf('miss'), 2, 'idle and started')
  t.equal(sampleOf(text, 'dalleserver_image_response_duration_seconds_count'), 1, 'one picture was sent')
})

t.test('the code of an error is in the response, in the log line and in the metrics', async (t) => {
  const lines: Line[] = []
  const { app, ask } = await buildApp(t, {
    settings: { LOG_LEVEL: 'info' },
    onLogLine: (line) => lines.push(line)
  })
  const refused = await ask(`/dalle/nope/${ADDRESS}?token=secret`)
  t.equal((await json(refused)).error.code, 'INVALID_SERIES')
  await until(() => lines.some(({ msg }) => msg === 'request'))
  const line = lines.find(({ msg }) => msg === 'request')
  t.match(line, {
    url: `/dalle/nope/${ADDRESS}`,
    route: '/dalle/:series/:address',
    status: 400,
    code: 'INVALID_SERIES'
  })
  t.notMatch(JSON.stringify(line), /secret/, 'the log has no query')
  t.match(app.metrics.report.read(), {
    errors_by_code: { INVALID_SERIES: 1 },
    errors_by_endpoint: { '/dalle/:series/:address': 1 }
  })
  const text = await app.metrics.text()
  t.equal(sampleOf(text, 'dalleserver_error_code_total{code="INVALID_SERIES"}'), 1)
})

t.test('a slow response is a warning, unless the client asked for a response that waits', async (t) => {
  const lines: unknown[] = []
  const record = (level: string) => (_line: object, message: string) => {
    lines.push([level, message])
  }
  const complete = (elapsedTime: number, { outcome = {}, stream = false, statusCode = 200 } = {}) => {
    const request = {
      method: 'GET',
      originalUrl: '/x?token=hush',
      routeOptions: { url: '/x', config: { stream } },
      log: { info: record('info'), warn: record('warn'), error: record('error') }
    }
    const reply = { elapsedTime, statusCode, outcome: outcome satisfies ReplyOutcome }
    new RequestLog().requestCompleted(null, request as never, reply as never)
  }
  complete(4_999)
  complete(5_001)
  complete(30_000, { outcome: { isHeld: true } })
  complete(30_000, { stream: true })
  complete(30_000, { stream: true, statusCode: 204 })
  t.same(lines, [
    ['info', 'request'],
    ['warn', 'SLOW request'],
    ['info', 'request'],
    ['info', 'request'],
    ['warn', 'SLOW request']
  ])
})

t.test(
  'a server that is full or stops refuses; a cancelled run and a client that left are no errors',
  async (t) => {
    const lines: Array<[string, string, Line]> = []
    const record = (level: string) => (line: Line, message: string) => {
      lines.push([level, message, line])
    }
    const complete = (failure: ServiceError | undefined, error: Error | null = null) => {
      const request = {
        method: 'GET',
        originalUrl: '/x',
        routeOptions: { url: '/x', config: {} },
        log: { info: record('info'), warn: record('warn'), error: record('error') }
      }
      const reply = { elapsedTime: 1, statusCode: failure?.statusCode ?? 200, outcome: { failure } }
      new RequestLog().requestCompleted(error, request as never, reply as never)
    }
    complete(errors.queueFull(3, 7))
    complete(errors.unavailable('The server is stopping'))
    complete(errors.unavailable('The database is away', undefined, new Error('ECONNREFUSED')))
    complete(errors.internal(new Error('a bug')))
    complete(errors.cancelled())
    complete(undefined, new Error('aborted'))
    t.same(
      lines.map(([level, message]) => [level, message]),
      [
        ['warn', 'request refused'],
        ['warn', 'request refused'],
        ['error', 'request failed'],
        ['error', 'request failed'],
        ['info', 'request'],
        ['info', 'client left']
      ]
    )
    t.equal(
      lines[0]![2].reason,
      'Too many pictures are waiting: 3 runs wait already; ask again in 7 s',
      'what is refused, and the details'
    )
    t.equal(lines[1]![2].reason, 'The server is stopping')
    t.match(lines[0]![2], {
      code: 'QUEUE_FULL',
      reason: '3 runs wait already; ask again in 7 s',
      err: undefined
    })
  }
)
