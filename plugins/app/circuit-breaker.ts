import fp from 'fastify-plugin'
import { CIRCUIT_STATES } from '../../lib/engine/engine.ts'
import type { CircuitReport, CircuitState, Circuits } from '../../lib/engine/engine.ts'
import { createBreaker } from '../../lib/provider/breaker.ts'
import type { Breaker } from '../../lib/provider/breaker.ts'
import { circuitsOf, readCircuitName } from '../../lib/provider/circuits.ts'
import { createLastCalls } from '../../lib/provider/last-calls.ts'
import { OPERATIONS } from '../../lib/provider/operations.ts'
import type { Operation } from '../../lib/provider/operations.ts'

declare module 'fastify' {
  interface FastifyInstance {
    circuitBreaker: CircuitBreakers
  }
}

export type CircuitBreakers = ReturnType<typeof createCircuitBreakers>

/** One circuit breaker for each operation of each provider. */
function createCircuitBreakers(circuits: Pick<Circuits, 'of'>, providers: readonly string[]) {
  const all = new Map(providers.map((name) => [name, breakersOf(circuitsOf(circuits, name))]))

  return {
    providers,

    /** How the last calls of this process ended, also those that have no effect on a circuit. */
    lastCalls: createLastCalls(
      (provider, operation) => all.get(provider)?.[operation].report().successes ?? 0
    ),

    /** The breakers of a provider, by operation. */
    of(provider: string): Record<Operation, Breaker> {
      return all.get(provider)!
    },

    reports(): CircuitReport[] {
      return [...all.values()].flatMap((breakers) =>
        OPERATIONS.map((operation) => breakers[operation].report())
      )
    },

    /** The strictest state of all breakers: open before half-open before closed. */
    get state(): CircuitState {
      const states = this.reports().map(({ state }) => state)
      return CIRCUIT_STATES.findLast((state) => states.includes(state))!
    }
  }
}

function breakersOf(circuits: Pick<Circuits, 'of'>): Record<Operation, Breaker> {
  const breakers = OPERATIONS.map((operation) => [operation, createBreaker(circuits.of(operation))] as const)
  return Object.fromEntries(breakers) as Record<Operation, Breaker>
}

/** `fastify.circuitBreaker`: stops calls to a provider while it fails. The engine keeps the circuits. */
export default fp(
  async (fastify) => {
    const { config, engine, log, metrics } = fastify
    const circuitBreaker = createCircuitBreakers(engine.circuits, config.providerNames)
    engine.circuits.subscribe((name, state) => {
      const { provider, operation } = readCircuitName(name)
      metrics.provider.recordTransition(provider, operation, state)
      if (state === 'OPEN') {
        const reason = engine.circuits.of(name).report().lastFailure?.reason
        log.warn({ provider, operation, reason }, 'circuit open: the provider is left alone')
      } else {
        log.info(
          { provider, operation, state },
          state === 'CLOSED'
            ? 'circuit closed: the provider works again'
            : 'circuit half-open: one call may try'
        )
      }
    })
    metrics.report.watchCircuit(() => {
      const reports = circuitBreaker.reports()
      return {
        circuit_breaker_state: circuitBreaker.state,
        circuit_breaker_failures: reports.reduce((sum, { failures }) => sum + failures, 0),
        circuit_breaker_successes: reports.reduce((sum, { successes }) => sum + successes, 0)
      }
    })
    metrics.provider.watchBreakers((provider, operation) => circuitBreaker.of(provider)[operation].report())
    fastify.decorate('circuitBreaker', circuitBreaker)
  },
  { name: 'circuit-breaker', dependencies: ['config', 'engine', 'metrics'], fastify: '5.x' }
)
