import type { Databases } from '../dress/databases.ts'
import type { Expense, Ledger, PaidStep } from '../engine/engine.ts'
import type { Artist, Drawing, ImageSource } from '../image/artist.ts'
import { isProviderFailure, providerFailure } from './failures.ts'
import type { Operation, ProviderCall, ProviderCharge } from './operations.ts'
import { orientationOf } from './orientation.ts'
import type { Orientation } from './orientation.ts'
import type { ExpectedCost } from './providers.ts'

/** A model provider that another application brings. */
export interface OwnProvider {
  /** In snapshots, pictures, metrics and the log. Not `local`, which is the built-in artist. */
  name: string
  /**
   * Draws a prompt: one image, in any format that sharp reads. It is called once for a picture, and its answer is kept
   * on disk, so that no restart asks for it again.
   * @throws what it likes: the run fails with OPENAI_UNAVAILABLE, and the log has the error. The call counts as paid,
   *   unless the error has a property `mayBeBilled` that is false
   */
  draw(prompt: string, request: OwnRequest & { orientation: Orientation }): Promise<OwnImage>
  /** Rewrites a prompt in the words of `persona`. Absent where the plain prompt is drawn. */
  enhance?(prompt: string, request: OwnRequest & { persona: string }): Promise<OwnText>
  /** What one call may cost, in USD. It is reserved before the call; a daily budget needs it. */
  prices?: { draw?: number; enhance?: number }
}

export interface OwnRequest {
  /** Aborts when the run is cancelled or too old. */
  signal: AbortSignal
}

export interface OwnImage {
  bytes: Uint8Array
  /** What the call has cost, in USD; by default the price. */
  usd?: number
}

export interface OwnText {
  text: string
  /** What the call has cost, in USD; by default the price. */
  usd?: number
}

const NOTHING: Expense = { usd: 0, images: 0 }

/** Whether an amount of USD can be counted. */
export function isAmount(usd: unknown): usd is number {
  return typeof usd === 'number' && Number.isFinite(usd) && usd >= 0
}

/** Whether the provider says that a call which it has ended with an error costs nothing. */
function isFree(error: unknown): boolean {
  return (error as { mayBeBilled?: unknown } | undefined)?.mayBeBilled === false
}

export interface OwnProviderParts {
  /** Whether a drawing whose answer was lost is repeated once, at the risk of paying twice. */
  repeatsLostDrawings: boolean
  ledger: Pick<Ledger, 'refusal'>
  onCall: (call: ProviderCall) => void
  onCharge: (charge: ProviderCharge) => void
}

/** The provider of another application as artist and enhancer. One call of it is one attempt. */
export function createOwnProvider(
  provider: OwnProvider,
  { repeatsLostDrawings, ledger, onCall, onCharge }: OwnProviderParts
) {
  const { name, prices } = provider
  const expectedFor = (operation: Operation): Expense => ({
    usd: prices?.[operation] ?? 0,
    images: operation === 'draw' ? 1 : 0
  })

  /** Reports how a call ended, and for how long it went. */
  async function observe<T>(operation: Operation, call: () => Promise<T>): Promise<T> {
    const startedAt = performance.now()
    const report = (outcome: ProviderCall['outcome']) => {
      const durationMs = performance.now() - startedAt
      onCall({ provider: name, operation, model: name, attempt: 1, outcome, durationMs })
    }
    try {
      const result = await call()
      report('success')
      return result
    } catch (error) {
      const kind = isFree(error) ? 'overloaded' : 'reset'
      const failure = isProviderFailure(error) ? error : providerFailure(kind, { cause: error })
      report(failure.kind)
      throw failure
    }
  }

  /**
   * One paid call: reserve, call, keep the answer, settle. A call that fails may have been billed, so that it counts as
   * lost, unless the provider says otherwise. An answer that cannot be used is paid for.
   */
  async function pay<T extends ImageSource | string>(
    operation: Operation,
    { signal, step, onCost }: { signal: AbortSignal; step: PaidStep<T>; onCost: (usd: number) => void },
    call: () => Promise<{ answer: T | undefined; usd: unknown }>
  ): Promise<T> {
    const expected = expectedFor(operation)
    const isRepeated = operation === 'enhance' || repeatsLostDrawings
    const reservation = await step.reserve(expected, isRepeated ? 1 : 0)
    if (signal.aborted) reservation.settle(NOTHING)
    signal.throwIfAborted()
    let real: Expense | undefined
    const charge = () => {
      onCost(real!.usd)
      onCharge({ provider: name, model: name, usage: undefined, ...real! })
    }
    let answer: T
    try {
      answer = await observe(operation, async () => {
        const given = await call()
        real = { ...expected, usd: isAmount(given.usd) ? given.usd : expected.usd }
        if (given.answer === undefined) throw providerFailure('unusable', { cause: new Error('no answer') })
        return given.answer
      })
    } catch (error) {
      if (real !== undefined) {
        reservation.settle(real)
        charge()
      } else if (!signal.aborted && isFree((error as Error).cause)) reservation.settle(NOTHING)
      else reservation.lose()
      throw error
    }
    try {
      await step.keep(answer, real!)
    } catch (error) {
      reservation.lose()
      throw error
    } finally {
      charge()
    }
    reservation.settle(real!)
    return answer
  }

  function deliver(source: ImageSource): Drawing {
    return {
      downloadMode: 'b64',
      async download() {
        if ('bytes' in source) return source.bytes
        throw providerFailure('undelivered', { cause: new Error('another provider has kept a URL') })
      }
    }
  }

  return {
    /** What a picture is expected to cost, with its prompt. */
    expected(): ExpectedCost {
      const used = ['draw', ...(provider.enhance ? ['enhance' as const] : [])] as const
      const isPriced = used.every((operation) => prices?.[operation] !== undefined)
      const usd = used.reduce((sum, operation) => sum + expectedFor(operation).usd, 0)
      return { usd: isPriced ? usd : undefined, images: 1 }
    },

    /** @param databases decide whether the dress says in which orientation the picture is drawn */
    artist: ({ isBuiltIn }: Pick<Databases, 'isBuiltIn'>): Artist => ({
      provider: name,
      neverRepeats: !repeatsLostDrawings,
      refusal: () => ledger.refusal(expectedFor('draw')),
      deliver,
      compose({ enhancedPrompt, prompt, attributes }) {
        const orientation = isBuiltIn ? orientationOf(attributes) : 'square'
        return {
          async draw(signal, { step, onProvider, onAttempt, onCharge: onCost }) {
            await onProvider(name)
            onAttempt(1)
            const source = await pay<ImageSource>('draw', { signal, step, onCost }, async () => {
              const given = await provider.draw(enhancedPrompt || prompt, { signal, orientation })
              const { bytes, usd } = (given ?? {}) as Partial<OwnImage>
              const isImage = bytes instanceof Uint8Array && bytes.length > 0
              return { answer: isImage ? { bytes: Buffer.from(bytes) } : undefined, usd }
            })
            return deliver(source)
          }
        }
      }
    }),

    /** Undefined where the provider enhances no prompts. */
    enhancer: provider.enhance && {
      async enhance(
        prompt: string,
        persona: string,
        signal: AbortSignal,
        step: PaidStep<string>,
        onCost: (usd: number) => void
      ): Promise<string> {
        return await pay<string>('enhance', { signal, step, onCost }, async () => {
          const given = await provider.enhance!(prompt, { signal, persona })
          const { text, usd } = (given ?? {}) as Partial<OwnText>
          return { answer: typeof text === 'string' && text.trim() !== '' ? text : undefined, usd }
        })
      }
    }
  }
}
