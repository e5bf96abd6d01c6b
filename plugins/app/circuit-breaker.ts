import fp from 'fastify-plugin'
import { CIRCUIT_STATES } from '../../lib/engine/engine.ts'
import type { CircuitState, Circuits } from '../../lib/engine/engine.ts'
import { createBreaker } from '../../lib/provider/breaker.ts'
import type { Breaker } from '../../lib/provider/breaker.ts'
import { OPERATIONS } from '../../lib/provider/operations.ts'
import type { Operation } from '../../lib/provider/operations.ts'

declare module 'fastify' {
  interface FastifyInstance {
    circuitBreaker: CircuitBreakers
  }
}

export type CircuitBreakers = ReturnType<typeof createCircuitBreakers>

/** One circuit breaker for each operation of the provider. */
function createCircuitBreakers(circuits: Pick<Circuits, 'of'>) {
  const breakers = Object.fromEntries(
    OPERATIONS.map((operation) => [operation, createBreaker(circuits.of(operation))])
  ) as Record<Operation, Breaker>

  return {
    breakers,

    /** The strictest state of all breakers: open before half-open before closed. */
    get state(): CircuitState {
      const states = OPERATIONS.map((operation) => breakers[operation].report().state)
      return CIRCUIT_STATES.findLast((state) => states.includes(state))!
    }
  }
}

/** `fastify.circuitBreaker`: stops calls to the provider while it fails. The engine keeps the circuits. */
export default fp(
  async (fastify) => {
    const { engine, log, metrics } = fastify
    const circuitBreaker = createCircuitBreakers(engine.circuits)
    engine.circuits.subscribe((operation, state) => {
      metrics.provider.recordTransition(operation, state)
      if (state === 'OPEN') {
        const reason = engine.circuits.of(operation).report().lastFailure?.reason
        log.warn({ operation, reason }, 'circuit open: the provider is left alone')
      } else {
        log.info(
          { operation, state },
          state === 'CLOSED'
            ? 'circuit closed: the provider works again'
            : 'circuit half-open: one call may try'
        )
      }
    })
    metrics.report.watchCircuit(() => {
      const reports = OPERATIONS.map((operation) => circuitBreaker.breakers[operation].report())
      return {
        circuit_breaker_state: circuitBreaker.state,
        circuit_breaker_failures: reports.reduce((sum, { failures }) => sum + failures, 0),
        circuit_breaker_successes: reports.reduce((sum, { successes }) => sum + successes, 0)
      }
    })
    metrics.provider.watchBreakers((operation) => circuitBreaker.breakers[operation].report())
    fastify.decorate('circuitBreaker', circuitBreaker)
  },
  { name: 'circuit-breaker', dependencies: ['engine', 'metrics'], fastify: '5.x' }
)
