import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { errors } from '../../lib/errors.ts'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { content, errorResponses } from '../../lib/schemas/api.ts'
import type { ImageEntry } from '../../lib/storage/images.ts'
import { artifactPath, inOutput } from '../../lib/storage/layout.ts'
import { renderGallery } from './page.ts'

const IMAGES_PER_PAGE = 48
const POLICY = "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  await fastify.register(fastifyStatic, {
    root: join(PACKAGE_ROOT, 'routes/preview/assets'),
    prefix: '/assets/',
    index: false,
    dotfiles: 'deny',
    decorateReply: false
  })

  const withTitle = async (entry: ImageEntry) => {
    const title = await fastify.files.readText(inOutput(artifactPath('title', entry.series, entry.address)))
    return { ...entry, title: title ?? '' }
  }

  fastify.get('/', {
    schema: {
      querystring: Type.Object({ page: Type.Optional(Type.Integer({ minimum: 1, default: 1 })) }),
      response: { 200: content('text/html'), ...errorResponses }
    }
  }, async (request, reply) => {
    const { page = 1 } = request.query
    const total = await fastify.images.count()
    const pages = Math.max(1, Math.ceil(total / IMAGES_PER_PAGE))
    if (page > pages) throw errors.notFound(`The gallery has ${pages} ${pages === 1 ? 'page' : 'pages'}`)
    const images = await Promise.all((await fastify.images.newest((page - 1) * IMAGES_PER_PAGE, IMAGES_PER_PAGE)).map(withTitle))
    return reply
      .cacheControl('no-cache')
      .header('Content-Security-Policy', POLICY)
      .type('text/html; charset=utf-8')
      .send(renderGallery({ images, total, page, pages, origin: `${request.protocol}://${request.host}` }))
  })
}

export default routes
