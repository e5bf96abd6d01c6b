import fp from 'fastify-plugin'
import type { Config } from '../../lib/config/config.ts'

declare module 'fastify' {
  interface FastifyInstance {
    config: Config
  }
}

/** `fastify.config`: the configuration of the service. */
export default fp<{ config: Config }>(
  async (fastify, { config }) => {
    fastify.decorate('config', config)
  },
  { name: 'config', fastify: '5.x' }
)
