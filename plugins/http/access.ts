import type { IncomingHttpHeaders } from 'node:http'
import fp from 'fastify-plugin'
import { bearerToken, createTokenNames } from '../../lib/access/tokens.ts'
import type { Config } from '../../lib/config/config.ts'
import { errors } from '../../lib/errors.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Whether a request may start, remove, cancel or change something.
     * @throws UNAUTHORIZED without a valid token, where tokens are configured
     */
    mayChange: (request: FastifyRequest, reply: FastifyReply) => boolean
  }
  interface FastifyRequest {
    /** False for prefetches, and for images and scripts in pages of other sites. Such requests change nothing. */
    isIntended: boolean
    /** The name of the valid token that the request carries. */
    tokenName: string | undefined
  }
}

const PREFETCH_HEADERS = ['sec-purpose', 'purpose', 'x-moz']

/** `request.tokenName`, and `fastify.mayChange` and `request.isIntended`: which requests may change something. */
export default fp<{ config: Config }>(
  async (fastify, { config }) => {
    const nameOf = createTokenNames(config.apiTokens)

    fastify.decorateRequest('isIntended', {
      getter() {
        return isIntended(this.headers)
      }
    })

    fastify.decorateRequest('tokenName', {
      getter() {
        const token = bearerToken(this.headers.authorization)
        return token === undefined ? undefined : nameOf(token)
      }
    })

    fastify.decorate('mayChange', (request, reply) => {
      if (!request.isIntended) return false
      if (config.apiTokens.length === 0 || request.tokenName !== undefined) return true
      if (bearerToken(request.headers.authorization) === undefined) {
        reply.header('WWW-Authenticate', 'Bearer')
        throw errors.unauthorized(
          "This changes something: send the header Authorization: Bearer <token> with one of the server's tokens"
        )
      }
      reply.header('WWW-Authenticate', 'Bearer error="invalid_token"')
      throw errors.unauthorized("This token is not one of the server's")
    })
  },
  { name: 'access', fastify: '5.x' }
)

function isIntended(headers: IncomingHttpHeaders): boolean {
  const isPrefetch = PREFETCH_HEADERS.some((name) => String(headers[name] ?? '').includes('prefetch'))
  const isEmbedded = headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate'
  return !isPrefetch && !isEmbedded
}
