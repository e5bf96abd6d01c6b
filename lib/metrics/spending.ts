import type { DailyLimits, Expense } from '../engine/engine.ts'
import type { ProviderCharge } from '../provider/operations.ts'
import { PRICES_AS_OF } from '../provider/prices.ts'
import type { Instruments } from './instruments.ts'

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
  const listed = gauge(
    'dalleserver_provider_model_listed',
    'Whether the provider lists a model in use; without a value until it was asked',
    MODEL_LABELS
  )
  gauge(
    'dalleserver_provider_prices_timestamp_seconds',
    'The day of the built-in price list; prices of TB_DALLE_PRICES have none'
  ).set(Date.parse(PRICES_AS_OF) / 1000)

  return {
    /** Starts the counters of a model in use at 0. */
    nameModel(provider: string, model: string): void {
      const labels = { provider, model }
      for (const kind of ['input', 'output']) tokens.inc({ ...labels, kind }, 0)
      for (const each of [images, cost, unpriced]) each.inc(labels, 0)
    },

    /** Shows the announced end of a model in use. */
    setModelEnd(provider: string, model: string, end: Date): void {
      shutdown.set({ provider, model }, end.getTime() / 1000)
    },

    /** Shows whether the provider lists a model in use. */
    setModelListed(provider: string, model: string, isListed: boolean): void {
      listed.set({ provider, model }, isListed ? 1 : 0)
    },

    recordCharge({ provider, model, usage, images: bought, usd }: ProviderCharge): void {
      const labels = { provider, model }
      tokens.inc({ ...labels, kind: 'input' }, usage?.inputTokens ?? 0)
      tokens.inc({ ...labels, kind: 'output' }, usage?.outputTokens ?? 0)
      images.inc(labels, bought)
      if (usd === undefined) unpriced.inc(labels)
      else cost.inc(labels, usd)
    },

    /** Registers whether less is left of the daily budget than one picture reserves. It is read at each scrape. */
    watchExhaustion(isExhausted: () => boolean): void {
      gauge(
        'dalleserver_budget_exhausted',
        'Whether less is left of the daily budget than one picture reserves, so that new pictures are refused (0/1)',
        [],
        function () {
          this.set(isExhausted() ? 1 : 0)
        }
      )
    },

    /** Registers the metrics of the daily budget. `spent` is called at each scrape; a missing limit is +Inf. */
    watchBudget(limits: DailyLimits, spent: () => Expense): void {
      gauge('dalleserver_budget_limit_usd', 'USD that may be spent a day (UTC), by the whole service').set(
        limits.usd ?? Infinity
      )
      gauge(
        'dalleserver_budget_limit_images',
        'Images that may be bought a day (UTC), by the whole service'
      ).set(limits.images ?? Infinity)
      gauge(
        'dalleserver_budget_spent_usd',
        'USD spent or reserved today (UTC), by the whole service',
        [],
        function () {
          this.set(spent().usd)
        }
      )
      gauge(
        'dalleserver_budget_spent_images',
        'Images bought or reserved today (UTC), by the whole service',
        [],
        function () {
          this.set(spent().images)
        }
      )
    }
  }
}
