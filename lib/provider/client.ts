import { setTimeout as sleep } from 'node:timers/promises'
import OpenAI from 'openai'
import type { ServiceError } from '../errors.ts'
import type { Expense, Ledger, PaidStep, Reservation } from '../engine/engine.ts'
import type { Drawing, DrawingContext, ImageSource } from '../image/artist.ts'
import { VERSION } from '../package.ts'
import { abortable } from '../abortable.ts'
import type { Breaker } from './breaker.ts'
import { createEnhanceCall } from './chat.ts'
import type { ChatAnswer } from './chat.ts'
import { systemClock } from '../clock.ts'
import type { CallClock } from '../clock.ts'
import { withDeadline } from './deadline.ts'
import { createDownloader } from './download.ts'
import { endpointUrl } from './endpoints.ts'
import type { Endpoint } from './endpoints.ts'
import { POLICY, failureOf, isLost, isProviderFailure, providerFailure } from './failures.ts'
import { secretsOf } from './headers.ts'
import { createDrawCall } from './images.ts'
import type { ImageAnswer } from './images.ts'
import { MAX_LIST_BYTES, requestModels } from './model-list.ts'
import type { ListedModel } from './model-list.ts'
import type { Orientation } from './orientation.ts'
import { withoutRefused } from './parameters.ts'
import type {
  Operation,
  ProviderCall,
  ProviderCharge,
  ProviderConfig,
  ProviderRequest
} from './operations.ts'
import { costOf, priceOf } from './prices.ts'
import type { Usage } from './prices.ts'
import type { Proxies } from './proxies.ts'
import type { RefusedParameters } from './refused-parameters.ts'
import type { Retry } from './retry.ts'
import { createTransport, watchSending } from './transport.ts'

/** A paragraph and what surrounds it has some kB. */
const MAX_CHAT_BYTES = 2 ** 20
/**
 * More than an image of 4096 x 4096 pixels in base64 has, with three unfinished images before it in a stream.
 */
const MAX_IMAGE_BYTES = 32 * 2 ** 20
const DOWNLOAD_TIMEOUT_MS = 60_000
/** The longest timer of Node, for the SDK's own timeout: the deadline of each call ends it before. */
const NO_TIMEOUT_MS = 2 ** 31 - 1
const GRACE_MS = 5_000
const NOTHING: Expense = { usd: 0, images: 0 }

export interface OpenAiOptions {
  config: ProviderConfig
  proxies?: Proxies | undefined
  refusedParameters: Pick<RefusedParameters, 'of' | 'add'>
  retry: Retry
  breakers: Record<Operation, Breaker>
  ledger: Pick<Ledger, 'refusal'>
  onCall: (call: ProviderCall) => void
  onCharge: (charge: ProviderCharge) => void
  /** Called once for the parameters that a model has refused and that are left out from then on. */
  onRefusedParameters?: (model: string, names: string[]) => void
  clock?: CallClock
}

/** The place of this provider among those that are asked. */
export interface Turn {
  /** Whether another provider can be asked, so that this one is not waited for and repeats no lost answer. */
  hasNext: () => boolean
  /** Whether the answer of a provider before it was lost, so that no further one may be. */
  wasLost: boolean
}

type PaidRequest = ProviderRequest & { operation: Operation; model: string }

interface PaidTask<T> {
  operation: Operation
  model: string
  timeoutMs: number
  signal: AbortSignal
  /** Called with the cost of each attempt, in USD. */
  onCost: (usd: number) => void
  onAttempt?: (attempt: number) => void
  /** Whether a call whose answer was lost is made once more, by this provider or by the next one. */
  repeatsLost?: boolean
  turn?: Turn | undefined
  step: PaidStep<T>
}

/** An answer, with what the provider charges for it. */
interface Paid<T> {
  answer: T
  real: Expense
  /** Call it when the answer is kept. */
  settle: () => void
  /** Call it when the answer could not be kept. */
  lose: () => void
}

export type OpenAi = ReturnType<typeof createOpenAi>

/**
 * The client of the model provider: OpenAI or a server with the same protocol. Each operation goes through
 * the same steps, in this order: retry, breaker, budget, deadline, the call. An error is classified once,
 * here, where the call ends; every step before it reads the classified failure.
 */
