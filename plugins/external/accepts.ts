import accepts from '@fastify/accepts'
import fp from 'fastify-plugin'

/** `request.accepts()`: the media type that the client prefers. */
export default fp(
  async (fastify) => {
    await fastify.register(accepts)
  },
  { name: 'accepts', fastify: '5.x' }
)
