import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'
import type { ProviderCall } from '../provider/operations.ts'

/** Percentiles are of this many newest response times. */
const SAMPLES = 1_000

const Count = Type.Integer({ minimum: 0 })
const Counts = Type.Record(Type.String(), Count)

/** The figures of `/metrics?format=json` and `/errors`. */
export const ReportSchema = Type.Object(
  {
    total_errors: Count,
    errors_by_code: Counts,
    errors_by_endpoint: Counts,
    circuit_breaker_state: Type.Union([
      Type.Literal('CLOSED'),
      Type.Literal('OPEN'),
      Type.Literal('HALF_OPEN')
    ]),
    circuit_breaker_failures: Count,
    circuit_breaker_successes: Count,
    total_retries: Count,
    retries_by_operation: Counts,
    response_times: Type.Object(
      {
        count: Count,
        sum_ms: Count,
        min_ms: Count,
        max_ms: Count,
        avg_ms: Count,
        p95_ms: Type.Integer({ description: 'Of the newest 1000 responses' }),
        p99_ms: Type.Integer({ description: 'Of the newest 1000 responses' })
      },
      { description: 'Whole milliseconds' }
    ),
    openai_requests: Count,
    openai_errors: Count,
    openai_timeouts: Count,
    file_operations: Count,
    file_operation_errors: Count,
    last_updated: Type.String({ format: 'date-time' })
  },
  { $id: 'Report' }
)

export type Report = Static<typeof ReportSchema>

type ResponseTimes = Report['response_times']

type Circuit = Pick<
  Report,
  'circuit_breaker_state' | 'circuit_breaker_failures' | 'circuit_breaker_successes'
>

/** Figures since the start or the last reset. Unlike Prometheus counters they may go back to 0. */
export function createReport() {
  let report = empty()
  let samples: number[] = []
  let revision = 0
  /** Unix milliseconds. Its text is made when the report is read, because responses change it. */
  let lastUpdated = Date.now()
  let readCircuit = (): Circuit => ({
    circuit_breaker_state: 'CLOSED',
    circuit_breaker_failures: 0,
    circuit_breaker_successes: 0
  })

  function changed(): void {
    lastUpdated = Date.now()
  }

  /** The response times in exact milliseconds. */
  function responseTimes(): ResponseTimes {
    const times = report.response_times
    const sorted = [...samples].sort((a, b) => a - b)
    const percentile = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0
    return {
      ...times,
      avg_ms: times.count === 0 ? 0 : times.sum_ms / times.count,
      p95_ms: percentile(0.95),
      p99_ms: percentile(0.99)
    }
  }

  return {
    /** Changes with each event but responses and file operations, which are as frequent as requests. */
    get revision(): number {
      return revision
    },

    addError(code: string, endpoint: string): void {
      revision += 1
      report.total_errors += 1
      increment(report.errors_by_code, code)
      increment(report.errors_by_endpoint, endpoint)
      changed()
    },

    addRetry(operation: string): void {
      revision += 1
      report.total_retries += 1
      increment(report.retries_by_operation, operation)
      changed()
    },

    addProviderCall(outcome: ProviderCall['outcome']): void {
      revision += 1
      report.openai_requests += 1
      if (outcome !== 'success' && outcome !== 'aborted') report.openai_errors += 1
      if (outcome === 'timeout') report.openai_timeouts += 1
      changed()
    },

    /** Sets where `read` takes the state of the circuit breakers from. The report does not keep it. */
    watchCircuit(read: () => Circuit): void {
      readCircuit = read
    },

    addFileOperation(ok: boolean): void {
      report.file_operations += 1
      if (!ok) report.file_operation_errors += 1
      changed()
    },

    addResponse(ms: number): void {
      const times = report.response_times
      times.min_ms = times.count === 0 ? ms : Math.min(times.min_ms, ms)
      times.max_ms = Math.max(times.max_ms, ms)
      times.sum_ms += ms
      samples[times.count % SAMPLES] = ms
      times.count += 1
      changed()
    },

    reset(): void {
      revision += 1
      report = empty()
      samples = []
      changed()
    },

    responseTimes,

    read(): Report {
      const times = Object.entries(responseTimes()).map(([name, value]) => [name, Math.round(value)])
      return {
        ...structuredClone(report),
        ...readCircuit(),
        response_times: Object.fromEntries(times) as ResponseTimes,
        last_updated: new Date(lastUpdated).toISOString()
      }
    }
  }
}

function empty(): Omit<Report, keyof Circuit | 'last_updated'> {
  return {
    total_errors: 0,
    errors_by_code: {},
    errors_by_endpoint: {},
    total_retries: 0,
    retries_by_operation: {},
    response_times: { count: 0, sum_ms: 0, min_ms: 0, max_ms: 0, avg_ms: 0, p95_ms: 0, p99_ms: 0 },
    openai_requests: 0,
    openai_errors: 0,
    openai_timeouts: 0,
    file_operations: 0,
    file_operation_errors: 0
  }
}

function increment(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1
}
