import fp from 'fastify-plugin'
import { OPERATIONS } from '../../lib/provider/operations.ts'
import type { Operation } from '../../lib/provider/operations.ts'
import { BREAKER_STATES, createBreaker } from '../../lib/provider/breaker.ts'
import type { Breaker, BreakerOptions, BreakerState } from '../../lib/provider/breaker.ts'
import type { CallClock } from '../../lib/clock.ts'

declare module 'fastify' {
  interface FastifyInstance {
    circuitBreaker: CircuitBreakers
  }
}

export interface CircuitBreakerPluginOptions {
  /** Replaces the defaults of `createBreaker`. */
  breaker?: Pick<BreakerOptions, 'failureThreshold' | 'resetTimeoutMs' | 'successThreshold'>
  /** Replaces the system's clock in calls to the provider. */
  clock?: CallClock
}

export type CircuitBreakers = ReturnType<typeof createCircuitBreakers>

/** One circuit breaker for each operation of the provider. */
function createCircuitBreakers(
  { breaker, clock }: CircuitBreakerPluginOptions,
  onTransition: (operation: Operation, to: BreakerState) => void
) {
  const breakers = Object.fromEntries(
    OPERATIONS.map((operation) => [
      operation,
      createBreaker({
        ...breaker,
        ...(clock && { clock }),
        name: operation,
        onTransition: (to) => onTransition(operation, to)
      })
    ])
  ) as Record<Operation, Breaker>

  return {
    breakers,

    /** The strictest state of all breakers: open before half-open before closed. */
    get state(): BreakerState {
      const states = OPERATIONS.map((operation) => breakers[operation].state)
      return BREAKER_STATES.findLast((state) => states.includes(state))!
    },

    stop(): void {
      for (const operation of OPERATIONS) breakers[operation].stop()
    }
  }
}

/** `fastify.circuitBreaker`: stops calls to the provider while it fails. */
export default fp<CircuitBreakerPluginOptions>(
  async (fastify, { breaker, clock }) => {
    const circuits = createCircuitBreakers(
      { ...(breaker && { breaker }), ...(clock && { clock }) },
      (operation, to) => {
        fastify.metrics.provider.recordTransition(operation, to)
        const { lastFailure } = circuits.breakers[operation].report()
        if (to === 'OPEN') {
          fastify.log.warn(
            { operation, reason: lastFailure?.kind },
            'circuit open: the provider is left alone'
          )
        } else {
          fastify.log.info(
            { operation, state: to },
            to === 'CLOSED'
              ? 'circuit closed: the provider works again'
              : 'circuit half-open: one call may try'
          )
        }
      }
    )
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
