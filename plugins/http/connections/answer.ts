import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ServiceError } from '../../../lib/errors.ts'
import { requestIdOf } from '../../../lib/log.ts'
import { PLAIN_PAGE_POLICY, renderErrorPage, wantsPage } from '../errors/page.ts'
import { errorBody } from '../errors/index.ts'

/** What is known about a request that never reaches a route. */
export interface BareRequest {
  accept?: string | undefined
  id?: string
  /** `fastify.basePath`. */
  base?: string | undefined
  /** Fields of the response's header, besides those of every error. */
  fields?: Record<string, string>
}

/** Answers a client whose request never reaches a route, and closes the connection when the answer is written. */
export function endWithError(
  socket: Duplex,
  error: ServiceError,
  { accept, id: requestId = requestIdOf(undefined), base = '', fields = {} }: BareRequest = {}
): void {
  const isPage = wantsPage(accept)
  const body = isPage ? renderErrorPage(error, requestId, base) : JSON.stringify(errorBody(error, requestId))
  const head = Object.entries({
    'X-Request-ID': requestId,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
    'Content-Type': isPage ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
    ...(isPage && { 'Content-Security-Policy': PLAIN_PAGE_POLICY }),
    ...fields,
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close'
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  const status = `HTTP/1.1 ${error.statusCode} ${STATUS_CODES[error.statusCode]}\r\n`
  // A socket that is only ended waits for a client that may never close its side.
  socket.end(`${status}${head.join('')}\r\n${body}`, () => socket.destroy())
}
