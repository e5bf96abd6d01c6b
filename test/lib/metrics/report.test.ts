import t from 'tap'
import { renderReport } from '../../../lib/metrics/report-text.ts'
import { createReport } from '../../../lib/metrics/report.ts'

t.test('response times are summed over all responses, percentiles are of the newest thousand', async (t) => {
  const report = createReport()
  t.strictSame(report.read().response_times, {
    count: 0,
    sum_ms: 0,
    min_ms: 0,
    max_ms: 0,
    avg_ms: 0,
    p95_ms: 0,
    p99_ms: 0
  })
  report.addResponse(7)
  t.strictSame(report.read().response_times, {
    count: 1,
    sum_ms: 7,
    min_ms: 7,
    max_ms: 7,
    avg_ms: 7,
    p95_ms: 7,
    p99_ms: 7
  })
  report.addResponse(1)
  report.addResponse(4)
  t.strictSame(report.read().response_times, {
    count: 3,
    sum_ms: 12,
    min_ms: 1,
    max_ms: 7,
    avg_ms: 4,
    p95_ms: 7,
    p99_ms: 7
  })

  report.reset()
  for (let sample = 0; sample < 500; sample++) report.addResponse(1_000_000)
  // 0 … 999 in another order: 7 and 1000 have no common divisor.
  for (let sample = 0; sample < 1_000; sample++) report.addResponse((sample * 7) % 1_000)
  const { p95_ms: p95, p99_ms: p99, ...all } = report.read().response_times
  t.strictSame(all, {
    count: 1_500,
    sum_ms: 500_499_500,
    min_ms: 0,
    max_ms: 1_000_000,
    avg_ms: Math.round(500_499_500 / 1_500)
  })
  t.ok(p95 >= 949 && p95 <= 950, `95 of 100 take at most ${p95}`)
  t.ok(p99 >= 989 && p99 <= 990, `99 of 100 take at most ${p99}`)
})

t.test('events are counted by kind, and a reset sets all counts to 0', async (t) => {
  const report = createReport()
  const before = Date.now()
  report.addError('NOT_FOUND', '/files/*')
  report.addError('NOT_FOUND', 'unmatched')
  report.addError('INVALID_SERIES', '/dalle/*')
  report.addRetry('file')
  report.addRetry('file')
  report.addFileOperation(true)
  report.addFileOperation(false)
  report.addResponse(5)
  const read = report.read()
  t.match(read, {
    total_errors: 3,
    total_retries: 2,
    file_operations: 2,
    file_operation_errors: 1,
    circuit_breaker_state: 'CLOSED',
    openai_requests: 0,
    openai_errors: 0,
    openai_timeouts: 0
  })
  t.strictSame(read.errors_by_code, { NOT_FOUND: 2, INVALID_SERIES: 1 })
  t.strictSame(read.errors_by_endpoint, { '/files/*': 1, unmatched: 1, '/dalle/*': 1 })
  t.strictSame(read.retries_by_operation, { file: 2 })
  t.ok(Date.parse(read.last_updated) >= before && Date.parse(read.last_updated) <= Date.now())

  report.reset()
  const { last_updated: _, ...cleared } = report.read()
  const { last_updated: __, ...fresh } = createReport().read()
  t.strictSame(cleared, fresh)
  report.addResponse(3)
  t.match(
    report.read().response_times,
    { count: 1, min_ms: 3, max_ms: 3, p99_ms: 3 },
    'no earlier response counts'
  )
})

t.test('where several processes share a database, the first line says that the report is of one', (t) => {
  const report = createReport().read()
  t.match(renderReport(report, '/errors', true), /^Of this process only: .*\n\nNo errors recorded/)
  t.match(renderReport(report, '/errors', false), /^No errors recorded/)
  t.end()
})
