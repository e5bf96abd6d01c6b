import FindMyWay from 'find-my-way'
import type { HTTPMethod } from 'find-my-way'
import fp from 'fastify-plugin'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { asServiceError, errors, isServiceError, quote } from '../lib/errors.ts'
import type { ServiceError } from '../lib/errors.ts'
import { ApiErrorSchema } from '../lib/schemas/api.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** What this request was refused or failed with. */
    failure: ServiceError | undefined
  }
}

/** Where a request lands whose path is no valid URL encoding; no router could match it. */
const MALFORMED_URL = '/malformed-url'

/** Fastify's `rewriteUrl`: keeps a path that cannot be decoded on the one way through hooks and error handler. */
export function rewriteMalformedUrl (request: { url?: string }): string {
  const url = request.url ?? '/'
  try {
    decodeURIComponent(url.split('?', 1)[0]!)
    return url
  } catch {
    return MALFORMED_URL
  }
}

/** The body of an error answer. */
export function errorBody ({ code, message, details }: ServiceError, requestId: string) {
  return {
    success: false as const,
    error: { code, message, details, timestamp: Math.floor(Date.now() / 1000), request_id: requestId },
    request_id: requestId
  }
}

/** Our word for an error of Fastify's own; undefined for one that says nothing to a client. */
function translate (error: FastifyError, bodyLimit: number): ServiceError | undefined {
  if (error.validation !== undefined) {
    const [problem] = error.validation
    const name = problem?.instancePath.slice(1).replaceAll('/', '.')
    return errors.invalidRequest(`Invalid ${error.validationContext ?? 'request'}`, { details: [name, problem?.message].filter(Boolean).join(' ') })
  }
  switch (error.statusCode) {
    case 400: return errors.invalidRequest('Invalid request', { details: 'The body is not what its headers say' })
    case 403: return errors.forbidden('This is not served')
    case 404: return errors.notFound('There is nothing here')
    case 413: return errors.payloadTooLarge(bodyLimit)
    case 415: return errors.unsupportedMediaType('The body must be application/json')
  }
}

async function refuse (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const failure = isServiceError(error) ? error : translate(error as FastifyError, request.routeOptions.bodyLimit ?? 0) ?? asServiceError(error)
  reply.failure = failure
  if (failure.retryAfter !== undefined) reply.header('Retry-After', failure.retryAfter)
  await reply
    .code(failure.statusCode)
    .cacheControl('no-store')
    .type('application/json; charset=utf-8')
    .send(errorBody(failure, request.id))
}

/** Every error of every request in one shape: a handler for what is thrown, and answers for what matches no route. */
export default fp(async (fastify) => {
  const routes = FindMyWay()
  const methods = new Set<HTTPMethod>()

  fastify.addSchema(ApiErrorSchema)
  fastify.decorateReply('failure', undefined)
  fastify.setErrorHandler(refuse)
  fastify.setNotFoundHandler(async () => { throw errors.notFound('There is nothing here') })

  fastify.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat() as HTTPMethod[]) {
      methods.add(each)
      if (routes.findRoute(each, url) === null) routes.on(each, url, () => {})
    }
  })

  // Before the body is read: a wrong method is a wrong method whatever it carries.
  fastify.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return
    if (request.url === MALFORMED_URL && request.originalUrl !== MALFORMED_URL) {
      throw errors.invalidRequest('Malformed URL', { details: `${quote(request.originalUrl)} is not valid percent-encoding` })
    }
    const path = request.url.split('?', 1)[0]!
    const allowed = [...methods].filter((method) => routes.find(method, path) !== null)
    if (allowed.length === 0) throw errors.notFound(`There is nothing at ${quote(path)}; / lists what there is`)
    reply.header('Allow', allowed.join(', '))
    throw errors.methodNotAllowed(request.method, allowed.join(', '))
  })
}, { name: 'errors', dependencies: ['sensible'], fastify: '5.x' })
