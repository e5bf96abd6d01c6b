import type { FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import type { Around, SharedBody } from '../../lib/shared-body.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** Sends a body that other responses share, compressed if the client prefers that. Set its type before. */
    sendShared: typeof sendShared
    /** Sends an envelope without its end, which `openEnvelope` writes. */
    sendSharedEnvelope: typeof sendSharedEnvelope
  }
}

/** A shorter body fits into one packet as it is. */
const LEAST_COMPRESSED_BYTES = 1024

/** The begin of an envelope, which is the same for all responses. */
export function openEnvelope(data: unknown): string {
  return `{"success":true,"data":${JSON.stringify(data)}`
}

/** The end of an envelope. */
export function closeEnvelope(requestId: string): string {
  return `,"request_id":${JSON.stringify(requestId)}}`
}

async function sendShared(this: FastifyReply, body: SharedBody, around: Around = {}): Promise<FastifyReply> {
  this.vary('Accept-Encoding')
  if (body.bytes < LEAST_COMPRESSED_BYTES || !prefersGzip(this)) return await this.send(body.plain(around))
  return await this.header('content-encoding', 'gzip').send(await body.gzip(around))
}

async function sendSharedEnvelope(this: FastifyReply, body: SharedBody): Promise<FastifyReply> {
  this.type('application/json; charset=utf-8')
  return await this.sendShared(body, { after: closeEnvelope(this.request.id) })
}

function prefersGzip({ request }: FastifyReply): boolean {
  if (request.headers['accept-encoding'] === undefined) return false
  return request.accepts().encoding(['gzip', 'identity']) === 'gzip'
}

/** `reply.sendShared(body, around)` and `reply.sendSharedEnvelope(body)`. */
export default fp(
  async (fastify) => {
    fastify.decorateReply('sendShared', sendShared)
    fastify.decorateReply('sendSharedEnvelope', sendSharedEnvelope)
  },
  { name: 'send-shared', dependencies: ['accepts', 'sensible'], fastify: '5.x' }
)
