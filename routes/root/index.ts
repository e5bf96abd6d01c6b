import { html } from 'ghtml'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import { VERSION } from '../../lib/package.ts'
import { content, errorResponses } from '../../lib/schemas/api.ts'
import { PLAIN_PAGE_POLICY } from '../../plugins/http/errors/page.ts'

type Endpoint = [path: string, description: string]

const ENDPOINTS: Endpoint[] = [
  ['/dalle/<series>/<address>', 'the picture of an Ethereum address, or the progress of its run'],
  ['/dalle/<series>/<address>?generate=1', 'makes the picture when there is none'],
  ['/dalle/<series>/<address>?remove=1', 'removes the picture'],
  ['/dalle/<series>/<address>/partial', 'the newest partial image, while a model draws'],
  ['/dalle/<series>/<address>?w=320&format=webp', 'the picture smaller, or as WebP, AVIF or JPEG'],
  [
    '/dalle/<series>/<address>/events',
    'the progress of its run as server-sent events; DELETE /dalle/<series>/<address> cancels the run'
  ],
  ['/events', 'all runs and all changes of pictures as server-sent events'],
  ['/v1/gallery', 'all pictures as JSON, page by page (?q=, ?series=, ?order=, ?limit=, ?cursor=)'],
  ['/v1/images/generate', 'POST: makes a picture of any text (/v1/images/preview: only its prompts)'],
  [
    '/v1/images',
    'what was made, and what is done with it: /v1/images/<id>, …/regenerate, …/export, …/restore'
  ],
  ['/nft/<series>/<address>', 'the metadata of a token (ERC-721); /nft/<series> is that of the contract'],
  ['/v1/batches', 'the batches; POST makes up to 10,000 pictures (/v1/batches/estimate: only their cost)'],
  [
    '/avatar/<series>/<address>',
    'the picture as a square; without one, a placeholder (?size=, ?caption=, ?fallback=404)'
  ],
  ['/series', 'the series that a picture can belong to'],
  ['/v1/series', 'the series with their filters; PUT /v1/series/<name> changes one'],
  ['/v1/databases', 'the databases; /v1/databases/<version>/records/<name> has their rows'],
  ['/preview/series', 'the page to edit and to hide series'],
  ['/preview/address/<address>', 'one address in every series, with sketches of what is not drawn yet'],
  ['/preview', 'the gallery of all pictures'],
  ['/files/<series>/annotated/<address>.png', 'a picture as a file; its prompts are beside it'],
  ['/health', 'the state of the server (?check=liveness, ?check=readiness, /healthz, /readyz)'],
  ['/docs', 'this interface as a page to read and to try; /openapi.json describes it for programs'],
  ['/metrics', 'figures for Prometheus (?format=json)'],
  ['/errors', 'the error report (?format=json, ?clear=1)']
]
/** A path of this server in a description. */
const OWN_PATH = /(^|[ (])(\/\w)/g
/** These are not here if metrics have a port of their own. */
const OF_METRICS_PORT = ['/metrics', '/errors']

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  const isApart = fastify.config.metricsPort !== undefined
  const base = fastify.basePath
  const endpoints = ENDPOINTS.filter(([path]) => !isApart || !OF_METRICS_PORT.includes(path)).map(
    ([path, description]): Endpoint => [base + path, description.replaceAll(OWN_PATH, `$1${base}$2`)]
  )
  const text = renderText(endpoints)
  const page = renderPage(endpoints, base)
  fastify.get(
    '/',
    {
      schema: {
        operationId: 'listEndpoints',
        tags: ['Service'],
        summary: 'List the endpoints',
        description: 'A short list of the endpoints: text, or a page for browsers.',
        response: {
          200: { description: 'The list.', ...content('text/plain', 'text/html') },
          ...errorResponses
        }
      }
    },
    async (request, reply) => {
      reply.vary('Accept')
      reply.cacheControl('no-cache')
      return request.accepts().type(['text/plain', 'text/html']) === 'text/html'
        ? reply
            .header('Content-Security-Policy', PLAIN_PAGE_POLICY)
            .type('text/html; charset=utf-8')
            .send(page)
        : reply.type('text/plain; charset=utf-8').send(text)
    }
  )
}

export default fp(routes, { name: 'routes/root', encapsulate: true, fastify: '5.x' })
export const autoPrefix = '/'

function renderText(endpoints: Endpoint[]): string {
  const columns = Math.max(...endpoints.map(([path]) => path.length))
  const lines = endpoints.map(([path, description]) => `${path.padEnd(columns)}  ${description}\n`)
  return `dalleserver ${VERSION}\n\n${lines.join('')}`
}

/** A link asks with GET: what takes only POST has none. */
function renderPage(endpoints: Endpoint[], base: string): string {
  const entries = endpoints.map(([path, description]) => {
    const isLink = !path.includes('<') && !description.startsWith('POST:')
    const name = isLink ? html`<a href="${path}">${path}</a>` : html`${path}`
    return html`<dt><code>!${name}</code></dt><dd>${description}</dd>`
  })
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>dalleserver</title>
<link rel="icon" href="${base}/preview/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${base}/preview/assets/base.css">
<script type="module" src="${base}/preview/assets/theme.js" blocking="render"></script>
</head>
<body>
<main class="plain">
<h1>dalleserver</h1>
<p class="lead">${VERSION}, one picture for every Ethereum address</p>
<p class="ways">
<a class="button primary" href="${base}/preview">Open the gallery</a>
<a class="button" href="${base}/docs">Read about the interface</a>
</p>
<h2>Endpoints</h2>
<dl>!${entries.join('\n')}</dl>
</main>
</body>
</html>
`
}
