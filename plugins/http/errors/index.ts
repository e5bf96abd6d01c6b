import fp from 'fastify-plugin'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { FastifySchemaValidationError } from 'fastify/types/schema.js'
import { bearerToken } from '../../../lib/access/tokens.ts'
import { asServiceError, errors, isServiceError, quote } from '../../../lib/errors.ts'
import type { ServiceError } from '../../../lib/errors.ts'
import { goJson } from '../../../lib/go-json.ts'
import { ApiErrorSchema } from '../../../lib/schemas/api.ts'
import { PLAIN_PAGE_POLICY, LISTS, renderErrorPage, wantsPage } from './page.ts'

/** The path of requests whose own path cannot be decoded. It matches no route. */
const MALFORMED_URL = '/malformed-url'

interface QuerySchema {
  properties?: Record<string, { type?: string }>
}

const ABSOLUTE_URL = /^https?:\/\/[^/?#]*/i

/**
 * Fastify's `rewriteUrl`: the path and the query of a URL. A request whose URL cannot be read passes through hooks and
 * error handler too.
 */
export function rewriteMalformedUrl(request: { url?: string }): string {
  const url = request.url ?? '/'
  const isAbsolute = !/^[/*]/.test(url)
  if (isAbsolute && !(ABSOLUTE_URL.test(url) && URL.canParse(url))) return MALFORMED_URL
  const path = isAbsolute ? url.replace(ABSOLUTE_URL, '').replace(/^(?!\/)/, '/') : url
  try {
    decodeURIComponent(path.split('?', 1)[0]!)
    return path
  } catch {
    return MALFORMED_URL
  }
}

/** A URL without the base path, where it begins with it. `/artist` is not below `/art`. */
export function withoutBase(url: string, base: string): string {
  const rest = url.startsWith(base) ? url.slice(base.length) : url
  return /^[/?]|^$/.test(rest) ? rest.replace(/^(?!\/)/, '/') : url
}

/** The body of an error response. */
export function errorBody({ code, message, details }: ServiceError, requestId: string) {
  return {
    success: false as const,
    error: { code, message, details, timestamp: Math.floor(Date.now() / 1000), request_id: requestId },
    request_id: requestId
  }
}

/** Whether a request is one of /v1, whose errors have the form of the Go server. */
function isBelowV1({ url }: FastifyRequest): boolean {
  return /^\/v1(?:[/?]|$)/.test(url)
}

/** The service error for an error of Fastify; undefined for one that is internal. */
function translate(error: FastifyError, request: FastifyRequest): ServiceError | undefined {
  if (error.validation?.[0] !== undefined) {
    return describeInvalid(error.validation[0], error.validationContext, request)
  }
  switch (error.statusCode) {
    case 400:
      return errors.invalidRequest('Invalid request', { details: 'The body is not what its headers say' })
    case 403:
      return errors.forbidden('This is not served')
    case 404:
      return errors.notFound('There is nothing here')
    case 413:
      return errors.payloadTooLarge(request.routeOptions.bodyLimit ?? 0)
    case 415:
      return errors.unsupportedMediaType('The body must be application/json')
  }
}

/** A schema violation, with the given value and what is allowed. */
function describeInvalid(
  problem: FastifySchemaValidationError,
  context: string | undefined,
  request: FastifyRequest
): ServiceError {
  const part = context === 'querystring' ? 'query' : (context ?? 'request')
  const given = {
    body: request.body,
    query: request.query,
    params: request.params,
    headers: request.headers
  }[part]
  const keys = problem.instancePath.split('/').slice(1)
  const value = keys.reduce<unknown>(
    (inner, key) => (inner as Record<string, unknown> | undefined)?.[key],
    given
  )
  const expected =
    problem.keyword === 'enum'
      ? mustBeOneOf(problem.params.allowedValues as string[])
      : problem.keyword === 'type' && problem.params.type === 'integer'
        ? 'must be a whole number'
        : (problem.message ?? 'is not allowed').replace('>=', 'at least').replace('<=', 'at most')
  const details =
    keys.length === 0
      ? `The ${part} ${expected}`
      : Array.isArray(value)
        ? `${keys.join('.')} is given ${value.length} times: once is enough`
        : `${keys.join('.')} is ${quote(String(value))}: it ${expected}`
  return invalidPart(request, part, details)
}

function invalidPart(request: FastifyRequest, part: string, details: string): ServiceError {
  if (request.routeOptions.url?.startsWith('/dalle/')) return errors.invalidPath(details)
  return (isBelowV1(request) ? errors.invalidInput : errors.invalidRequest)(`Invalid ${part}`, { details })
}

/**
 * The error for a number of the query in another notation, such as 1e3, which the validator reads as a number too.
 * Undefined if there is none.
 */
function findOddNumber(request: FastifyRequest): ServiceError | undefined {
  const { properties = {} } = (request.routeOptions.schema?.querystring ?? {}) as QuerySchema
  const query = request.query as Record<string, unknown>
  const key = Object.keys(properties).find(
    (key) =>
      properties[key]!.type === 'integer' && typeof query[key] === 'string' && !/^-?\d+$/.test(query[key])
  )
  if (key === undefined) return undefined
  return invalidPart(request, 'query', `${key} is ${quote(String(query[key]))}: it must be a whole number`)
}

function mustBeOneOf(values: string[]): string {
  return values.length === 1 ? `must be ${values[0]}` : `must be one of ${values.join(', ')}`
}

async function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const found = isServiceError(error)
    ? error
    : (translate(error as FastifyError, request) ?? asServiceError(error))
  const isWrongToken =
    found.code === 'UNAUTHORIZED' && bearerToken(request.headers.authorization) !== undefined
  const failure = (isWrongToken && (await request.server.limits.countWrongToken(request))) || found
  reply.outcome.failure = failure
  if (failure.retryAfter !== undefined) reply.header('Retry-After', failure.retryAfter)
  reply.code(failure.statusCode).removeHeader('ETag').header('Cache-Control', 'no-store')
  if (wantsPage(request.headers.accept)) {
    await reply
      .header('Content-Security-Policy', PLAIN_PAGE_POLICY)
      .type('text/html; charset=utf-8')
      .send(renderErrorPage(failure, request.id, request.server.basePath))
    return
  }
  if (isBelowV1(request)) reply.serializer(goJson)
  await reply.type('application/json; charset=utf-8').send(errorBody(failure, request.id))
}

/** Sends every error in one shape: a handler for thrown errors, and responses for requests that match no route. */
export default fp(
  async (fastify) => {
    fastify.addSchema(ApiErrorSchema)
    fastify.setErrorHandler(refuse)
    fastify.addHook('preValidation', async (request) => {
      const error = findOddNumber(request)
      if (error !== undefined) throw error
    })
    fastify.setNotFoundHandler(async () => {
      throw errors.notFound('There is nothing here')
    })

    // In onRequest, so that a wrong method is refused before its body is read.
    fastify.addHook('onRequest', async (request, reply) => {
      if (!request.is404) return
      if (request.url === MALFORMED_URL && request.originalUrl !== MALFORMED_URL) {
        const details = `${quote(request.originalUrl)} is no URL of this server, or not valid percent-encoding`
        const path = withoutBase(request.originalUrl, fastify.basePath)
        if (path.startsWith('/dalle/')) throw errors.invalidPath(details)
        throw errors.invalidRequest('Malformed URL', { details })
      }
      const path = request.url.split('?', 1)[0]!
      const allowed = fastify.routeTable.methodsOf(path)
      if (allowed.length === 0) {
        const base = fastify.basePath
        throw errors.notFound(`There is nothing at ${quote(base + path)}; ${base}/ ${LISTS}`)
      }
      reply.header('Allow', allowed.join(', '))
      throw (isBelowV1(request) ? errors.methodNotAllowedInV1 : errors.methodNotAllowed)(
        request.method,
        allowed.join(', ')
      )
    })
  },
  {
    name: 'errors',
    dependencies: ['bare-errors', 'cors', 'host-names', 'request-log', 'route-table', 'sensible'],
    fastify: '5.x'
  }
)
