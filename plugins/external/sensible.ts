import sensible from '@fastify/sensible'
import fp from 'fastify-plugin'

/** Helpers for headers such as Cache-Control and Vary. */
export default fp(
  async (fastify) => {
    await fastify.register(sensible)
  },
  { name: 'sensible', fastify: '5.x' }
)
