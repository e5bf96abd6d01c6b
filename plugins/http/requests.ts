import { randomBytes } from 'node:crypto'
import { LogController } from 'fastify'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

const ACCEPTED_ID = /^[A-Za-z0-9._-]{1,64}$/
const LOGGED_URL_CHARACTERS = 200
const SLOW_MS = 5_000

/**
 * Whether nobody meant this request: a browser that looks ahead, or a page of another site that has an image or a script fetch it.
 * Such a request may look, but starts, removes and changes nothing. Browsers tell it themselves; other clients say nothing of it.
 */
export function isUnasked({ headers }: FastifyRequest): boolean {
  const looksAhead = [headers['sec-purpose'], headers.purpose, headers['x-moz']].some((purpose) =>
    String(purpose ?? '').includes('prefetch')
  )
  return (
    looksAhead || (headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate')
  )
}

/** Whether the client itself asked for an answer that takes its time. */
function isHeldOpen(reply: FastifyReply): boolean {
  return reply.hasHeader('preference-applied') || reply.getHeader('content-type') === 'text/event-stream'
}

/** The id of a request: the client's own `X-Request-ID`, where it is usable, else eight random hexadecimal digits. */
export function requestIdOf({ headers }: { headers: Record<string, string | string[] | undefined> }): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && ACCEPTED_ID.test(given) ? given : randomBytes(4).toString('hex')
}

/** What a log or a trace may say of a request's URL: the query is left out, it may hold what nobody should read there. */
export function loggedPath({ originalUrl }: FastifyRequest): string {
  return originalUrl.split('?', 1)[0]!.slice(0, LOGGED_URL_CHARACTERS)
}

/** One log line a request, when it is answered. */
export class RequestLog extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply
  ): void {
    const { failure } = reply
    const line = {
      method: request.method,
      url: loggedPath(request),
      route: request.routeOptions.url,
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
      run: reply.getHeader('x-dalle-run'),
      code: failure?.code
    }
    const isSlow = reply.elapsedTime > SLOW_MS && !isHeldOpen(reply)
    if (reply.statusCode >= 500) request.log.error({ ...line, err: failure ?? error }, 'request failed')
    else if (error) request.log.info(line, 'client left')
    else if (isSlow) request.log.warn(line, 'SLOW request')
    else request.log.info(line, 'request')
  }

  /** A client that leaves is told of by the line of its request; anything else that ends a stream is our fault. */
  override streamError(error: Error & { code?: string }, request: FastifyRequest, reply: FastifyReply): void {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') super.streamError(error, request, reply)
  }

  override defaultErrorLog(): void {}
  override routeNotFound(): void {}
}

/** `X-Request-ID` on every answer. */
export default fp(
  async (fastify) => {
    fastify.addHook('onRequest', async (request, reply) => {
      reply.header('X-Request-ID', request.id)
      reply.header('X-Content-Type-Options', 'nosniff')
    })
  },
  { name: 'requests', dependencies: ['tracing'], fastify: '5.x' }
)
