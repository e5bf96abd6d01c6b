import CircuitBreaker from 'opossum'
import { systemClock } from '../../clock.ts'
import type { Clock } from '../../clock.ts'
import type { CallVerdict, Circuit, CircuitReport, CircuitState, Circuits, RejectedCall } from '../engine.ts'

export interface CircuitOptions {
  /** Counted failures in a row that open a circuit. */
  failureThreshold?: number
  /** How long a circuit stays open before it lets one call through, in milliseconds. */
  resetTimeoutMs?: number
  /** Successful calls that close a half-open circuit. */
  successThreshold?: number
  clock?: Pick<Clock, 'now'>
}

type OnTransition = (state: CircuitState) => void

export type EmbeddedCircuits = ReturnType<typeof createCircuits>

/** The circuits of one process. Each operation gets its own at its first use. */
export function createCircuits(options: CircuitOptions = {}) {
  const circuits = new Map<string, ReturnType<typeof createCircuit>>()
  const listeners = new Set<(operation: string, state: CircuitState) => void>()

  return {
    of(operation: string): Circuit {
      const known = circuits.get(operation)
      if (known !== undefined) return known
      const circuit = createCircuit(operation, options, (state) => {
        for (const listener of listeners) listener(operation, state)
      })
      circuits.set(operation, circuit)
      return circuit
    },

    subscribe(listener: (operation: string, state: CircuitState) => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    /** Clears the timers. */
    stop(): void {
      for (const circuit of circuits.values()) circuit.stop()
    }
  } satisfies Circuits & { stop: unknown }
}

/**
 * A circuit for one operation. opossum keeps the state and the clock: it holds open, half-open or closed, and its
 * timer half-opens the circuit. The verdict on each call is ours, because opossum's own rules do not fit: an error
 * that its filter ignores closes a half-open circuit, a call that began before the circuit opened can close it, and
 * one success is enough. Here a call counts only while the state in which it began lasts.
 */
function createCircuit(
  name: string,
  {
    failureThreshold = 5,
    resetTimeoutMs = 30_000,
    successThreshold = 2,
    clock = systemClock
  }: CircuitOptions,
  onTransition: OnTransition
) {
  const breaker = new CircuitBreaker(async () => {}, {
    name,
    resetTimeout: resetTimeoutMs,
    timeout: false,
    rollingPercentilesEnabled: false,
    enableSnapshots: false
  })
  /** Grows with each change of state. */
  let era = 0
  let failures = 0
  let isProbing = false
  let successfulProbes = 0
  let openedAt = 0
  /** The time by `clock` before which the provider must not be called. */
  let coolUntil = 0
  const totals = { successes: 0, rejected: 0 }
  let lastFailure: CircuitReport['lastFailure']

  breaker.on('open', () => {
    openedAt = clock.now()
    enter('OPEN')
  })
  breaker.on('halfOpen', () => enter('HALF_OPEN'))
  breaker.on('close', () => {
    failures = 0
    enter('CLOSED')
  })

  function enter(state: CircuitState): void {
    era += 1
    isProbing = false
    successfulProbes = 0
    onTransition(state)
  }

  function rejection(): RejectedCall | undefined {
    if (!breaker.opened && !(breaker.halfOpen && isProbing)) return undefined
    return { isAdmitted: false, waitMs: Math.max(0, openedAt + resetTimeoutMs - clock.now()) }
  }

  function settle(result: CallVerdict): void {
    isProbing = false
    if (result.verdict === 'ignored') return
    if (result.verdict === 'success') {
      totals.successes += 1
      failures = 0
      if (breaker.halfOpen && ++successfulProbes >= successThreshold) breaker.close()
      return
    }
    failures += 1
    lastFailure = { reason: result.reason, at: Date.now() }
    if (breaker.halfOpen || result.verdict === 'fatal' || failures >= failureThreshold) breaker.open()
  }

  return {
    rejection,

    async admit() {
      const rejected = rejection()
      if (rejected !== undefined) {
        totals.rejected += 1
        return rejected
      }
      const begun = era
      isProbing = breaker.halfOpen
      return {
        isAdmitted: true as const,
        end: async (result: CallVerdict) => {
          if (era === begun) settle(result)
        }
      }
    },

    report(): CircuitReport {
      const state = breaker.opened ? 'OPEN' : breaker.halfOpen ? 'HALF_OPEN' : 'CLOSED'
      return { state, failures, ...totals, lastFailure }
    },

    async coolDown(ms: number): Promise<void> {
      coolUntil = Math.max(coolUntil, clock.now() + ms)
    },

    coolDownMs: () => Math.max(0, coolUntil - clock.now()),

    stop: () => breaker.shutdown()
  } satisfies Circuit & { stop: unknown }
}
