import fp from 'fastify-plugin'
import { OPERATIONS } from '../../lib/provider/operations.ts'
import type { Operation } from '../../lib/provider/operations.ts'
import { BREAKER_STATES, createBreaker } from '../../lib/provider/breaker.ts'
import type { Breaker, BreakerOptions, BreakerState } from '../../lib/provider/breaker.ts'

declare module 'fastify' {
  interface FastifyInstance {
    circuitBreaker: CircuitBreakers
  }
}

export interface CircuitBreakerPluginOptions {
  /** How the breakers open and close, where it is not to be as usual. */
  breaker?: Pick<BreakerOptions, 'failureThreshold' | 'resetTimeoutMs' | 'successThreshold'>
}

export type CircuitBreakers = ReturnType<typeof createCircuitBreakers>

/** One circuit breaker for each operation of the provider, and what they say together. */
function createCircuitBreakers(
  options: CircuitBreakerPluginOptions['breaker'],
  onTransition: (operation: Operation, to: BreakerState) => void
) {
  const breakers = Object.fromEntries(
    OPERATIONS.map((operation) => [
      operation,
      createBreaker({ ...options, name: operation, onTransition: (to) => onTransition(operation, to) })
    ])
  ) as Record<Operation, Breaker>

  return {
    breakers,

    /** The state that lets least through. */
    get state(): BreakerState {
      const states = OPERATIONS.map((operation) => breakers[operation].state)
      return BREAKER_STATES.findLast((state) => states.includes(state))!
    },

    stop(): void {
      for (const operation of OPERATIONS) breakers[operation].stop()
    }
  }
}

/** `fastify.circuitBreaker`: leaves the provider alone while it has trouble. */
export default fp<CircuitBreakerPluginOptions>(
  async (fastify, { breaker }) => {
    const circuits = createCircuitBreakers(breaker, (operation, to) => {
      fastify.metrics.provider.recordTransition(operation, to)
      const { lastFailure } = circuits.breakers[operation].report()
      if (to === 'OPEN') {
        fastify.log.warn({ operation, reason: lastFailure?.kind }, 'circuit open: the provider is left alone')
      } else {
        fastify.log.info(
          { operation, state: to },
          to === 'CLOSED' ? 'circuit closed: the provider works again' : 'circuit half-open: one call may try'
        )
      }
    })
    fastify.metrics.report.watchCircuit(() => {
      const reports = OPERATIONS.map((operation) => circuits.breakers[operation].report())
      return {
        circuit_breaker_state: circuits.state,
        circuit_breaker_failures: reports.reduce((sum, { failures }) => sum + failures, 0),
        circuit_breaker_successes: reports.reduce((sum, { successes }) => sum + successes, 0)
      }
    })
    fastify.metrics.provider.watchBreakers((operation) => circuits.breakers[operation].report())
    fastify.addHook('onClose', async () => circuits.stop())
    fastify.decorate('circuitBreaker', circuits)
  },
  { name: 'circuit-breaker', dependencies: ['metrics'], fastify: '5.x' }
)
