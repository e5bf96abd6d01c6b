import fp from 'fastify-plugin'
import type { Config } from '../../lib/config/config.ts'

declare module 'fastify' {
  interface FastifyInstance {
    config: Config
    /** The path under which the service is, without a slash at the end; empty at the root. Links begin with it. */
    basePath: string
  }
}

/** `fastify.config` and `fastify.basePath`: the configuration of the service, and where it is. */
export default fp<{ config: Config }>(
  async (fastify, { config }) => {
    fastify.decorate('config', config)
    fastify.decorate('basePath', config.basePath + fastify.prefix)
  },
  { name: 'config', fastify: '5.x' }
)
