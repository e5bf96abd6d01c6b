import type { TSchema } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { goJson } from '../../lib/go-json.ts'
import { envelope, errorResponses } from '../../lib/schemas/api.ts'

/**
 * Makes the routes of a context read and write as those of the Go server: the Content-Type of a request is not looked
 * at, `request.body` is the bytes of the body (see `readBody`), and JSON is indented. HEAD is a wrong method there, so
 * GET routes also need `exposeHeadRoute: false`.
 */
export function speakV1(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async ({ raw }) => {
    // Fastify answers 415 to one that it cannot parse, before it looks for a parser.
    delete raw.headers['content-type']
  })
  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  fastify.setSerializerCompiler(() => goJson)
}

/**
 * The responses of a route with these data.
 * @param description what the data are, for the OpenAPI document
 */
export function responsesOf<T extends TSchema>(data: T, description?: string) {
  return { 200: envelope(data, description), ...errorResponses }
}

/** The body of a response. */
export function answer<T>(reply: FastifyReply, data: T) {
  reply.cacheControl('no-store')
  return { success: true as const, data, request_id: reply.request.id }
}
