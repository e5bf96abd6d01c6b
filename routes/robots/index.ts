import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import { content, errorResponses } from '../../lib/schemas/api.ts'

/** Robots may read the gallery. Everything else costs work, or is for clients and operators. */
const TEXT = `User-agent: *
Allow: /$
Allow: /preview
Disallow: /
`

const routes: FastifyPluginAsync = async (fastify) => {
  fastify.get(
    '/robots.txt',
    { schema: { hide: true, response: { 200: content('text/plain'), ...errorResponses } } },
    async (_request, reply) =>
      reply.header('Cache-Control', 'public, max-age=86400').type('text/plain; charset=utf-8').send(TEXT)
  )
}

export default fp(routes, { name: 'routes/robots', encapsulate: true, fastify: '5.x' })
export const autoPrefix = '/'
