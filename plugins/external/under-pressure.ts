import underPressure from '@fastify/under-pressure'
import fp from 'fastify-plugin'

const LATE_MS = 1_000
const SAMPLE_MS = 1_000

declare module 'fastify' {
  interface FastifyInstance {
    /** Whether the event loop is more than a second late. The delay of the start itself does not count. */
    isLate: () => boolean
  }
}

/** `fastify.isLate()`, for plugins/http/shed-load. */
export default fp(
  async (fastify) => {
    await fastify.register(underPressure, {
      maxEventLoopDelay: LATE_MS,
      sampleInterval: SAMPLE_MS,
      pressureHandler: () => {}
    })
    let hasSettled = false
    let settling: NodeJS.Timeout | undefined
    fastify.addHook('onReady', async () => {
      settling = setTimeout(() => (hasSettled = true), 2 * SAMPLE_MS).unref()
    })
    fastify.addHook('onClose', async () => clearTimeout(settling))
    fastify.decorate('isLate', () => hasSettled && fastify.isUnderPressure())
  },
  { name: 'under-pressure', fastify: '5.x' }
)
