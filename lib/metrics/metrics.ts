import { Registry } from 'prom-client'
import { systemClock } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { ERROR_CODES } from '../errors.ts'
import type { ProviderCall } from '../provider/operations.ts'
import { VERSION } from '../package.ts'
import { createRemembered } from '../remembered.ts'
import { createSharedBody } from '../shared-body.ts'
import { CIRCUIT_STATES } from '../engine/engine.ts'
import type { FileOperation } from '../storage/file-types.ts'
import { createBatchMetrics } from './batches.ts'
import { createEngineMetrics } from './engine.ts'
import { createGenerationMetrics } from './generation.ts'
import { createInstruments } from './instruments.ts'
import { createProviderMetrics } from './provider.ts'
import { createReport } from './report.ts'
import type { Report } from './report.ts'
import { createServiceMetrics } from './service.ts'
import { createSpendingMetrics } from './spending.ts'

export type Metrics = ReturnType<typeof createMetrics>

export interface MetricsOptions {
  /** The names of the model providers. */
  providers?: readonly string[]
  /** How old what many share may be, in milliseconds. To write it takes as long as to answer many other requests. */
  textAgeMs?: number
}

/** All metrics of the service in their own registry, and the report of the same events that `/errors` shows. */
export function createMetrics(
  { providers = ['openai'], textAgeMs = 0 }: MetricsOptions = {},
  clock: Pick<Clock, 'now'> = systemClock
) {
  const registry = new Registry()
  const instruments = createInstruments(registry)
  const { counter, gauge } = instruments
  const report = createReport()

  const errorsTotal = counter('dalleserver_errors_total', 'Error responses and failed runs')
  const errorsByCode = counter('dalleserver_error_code_total', 'Error responses and failed runs by code', [
    'code'
  ])
  const errorsByEndpoint = counter(
    'dalleserver_error_endpoint_total',
    'Error responses and failed runs by route',
    ['endpoint']
  )
  const retries = counter('dalleserver_retries_total', 'Operations that were repeated')
  const fileOperations = counter('dalleserver_file_operations_total', 'File operations')
  const fileErrors = counter('dalleserver_file_operation_errors_total', 'File operations that failed')
  const service = createServiceMetrics(registry, instruments)
  const provider = createProviderMetrics(instruments, providers)
  gauge(
    'dalleserver_circuit_breaker_state',
    '1 for the current state: the most restrictive of the breakers of all operations',
    ['state'],
    function () {
      const { circuit_breaker_state: current } = report.read()
      for (const state of CIRCUIT_STATES) this.set({ state }, state === current ? 1 : 0)
    }
  )
  const build = gauge('dalleserver_build_info', 'Always 1; the labels name the versions', [
    'version',
    'revision',
    'node',
    'databases',
    'databases_hash'
  ])
  const up = gauge('dalleserver_up', '1 while the server runs')
  const responseTime = gauge(
    'dalleserver_response_time_ms',
    'Response times in milliseconds since the start or the last reset of the report',
    ['quantile'],
    function () {
      const { min_ms: min, max_ms: max, avg_ms: avg, p95_ms: p95, p99_ms: p99 } = report.responseTimes()
      for (const [quantile, ms] of Object.entries({ avg, min, max, 0.95: p95, 0.99: p99 })) {
        this.set({ quantile }, ms)
      }
    }
  )

  up.set(1)
  for (const code of ERROR_CODES) errorsByCode.inc({ code }, 0)
  for (const quantile of ['avg', 'min', 'max', '0.95', '0.99']) responseTime.set({ quantile }, 0)

  /** The metrics in Prometheus' text format. */
  const text = async () => await registry.metrics()

  return {
    report,

    generation: createGenerationMetrics(instruments, providers),

    provider: {
      ...provider,

      recordCall(call: ProviderCall): void {
        provider.recordCall(call)
        report.addProviderCall(call.outcome)
      }
    },

    spending: createSpendingMetrics(instruments),

    batches: createBatchMetrics(instruments),

    engine: createEngineMetrics(instruments),

    text,

    /** The same for all who ask within `textAgeMs`. */
    body: createRemembered(async () => createSharedBody(await text()), textAgeMs, clock),

    /**
     * A text made from the report, for all who ask within `textAgeMs`. An error, a retry, a call of the provider and a
     * reset are shown at once.
     */
    shareReport: (render: (report: Report) => string) =>
      createRemembered(
        async () => createSharedBody(render(report.read())),
        textAgeMs,
        clock,
        () => report.revision
      ),

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
    watchMemoryLimits: service.watchMemoryLimits,
    watchCleanStart: service.watchCleanStart,
    recordWait: service.recordWait,
    setStreams: service.setStreams,
    recordUnreadableRecord: service.recordUnreadableRecord,
    recordAvatar: service.recordAvatar,
    recordClientLimit: service.recordClientLimit,
    recordClosedConnection: service.recordClosedConnection,
    watchConnections: service.watchConnections,

    /** Sets the labels of `dalleserver_build_info`. */
    setBuild(labels: { revision: string; databases: string; databases_hash: string }): void {
      build.set({ version: VERSION, node: process.versions.node, ...labels }, 1)
    },

    /** @param route the route's pattern, never a URL */
    recordResponse(method: string, route: string, code: number, ms: number): void {
      service.recordRequest(method, route, code, ms / 1000)
      report.addResponse(ms)
    }
  }
}
