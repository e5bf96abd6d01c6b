import { createHash, timingSafeEqual } from 'node:crypto'
import fp from 'fastify-plugin'
import { errors } from '../../lib/errors.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Throws unless the request may change something: UNAUTHORIZED without a token, FORBIDDEN with one that is not known. */
    authorize: (request: FastifyRequest, reply: FastifyReply) => void
  }
}

const BEARER = /^Bearer +(\S+) *$/i

// Digests have one length, so comparing them tells nothing of a token's own length or beginning.
const digest = (text: string) => createHash('sha256').update(text).digest()

/** `fastify.authorize`: asks for a token before anything is started, removed, cancelled or changed, where tokens are configured. */
export default fp(
  async (fastify) => {
    const known = fastify.config.apiTokens.map(digest)

    fastify.decorate('authorize', (request, reply) => {
      if (known.length === 0) return
      const token = BEARER.exec(request.headers.authorization ?? '')?.[1]
      if (token === undefined) {
        reply.header('WWW-Authenticate', 'Bearer')
        throw errors.unauthorized(
          "This changes something: send the header Authorization: Bearer <token> with one of the server's tokens"
        )
      }
      const given = digest(token)
      // Every token is compared, so the time tells not which one was near.
      if (known.filter((each) => timingSafeEqual(each, given)).length === 0) {
        throw errors.forbidden("This token is not one of the server's")
      }
    })
  },
  { name: 'authorization', dependencies: ['config', 'errors'], fastify: '5.x' }
)
