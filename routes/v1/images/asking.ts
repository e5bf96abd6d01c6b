import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { errors } from '../../../lib/errors.ts'
import type { GenerateAsking } from '../../../lib/images/images.ts'
import { appliedPreferences, readPreferences } from '../../dalle/preferences.ts'

/**
 * Lets a request change something.
 * @throws UNAUTHORIZED or FORBIDDEN, as contract and settings ask; FORBIDDEN for a prefetch
 */
export function demandChange(fastify: FastifyInstance, request: FastifyRequest, reply: FastifyReply): void {
  if (!fastify.access.mayChange(request, reply, { kind: 'other' })) {
    throw errors.forbidden('A prefetch changes nothing')
  }
}

/** How a request that may start a run asks for it: `Prefer: respond-async` bounds how long its answer may wait. */
export function askFor(
  fastify: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
  stopping: AbortSignal
): GenerateAsking {
  const { respondAsync, wait = 0 } = readPreferences(request.headers.prefer)
  let patience: Promise<void> | undefined
  if (respondAsync) {
    reply.header(
      'Preference-Applied',
      appliedPreferences({ respondAsync, wait: wait > 0 ? wait : undefined })
    )
    patience = new Promise((resolve) => {
      const timer = setTimeout(resolve, wait * 1000)
      reply.raw.once('close', () => clearTimeout(timer))
    })
  }
  return {
    client: request.clientId,
    admit() {
      demandChange(fastify, request, reply)
      fastify.refuseUnderPressure()
      if (!respondAsync || wait > 0) demandPlace(fastify, request, reply)
    },
    count: async () => await fastify.limits.countRun(request),
    onWait() {
      if (respondAsync && wait === 0) return
      demandPlace(fastify, request, reply)
      reply.outcome.isHeld = true
      const leave = fastify.connections.startWaiting()
      reply.raw.once('finish', leave).once('close', leave)
    },
    signal: AbortSignal.any([goneOf(reply), stopping]),
    patience
  }
}

/** Aborts when the connection has ended. `request.signal` aborts as soon as a body is read. */
function goneOf(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort(errors.unavailable('The client has left')))
  return gone.signal
}

/**
 * Takes a place among the requests that wait for runs.
 * @throws RATE_LIMITED when the client has all of its share; SERVICE_UNAVAILABLE when as many requests wait as may
 */
function demandPlace(fastify: FastifyInstance, request: FastifyRequest, reply: FastifyReply): void {
  fastify.limits.takeWaiter(request, reply)
  if (fastify.connections.mayWait()) return
  throw errors.unavailable('Too many requests wait for runs', 'Prefer: respond-async is answered at once')
}
