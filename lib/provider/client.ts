import OpenAI from 'openai'
import type { ServiceError } from '../errors.ts'
import type { Drawing, DrawingEvents } from '../image/artist.ts'
import { VERSION } from '../package.ts'
import { abortable } from '../abortable.ts'
import type { Breaker } from './breaker.ts'
import type { Budget, Expense } from './budget.ts'
import { createEnhanceCall } from './chat.ts'
import { systemClock } from '../clock.ts'
import type { CallClock } from '../clock.ts'
import { withDeadline } from './deadline.ts'
import { createDownloader } from './download.ts'
import { failureOf, isProviderFailure, providerFailure, ruleFor } from './failures.ts'
import { createDrawCall } from './images.ts'
import type { Orientation } from './models.ts'
import type {
  Operation,
  ProviderCall,
  ProviderCharge,
  ProviderConfig,
  ProviderRequest
} from './operations.ts'
import { costOf, priceOf } from './prices.ts'
import type { PriceList, Usage } from './prices.ts'
import type { Retry } from './retry.ts'
import { createTransport } from './transport.ts'

const DOWNLOAD_TIMEOUT_MS = 60_000
/** The longest timer of Node, for the SDK's own timeout: the deadline of each call ends it before. */
const NO_TIMEOUT_MS = 2 ** 31 - 1
const NOTHING: Expense = { usd: 0, images: 0 }

export interface OpenAiOptions {
  config: ProviderConfig
  prices: PriceList
  retry: Retry
  breakers: Record<Operation, Breaker>
  budget: Budget
  onCall: (call: ProviderCall) => void
  onCharge: (charge: ProviderCharge) => void
  clock?: CallClock
}

type PaidRequest = ProviderRequest & { operation: Operation; model: string }

interface PaidTask {
  operation: Operation
  model: string
  timeoutMs: number
  signal: AbortSignal
  /** Called with the cost of each attempt, in USD. */
  onCost: (usd: number) => void
  onAttempt?: (attempt: number) => void
  repeatsLost?: boolean
}

export type OpenAi = ReturnType<typeof createOpenAi>

/**
 * The client of the model provider: OpenAI or a server with the same protocol. Each operation goes through
 * the same steps, in this order: retry, breaker, budget, deadline, the call. An error is classified once,
 * here, where the call ends; every step before it reads the classified failure.
 */
export function createOpenAi({
  config,
  prices,
  retry,
  breakers,
  budget,
  onCall,
  onCharge,
  clock = systemClock
}: OpenAiOptions) {
  const transport = createTransport()
  const downloader = createDownloader(config.image?.url ?? config.baseUrl)
  const client = new OpenAI({
    apiKey: config.apiKey,
    baseURL: config.baseUrl,
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: NO_TIMEOUT_MS,
    logLevel: 'off',
    defaultHeaders: { 'User-Agent': `dalleserver/${VERSION}` },
    fetch: transport.fetch as unknown as typeof fetch
  })
  const enhanceCall = config.enhancement && createEnhanceCall(client, config.enhancement)
  const drawCall = config.image && createDrawCall(client, config.image)

  const expenseOf = (operation: Operation) => {
    const model = operation === 'draw' ? config.image?.model : config.enhancement?.model
    return {
      usd: model === undefined ? 0 : (priceOf(prices, model)?.call ?? 0),
      images: operation === 'draw' ? 1 : 0
    }
  }

  /** Makes a request, classifies its error and reports its outcome and duration. */
  async function observe<T>(request: ProviderRequest, call: () => Promise<T>): Promise<T> {
    const startedAt = clock.now()
    const elapsed = () => clock.now() - startedAt
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

  /**
   * Makes one call within the budget. A call whose answer was lost is charged if the provider may have done
   * the work.
   */
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

  /** Reserves an expense. If the run ends before the reservation is on disk, the reservation is released. */
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

  /** Performs a paid operation: retry, breaker, budget, deadline, the call. */
  async function perform<T extends { usage: Usage | undefined }>(
    { model, timeoutMs, onCost, ...task }: PaidTask,
    call: (signal: AbortSignal) => Promise<T>
  ): Promise<T> {
    const { operation, signal } = task
    const attemptCall = async () => await withDeadline(timeoutMs, signal, call, clock)
    return await retry.run(task, async (attempt) => {
      const request = { operation, model, attempt }
      return await breakers[operation].run(async () => await pay(request, signal, onCost, attemptCall))
    })
  }

  /** Downloads an image that is already paid for; a failed download costs nothing, so it is repeated. */
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
                async (bounded) => await downloader.fetchImage(url, bounded),
                clock
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

    /**
     * Why an operation would fail now without a call: an open circuit, a wait that the provider asked for, or
     * the budget.
     */
    refusal(operation: Operation): ServiceError | undefined {
      return breakers[operation].refusal() ?? retry.refusal(operation) ?? budget.refusal(expenseOf(operation))
    },

    /**
     * A language model enhances a prompt. The configuration must have `enhancement`.
     * @param persona the system message
     * @param onCharge called with the cost of each attempt, in USD
     * @throws ProviderFailure, BUDGET_EXHAUSTED, or the signal's reason
     */
    async enhance(
      prompt: string,
      persona: string,
      signal: AbortSignal,
      onCharge: (usd: number) => void
    ): Promise<string> {
      const { model, timeoutMs } = required(config.enhancement)
      const chat = required(enhanceCall)
      const { text, isRefused } = await perform(
        { operation: 'enhance', model, timeoutMs, signal, onCost: onCharge },
        async (bounded) => await chat(prompt, persona, bounded)
      )
      if (isRefused) throw providerFailure('rejected')
      return text
    },

    /**
     * An image model draws a prompt. The configuration must have `image`.
     * @throws ProviderFailure, BUDGET_EXHAUSTED, or the signal's reason
     */
    async draw(
      prompt: string,
      orientation: Orientation,
      signal: AbortSignal,
      { onAttempt, onPartial, onCharge }: DrawingEvents
    ): Promise<Drawing> {
      const { model, timeoutMs, retryOnTimeout } = required(config.image)
      const images = required(drawCall)
      const { source } = await perform(
        {
          operation: 'draw',
          model,
          timeoutMs,
          signal,
          onCost: onCharge,
          onAttempt,
          repeatsLost: retryOnTimeout
        },
        async (bounded) => await images(prompt, orientation, bounded, onPartial)
      )
      if ('bytes' in source) return { downloadMode: 'b64', download: async () => source.bytes }
      return { downloadMode: 'url', download: async (signal) => await fetchImage(source.url, signal) }
    },

    /** Closes its connections. */
    async close(): Promise<void> {
      await Promise.all([transport.close(), downloader.close()])
    }
  }
}

function required<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('the configuration turns this operation off')
  return part
}
