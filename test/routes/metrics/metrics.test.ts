import { gunzipSync } from 'node:zlib'
import t from 'tap'
import { ADDRESS, bodyOf, buildApp, json } from '../../helper.ts'

t.test('/metrics shows the errors and the figures of the service, as text and as JSON', async (t) => {
  const { ask } = await buildApp(t)
  const value = (text: string, name: string) =>
    Number(new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (.+)$`, 'm').exec(text)?.[1])
  await ask('/nothing')
  await ask(`/dalle/nope/${ADDRESS}`)
  await ask(`/dalle/nope/${ADDRESS}`)

  const response = await ask('/metrics')
  t.match(response.headers.get('content-type'), /^text\/plain; version=0\.0\.4/)
  t.equal(response.headers.get('cache-control'), 'no-store')
  const text = await response.text()
  t.equal(text.split('\n')[0], `# Request ID: ${response.headers.get('x-request-id')}`)
  t.equal(value(text, 'dalleserver_up'), 1)
  t.equal(value(text, 'dalleserver_errors_total'), 3)
  t.equal(value(text, 'dalleserver_error_code_total{code="INVALID_SERIES"}'), 2)
  t.equal(value(text, 'dalleserver_error_code_total{code="QUEUE_FULL"}'), 0)
  t.equal(value(text, 'dalleserver_error_endpoint_total{endpoint="/dalle/:series/:address"}'), 2)
  t.equal(value(text, 'dalleserver_error_endpoint_total{endpoint="unmatched"}'), 1)
  t.equal(value(text, 'dalleserver_circuit_breaker_state{state="CLOSED"}'), 1)
  t.equal(value(text, 'dalleserver_circuit_breaker_state{state="OPEN"}'), 0)
  t.ok(value(text, 'dalleserver_file_operations_total') > 0)
  t.ok(
    value(text, 'dalleserver_response_time_ms{quantile="max"}') >=
      value(text, 'dalleserver_response_time_ms{quantile="min"}')
  )

  const { data } = await json(await ask('/metrics?format=json'))
  t.match(data, {
    total_errors: 3,
    errors_by_code: { INVALID_SERIES: 2, NOT_FOUND: 1 },
    errors_by_endpoint: { unmatched: 1 },
    circuit_breaker_state: 'CLOSED'
  })
})

t.test('all who ask within a period get the same metrics, each with the id of its own request', async (t) => {
  const { ask, app } = await buildApp(t, { textAgeMs: 3_600_000 })
  const encodings = ['', 'gzip', 'identity', 'gzip;q=0', 'br, gzip;q=0.5', '*']
  const answers = await Promise.all(
    encodings.map(async (encoding, index) => {
      const headers = { 'x-request-id': `mine-${index}`, ...(encoding && { 'accept-encoding': encoding }) }
      const response = await ask('/metrics', { headers })
      const isCompressed = response.headers.get('content-encoding') === 'gzip'
      const body = await bodyOf(response)
      t.equal(response.headers.get('vary'), 'Accept-Encoding', encoding)
      t.equal(Number(response.headers.get('content-length')), body.length, encoding)
      const [first, ...lines] = (isCompressed ? gunzipSync(body) : body).toString().split('\n')
      t.equal(first, `# Request ID: mine-${index}`)
      return { isCompressed, text: lines.join('\n') }
    })
  )
  t.same(
    answers.map(({ isCompressed }) => isCompressed),
    [false, true, false, false, true, true]
  )
  t.equal(new Set(answers.map(({ text }) => text)).size, 1)
  t.match(answers[0]!.text, /^dalleserver_up 1$/m)
  app.metrics.recordRetry('file')
  t.ok((await (await ask('/metrics')).text()).endsWith(`\n${answers[0]!.text}`), 'until the period is over')
})
