import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import { content, errorResponses } from '../../lib/schemas/api.ts'

/** Robots may read the gallery and the pictures in it. Everything else costs work, or is for clients and operators. */
const textFor = (base: string) => `User-agent: *
Allow: ${base}/$
Allow: ${base}/preview
Allow: ${base}/files/
Disallow: ${base}/
`

const routes: FastifyPluginAsync = async (fastify) => {
  const text = textFor(fastify.basePath)
  fastify.get(
    '/robots.txt',
    { schema: { hide: true, response: { 200: content('text/plain'), ...errorResponses } } },
    async (_request, reply) =>
      reply.header('Cache-Control', 'public, max-age=86400').type('text/plain; charset=utf-8').send(text)
  )
}

export default fp(routes, { name: 'routes/robots', encapsulate: true, fastify: '5.x' })
export const autoPrefix = '/'