export function createOpenAi({
  config,
  proxies,
  refusedParameters,
  retry,
  breakers,
  ledger,
  onCall,
  onCharge,
  onRefusedParameters = () => {},
  clock = systemClock
}: OpenAiOptions) {
  const { name: provider, prices } = config
  const transport = createTransport(proxies)
  const downloader = createDownloader(config.image?.url ?? config.baseUrl, undefined, proxies)
  const clientFor = (maxBytes: number) =>
    new OpenAI({
      apiKey: config.apiKey,
      baseURL: config.baseUrl,
      organization: config.organization ?? null,
      project: config.project ?? null,
      maxRetries: 0,
      timeout: NO_TIMEOUT_MS,
      logLevel: 'off',
      defaultHeaders: { 'User-Agent': `dalleserver/${VERSION}`, ...config.headers },
      fetch: transport.fetchUpTo(maxBytes) as unknown as typeof fetch
    })
  const endpointOf = (
    path: string,
    { url: whole, model }: { url: string | undefined; model: string }
  ): Endpoint => {
    const url = whole ?? endpointUrl(config.baseUrl, path)
    return {
      url,
      secrets: secretsOf(config),
      adapt: async (body, call) =>
        await withoutRefused(body, refusedParameters.of(url, model), call, (names) => {
          const added = refusedParameters.add(url, model, names)
          if (added.length > 0) onRefusedParameters(model, added)
        })
    }
  }
  const { enhancement, image } = config
  const enhanceCall =
    enhancement &&
    createEnhanceCall(clientFor(MAX_CHAT_BYTES), endpointOf('/chat/completions', enhancement), enhancement)
  const drawCall =
    image && createDrawCall(clientFor(MAX_IMAGE_BYTES), endpointOf('/images/generations', image), image)

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
    const sending = { isSent: false }
    try {
      const result = await watchSending(sending, call)
      onCall({ ...request, outcome: 'success', durationMs: elapsed() })
      return result
    } catch (error) {
      const failure = failureOf(error, elapsed(), sending.isSent)
      if (isProviderFailure(failure)) {
        const { kind: outcome, answer } = failure
        onCall({ ...request, outcome, durationMs: elapsed(), ...(answer && { answer }) })
      }
      throw failure
    }
  }

  /**
   * Makes one call within the budget. A call whose answer was lost is charged if the provider may have done
   * the work.
   */
  async function pay<T extends { usage: Usage | undefined }>(
    request: PaidRequest,
    { step, signal, repeatsLost = false, onCost }: PaidTask<T>,
    call: () => Promise<T>
  ): Promise<Paid<T>> {
    const { operation, model } = request
    const expected = expenseOf(operation)
    const price = priceOf(prices, model)
    const { images } = expected
    // A prompt whose answer was lost with the process is enhanced once more: the picture keeps it for ever.
    const isRepeated = repeatsLost || (operation === 'enhance' && config.image?.retryOnTimeout !== false)
    const reservation = await reserve(step, expected, isRepeated ? 1 : 0, signal)
    const charge = (usage: Usage | undefined, bought = images): Expense => {
      const usd = price && costOf(price, usage)
      onCharge({ provider, model, usage, images: bought, usd })
      onCost(usd ?? 0)
      return { usd: usd ?? 0, images: bought }
    }
    try {
      const answer = await observe(request, call)
      const real = charge(answer.usage)
      return { answer, real, settle: () => reservation.settle(real), lose: () => reservation.lose() }
    } catch (error) {
      if (!isProviderFailure(error) || !error.mayBeBilled) reservation.settle(NOTHING)
      else if (isLost(error)) {
        charge(undefined)
        reservation.lose()
      } else reservation.settle(charge(error.usage, POLICY[error.kind].mayBeBilled ? images : 0))
      throw error
    }
  }

  /** Reserves an expense. If the run ends before the reservation is on disk, the reservation is released. */
  async function reserve<T>(
    step: PaidStep<T>,
    expected: Expense,
    repeatsLost: number,
    signal: AbortSignal
  ): Promise<Reservation> {
    const reserving = step.reserve(expected, repeatsLost)
    try {
      return await abortable(reserving, signal)
    } catch (error) {
      reserving.then(
        (reservation) => reservation.settle(NOTHING),
        () => {}
      )
      throw error
    }
  }

  /** Performs a paid operation: retry, breaker, budget, deadline, the call. Then it keeps the answer. */
  async function perform<T extends { usage: Usage | undefined }>(
    task: PaidTask<T>,
    call: (signal: AbortSignal) => Promise<T>
  ): Promise<T> {
    const { operation, model, timeoutMs, signal, step, turn } = task
    const attemptCall = async () => await withDeadline(timeoutMs, signal, call, clock, inGrace)
    const attempts = {
      ...task,
      repeatsLost: task.repeatsLost === true && turn?.wasLost !== true,
      hasNext: turn?.hasNext
    }
    return await retry.run(attempts, async (attempt) => {
      const request = { provider, operation, model, attempt }
      const paid = await breakers[operation].run(async () => await pay(request, task, attemptCall))
      try {
        await step.keep(paid.answer, paid.real)
      } catch (error) {
        paid.lose()
        throw error
      }
      paid.settle()
      return paid.answer
    })
  }

  /** Downloads an image that is already paid for; a failed download costs nothing, so it is repeated. */
  async function fetchImage(url: string, signal: AbortSignal): Promise<Buffer> {
    try {
      return await retry.run(
        { operation: 'download', signal, repeatsLost: true },
        async (attempt) =>
          await observe(
            { provider, operation: 'download', attempt },
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
      return breakers[operation].refusal() ?? retry.refusal(operation) ?? ledger.refusal(expenseOf(operation))
    },

    /**
     * A language model enhances a prompt. The configuration must have `enhancement`.
     * @param persona the system message
     * @param step keeps the enhanced prompt
     * @param onCharge called with the cost of each attempt, in USD
     * @param turn where other providers can be asked too
     * @throws ProviderFailure, BUDGET_EXHAUSTED, or the signal's reason
     */
    async enhance(
      prompt: string,
      persona: string,
      signal: AbortSignal,
      step: PaidStep<string>,
      onCharge: (usd: number) => void,
      turn?: Turn
    ): Promise<string> {
      const { model, timeoutMs } = required(config.enhancement)
      const chat = required(enhanceCall)
      const keepText: PaidStep<ChatAnswer> = {
        reserve: step.reserve,
        keep: async ({ text }, expense) => await step.keep(text, expense)
      }
      const { text } = await perform(
        { operation: 'enhance', model, timeoutMs, signal, step: keepText, onCost: onCharge, turn },
        async (bounded) => await chat(prompt, persona, bounded)
      )
      return text
    },

    /**
     * An image model draws a prompt. The configuration must have `image`.
     * @param turn where other providers can be asked too
     * @throws ProviderFailure, BUDGET_EXHAUSTED, or the signal's reason
     */
    async draw(
      prompt: string,
      orientation: Orientation,
      signal: AbortSignal,
      { step, onAttempt, onPartial, onCharge }: DrawingContext,
      turn?: Turn
    ): Promise<Drawing> {
      const { model, timeoutMs, retryOnTimeout } = required(config.image)
      const images = required(drawCall)
      const keepSource: PaidStep<ImageAnswer> = {
        reserve: step.reserve,
        keep: async ({ source }, expense) => await step.keep(source, expense)
      }
      const { source } = await perform(
        {
          operation: 'draw',
          model,
          timeoutMs,
          signal,
          step: keepSource,
          onCost: onCharge,
          onAttempt,
          repeatsLost: retryOnTimeout,
          turn
        },
        async (bounded) => await images(prompt, orientation, bounded, onPartial)
      )
      return this.deliver(source)
    },

    /** The drawing of an answer that is paid for. */
    deliver(source: ImageSource): Drawing {
      if ('bytes' in source) return { downloadMode: 'b64', download: async () => source.bytes }
      const { url } = source
      return { downloadMode: 'url', imageUrl: url, download: async (signal) => await fetchImage(url, signal) }
    },

    /** The models that the provider lists. */
    async listModels(signal: AbortSignal): Promise<ListedModel[]> {
      const url = endpointUrl(config.baseUrl, '/models')
      return await requestModels(clientFor(MAX_LIST_BYTES), url, secretsOf(config), signal)
    },

    /** Closes its connections. */
    async close(): Promise<void> {
      await Promise.all([transport.close(), downloader.close()])
    }
  }
}

/** What a call still returns shortly after its time is over: a body may stay open after the end of its picture. */
async function inGrace<T>(working: Promise<T>): Promise<T | undefined> {
  return await Promise.race([working.catch(() => undefined), sleep(GRACE_MS, undefined, { ref: false })])
}

function required<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('the configuration turns this operation off')
  return part
}
