import type { FastifyReply } from 'fastify'
import { content, errorResponses } from '../../lib/schemas/api.ts'

const POLICY = [
  "default-src 'none'",
  "img-src 'self'",
  "style-src 'self'",
  "script-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'"
].join('; ')

/** The response schemas of a route that sends a page. */
export const pageResponses = { 200: content('text/html'), ...errorResponses }

/** Sends HTML with the content security policy of the gallery. */
export async function sendPage(reply: FastifyReply, page: string): Promise<FastifyReply> {
  return await reply
    .cacheControl('no-cache')
    .header('Content-Security-Policy', POLICY)
    .type('text/html; charset=utf-8')
    .send(page)
}
