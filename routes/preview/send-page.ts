import type { FastifyReply } from 'fastify'
import { content, errorResponses } from '../../lib/schemas/api.ts'

const CONTENT = [
  "default-src 'none'",
  "img-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "base-uri 'none'"
]
const POLICY = [
  ...CONTENT,
  "script-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'"
].join('; ')

/** The response schemas of a route that sends a page. */
export const pageResponses = { 200: content('text/html'), ...errorResponses }

/**
 * Sends HTML with the content security policy of the gallery.
 * @param frameAncestors the origins whose pages may show it in a frame, or `*`. Such a page has no scripts and no forms
 */
export async function sendPage(
  reply: FastifyReply,
  page: string,
  frameAncestors: readonly string[] = []
): Promise<FastifyReply> {
  const ancestors = `frame-ancestors ${frameAncestors.join(' ')}`
  const policy =
    frameAncestors.length === 0 ? POLICY : [...CONTENT, "form-action 'none'", ancestors].join('; ')
  return await reply
    .cacheControl('no-cache')
    .header('Content-Security-Policy', policy)
    .type('text/html; charset=utf-8')
    .send(page)
}
