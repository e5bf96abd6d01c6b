import { OPERATIONS } from '../provider/operations.ts'
import type { Operation, ProviderCall, ProviderCharge } from '../provider/operations.ts'
import { shutdownOf } from '../provider/models.ts'
import { BREAKER_STATES } from '../provider/breaker.ts'
import type { BreakerReport, BreakerState } from '../provider/breaker.ts'
import { FAILURE_KINDS } from '../provider/failures.ts'
import type { FailureKind } from '../provider/failures.ts'
import type { DailyLimits, Expense } from '../provider/budget.ts'
import type { Instruments } from './instruments.ts'

const PROVIDER = 'openai'
/** One image takes 15 to 150 seconds, one enhanced prompt about 5. */
const CALL_SECONDS = [0.1, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 90, 150, 300, 600]

const OUTCOMES = ['success', ...FAILURE_KINDS.filter((kind) => kind !== 'circuit_open')] as const
const CALLS = [...OPERATIONS, 'download'] as const

/** What the model provider does and costs. */
export function createProviderMetrics({ counter, gauge, histogram }: Instruments) {
  const openaiRequests = counter('dalleserver_openai_requests_total', 'Requests to the model provider')
  const openaiErrors = counter(
    'dalleserver_openai_errors_total',
    'Requests to the model provider that failed'
  )
  const openaiTimeouts = counter(
    'dalleserver_openai_timeouts_total',
    'Requests to the model provider that took too long'
  )
  const requests = counter(
    'dalleserver_provider_requests_total',
    'Requests to the model provider by what became of them',
    ['provider', 'operation', 'outcome']
  )
  const duration = histogram(
    'dalleserver_provider_request_duration_seconds',
    'How long requests to the model provider took',
    ['provider', 'operation'],
    CALL_SECONDS
  )
  const retries = counter(
    'dalleserver_provider_retries_total',
    'Requests to the model provider that were made again, by what had gone wrong',
    ['operation', 'reason']
  )
  const state = gauge(
    'dalleserver_provider_circuit_breaker_state',
    '1 for the state that the circuit breaker of an operation is in',
    ['operation', 'state']
  )
  const transitions = counter(
    'dalleserver_circuit_breaker_transitions_total',
    'Changes of the circuit breakers by their new state',
    ['to']
  )
  const noMoney = gauge(
    'dalleserver_provider_out_of_money',
    '1 since the provider refused a request for want of money, until one succeeds'
  )
  const tokens = counter('dalleserver_provider_tokens_total', 'Tokens that were used', [
    'provider',
    'model',
    'kind'
  ])
  const images = counter('dalleserver_provider_images_total', 'Images that were bought, or may have been', [
    'provider',
    'model'
  ])
  const cost = counter(
    'dalleserver_provider_cost_usd_total',
    'What the provider charged, by the price list in use',
    ['provider', 'model']
  )
  const shutdown = gauge(
    'dalleserver_provider_model_shutdown_timestamp_seconds',
    'When a model in use is shut down, where that is announced',
    ['provider', 'model']
  )
  const unpriced = counter(
    'dalleserver_provider_unpriced_requests_total',
    'Requests whose price is not known',
    ['provider', 'model']
  )

  for (const operation of CALLS) {
    for (const outcome of OUTCOMES) requests.inc({ provider: PROVIDER, operation, outcome }, 0)
  }
  for (const operation of OPERATIONS) duration.zero({ provider: PROVIDER, operation })
  for (const operation of CALLS) {
    for (const reason of ['throttled', 'overloaded', 'unreachable', 'reset', 'timeout', 'interrupted']) {
      retries.inc({ operation, reason }, 0)
    }
  }
  for (const to of BREAKER_STATES) transitions.inc({ to }, 0)
  for (const operation of OPERATIONS) setState(operation, 'CLOSED')

  function setState(operation: Operation, current: BreakerState): void {
    for (const each of BREAKER_STATES) state.set({ operation, state: each }, each === current ? 1 : 0)
  }

  return {
    recordCall({ operation, outcome, durationMs }: ProviderCall): void {
      const labels = { provider: PROVIDER, operation }
      openaiRequests.inc()
      if (outcome !== 'success' && outcome !== 'aborted') openaiErrors.inc()
      if (outcome === 'timeout') openaiTimeouts.inc()
      requests.inc({ ...labels, outcome })
      duration.observe(labels, durationMs / 1000)
      if (outcome === 'success' && operation !== 'download') noMoney.set(0)
      if (outcome === 'no_money') noMoney.set(1)
    },

    recordRetry(operation: string, reason: FailureKind): void {
      retries.inc({ operation, reason })
    },

    recordTransition(operation: Operation, to: BreakerState): void {
      transitions.inc({ to })
      setState(operation, to)
    },

    /** Where what the breakers count is read from at each scrape. */
    watchBreakers(read: (operation: Operation) => Pick<BreakerReport, 'failures' | 'lastFailure'>): void {
      gauge(
        'dalleserver_provider_circuit_breaker_failures',
        'Counted failures since the last success',
        ['operation'],
        function () {
          for (const operation of OPERATIONS) this.set({ operation }, read(operation).failures)
        }
      )
      gauge(
        'dalleserver_provider_last_failure_timestamp_seconds',
        'When the newest failure was counted; 0 when there was none',
        ['operation'],
        function () {
          for (const operation of OPERATIONS) {
            this.set({ operation }, (read(operation).lastFailure?.at ?? 0) / 1000)
          }
        }
      )
    },

    /** Makes known which models are in use, so that what they cost starts at 0, and when they are shut down. */
    nameModel(model: string): void {
      const labels = { provider: PROVIDER, model }
      for (const kind of ['input', 'output']) tokens.inc({ ...labels, kind }, 0)
      for (const each of [images, cost, unpriced]) each.inc(labels, 0)
      const end = shutdownOf(model)
      if (end !== undefined) shutdown.set(labels, end.getTime() / 1000)
    },

    recordCharge({ model, usage, images: bought, usd }: ProviderCharge): void {
      const labels = { provider: PROVIDER, model }
      tokens.inc({ ...labels, kind: 'input' }, usage?.inputTokens ?? 0)
      tokens.inc({ ...labels, kind: 'output' }, usage?.outputTokens ?? 0)
      images.inc(labels, bought)
      if (usd === undefined) unpriced.inc(labels)
      else cost.inc(labels, usd)
    },

    /** Shows what is spent today beside what may be; a limit that is not set is +Inf. */
    watchSpending(limits: DailyLimits, spent: () => Expense): void {
      gauge('dalleserver_budget_limit_usd', 'What may be spent a day (UTC)').set(limits.usd ?? Infinity)
      gauge('dalleserver_budget_limit_images', 'Images that may be bought a day (UTC)').set(
        limits.images ?? Infinity
      )
      gauge('dalleserver_budget_spent_usd', 'What is spent or set aside today (UTC)', [], function () {
        this.set(spent().usd)
      })
      gauge(
        'dalleserver_budget_spent_images',
        'Images that are bought or set aside today (UTC)',
        [],
        function () {
          this.set(spent().images)
        }
      )
    }
  }
}
