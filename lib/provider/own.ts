import type { Databases } from '../dress/databases.ts'
import type { Expense, Ledger, PaidStep } from '../engine/engine.ts'
import type { Artist, Drawing, ImageSource } from '../image/artist.ts'
import { isProviderFailure, providerFailure } from './failures.ts'
import type { Operation, ProviderCall, ProviderCharge } from './operations.ts'
import { orientationOf } from './orientation.ts'
import type { Orientation } from './orientation.ts'

/** A model provider that another application brings. */
export interface OwnProvider {
  /** In snapshots, pictures, metrics and the log. Not `local`, which is the built-in artist. */
  name: string
  /**
   * Draws a prompt: one image, in any format that sharp reads. It is called once for a picture, and its answer is kept
   * on disk, so that no restart asks for it again.
   * @throws what it likes: the run fails with OPENAI_UNAVAILABLE, and the log has the error
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
      const failure = isProviderFailure(error) ? error : providerFailure('overloaded', { cause: error })
      report(failure.kind)
      throw failure
    }
  }

  /**
   * One paid call: reserve, call, keep the answer, settle. A call that is aborted may have been billed, so that it
   * counts as lost; one that fails otherwise costs nothing.
   */
  async function pay<T extends ImageSource | string>(
    operation: Operation,
    { signal, step, onCost }: { signal: AbortSignal; step: PaidStep<T>; onCost: (usd: number) => void },
    call: () => Promise<{ answer: T; usd: number | undefined }>
  ): Promise<T> {
    const expected = expectedFor(operation)
    const isRepeated = operation === 'enhance' || repeatsLostDrawings
    const reservation = await step.reserve(expected, isRepeated ? 1 : 0)
    let result
    try {
      signal.throwIfAborted()
      result = await observe(operation, call)
    } catch (error) {
      if (signal.aborted) reservation.lose()
      else reservation.settle(NOTHING)
      throw error
    }
    const { answer, usd = expected.usd } = result
    const real = { ...expected, usd }
    onCost(usd)
    onCharge({ provider: name, model: name, usage: undefined, ...real })
    try {
      await step.keep(answer, real)
    } catch (error) {
      reservation.lose()
      throw error
    }
    reservation.settle(real)
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
              const { bytes, usd } = await provider.draw(enhancedPrompt || prompt, { signal, orientation })
              return { answer: { bytes: Buffer.from(bytes) }, usd }
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
          const { text, usd } = await provider.enhance!(prompt, { signal, persona })
          return { answer: text, usd }
        })
      }
    }
  }
}
