import CircuitBreaker from 'opossum'
import { systemClock } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { POLICY, isProviderFailure, providerFailure } from './failures.ts'
import type { FailureKind, ProviderFailure } from './failures.ts'

export const BREAKER_STATES = ['CLOSED', 'HALF_OPEN', 'OPEN'] as const

export type BreakerState = (typeof BREAKER_STATES)[number]

export interface BreakerOptions {
  name: string
  /** Counted failures in a row that open the circuit. */
  failureThreshold?: number
  /** How long the circuit stays open before it lets one call through, in milliseconds. */
  resetTimeoutMs?: number
  /** Successful calls that close a half-open circuit. */
  successThreshold?: number
  onTransition?: (to: BreakerState) => void
  clock?: Pick<Clock, 'now'>
}

export interface BreakerReport {
  state: BreakerState
  /** Counted failures since the last success. */
  failures: number
  /** Calls that succeeded since the start. */
  successes: number
  /** Calls that the open circuit rejected since the start. */
  rejected: number
  /** The newest counted failure, with its time as Unix milliseconds. */
  lastFailure: { kind: FailureKind; at: number } | undefined
}

export type Breaker = ReturnType<typeof createBreaker>

/**
 * A circuit breaker for one operation. opossum keeps the state and the clock: it holds open, half-open or
 * closed, and its timer half-opens the circuit. The verdict on each call is ours, because opossum's own rules
 * do not fit: an error that its filter ignores closes a half-open circuit, a call that began before the
 * circuit opened can close it, and one success is enough. Here a call counts only while the state in which it
 * began lasts, and a failure that the policy ignores has no effect.
 */
export function createBreaker({
  name,
  failureThreshold = 5,
  resetTimeoutMs = 30_000,
  successThreshold = 2,
  onTransition,
  clock = systemClock
}: BreakerOptions) {
  const circuit = new CircuitBreaker(async () => {}, {
    name,
    resetTimeout: resetTimeoutMs,
    timeout: false,
    rollingPercentilesEnabled: false,
    enableSnapshots: false
  })
  /** Grows with each change of state. */
  let era = 0
  let failures = 0
  let probing = false
  let successfulProbes = 0
  let openedAt = 0
  const totals = { successes: 0, rejected: 0 }
  let lastFailure: BreakerReport['lastFailure']

  circuit.on('open', () => {
    openedAt = clock.now()
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
    successfulProbes = 0
    onTransition?.(state)
  }

  const rejectsCalls = () => circuit.opened || (circuit.halfOpen && probing)
  /** Until the circuit half-opens; 0 while a probe runs, since its end is not known. */
  const waitMs = () => Math.max(0, openedAt + resetTimeoutMs - clock.now())

  function recordSuccess(): void {
    totals.successes += 1
    failures = 0
    if (circuit.halfOpen && ++successfulProbes >= successThreshold) circuit.close()
  }

  function recordFailure(kind: FailureKind): void {
    const verdict = POLICY[kind].breaker
    if (verdict === 'ignore') return
    failures += 1
    lastFailure = { kind, at: Date.now() }
    if (circuit.halfOpen || verdict === 'open' || failures >= failureThreshold) circuit.open()
  }

  return {
    /**
     * Runs the call unless the circuit is open. A half-open circuit runs one call at a time.
     * @param call rejects with a failure of the policy, or with another error, which has no effect on the
     * circuit
     * @throws the failure `circuit_open`, or what the call rejects with
     */
    async run<T>(call: () => Promise<T>): Promise<T> {
      const refusal = this.refusal()
      if (refusal !== undefined) {
        totals.rejected += 1
        throw refusal
      }
      const begun = era
      probing = circuit.halfOpen
      const settle = (record: () => void) => {
        if (era !== begun) return
        probing = false
        record()
      }
      try {
        const result = await call()
        settle(recordSuccess)
        return result
      } catch (error) {
        settle(() => {
          if (isProviderFailure(error)) recordFailure(error.kind)
        })
        throw error
      }
    },

    /** The failure that `run` would throw now without running the call, if any. */
    refusal(): ProviderFailure | undefined {
      return rejectsCalls() ? providerFailure('circuit_open', { waitMs: waitMs() }) : undefined
    },

    get state(): BreakerState {
      return circuit.opened ? 'OPEN' : circuit.halfOpen ? 'HALF_OPEN' : 'CLOSED'
    },

    report(): BreakerReport {
      return { state: this.state, failures, ...totals, lastFailure }
    },

    /** Clears the timer. */
    stop(): void {
      circuit.shutdown()
    }
  }
}
