import type { FailureKind } from './failures.ts'
import { OPERATIONS } from './operations.ts'
import type { Operation } from './operations.ts'

/** What a provider is asked for. The list of models is free, and shows whether the key is taken. */
type Request = Operation | 'download' | 'models'

interface EndedCall {
  provider: string
  operation: Request
  outcome: 'success' | FailureKind
}

export interface FailedCall {
  operation: Request
  kind: FailureKind
}

/** A call that the run ended says nothing about the provider. */
const WITHOUT_MEANING = new Set<EndedCall['outcome']>(['aborted', 'circuit_open'])
/** A provider that refuses a picture for its content works. */
const ANSWERED = new Set<EndedCall['outcome']>(['success', 'rejected'])

export type LastCalls = ReturnType<typeof createLastCalls>

/**
 * How the last call of each operation ended. The circuit breakers know only the failures that count for them: not a
 * provider that throttles, nor a model that does not exist.
 * @param successesOf the successful calls of all processes, which make up for a failure of this one
 */
export function createLastCalls(successesOf: (provider: string, operation: Operation) => number) {
  const failed = new Map<string, FailedCall & { provider: string; successes: number }>()
  const asked = new Set<string>()

  const countOf = (provider: string, operation: Request) =>
    OPERATIONS.reduce(
      (sum, each) => sum + (operation === 'models' || operation === each ? successesOf(provider, each) : 0),
      0
    )

  return {
    record({ provider, operation, outcome }: EndedCall): void {
      if (WITHOUT_MEANING.has(outcome)) return
      if (operation !== 'models') asked.add(provider)
      const name = `${provider}:${operation}`
      if (ANSWERED.has(outcome)) failed.delete(name)
      else {
        const kind = outcome as FailureKind
        failed.set(name, { provider, operation, kind, successes: countOf(provider, operation) })
      }
      // Who makes a picture takes the key.
      if (ANSWERED.has(outcome)) failed.delete(`${provider}:models`)
    },

    /** The operations of a provider whose last call failed. */
    failuresOf(provider: string): FailedCall[] {
      return [...failed.values()]
        .filter((call) => call.provider === provider && call.successes >= countOf(provider, call.operation))
        .map(({ operation, kind }) => ({ operation, kind }))
    },

    /** Whether a provider has made a picture or a prompt, for any process. */
    hasWorked: (provider: string): boolean => countOf(provider, 'models') > 0,

    /** Whether this process has asked a provider for a picture or a prompt. */
    get isAsked(): boolean {
      return asked.size > 0
    }
  }
}
