import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { requestIdOf } from '../../../lib/log.ts'

/** Fastify's `genReqId`. */
export function requestId({ headers }: { headers: IncomingHttpHeaders }): string {
  return requestIdOf(headers['x-request-id'])
}

/**
 * Whether the server is one of this service, made with `serverOptions` of app.ts. Otherwise the service is registered
 * in another application, which owns the server and its names.
 */
export function isOwnServer(fastify: FastifyInstance): boolean {
  return (fastify as { genReqId?: unknown }).genReqId === requestId
}
