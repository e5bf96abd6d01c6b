import fp from 'fastify-plugin'
import { errors } from '../../lib/errors.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Call it before work that can wait: a search, a page, an event stream, a new run.
     * @throws SERVICE_UNAVAILABLE while the event loop is late
     */
    refuseUnderPressure: () => void
  }
  interface FastifyContextConfig {
    /** The whole route is work that can wait. */
    isCostly?: boolean
  }
}

export interface ShedLoadPluginOptions {
  /** Whether the event loop is late, in place of what is measured. */
  isLate?: () => boolean
}

/**
 * Refuses what costs while the event loop is late. Pictures that exist, progress, health and metrics are always
 * answered.
 */
export default fp<ShedLoadPluginOptions>(
  async (fastify, { isLate = () => fastify.isLate() }) => {
    fastify.decorate('refuseUnderPressure', () => {
      if (!isLate()) return
      throw errors.unavailable('The server has too much to do', 'Ask again in a few seconds')
    })
    fastify.addHook('onRequest', async ({ routeOptions }) => {
      if (routeOptions.config.isCostly === true) fastify.refuseUnderPressure()
    })
  },
  { name: 'shed-load', dependencies: ['request-log', 'under-pressure'], fastify: '5.x' }
)
