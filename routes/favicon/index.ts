import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { content, errorResponses } from '../../lib/schemas/api.ts'

const FILE = join(PACKAGE_ROOT, 'routes/preview/assets/favicon.ico')

/** `GET /favicon.ico`: browsers ask for it beside answers that name no icon, such as a picture. */
const routes: FastifyPluginAsync = async (fastify) => {
  const icon = await readFile(FILE)
  fastify.get(
    '/favicon.ico',
    { schema: { hide: true, response: { 200: content('image/vnd.microsoft.icon'), ...errorResponses } } },
    async (_request, reply) =>
      reply.header('Cache-Control', 'public, max-age=86400').type('image/vnd.microsoft.icon').send(icon)
  )
}

export default fp(routes, { name: 'routes/favicon', encapsulate: true, fastify: '5.x' })
export const autoPrefix = '/'
