import accepts from '@fastify/accepts'
import fp from 'fastify-plugin'

/** `request.accepts()`: which of several representations a client would rather have. */
export default fp(
  async (fastify) => {
    await fastify.register(accepts)
  },
  { name: 'accepts', fastify: '5.x' }
)
