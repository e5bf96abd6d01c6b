import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import { Ajv } from 'ajv'
import type { ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import type { FastifyInstance, FastifyReply, RouteOptions } from 'fastify'
import type { Test } from 'tap'

type ResponseSchema = { content?: Record<string, { schema: object }> }

/** Files that @fastify/static serves have no schema. */
function isAsset(url: string | undefined): boolean {
  return /^\/(?:preview|docs)\/assets\//.test(url ?? '')
}

/** Whether a body is an envelope that was written before it was sent. Files have no schema; gzip cannot be read. */
function isEnvelope(schema: object, reply: FastifyReply, payload: unknown): boolean {
  return Object.keys(schema).length > 0 && Buffer.isBuffer(payload) && !reply.hasHeader('content-encoding')
}

/**
 * Checks every response of a server against the response schema of its route: the schema covers its status and media
 * type, JSON is valid, and serializing it by the schema drops nothing. Call it before routes are registered. The test
 * fails at its end when a response did not pass.
 */
export function checkResponses(t: Test, server: FastifyInstance): void {
  const violations: string[] = []
  const validators = new Map<object, ValidateFunction>()
  const payloads = new WeakMap<FastifyReply, unknown>()
  const routesWithout: string[] = []

  server.addHook('onRoute', ({ method, url, schema }: RouteOptions) => {
    if (schema?.response === undefined && !isAsset(url)) routesWithout.push(`${String(method)} ${url}`)
  })

  function validatorOf(schema: object, schemas: object[]): ValidateFunction {
    const known = validators.get(schema)
    if (known !== undefined) return known
    const ajv = new Ajv({ strict: false, schemas })
    formats.default(ajv)
    const validator = ajv.compile(schema)
    validators.set(schema, validator)
    return validator
  }

  server.addHook('onSend', async (request, reply, payload) => {
    const what = `${request.method} ${request.originalUrl} ${reply.statusCode}`
    const responses = (request.routeOptions.schema?.response ?? {}) as Record<string, ResponseSchema>
    if (request.is404 || isAsset(request.routeOptions.url)) return payload
    const response = responses[reply.statusCode] ?? responses[`${String(reply.statusCode)[0]}xx`]
    const mediaType = String(reply.getHeader('content-type') ?? '').split(';', 1)[0]!
    const schema = response?.content === undefined ? response : response.content[mediaType]?.schema
    if (schema === undefined) violations.push(`${what}: ${mediaType} has no schema`)
    else if (
      mediaType === 'application/json' &&
      (payloads.has(reply) || isEnvelope(schema, reply, payload))
    ) {
      const sent = JSON.parse(String(payload))
      const validate = validatorOf(schema, Object.values(request.server.getSchemas()) as object[])
      if (!validate(sent)) violations.push(`${what}: ${JSON.stringify(validate.errors?.slice(0, 3))}`)
      const given = payloads.has(reply) ? JSON.parse(JSON.stringify(payloads.get(reply))) : sent
      if (!isDeepStrictEqual(sent, given)) {
        violations.push(`${what}: the schema does not cover all of the response`)
      }
    }
    return payload
  })
  server.addHook('preSerialization', async (_request, reply, payload) => {
    payloads.set(reply, payload)
    return payload
  })

  t.teardown(() => {
    assert.deepEqual(violations, [], 'every response is as its schema says')
    assert.deepEqual(routesWithout, [], 'every route has response schemas')
  })
}
