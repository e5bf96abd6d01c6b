import type { PaidStep } from '../engine/engine.ts'
import type { ServiceError } from '../errors.ts'
import { isServiceError } from '../errors.ts'
import type { Drawing, DrawingContext, ImageSource } from '../image/artist.ts'
import type { OpenAi, Turn } from './client.ts'
import { isLost, isProviderFailure, ruleFor } from './failures.ts'
import type { Orientation } from './orientation.ts'
import type { Operation } from './operations.ts'
import { priceOf } from './prices.ts'

export interface ProvidersOptions {
  /** In the order in which they are asked. At least one. */
  clients: readonly OpenAi[]
  /** Called when a provider fails and the next one is asked. */
  onNext?: (operation: Operation, from: string, error: unknown) => void
}

/** What a picture is expected to cost. `usd` is undefined where a model has no price. */
export interface ExpectedCost {
  usd: number | undefined
  images: number
}

export type Providers = ReturnType<typeof createProviders>

/**
 * All configured providers as one. Each operation is done by the first provider that can do it: the next one is asked
 * where one is away, out of money or refuses, and for refused content only where its entry says so.
 */
export function createProviders({ clients, onNext = () => {} }: ProvidersOptions) {
  const able: Record<Operation, readonly OpenAi[]> = {
    enhance: clients.filter(({ config }) => config.enhancement !== undefined),
    draw: clients.filter(({ config }) => config.image !== undefined)
  }

  /** @param first the name of the provider that is asked first, where it is still configured */
  async function inTurn<T>(
    operation: Operation,
    call: (client: OpenAi, turn: Turn) => Promise<T>,
    first?: string
  ): Promise<T> {
    const order = [...able[operation]].sort((a, b) => rank(a, first) - rank(b, first))
    let wasLost = false
    for (const [at, client] of order.entries()) {
      const hasNext = () => order.slice(at + 1).some((next) => mayBeAsked(next.refusal(operation)))
      try {
        return await call(client, { hasNext, wasLost })
      } catch (error) {
        // A lost answer may be charged, so it is repeated once, wherever that is.
        if (!mayGoOn(client, error) || (wasLost && isLost(error))) throw error
        const others = order.filter((other) => other !== client).map((other) => other.refusal(operation))
        if (!hasNext()) throw explained(error, others)
        wasLost ||= isLost(error)
        onNext(operation, client.config.name, error)
      }
    }
    throw new Error(`the configuration turns off the operation ${operation}`)
  }

  return {
    clients,
    canEnhance: able.enhance.length > 0,
    canDraw: able.draw.length > 0,
    /** The provider that is asked first for a drawing. */
    name: (able.draw[0] ?? clients[0]!).config.name,
    /** Whether a lost drawing is never paid for again. */
    neverRepeats: able.draw.some(({ config }) => config.image?.retryOnTimeout === false),

    /** What a picture is expected to cost at the providers that are asked first, with its prompt. */
    expected(): ExpectedCost {
      const prices = [priceOfCall(able.enhance[0], 'enhancement'), priceOfCall(able.draw[0], 'image')]
      const isPriced = prices.every((price) => price !== undefined)
      return {
        usd: isPriced ? prices.reduce((sum, price) => sum + price, 0) : undefined,
        images: able.draw.length > 0 ? 1 : 0
      }
    },

    /**
     * Why an operation would fail now at each provider; undefined where one can be asked. Of several reasons, the one
     * that may soon be over.
     */
    refusal(operation: Operation): ServiceError | undefined {
      const refusals = able[operation].map((client) => client.refusal(operation))
      if (refusals.includes(undefined)) return undefined
      return refusals.find(mayBeAsked) ?? explained(refusals[0], refusals)
    },

    /** Whether this provider could draw, and only its price keeps it from that: less is left of the daily budget. */
    isTooDear(name: string): boolean {
      return able.draw.some((client) => client.config.name === name && isTooDear(client.refusal('draw')))
    },

    /**
     * A language model enhances a prompt.
     * @throws the failure of the last provider that was asked
     */
    async enhance(
      prompt: string,
      persona: string,
      signal: AbortSignal,
      step: PaidStep<string>,
      onCharge: (usd: number) => void
    ): Promise<string> {
      return await inTurn(
        'enhance',
        async (client, turn) => await client.enhance(prompt, persona, signal, step, onCharge, turn)
      )
    },

    /**
     * An image model draws a prompt.
     * @throws the failure of the last provider that was asked
     */
    async draw(
      prompt: string,
      orientation: Orientation,
      signal: AbortSignal,
      context: DrawingContext
    ): Promise<Drawing> {
      return await inTurn(
        'draw',
        async (client, turn) => {
          await context.onProvider(client.config.name)
          return await client.draw(prompt, orientation, signal, context, turn)
        },
        context.first
      )
    },

    /** The drawing of an answer that is paid for. A provider that is no longer configured may have sent it. */
    deliver(source: ImageSource, provider: string): Drawing {
      const sender = clients.find(({ config }) => config.name === provider) ?? clients[0]!
      return sender.deliver(source)
    },

    /** Closes the connections. */
    async close(): Promise<void> {
      await Promise.all(clients.map(async (client) => await client.close()))
    }
  }
}

/** USD that a call is expected to cost: 0 without a provider, undefined without a price. */
function priceOfCall(client: OpenAi | undefined, operation: 'enhancement' | 'image'): number | undefined {
  if (client === undefined) return 0
  const { [operation]: used, prices } = client.config
  return used && priceOf(prices, used.model)?.call
}

function rank({ config }: OpenAi, first: string | undefined): number {
  return config.name === first ? 0 : 1
}

/** Whether a provider may be asked, now or when calls at work have ended. */
const mayBeAsked = (refusal: ServiceError | undefined): boolean =>
  refusal === undefined || refusal.isHeld === true

/** Whether only the price keeps a provider from being asked. */
const isTooDear = (refusal: ServiceError | undefined): boolean =>
  refusal?.code === 'BUDGET_EXHAUSTED' && refusal.isHeld !== true

/** The failure of a provider, which says where another one is left out because of its price. */
function explained<T>(error: T, refusals: Array<ServiceError | undefined>): T {
  return isProviderFailure(error) && refusals.some(isTooDear)
    ? Object.assign(error, { details: 'another provider costs more than is left of the daily budget' })
    : error
}

/** Whether the next provider may be asked after this failure. */
function mayGoOn({ config }: OpenAi, error: unknown): boolean {
  // A dearer provider may be beyond the budget while a cheaper one is not.
  if (isServiceError(error) && error.code === 'BUDGET_EXHAUSTED') return true
  if (!isProviderFailure(error)) return false
  if (isLost(error) && config.image?.retryOnTimeout === false) return false
  if (error.kind === 'rejected') return config.passesRefusals
  return error.kind === 'wrong_request' || ruleFor(error)?.away === true
}
