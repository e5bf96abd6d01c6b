import type { CallVerdict, Circuit } from '../engine/engine.ts'
import { POLICY, isProviderFailure, providerFailure } from './failures.ts'
import type { ProviderFailure } from './failures.ts'

const VERDICTS = { count: 'failure', open: 'fatal' } as const

export type Breaker = ReturnType<typeof createBreaker>

/** The circuit breaker of one operation: it asks the circuit before each call, and reports how the call ended. */
export function createBreaker(circuit: Circuit) {
  return {
    /**
     * Runs the call unless the circuit is open. A half-open circuit runs one call at a time.
     * @param call rejects with a failure of the policy, or with another error, which has no effect on the circuit
     * @throws the failure `circuit_open`, or what the call rejects with
     */
    async run<T>(call: () => Promise<T>): Promise<T> {
      const admission = await circuit.admit()
      if (!admission.isAdmitted) throw circuitOpen(admission)
      let verdict: CallVerdict = { verdict: 'success' }
      try {
        return await call()
      } catch (error) {
        verdict = verdictOn(error)
        throw error
      } finally {
        await admission.end(verdict)
      }
    },

    /** The failure that `run` would throw now without running the call, if any. */
    refusal(): ProviderFailure | undefined {
      const rejection = circuit.rejection()
      return rejection && circuitOpen(rejection)
    },

    report: circuit.report
  }
}

function circuitOpen({ waitMs }: { waitMs: number }): ProviderFailure {
  return providerFailure('circuit_open', { waitMs })
}

function verdictOn(error: unknown): CallVerdict {
  if (!isProviderFailure(error)) return { verdict: 'ignored' }
  const { breaker } = POLICY[error.kind]
  return breaker === 'ignore' ? { verdict: 'ignored' } : { verdict: VERDICTS[breaker], reason: error.kind }
}
