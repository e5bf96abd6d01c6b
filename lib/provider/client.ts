import OpenAI from 'openai'
import type { OpenAiConfig } from '../config/config.ts'
import { MAX_TIMER_MS } from '../config/duration.ts'
import type { ServiceError } from '../errors.ts'
import type { Drawing, DrawingEvents } from '../image/artist.ts'
import { VERSION } from '../package.ts'
import type { Breaker } from './breaker.ts'
import { failureOf } from './classify.ts'
import { withDeadline } from './deadline.ts'
import { isProviderFailure, providerFailure, ruleFor } from './failures.ts'
import { abortable } from '../abortable.ts'
import type { Retry } from './retry.ts'
import type { Expense, Budget } from './budget.ts'
import { costOf, priceOf } from './prices.ts'
import type { PriceList, Usage } from './prices.ts'
import { createEnhanceCall } from './chat.ts'
import { createDownloader } from './download.ts'
import { createDrawCall } from './images.ts'
import type { Orientation } from './models.ts'
import type { Operation, ProviderCall, ProviderCharge, ProviderRequest } from './operations.ts'
import { createTransport } from './transport.ts'

const DOWNLOAD_TIMEOUT_MS = 60_000
const NOTHING: Expense = { usd: 0, images: 0 }

export interface OpenAiOptions {
  config: OpenAiConfig
  prices: PriceList
  retry: Retry
  breakers: Record<Operation, Breaker>
  budget: Budget
  onCall: (call: ProviderCall) => void
  onCharge: (charge: ProviderCharge) => void
}

type PaidRequest = ProviderRequest & { operation: Operation; model: string }

export type OpenAi = ReturnType<typeof createOpenAi>

/**
 * The model provider: OpenAI or a server that speaks its protocol. Each operation goes one way: retry, breaker, the budget, its
 * own deadline, the call.
 */
