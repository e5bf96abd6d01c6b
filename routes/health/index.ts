import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { errors } from '../../lib/errors.ts'
import { envelope, errorContent, errorResponses, tokenSecurity } from '../../lib/schemas/api.ts'
import type { Health } from '../../lib/schemas/health.ts'
import { createSharedBody } from '../../lib/shared-body.ts'
import type { SharedBody } from '../../lib/shared-body.ts'
import { openEnvelope } from '../../plugins/http/send-shared.ts'
import { HealthSchema, LivenessSchema, ReadinessSchema } from '../../lib/schemas/health.ts'

const UnhealthyResponse = {
  description: 'The health, which is not good, or `SERVICE_UNAVAILABLE`.',
  content: {
    ...errorContent,
    'application/json': { schema: Type.Union([envelope(Type.Ref('Health')), Type.Ref('ApiError')]) }
  }
}

/** The components that are unhealthy, each with what it says. */
function unhealthyParts({ components }: Health): string {
  return Object.values(components)
    .filter(({ status }) => status === 'unhealthy')
    .map(({ name, message = '' }) => `${name}: ${message}`)
    .join('; ')
}

/** `/health` with its three checks, and `/healthz` and `/readyz`, the paths that orchestrators use. */
const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.addSchema(HealthSchema)
  const config = { metricsPort: 'too' } as const
  /** The last health, which is checked once in a second, as the body for all who ask. */
  let shared: { health: Health; body: SharedBody } | undefined

  const sendData = (request: FastifyRequest, reply: FastifyReply, data: unknown) =>
    reply.cacheControl('no-store').send({ success: true, data, request_id: request.id })

  const liveness = async (request: FastifyRequest, reply: FastifyReply) => {
    if (!fastify.health.isAlive()) {
      throw errors.unavailable('The file system does not answer', 'The server must be restarted')
    }
    return sendData(request, reply, {
      status: 'alive',
      timestamp: new Date().toISOString(),
      uptime: fastify.health.uptimeSeconds()
    })
  }

  const readiness = async (request: FastifyRequest, reply: FastifyReply) => {
    if (!(await fastify.health.isReady())) {
      throw errors.unavailable(
        'The server is not ready',
        'It starts, stops, waits for the data folder, or its health check fails; see /health'
      )
    }
    return sendData(request, reply, { status: 'ready', timestamp: new Date().toISOString() })
  }

  fastify.get(
    '/health',
    {
      schema: {
        operationId: 'getHealth',
        tags: ['Service'],
        summary: 'Get the health of the server',
        description: 'The state of every component; with `check`, whether the server is alive or ready.',
        security: tokenSecurity,
        querystring: Type.Object({
          check: Type.Optional(
            Type.String({
              description: '`liveness` or `readiness`; any other value is the check of every component.',
              examples: ['liveness', 'readiness']
            })
          )
        }),
        response: {
          200: envelope(
            Type.Union([Type.Ref('Health'), LivenessSchema, ReadinessSchema]),
            'The server is healthy or degraded, alive, or ready.'
          ),
          503: UnhealthyResponse,
          ...errorResponses
        }
      },
      config
    },
    async (request, reply) => {
      if (request.query.check === 'liveness') return await liveness(request, reply)
      if (request.query.check === 'readiness') return await readiness(request, reply)
      fastify.access.demandReader(request, reply)
      const health = await fastify.health.check()
      if (health.status === 'unhealthy') {
        reply.statusCode = 503
        reply.outcome.unhealthy = unhealthyParts(health)
      }
      if (shared?.health !== health) shared = { health, body: createSharedBody(openEnvelope(health)) }
      return await reply.cacheControl('no-store').sendSharedEnvelope(shared.body)
    }
  )

  fastify.get(
    '/healthz',
    {
      config: { ...config, isProbe: true },
      schema: {
        operationId: 'getLiveness',
        tags: ['Service'],
        summary: 'Ask whether the server is alive',
        description:
          'The probe of an orchestrator that restarts a server: 503 when the file system does not answer.',
        errors: ['SERVICE_UNAVAILABLE'],
        response: { 200: envelope(LivenessSchema, 'The server is alive.'), ...errorResponses }
      }
    },
    liveness
  )
  fastify.get(
    '/readyz',
    {
      config: { ...config, isProbe: true },
      schema: {
        operationId: 'getReadiness',
        tags: ['Service'],
        summary: 'Ask whether the server is ready',
        description:
          'The probe of a load balancer: 503 while the server starts, stops, waits or is unhealthy.',
        errors: ['SERVICE_UNAVAILABLE'],
        response: { 200: envelope(ReadinessSchema, 'The server is ready.'), ...errorResponses }
      }
    },
    readiness
  )
}

export default fp(routes, { name: 'routes/health', encapsulate: true, fastify: '5.x' })
export const autoPrefix = '/'
