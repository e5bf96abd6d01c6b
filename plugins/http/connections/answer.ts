import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ServiceError } from '../../../lib/errors.ts'
import { requestIdOf } from '../../../lib/log.ts'
import { errorBody } from '../errors.ts'

/** Answers a client whose request never reaches a route, and closes the connection when the answer is written. */
export function endWithError(socket: Duplex, error: ServiceError): void {
  const requestId = requestIdOf(undefined)
  const body = JSON.stringify(errorBody(error, requestId))
  const head = [
    `HTTP/1.1 ${error.statusCode} ${STATUS_CODES[error.statusCode]}`,
    `X-Request-ID: ${requestId}`,
    'X-Content-Type-Options: nosniff',
    'Cache-Control: no-store',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close'
  ]
  // A socket that is only ended waits for a client that may never close its side.
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}