export function createOpenAi({ config, prices, retry, breakers, budget, onCall, onCharge }: OpenAiOptions) {
  const transport = createTransport()
  const downloader = createDownloader(config.image?.url ?? config.baseUrl)
  const client = new OpenAI({
    apiKey: config.apiKey,
    baseURL: config.baseUrl,
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: MAX_TIMER_MS,
    logLevel: 'off',
    defaultHeaders: { 'User-Agent': `dalleserver/${VERSION}` },
    fetch: transport.fetch as unknown as typeof fetch
  })
  const chat = config.enhancement && createEnhanceCall(client, config.enhancement)
  const images = config.image && createDrawCall(client, config.image)

  const expenseOf = (operation: Operation) => {
    const model = operation === 'draw' ? config.image?.model : config.enhancement?.model
    return {
      usd: model === undefined ? 0 : (priceOf(prices, model)?.call ?? 0),
      images: operation === 'draw' ? 1 : 0
    }
  }

  /** Times a request and tells of its outcome. */
  async function observe<T>(request: ProviderRequest, call: () => Promise<T>): Promise<T> {
    const startedAt = performance.now()
    const elapsed = () => performance.now() - startedAt
    try {
      const result = await call()
      onCall({ ...request, outcome: 'success', durationMs: elapsed() })
      return result
    } catch (error) {
      const failure = failureOf(error, elapsed())
      if (isProviderFailure(failure)) onCall({ ...request, outcome: failure.kind, durationMs: elapsed() })
      throw failure
    }
  }

  /** Makes one call within the budget. What may have been done is paid for, also when its answer was lost. */
  async function pay<T extends { usage: Usage | undefined }>(
    request: PaidRequest,
    signal: AbortSignal,
    onCost: (usd: number) => void,
    call: () => Promise<T>
  ): Promise<T> {
    const { operation, model } = request
    const expected = expenseOf(operation)
    const price = priceOf(prices, model)
    const settle = await reserve(expected, signal)
    const charge = (usage: Usage | undefined) => {
      const usd = price && costOf(price, usage)
      settle({ usd: usd ?? 0, images: expected.images })
      onCharge({ model, usage, images: expected.images, usd })
      onCost(usd ?? 0)
    }
    let answer
    try {
      answer = await observe(request, call)
    } catch (error) {
      if (ruleFor(error)?.mayBeBilled) charge(undefined)
      else settle(NOTHING)
      throw error
    }
    charge(answer.usage)
    return answer
  }

  /** Sets an expense aside, and gives it back if the run ends before the disk has it. */
  async function reserve(expected: Expense, signal: AbortSignal) {
    const reserving = budget.reserve(expected)
    try {
      return await abortable(reserving, signal)
    } catch (error) {
      reserving.then(
        (settle) => settle(NOTHING),
        () => {}
      )
      throw error
    }
  }

  /** Fetches an image that is drawn and paid for; a fetch that fails costs nothing but time. */
  async function fetchImage(url: string, signal: AbortSignal): Promise<Buffer> {
    try {
      return await retry.run(
        { operation: 'download', signal, repeatsLost: true },
        async (attempt) =>
          await observe(
            { operation: 'download', attempt },
            async () =>
              await withDeadline(
                DOWNLOAD_TIMEOUT_MS,
                signal,
                async (inTime) => await downloader.fetchImage(url, inTime)
              )
          )
      )
    } catch (error) {
      throw isProviderFailure(error) && error.kind !== 'aborted'
        ? providerFailure('undelivered', { cause: error })
        : error
    }
  }

  return {
    config,

    /** Why an operation would not be tried now: its circuit is open, the provider asked to wait, or the budget is spent. */
    refusal(operation: Operation): ServiceError | undefined {
      return breakers[operation].refusal() ?? retry.refusal(operation) ?? budget.refusal(expenseOf(operation))
    },

    /**
     * Has a language model rewrite a prompt; only to be called where the configuration has one.
     * @param persona who the model is to be
     * @param onCharge told what each attempt cost, in USD
     * @throws ProviderFailure, BUDGET_EXHAUSTED, or the signal's reason
     */
    async enhance(
      prompt: string,
      persona: string,
      signal: AbortSignal,
      onCharge: (usd: number) => void
    ): Promise<string> {
      const { model, timeoutMs } = config.enhancement!
      const { text, isRefused } = await retry.run(
        { operation: 'enhance', signal },
        async (attempt) =>
          await breakers.enhance.run(
            async () =>
              await pay(
                { operation: 'enhance', model, attempt },
                signal,
                onCharge,
                async () =>
                  await withDeadline(
                    timeoutMs,
                    signal,
                    async (inTime) => await chat!(prompt, persona, inTime)
                  )
              )
          )
      )
      if (isRefused) throw providerFailure('rejected')
      return text
    },

    /**
     * Has an image model draw; only to be called where the configuration has one.
     * @throws ProviderFailure, BUDGET_EXHAUSTED, or the signal's reason
     */
    async draw(
      prompt: string,
      orientation: Orientation,
      signal: AbortSignal,
      { onAttempt, onPartial, onCharge }: DrawingEvents
    ): Promise<Drawing> {
      const { model, timeoutMs, retryOnTimeout } = config.image!
      const { source } = await retry.run(
        { operation: 'draw', signal, onAttempt, repeatsLost: retryOnTimeout },
        async (attempt) =>
          await breakers.draw.run(
            async () =>
              await pay(
                { operation: 'draw', model, attempt },
                signal,
                onCharge,
                async () =>
                  await withDeadline(
                    timeoutMs,
                    signal,
                    async (inTime) => await images!(prompt, orientation, inTime, onPartial)
                  )
              )
          )
      )
      if ('bytes' in source) return { downloadMode: 'b64', download: async () => source.bytes }
      return { downloadMode: 'url', download: async (signal) => await fetchImage(source.url, signal) }
    },

    /** Ends its connections. */
    async close(): Promise<void> {
      await Promise.all([transport.close(), downloader.close()])
    }
  }
}
