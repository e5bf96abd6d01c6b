import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { FastifyBaseLogger } from 'fastify'
import fp from 'fastify-plugin'
import { errors, quote } from '../../lib/errors.ts'
import { requestIdOf } from '../../lib/log.ts'
import { endWithError } from './connections/answer.ts'
import { isOwnServer, requestId } from './request-log/request-id.ts'

const STATUS: Record<string, { statusCode: number; details: string }> = {
  HPE_HEADER_OVERFLOW: { statusCode: 431, details: 'The header is too large' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { statusCode: 413, details: 'The chunk extensions are too large' },
  ERR_HTTP_REQUEST_TIMEOUT: { statusCode: 408, details: 'The request took too long to arrive' }
}
const NOT_HTTP = { statusCode: 400, details: 'This is not HTTP as the server understands it' }
const CONTINUE = /^100-continue$/i

/** Fastify's `clientErrorHandler`: answers what Node's parser refuses, in the shape of every error. */
export function answerParserError(
  this: { log: FastifyBaseLogger; basePath?: string } | void,
  { code = '', rawPacket }: { code?: string; rawPacket?: unknown },
  socket: Socket
): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const failure = errors.invalidRequest('Invalid request', STATUS[code] ?? NOT_HTTP)
  const { remoteAddress: client } = socket
  const packet = Buffer.isBuffer(rawPacket) ? rawPacket.toString('latin1') : ''
  const id = requestIdOf(fieldOf(packet, 'x-request-id'))
  const base = this ? this.basePath : undefined
  endWithError(socket, failure, { id, accept: fieldOf(packet, 'accept'), base })
  if (this) {
    this.log.info(
      { reqId: id, client, status: failure.statusCode, code: failure.code, parser: code },
      'a request could not be read'
    )
  }
}

/** The value of a field in the bytes of a request. */
function fieldOf(packet: string, name: string): string | undefined {
  const [, value] = new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*\\r?$`, 'im').exec(packet) ?? []
  return value
}

/**
 * Requests that Node would answer itself, without a body or not at all: an `Expect` that is unknown, no `Host` or two,
 * and CONNECT.
 */
export default fp(
  async (fastify) => {
    const { server, log } = fastify
    if (isOwnServer(fastify)) {
      // The hook below answers, after the id of the request and the headers of every response are set.
      server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) =>
        server.emit('request', request, response)
      )
      server.on('connect', ({ headers }: IncomingMessage, socket: Duplex) => {
        const allowed = 'GET, HEAD'
        const failure = errors.methodNotAllowed('CONNECT', allowed)
        const id = requestId({ headers })
        const { basePath: base } = fastify
        endWithError(socket, failure, { id, accept: headers.accept, base, fields: { Allow: allowed } })
        log.info({ reqId: id, method: 'CONNECT', status: failure.statusCode, code: failure.code }, 'request')
      })
    }

    fastify.addHook('onRequest', async ({ raw, headers }) => {
      const hosts = raw.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
      // Before HTTP/1.1 a request needs no Host.
      if (hosts.length > 1 || (hosts.length === 0 && raw.httpVersion === '1.1')) {
        throw errors.invalidRequest('Invalid request', {
          details: `The header Host is given ${hosts.length} times: it must be there once`
        })
      }
      const { expect } = headers
      if (expect !== undefined && !CONTINUE.test(expect) && raw.httpVersion === '1.1') {
        throw errors.invalidRequest('Invalid request', {
          statusCode: 417,
          details: `Expect is ${quote(expect)}: the server knows only 100-continue`
        })
      }
    })
  },
  { name: 'bare-errors', dependencies: ['request-log', 'security-headers'], fastify: '5.x' }
)
