import { LogController } from 'fastify'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { sentenceOf } from '../../../lib/errors.ts'
import type { ServiceError } from '../../../lib/errors.ts'
import { loggedPath } from '../../../lib/log.ts'
import { routeName } from './route-name.ts'

const SLOW_MS = 5_000

/** What a request reports to its log line, metrics and trace. */
export interface ReplyOutcome {
  /** The error that the request was answered with. */
  failure?: ServiceError
  /** What happened to the run of the picture. */
  run?: 'started' | 'joined' | 'cached' | 'failed' | 'idle'
  /** Why the server is unhealthy, where the response says that it is. */
  unhealthy?: string
  /** Whether the client asked the server to hold the response (`Prefer: wait`). */
  isHeld?: boolean
  /** Whether the body is the finished picture as it is on disk. */
  isPicture?: boolean
}

declare module 'fastify' {
  interface FastifyReply {
    outcome: ReplyOutcome
  }
  interface FastifyContextConfig {
    /** The route sends a stream that stays open, so its duration says nothing about its speed. */
    stream?: boolean
  }
}

/** Whether the response is a stream that stays open, and not an error or an empty response of a route that streams. */
export function isOpenStream(request: FastifyRequest, reply: FastifyReply): boolean {
  return request.routeOptions.config.stream === true && reply.statusCode === 200
}

/** Whether the server refused the request for now, and nothing is broken: it is full, or it stops. */
function isRefusal({ code, cause }: ServiceError): boolean {
  return code === 'QUEUE_FULL' || (code === 'SERVICE_UNAVAILABLE' && cause === undefined)
}

/** Writes one log line for each request, when it is answered. */
export class RequestLog extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply
  ): void {
    const { failure, run, isHeld, unhealthy } = reply.outcome
    const line = {
      method: request.method,
      url: loggedPath(request.originalUrl),
      route: routeName(request),
      client: request.clientAddress,
      token: request.tokenName ?? request.metricsTokenName,
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
      run,
      code: failure?.code
    }
    const isSlow = reply.elapsedTime > SLOW_MS && !isHeld && !isOpenStream(request, reply)
    if (failure !== undefined && isRefusal(failure)) {
      request.log.warn({ ...line, reason: sentenceOf(failure) }, 'request refused')
    } else if (unhealthy !== undefined && !error) {
      request.log.warn({ ...line, reason: unhealthy }, 'the server is unhealthy')
    } else if (reply.statusCode >= 500 && failure?.code !== 'CANCELLED') {
      request.log.error({ ...line, err: failure ?? error }, 'request failed')
    } else if (error) request.log.info(line, 'client left')
    else if (isSlow) request.log.warn(line, 'SLOW request')
    // Docker and Kubernetes ask every few seconds.
    else if (request.routeOptions.config.isProbe && reply.statusCode < 400) request.log.debug(line, 'request')
    else request.log.info(line, 'request')
  }

  /** The line of the request reports a client that left. Other errors of a stream are errors of the server. */
  override streamError(error: Error & { code?: string }, request: FastifyRequest, reply: FastifyReply): void {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') super.streamError(error, request, reply)
  }

  override defaultErrorLog(): void {}
  override routeNotFound(): void {}
}

/** `reply.outcome`, and the headers of every response. */
export default fp(
  async (fastify) => {
    fastify.decorateReply('outcome')
    fastify.addHook('onRequest', async (request, reply) => {
      reply.outcome = {}
      reply.header('X-Request-ID', request.id)
      reply.header('X-Content-Type-Options', 'nosniff')
    })
  },
  { name: 'request-log', dependencies: ['client', 'request-traces'], fastify: '5.x' }
)
