import CircuitBreaker from 'opossum'
import { failureOf } from './classify.ts'
import { POLICY, isProviderFailure, providerFailure } from './failures.ts'
import type { FailureKind, ProviderFailure } from './failures.ts'

export const BREAKER_STATES = ['CLOSED', 'HALF_OPEN', 'OPEN'] as const

export type BreakerState = (typeof BREAKER_STATES)[number]

export interface BreakerOptions {
  name: string
  /** Counted failures in a row that open the circuit. */
  failureThreshold?: number
  /** How long it stays open before one call may try, in milliseconds. */
  resetTimeoutMs?: number
  /** Successful tries that close it. */
  successThreshold?: number
  onTransition?: (to: BreakerState) => void
}

/** What a call says of the provider. */
type Verdict = 'success' | 'count' | 'open' | 'ignore'

export interface BreakerReport {
  state: BreakerState
  /** Counted failures since the last success. */
  failures: number
  /** Calls that succeeded since the start. */
  successes: number
  /** Calls that were turned away since the start. */
  rejected: number
  /** The newest counted failure, with its time as Unix milliseconds. */
  lastFailure: { kind: FailureKind; at: number } | undefined
}

export type Breaker = ReturnType<typeof createBreaker>

/**
 * A circuit breaker round one operation. opossum keeps the state and its clock; which call counts is decided here, because of
 * what opossum would make of it: an error that its filter lets pass closes a half-open circuit, so does a call that began long
 * before, and one success is enough. A call is therefore judged only while the state it began in lasts, and errors that say
 * nothing of the provider are not judged at all.
 */
export function createBreaker({
  name,
  failureThreshold = 5,
  resetTimeoutMs = 30_000,
  successThreshold = 2,
  onTransition
}: BreakerOptions) {
  const circuit = new CircuitBreaker(async () => {}, {
    name,
    resetTimeout: resetTimeoutMs,
    timeout: false,
    rollingPercentilesEnabled: false,
    enableSnapshots: false
  })
  let era = 0
  let failures = 0
  let probing = false
  let passed = 0
  let openedAt = 0
  const totals = { successes: 0, rejected: 0 }
  let lastFailure: BreakerReport['lastFailure']

  circuit.on('open', () => {
    openedAt = performance.now()
    enter('OPEN')
  })
  circuit.on('halfOpen', () => enter('HALF_OPEN'))
  circuit.on('close', () => {
    failures = 0
    enter('CLOSED')
  })

  function enter(state: BreakerState): void {
    era += 1
    probing = false
    passed = 0
    onTransition?.(state)
  }

  const isShut = () => circuit.opened || (circuit.halfOpen && probing)
  /** Until a call may be tried; while another one tries, nobody knows. */
  const waitMs = () => Math.max(0, openedAt + resetTimeoutMs - performance.now())

  function judge(verdict: Verdict, kind?: FailureKind): void {
    if (verdict === 'success') {
      totals.successes += 1
      failures = 0
      if (circuit.halfOpen && ++passed >= successThreshold) circuit.close()
    } else if (verdict !== 'ignore') {
      failures += 1
      lastFailure = { kind: kind!, at: Date.now() }
      if (circuit.halfOpen || verdict === 'open' || failures >= failureThreshold) circuit.open()
    }
  }

  return {
    /**
     * Runs the call unless the circuit is open; while it is half-open, one call at a time.
     * @throws the failure `circuit_open`, or whatever went wrong in the call, as a failure of the policy
     */
    async run<T>(call: () => Promise<T>): Promise<T> {
      const refusal = this.refusal()
      if (refusal !== undefined) {
        totals.rejected += 1
        throw refusal
      }
      const begun = era
      probing = circuit.halfOpen
      const settle = (verdict: Verdict, kind?: FailureKind) => {
        if (era !== begun) return
        probing = false
        judge(verdict, kind)
      }
      try {
        const result = await call()
        settle('success')
        return result
      } catch (error) {
        const failure = failureOf(error)
        if (isProviderFailure(failure)) settle(POLICY[failure.kind].breaker, failure.kind)
        else settle('ignore')
        throw failure
      }
    },

    /** Why no call would be let through now, if so. */
    refusal(): ProviderFailure | undefined {
      return isShut() ? providerFailure('circuit_open', { waitMs: waitMs() }) : undefined
    },

    get state(): BreakerState {
      return circuit.opened ? 'OPEN' : circuit.halfOpen ? 'HALF_OPEN' : 'CLOSED'
    },

    report(): BreakerReport {
      return { state: this.state, failures, ...totals, lastFailure }
    },

    /** Ends its timers. */
    stop(): void {
      circuit.shutdown()
    }
  }
}
