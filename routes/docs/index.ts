import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import compress from '@fastify/compress'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import { html } from 'ghtml'
import { content, errorResponses } from '../../lib/schemas/api.ts'

/** The files of Swagger UI that the page loads. The plugin of the package is not used: its page has other policies. */
const SWAGGER_UI = join(dirname(fileURLToPath(import.meta.resolve('@fastify/swagger-ui'))), 'static')
const FILES = ['/swagger-ui.css', '/swagger-ui-bundle.js']

const POLICY = [
  "default-src 'none'",
  // Swagger UI shows icons in data URLs, and pictures in object URLs.
  "img-src 'self' data: blob:",
  "style-src 'self'",
  "script-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join('; ')

const routes: FastifyPluginAsync = async (fastify) => {
  const page = renderPage(fastify.basePath)
  await fastify.register(compress, { encodings: ['gzip'] })
  await fastify.register(fastifyStatic, {
    root: SWAGGER_UI,
    prefix: '/assets/',
    index: false,
    decorateReply: false,
    allowedPath: (path) => FILES.includes(path),
    cacheControl: false,
    setHeaders: (reply) => {
      reply.header('Cache-Control', 'public, no-cache')
    }
  })

  fastify.get(
    '/',
    { schema: { hide: true, response: { 200: content('text/html'), ...errorResponses } } },
    async (_request, reply) =>
      reply
        .header('Cache-Control', 'no-cache')
        .header('Content-Security-Policy', POLICY)
        .type('text/html; charset=utf-8')
        .send(page)
  )
}

export default fp(routes, { name: 'routes/docs', encapsulate: true, fastify: '5.x' })

/** The page: Swagger UI with the document of this server. */
function renderPage(basePath: string): string {
  const ofGallery = (name: string) => `${basePath}/preview/assets/${name}`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>The HTTP interface – dalleserver</title>
<link rel="icon" href="${ofGallery('icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${basePath}/docs/assets/swagger-ui.css">
<link rel="stylesheet" href="${ofGallery('docs.css')}">
<script type="module" src="${ofGallery('theme.js')}" blocking="render"></script>
<script src="${basePath}/docs/assets/swagger-ui-bundle.js" defer></script>
<script type="module" src="${ofGallery('docs.js')}"></script>
</head>
<body>
<header>
<a href="${basePath}/preview"><img src="${ofGallery('icon.svg')}" width="28" height="28" alt="">dalleserver</a>
<a href="${basePath}/openapi.json">openapi.json</a>
</header>
<main id="docs" data-document="${basePath}/openapi.json">
<noscript><p>This page needs scripts. The interface is described in openapi.json too.</p></noscript>
</main>
</body>
</html>
`
}
