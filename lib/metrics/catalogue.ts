import { Counter, Gauge, Registry } from 'prom-client'
import { ERROR_CODES } from '../errors.ts'
import { VERSION } from '../package.ts'
import { createReport } from './report.ts'

const BREAKER_STATES = ['CLOSED', 'OPEN', 'HALF_OPEN'] as const

export type Metrics = ReturnType<typeof createMetrics>

/** Every metric of the service, in a registry of its own, and the report that `/errors` shows of the same events. */
export function createMetrics () {
  const registry = new Registry()
  const registers = [registry]
  const counter = (name: string, help: string) => new Counter({ name, help, registers })
  const report = createReport()

  const errorsTotal = counter('dalleserver_errors_total', 'Error answers and failed runs')
  const errorsByCode = new Counter({ name: 'dalleserver_error_code_total', help: 'Error answers and failed runs by code', labelNames: ['code'], registers })
  const errorsByEndpoint = new Counter({ name: 'dalleserver_error_endpoint_total', help: 'Error answers and failed runs by route', labelNames: ['endpoint'], registers })
  const retries = counter('dalleserver_retries_total', 'Operations that were tried again')
  counter('dalleserver_openai_requests_total', 'Requests to the model provider')
  counter('dalleserver_openai_errors_total', 'Requests to the model provider that failed')
  counter('dalleserver_openai_timeouts_total', 'Requests to the model provider that took too long')
  const fileOperations = counter('dalleserver_file_operations_total', 'File operations')
  const fileErrors = counter('dalleserver_file_operation_errors_total', 'File operations that failed')
  const breaker = new Gauge({ name: 'dalleserver_circuit_breaker_state', help: '1 for the state the circuit breaker is in', labelNames: ['state'], registers })
  const build = new Gauge({
    name: 'dalleserver_build_info',
    help: '1, with what the server is made of',
    labelNames: ['version', 'node', 'databases', 'databases_hash'],
    registers
  })
  const up = new Gauge({ name: 'dalleserver_up', help: '1 while the server runs', registers })
  const responseTime = new Gauge({
    name: 'dalleserver_response_time_ms',
    help: 'Response times in milliseconds since the start or the last clearing of the report',
    labelNames: ['quantile'],
    registers,
    collect () {
      const { min_ms: min, max_ms: max, avg_ms: avg, p95_ms: p95, p99_ms: p99 } = report.read().response_times
      for (const [quantile, ms] of Object.entries({ avg, min, max, 0.95: p95, 0.99: p99 })) this.set({ quantile }, ms)
    }
  })

  up.set(1)
  for (const code of ERROR_CODES) errorsByCode.inc({ code }, 0)
  for (const state of BREAKER_STATES) breaker.set({ state }, state === report.read().circuit_breaker_state ? 1 : 0)
  for (const quantile of ['avg', 'min', 'max', '0.95', '0.99']) responseTime.set({ quantile }, 0)

  return {
    report,

    /** The metrics in Prometheus' text format. */
    async text (): Promise<string> {
      return await registry.metrics()
    },

    contentType: registry.contentType,

    /** @param endpoint the route's pattern, never a URL */
    recordError (code: string, endpoint: string): void {
      errorsTotal.inc()
      errorsByCode.inc({ code })
      errorsByEndpoint.inc({ endpoint })
      report.addError(code, endpoint)
    },

    recordRetry (operation: string): void {
      retries.inc()
      report.addRetry(operation)
    },

    recordFileOperation (ok: boolean): void {
      fileOperations.inc()
      if (!ok) fileErrors.inc()
      report.addFileOperation(ok)
    },

    /** Names the databases that pictures are made from, by their version and hash. */
    setBuild (labels: { databases: string, databases_hash: string }): void {
      build.set({ version: VERSION, node: process.versions.node, ...labels }, 1)
    },

    recordResponse (ms: number): void {
      report.addResponse(ms)
    }
  }
}
