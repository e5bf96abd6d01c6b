import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { isLoopbackName } from '../../../lib/access/hosts.ts'
import { bearerToken, createTokenNames } from '../../../lib/access/tokens.ts'
import type { Config } from '../../../lib/config/config.ts'
import { errors } from '../../../lib/errors.ts'
import { isForImage, isFromOwnSite, isNavigation, isPrefetch } from './browser.ts'

declare module 'fastify' {
  interface FastifyInstance {
    access: ReturnType<typeof createAccess>
  }
  interface FastifyRequest {
    /** False for prefetches. Such requests change nothing. */
    isIntended: boolean
    /** The name of the valid token that the request carries. */
    tokenName: string | undefined
    /** The name of its token that reads figures and changes nothing. */
    metricsTokenName: string | undefined
  }
}

/** What a request would change. */
export interface Change {
  /**
   * `start` starts the run of a missing picture; `own` ends what the client started itself; `other` is everything else.
   */
  kind: 'start' | 'own' | 'other'
  /** The page with a button for the change. A refused navigation is sent there. */
  page?: string
  /** Whether an `<img>` in a page of another site may ask for it. */
  byImages?: boolean
}

type AskingRequest = Pick<FastifyRequest, 'headers' | 'isIntended' | 'tokenName'> &
  Partial<Pick<FastifyRequest, 'host' | 'isLoopback' | 'metricsTokenName'>>
/** Without a request: whether only this machine reaches the service. */
export type IsLocal = (request?: AskingRequest) => boolean
type Answer = { header: (name: string, value: string) => unknown }

type AccessOptions = Pick<
  Config,
  'apiTokens' | 'basePath' | 'corsOrigins' | 'costsMoney' | 'host' | 'isOpen' | 'metricsNeedToken'
>

/**
 * Decides which requests may change something, and which may read metrics.
 * @param isLocal whether only this machine reaches the service, and whether a request is from this machine
 */
export function createAccess(config: AccessOptions, isLocal: IsLocal = () => isLoopbackName(config.host)) {
  const hasTokens = config.apiTokens.length > 0
  const needsToken = {
    // A server of this service with a key does not start without tokens where others reach it. Another application may.
    start: (request?: AskingRequest) =>
      !config.isOpen && (hasTokens || (config.costsMoney && !isLocal(request))),
    own: () => hasTokens,
    other: (request?: AskingRequest) => hasTokens || !isLocal(request)
  }

  /** @throws UNAUTHORIZED without a valid token, FORBIDDEN with one that only reads figures */
  function demandToken(request: AskingRequest, reply: Answer, subject: string): void {
    if (request.tokenName !== undefined) return
    if (request.metricsTokenName !== undefined) {
      reply.header('WWW-Authenticate', 'Bearer error="insufficient_scope"')
      throw errors.forbidden(
        `${subject} needs another token: this one of TB_DALLE_METRICS_TOKENS reads figures only`
      )
    }
    const isGiven = bearerToken(request.headers.authorization) !== undefined
    reply.header('WWW-Authenticate', isGiven ? 'Bearer error="invalid_token"' : 'Bearer')
    if (!hasTokens) {
      throw errors.unauthorized(`${subject} needs a token, and this server has none: set TB_DALLE_API_TOKENS`)
    }
    throw errors.unauthorized(
      isGiven
        ? "This token is not one of the server's"
        : `${subject} needs a token: send the header Authorization: Bearer <token> with one of the server's tokens`
    )
  }

  /** @throws FORBIDDEN for a browser that a page of another site may have sent */
  function demandOwnSite({ headers }: AskingRequest, reply: Answer, page: string | undefined): void {
    if (isFromOwnSite(headers, config.corsOrigins)) return
    if (page !== undefined && isNavigation(headers)) {
      reply.header('Location', page)
      throw errors.forbidden(
        `Pages of other sites and links change nothing here; ${page} has a button for it`,
        {
          statusCode: 303
        }
      )
    }
    throw errors.forbidden(
      "This changes something, so a browser may ask for it from the server's own pages only: use the gallery at " +
        `${config.basePath}/preview, or name the origin of your page in TB_DALLE_CORS_ORIGINS`
    )
  }

  return {
    /** Whether a change of this kind needs a token: by this request, or by any. */
    needsToken: (kind: Change['kind'], request?: AskingRequest) => needsToken[kind](request),

    /**
     * Whether a request may start, remove, cancel or change something; false for a prefetch.
     * @throws FORBIDDEN for a page of another site, with the status 303 if it can be sent to `page`; UNAUTHORIZED
     *   without a token where one is needed, FORBIDDEN with one that only reads figures
     */
    mayChange(request: AskingRequest, reply: Answer, { kind, page, byImages = false }: Change): boolean {
      if (!request.isIntended) return false
      if (!(byImages && isForImage(request.headers))) demandOwnSite(request, reply, page)
      if (needsToken[kind](request)) demandToken(request, reply, 'This change')
      return true
    },

    /**
     * Lets a request read what is meant for operators.
     * @throws UNAUTHORIZED without a token where TB_DALLE_METRICS_AUTH asks for one
     */
    demandReader(request: AskingRequest, reply: Answer): void {
      if (config.metricsNeedToken && request.metricsTokenName === undefined) {
        demandToken(request, reply, 'This')
      }
    }
  }
}

export interface AccessPluginOptions {
  /** Whether only this machine reaches the service, in place of what TB_DALLE_HOST says. */
  isLocal?: IsLocal
}

/** `fastify.access`, `request.tokenName` and `request.isIntended`: which requests may change or read what. */
export default fp<AccessPluginOptions & { config: Config }>(
  async (fastify, { config, isLocal }) => {
    const nameOf = createTokenNames(config.apiTokens)
    const metricsNameOf = createTokenNames(config.metricsTokens)
    const named = (names: typeof nameOf, { authorization }: FastifyRequest['headers']) => {
      const token = bearerToken(authorization)
      return token === undefined ? undefined : names(token)
    }

    fastify.decorateRequest('isIntended', {
      getter() {
        return !isPrefetch(this.headers)
      }
    })
    fastify.decorateRequest('tokenName', {
      getter() {
        return named(nameOf, this.headers)
      }
    })
    fastify.decorateRequest('metricsTokenName', {
      getter() {
        return named(metricsNameOf, this.headers)
      }
    })
    fastify.decorate('access', createAccess(config, isLocal))
  },
  { name: 'access', fastify: '5.x' }
)
