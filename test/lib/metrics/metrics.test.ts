import t from 'tap'
import { ERROR_CODES } from '../../../lib/errors.ts'
import { createMetrics } from '../../../lib/metrics/metrics.ts'

/** The samples of the text format, by name with labels. */
async function samplesOf(metrics: ReturnType<typeof createMetrics>): Promise<Record<string, number>> {
  const lines = (await metrics.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))])
  )
}

t.test('every metric has a sample at the start, with the value 0', async (t) => {
  const metrics = createMetrics()
  const samples = await samplesOf(metrics)
  const zero = [
    'dalleserver_errors_total',
    'dalleserver_retries_total',
    'dalleserver_openai_requests_total',
    'dalleserver_openai_errors_total',
    'dalleserver_openai_timeouts_total',
    'dalleserver_file_operations_total',
    'dalleserver_file_operation_errors_total',
    'dalleserver_circuit_breaker_state{state="OPEN"}',
    'dalleserver_circuit_breaker_state{state="HALF_OPEN"}',
    ...['avg', 'min', 'max', '0.95', '0.99'].map(
      (quantile) => `dalleserver_response_time_ms{quantile="${quantile}"}`
    ),
    ...ERROR_CODES.map((code) => `dalleserver_error_code_total{code="${code}"}`)
  ]
  for (const name of zero) t.equal(samples[name], 0, name)
  t.equal(samples['dalleserver_circuit_breaker_state{state="CLOSED"}'], 1)
  t.equal(samples.dalleserver_up, 1)
  t.match(
    await metrics.text(),
    /^# TYPE dalleserver_error_endpoint_total counter$/m,
    'an endpoint has no sample before its first error'
  )
  t.match(metrics.contentType, /^text\/plain; version=0\.0\.4/)
})

t.test('counters never decrease, also when the report is reset', async (t) => {
  const metrics = createMetrics()
  metrics.recordError('NOT_FOUND', '/files/*')
  metrics.recordError('NOT_FOUND', '/files/*')
  metrics.recordRetry('file')
  metrics.recordFileOperation('write', true)
  metrics.recordFileOperation('write', false)
  metrics.recordResponse('GET', '/files/*', 200, 10)
  metrics.recordResponse('BREW', '/files/*', 200, 30)
  const counters = {
    dalleserver_errors_total: 2,
    'dalleserver_error_code_total{code="NOT_FOUND"}': 2,
    'dalleserver_error_endpoint_total{endpoint="/files/*"}': 2,
    dalleserver_retries_total: 1,
    dalleserver_file_operations_total: 2,
    dalleserver_file_operation_errors_total: 1,
    'dalleserver_storage_operations_total{operation="write",outcome="success"}': 1,
    'dalleserver_storage_operations_total{operation="write",outcome="failure"}': 1,
    'dalleserver_http_request_duration_seconds_count{method="GET",route="/files/*",code="200"}': 1,
    'dalleserver_http_request_duration_seconds_count{method="OTHER",route="/files/*",code="200"}': 1
  }
  t.match(await samplesOf(metrics), {
    ...counters,
    'dalleserver_response_time_ms{quantile="avg"}': 20,
    'dalleserver_response_time_ms{quantile="min"}': 10,
    'dalleserver_response_time_ms{quantile="max"}': 30,
    'dalleserver_response_time_ms{quantile="0.99"}': 30
  })
  t.match(metrics.report.read(), {
    total_errors: 2,
    total_retries: 1,
    file_operations: 2,
    file_operation_errors: 1,
    response_times: { count: 2 }
  })

  metrics.report.reset()
  t.match(await samplesOf(metrics), { ...counters, 'dalleserver_response_time_ms{quantile="max"}': 0 })
  t.match(metrics.report.read(), { total_errors: 0, response_times: { count: 0 } })
  metrics.recordError('NOT_FOUND', '/files/*')
  t.equal((await samplesOf(metrics)).dalleserver_errors_total, 3)
  t.equal(metrics.report.read().total_errors, 1)
})

t.test('two services in one process have separate metrics', async (t) => {
  const [one, other] = [createMetrics(), createMetrics()]
  one.recordRetry('file')
  t.equal((await samplesOf(one)).dalleserver_retries_total, 1)
  t.equal((await samplesOf(other)).dalleserver_retries_total, 0)
})
