import type { DailyLimits, Expense } from '../engine/engine.ts'
import type { ProviderCharge } from '../provider/operations.ts'
import { shutdownOf } from '../provider/models.ts'
import type { Instruments } from './instruments.ts'
import { PROVIDER } from './provider.ts'

const MODEL_LABELS: Array<'provider' | 'model'> = ['provider', 'model']

/** Metrics of what the model provider charges. */
export function createSpendingMetrics({ counter, gauge }: Instruments) {
  const modelCounter = (name: string, help: string) => counter(name, help, MODEL_LABELS)
  const tokens = counter('dalleserver_provider_tokens_total', 'Used tokens', [...MODEL_LABELS, 'kind'])
  const images = modelCounter('dalleserver_provider_images_total', 'Images that were or may have been bought')
  const cost = modelCounter('dalleserver_provider_cost_usd_total', 'Cost by the price list in use')
  const unpriced = modelCounter(
    'dalleserver_provider_unpriced_requests_total',
    'Requests to models without a known price'
  )
  const shutdown = gauge(
    'dalleserver_provider_model_shutdown_timestamp_seconds',
    'Announced end of a model in use',
    MODEL_LABELS
  )

  return {
    /** Starts the counters of a model in use at 0, and shows its announced end. */
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

    /** Registers the metrics of the daily budget. `spent` is called at each scrape; a missing limit is +Inf. */
    watchBudget(limits: DailyLimits, spent: () => Expense): void {
      gauge('dalleserver_budget_limit_usd', 'USD that may be spent a day (UTC)').set(limits.usd ?? Infinity)
      gauge('dalleserver_budget_limit_images', 'Images that may be bought a day (UTC)').set(
        limits.images ?? Infinity
      )
      gauge('dalleserver_budget_spent_usd', 'USD spent or reserved today (UTC)', [], function () {
        this.set(spent().usd)
      })
      gauge('dalleserver_budget_spent_images', 'Images bought or reserved today (UTC)', [], function () {
        this.set(spent().images)
      })
    }
  }
}
