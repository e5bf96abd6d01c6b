import type { FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import type { Config } from '../../lib/config/config.ts'
import { handOverValue } from '../../lib/hand-over.ts'
import { fileVersion } from '../../lib/storage/file-version.ts'
import type { FileStamp } from '../../lib/storage/file-version.ts'

declare module 'fastify' {
  interface FastifyReply {
    /**
     * An image that the proxy in front of the server may send; undefined if the server sends it.
     * @param path relative to the data folder
     * @param stat its size and time; undefined if there is none. It is only called if the proxy may send the image.
     */
    findHandOver: (
      path: string,
      stat: (path: string) => Promise<FileStamp | undefined>
    ) => Promise<HandedOver | undefined>
    /** Leaves an image to the proxy: the response has all headers, and no body. 304 if the client's copy is current. */
    handOver: typeof handOver
  }
}

/** An image that a proxy sends. */
interface HandedOver {
  stamp: FileStamp
  header: string
  value: string
}

/** The request header of a proxy that has not found an image. */
const REFUSAL = 'x-dalle-hand-over'
/** The size of the image. The proxy compares it with that of the file that it opens. */
const SIZE = 'X-Dalle-Bytes'
/** What proxies would answer in another way than the server does. */
const OWN_HEADERS = ['range', 'if-match', 'if-unmodified-since']
const EMPTY = Buffer.alloc(0)

async function handOver(
  this: FastifyReply,
  { stamp, header, value }: HandedOver,
  contentType: string,
  cacheControl?: string
): Promise<void> {
  const { bytes, modifiedMs } = stamp
  const validity = { version: fileVersion(stamp), modifiedMs, cacheControl }
  await this.sendContent(validity, contentType, async () => {
    this.header(header, value).header(SIZE, bytes)
    return EMPTY
  })
}

/**
 * Whether a proxy may send what a response shows. Where trusted proxies are named, only they may. An answer that was
 * held is sent by the server, because a proxy that does not find the image asks again.
 */
function isForProxy({ request, outcome }: FastifyReply, trustedProxies: readonly string[]): boolean {
  const { method, headers, ips } = request
  if (method !== 'GET' || outcome.isHeld === true || headers[REFUSAL] !== undefined) return false
  if (OWN_HEADERS.some((name) => headers[name] !== undefined)) return false
  return trustedProxies.length === 0 || (ips?.length ?? 0) > 1
}

/**
 * With TB_DALLE_ACCEL_REDIRECT or TB_DALLE_SENDFILE: `reply.findHandOver(path, stat)` and
 * `reply.handOver(found, contentType, cacheControl)`. The proxy gets a path of the data folder, so pictures whose bytes
 * the server changes, and those in an object store, are sent by the server.
 */
export default fp<{ config: Config }>(
  async (fastify, { config: { handOver: to, trustedProxies, embedPrompt, s3 } }) => {
    const reason = s3 !== undefined ? 'pictures are in an object store' : 'TB_DALLE_EMBED_PROMPT is 0'
    const isPossible = s3 === undefined && embedPrompt
    if (to !== undefined && !isPossible) {
      fastify.log.warn({ reason }, 'no picture is handed over to a proxy: the server sends all of them')
    }

    fastify.decorateReply('findHandOver', async function (path, stat) {
      if (to === undefined || !isPossible || !isForProxy(this, trustedProxies)) return undefined
      const value = handOverValue(to, path)
      const stamp = value === undefined ? undefined : await stat(path)
      return value === undefined || stamp === undefined ? undefined : { stamp, header: to.header, value }
    })
    fastify.decorateReply('handOver', handOver)
  },
  { name: 'hand-over', dependencies: ['request-log', 'send-file'], fastify: '5.x' }
)
