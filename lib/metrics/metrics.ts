import { Registry } from 'prom-client'
import { ERROR_CODES } from '../errors.ts'
import type { ProviderCall } from '../provider/operations.ts'
import { VERSION } from '../package.ts'
import { BREAKER_STATES } from '../provider/breaker.ts'
import type { FileOperation } from '../storage/files.ts'
import { createGenerationMetrics } from './generation.ts'
import { createInstruments } from './instruments.ts'
import { createProviderMetrics } from './provider.ts'
import { createReport } from './report.ts'
import { createServiceMetrics } from './service.ts'

export type Metrics = ReturnType<typeof createMetrics>

/** Every metric of the service, in a registry of its own, and the report that `/errors` shows of the same events. */
export function createMetrics() {
  const registry = new Registry()
  const instruments = createInstruments(registry)
  const { counter, gauge } = instruments
  const report = createReport()

  const errorsTotal = counter('dalleserver_errors_total', 'Error answers and failed runs')
  const errorsByCode = counter('dalleserver_error_code_total', 'Error answers and failed runs by code', [
    'code'
  ])
  const errorsByEndpoint = counter(
    'dalleserver_error_endpoint_total',
    'Error answers and failed runs by route',
    ['endpoint']
  )
  const retries = counter('dalleserver_retries_total', 'Operations that were tried again')
  const fileOperations = counter('dalleserver_file_operations_total', 'File operations')
  const fileErrors = counter('dalleserver_file_operation_errors_total', 'File operations that failed')
  const service = createServiceMetrics(registry, instruments)
  const provider = createProviderMetrics(instruments)
  gauge(
    'dalleserver_circuit_breaker_state',
    '1 for the state the circuit breaker is in: of those of all operations, the one that lets least through',
    ['state'],
    function () {
      const { circuit_breaker_state: current } = report.read()
      for (const state of BREAKER_STATES) this.set({ state }, state === current ? 1 : 0)
    }
  )
  const build = gauge('dalleserver_build_info', '1, with what the server is made of', [
    'version',
    'revision',
    'node',
    'databases',
    'databases_hash'
  ])
  const up = gauge('dalleserver_up', '1 while the server runs')
  const responseTime = gauge(
    'dalleserver_response_time_ms',
    'Response times in milliseconds since the start or the last clearing of the report',
    ['quantile'],
    function () {
      const { min_ms: min, max_ms: max, avg_ms: avg, p95_ms: p95, p99_ms: p99 } = report.read().response_times
      for (const [quantile, ms] of Object.entries({ avg, min, max, 0.95: p95, 0.99: p99 })) {
        this.set({ quantile }, ms)
      }
    }
  )

  up.set(1)
  for (const code of ERROR_CODES) errorsByCode.inc({ code }, 0)
  for (const quantile of ['avg', 'min', 'max', '0.95', '0.99']) responseTime.set({ quantile }, 0)

  return {
    report,

    generation: createGenerationMetrics(instruments),

    provider: {
      ...provider,

      recordCall(call: ProviderCall): void {
        provider.recordCall(call)
        report.addProviderCall(call.outcome)
      }
    },

    /** The metrics in Prometheus' text format. */
    async text(): Promise<string> {
      return await registry.metrics()
    },

    contentType: registry.contentType,

    /** @param endpoint the route's pattern, never a URL */
    recordError(code: string, endpoint: string): void {
      errorsTotal.inc()
      errorsByCode.inc({ code })
      errorsByEndpoint.inc({ endpoint })
      report.addError(code, endpoint)
    },

    recordRetry(operation: string): void {
      retries.inc()
      report.addRetry(operation)
    },

    recordFileOperation(operation: FileOperation, ok: boolean): void {
      service.recordFileOperation(operation, ok)
      fileOperations.inc()
      if (!ok) fileErrors.inc()
      report.addFileOperation(ok)
    },

    watchStorage: service.watchStorage,
    watchStreams: service.watchStreams,

    /** Names the source that runs, and the databases that pictures are made from, by their version and hash. */
    setBuild(labels: { revision: string; databases: string; databases_hash: string }): void {
      build.set({ version: VERSION, node: process.versions.node, ...labels }, 1)
    },

    /** @param route the route's pattern, never a URL */
    recordResponse({
      method,
      route,
      code,
      ms
    }: {
      method: string
      route: string
      code: number
      ms: number
    }): void {
      service.recordRequest(method, route, code, ms / 1000)
      report.addResponse(ms)
    }
  }
}
