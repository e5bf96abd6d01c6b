import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import fp from 'fastify-plugin'
import type { Config } from '../../lib/config/config.ts'
import { errors } from '../../lib/errors.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Whether a request may start, remove, cancel or change something.
     * @throws UNAUTHORIZED without a token, FORBIDDEN with an unknown one, where tokens are configured
     */
    mayChange: (request: FastifyRequest, reply: FastifyReply) => boolean
  }
  interface FastifyRequest {
    /** False for prefetches, and for images and scripts in pages of other sites. Such requests change nothing. */
    isIntended: boolean
  }
}

const BEARER = /^Bearer +(\S+) *$/i
const PREFETCH_HEADERS = ['sec-purpose', 'purpose', 'x-moz']

// Digests have equal lengths, so a comparison does not reveal the length or the beginning of a token.
const digest = (text: string) => createHash('sha256').update(text).digest()

/** `fastify.mayChange` and `request.isIntended`: which requests may change something. */
export default fp<{ config: Config }>(
  async (fastify, { config }) => {
    const digests = config.apiTokens.map(digest)

    fastify.decorateRequest('isIntended', {
      getter() {
        return isIntended(this.headers)
      }
    })

    fastify.decorate('mayChange', (request, reply) => {
      if (!request.isIntended) return false
      if (digests.length === 0) return true
      const token = BEARER.exec(request.headers.authorization ?? '')?.[1]
      if (token === undefined) {
        reply.header('WWW-Authenticate', 'Bearer')
        throw errors.unauthorized(
          "This changes something: send the header Authorization: Bearer <token> with one of the server's tokens"
        )
      }
      const given = digest(token)
      // Every token is compared, so the response time does not depend on the position of the match.
      const matches = digests.filter((each) => timingSafeEqual(each, given))
      if (matches.length === 0) throw errors.forbidden("This token is not one of the server's")
      return true
    })
  },
  { name: 'access', fastify: '5.x' }
)

function isIntended(headers: IncomingHttpHeaders): boolean {
  const isPrefetch = PREFETCH_HEADERS.some((name) => String(headers[name] ?? '').includes('prefetch'))
  const isEmbedded = headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate'
  return !isPrefetch && !isEmbedded
}
