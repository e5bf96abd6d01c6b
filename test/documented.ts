import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import { Ajv } from 'ajv'
import type { ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import type { FastifyInstance, FastifyReply, RouteOptions } from 'fastify'
import type { Test } from 'tap'

type ResponseSchema = { content?: Record<string, { schema: object }> }

/** Files that @fastify/static serves document nothing. */
function isAsset(url: string | undefined): boolean {
  return url?.startsWith('/preview/assets/') === true
}

/**
 * Holds every answer of a server against the response schema of its route: that there is one for its status and media type, that
 * JSON is valid by it, and that nothing is lost when it is written. Call before routes are registered; the test fails at its end.
 */
export function holdAgainstSchemas(t: Test, server: FastifyInstance): void {
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
    if (schema === undefined) violations.push(`${what}: ${mediaType} is not documented`)
    else if (mediaType === 'application/json' && payloads.has(reply)) {
      const sent = JSON.parse(String(payload))
      const validate = validatorOf(schema, Object.values(request.server.getSchemas()) as object[])
      if (!validate(sent)) violations.push(`${what}: ${JSON.stringify(validate.errors?.slice(0, 3))}`)
      if (!isDeepStrictEqual(sent, JSON.parse(JSON.stringify(payloads.get(reply))))) {
        violations.push(`${what}: not all of the answer is documented`)
      }
    }
    return payload
  })
  server.addHook('preSerialization', async (_request, reply, payload) => {
    payloads.set(reply, payload)
    return payload
  })

  t.teardown(() => {
    assert.deepEqual(violations, [], 'every answer is as documented')
    assert.deepEqual(routesWithout, [], 'every route documents its answers')
  })
}
