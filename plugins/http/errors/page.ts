import { html } from 'ghtml'
import type { ServiceError } from '../../../lib/errors.ts'

/** The policy of pages with nothing but text and a theme: those of errors, and the list of endpoints. */
export const PLAIN_PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join('; ')

/** What follows the path of the list of endpoints in a message. */
export const LISTS = 'lists what there is'

const REFUSED = /;\s*q=0(?:\.0*)?\s*$/

/** Whether a client wants an error as a page: it names HTML in `Accept`, and not JSON. */
export function wantsPage(accept = ''): boolean {
  const types = accept
    .toLowerCase()
    .split(',')
    .filter((part) => !REFUSED.test(part))
    .map((part) => part.split(';', 1)[0]!.trim())
  return types.includes('text/html') && !types.includes('application/json')
}

/**
 * An error as a page: status, code, message and id are those of the JSON. All values are escaped.
 * @param base `fastify.basePath`
 */
export function renderErrorPage(
  { statusCode, code, message, details = '' }: ServiceError,
  requestId: string,
  base: string
): string {
  const assets = `${base}/preview/assets`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${statusCode} ${message} – dalleserver</title>
<link rel="icon" href="${assets}/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${assets}/base.css">
<script type="module" src="${assets}/theme.js" blocking="render"></script>
<script type="module" src="${assets}/plain.js"></script>
</head>
<body>
<header class="bar page-bar">
<a class="brand" href="${base}/preview">
<img src="${assets}/icon.svg" width="28" height="28" alt="">dalleserver</a>
<nav aria-label="Main">
<a href="${base}/preview">Gallery</a> <a href="${base}/preview/series">Series</a>
</nav>
<div class="view script"><button type="button" id="theme" class="quiet" aria-pressed="false">Dark</button></div>
</header>
<main class="plain">
<h1>${message}</h1>
<p class="lead">!${renderDetails(details, base)}</p>
<p>Status ${statusCode}, code <code>${code}</code>, request <code>${requestId}</code></p>
<p><a href="${base}/preview">Open the gallery</a></p>
</main>
</body>
</html>
`
}

/** A sentence on a page ends with a full stop. The path of the list of endpoints at its end is a link. */
function renderDetails(details: string, base: string): string {
  const end = `${base}/ ${LISTS}`
  if (!details.endsWith(end)) return html`${details}${/[\p{L}\p{N})”"’]$/u.test(details) ? '.' : ''}`
  return html`${details.slice(0, -end.length)}<a href="${base}/">${end}</a>.`
}
