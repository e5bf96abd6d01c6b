import compress from '@fastify/compress'
import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsync, FastifySchema } from 'fastify'
import fp from 'fastify-plugin'
import fresh from 'fresh'
import { errorResponses } from '../../lib/schemas/api.ts'

const schema = {
  operationId: 'getOpenApi',
  tags: ['Service'],
  summary: 'Get this document',
  description:
    'The OpenAPI document of the server, for generators of clients. It changes only with the server.',
  requestHeaders: Type.Object({
    'If-None-Match': Type.Optional(
      Type.String({ description: 'The ETag of the document that the client has.', examples: ['"1a2b3c"'] })
    )
  }),
  response: {
    200: {
      description: 'The document (OpenAPI 3.1).',
      headers: { ETag: Type.String({ description: 'The version of the document.' }) },
      content: { 'application/json': { schema: Type.Unsafe<unknown>({ type: 'object' }) } }
    },
    304: Type.Null({ description: 'The document that the client has is current.' }),
    ...errorResponses
  }
} satisfies FastifySchema

const routes: FastifyPluginAsync = async (fastify) => {
  await fastify.register(compress, { encodings: ['br', 'gzip'] })

  // It is sent as text.
  const serializerCompiler = () => JSON.stringify
  const config = { isCrossOrigin: true }
  fastify.get('/openapi.json', { schema, serializerCompiler, config }, async (request, reply) => {
    const { text, etag } = await fastify.openapi.read()
    reply.header('ETag', etag).header('Cache-Control', 'public, no-cache')
    if (fresh({ 'if-none-match': request.headers['if-none-match'] }, { etag })) {
      return await reply.code(304).send()
    }
    return await reply.type('application/json; charset=utf-8').send(text)
  })
}

export default fp(routes, { name: 'routes/openapi', encapsulate: true, fastify: '5.x' })
export const autoPrefix = '/'
