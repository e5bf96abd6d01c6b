import { OPERATIONS } from '../provider/operations.ts'
import type { Operation, ProviderCall } from '../provider/operations.ts'
import { CIRCUIT_STATES } from '../engine/engine.ts'
import type { CircuitReport, CircuitState } from '../engine/engine.ts'
import { FAILURE_KINDS } from '../provider/failures.ts'
import type { FailureKind } from '../provider/failures.ts'
import type { Instruments } from './instruments.ts'

/** One image takes 15 to 150 seconds, one enhanced prompt about 5. */
const CALL_SECONDS = [0.1, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 90, 150, 300, 600]

const OUTCOMES = ['success', ...FAILURE_KINDS.filter((kind) => kind !== 'circuit_open')] as const
const CALLS = [...OPERATIONS, 'download'] as const
/** The failures that are repeated. */
const REASONS = ['throttled', 'overloaded', 'unreachable', 'reset', 'timeout', 'interrupted'] as const

/**
 * Metrics of requests to the model providers and of their circuit breakers.
 * @param providers the names of the providers; their counters start at 0
 */
export function createProviderMetrics(
  { counter, gauge, histogram }: Instruments,
  providers: readonly string[]
) {
  const openaiRequests = counter('dalleserver_openai_requests_total', 'Requests to the model provider')
  const openaiErrors = counter(
    'dalleserver_openai_errors_total',
    'Requests to the model provider that failed'
  )
  const openaiTimeouts = counter(
    'dalleserver_openai_timeouts_total',
    'Requests to the model provider that timed out'
  )
  const requests = counter(
    'dalleserver_provider_requests_total',
    'Requests to the model provider by outcome',
    ['provider', 'operation', 'outcome']
  )
  const duration = histogram(
    'dalleserver_provider_request_duration_seconds',
    'Duration of requests to the model provider',
    ['provider', 'operation'],
    CALL_SECONDS
  )
  const retries = counter(
    'dalleserver_provider_retries_total',
    'Repeated requests to the model provider, by the reason of the repetition',
    ['provider', 'operation', 'reason']
  )
  const state = gauge(
    'dalleserver_provider_circuit_breaker_state',
    '1 for the current state of the circuit breaker of an operation, in the whole service',
    ['provider', 'operation', 'state']
  )
  const transitions = counter(
    'dalleserver_circuit_breaker_transitions_total',
    'State changes of the circuit breakers by new state, as this process saw them',
    ['provider', 'to']
  )
  const noMoney = gauge(
    'dalleserver_provider_out_of_money',
    '1 after the provider refused a request because the account has no money, until a request succeeds',
    ['provider']
  )
  for (const provider of providers) {
    for (const operation of CALLS) {
      for (const outcome of OUTCOMES) requests.inc({ provider, operation, outcome }, 0)
      for (const reason of REASONS) retries.inc({ provider, operation, reason }, 0)
    }
    for (const operation of OPERATIONS) {
      duration.zero({ provider, operation })
      setState(provider, operation, 'CLOSED')
    }
    for (const to of CIRCUIT_STATES) transitions.inc({ provider, to }, 0)
    noMoney.set({ provider }, 0)
  }

  function setState(provider: string, operation: string, current: CircuitState): void {
    for (const each of CIRCUIT_STATES) {
      state.set({ provider, operation, state: each }, each === current ? 1 : 0)
    }
  }

  return {
    recordCall({ provider, operation, outcome, durationMs }: ProviderCall): void {
      const labels = { provider, operation }
      openaiRequests.inc()
      if (outcome !== 'success' && outcome !== 'aborted') openaiErrors.inc()
      if (outcome === 'timeout') openaiTimeouts.inc()
      requests.inc({ ...labels, outcome })
      duration.observe(labels, durationMs / 1000)
      if (outcome === 'success' && operation !== 'download') noMoney.set({ provider }, 0)
      if (outcome === 'no_money') noMoney.set({ provider }, 1)
    },

    recordRetry(provider: string, operation: string, reason: FailureKind): void {
      retries.inc({ provider, operation, reason })
    },

    recordTransition(provider: string, operation: string, to: CircuitState): void {
      transitions.inc({ provider, to })
      setState(provider, operation, to)
    },

    /** Registers which providers cost too much. `read` is called at each scrape. */
    watchPrices(read: (provider: string) => boolean): void {
      gauge(
        'dalleserver_provider_over_budget',
        '1 while a provider could draw, and its price is more than is left of the daily budget',
        ['provider'],
        function () {
          for (const provider of providers) this.set({ provider }, read(provider) ? 1 : 0)
        }
      )
    },

    /** Registers the metrics of the breakers. `read` is called at each scrape. */
    watchBreakers(
      read: (provider: string, operation: Operation) => Pick<CircuitReport, 'failures' | 'lastFailure'>
    ): void {
      const each = (set: (labels: { provider: string; operation: Operation }) => void) => {
        for (const provider of providers) for (const operation of OPERATIONS) set({ provider, operation })
      }
      gauge(
        'dalleserver_provider_circuit_breaker_failures',
        'Counted failures since the last success, in the whole service',
        ['provider', 'operation'],
        function () {
          each((labels) => this.set(labels, read(labels.provider, labels.operation).failures))
        }
      )
      gauge(
        'dalleserver_provider_last_failure_timestamp_seconds',
        'When the newest failure was counted, in the whole service; 0 when there was none',
        ['provider', 'operation'],
        function () {
          each((labels) => {
            this.set(labels, (read(labels.provider, labels.operation).lastFailure?.at ?? 0) / 1000)
          })
        }
      )
    }
  }
}
