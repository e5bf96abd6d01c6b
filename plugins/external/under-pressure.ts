import underPressure from '@fastify/under-pressure'
import fp from 'fastify-plugin'

const LATE_MS = 1_000

/** `fastify.isUnderPressure()`: whether the event loop is more than a second late, for plugins/http/shed-load. */
export default fp(
  async (fastify) => {
    await fastify.register(underPressure, { maxEventLoopDelay: LATE_MS, pressureHandler: () => {} })
  },
  { name: 'under-pressure', fastify: '5.x' }
)
