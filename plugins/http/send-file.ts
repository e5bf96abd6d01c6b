import type { IncomingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import fresh from 'fresh'
import parseRange from 'range-parser'
import type { Range } from 'range-parser'
import { errors } from '../../lib/errors.ts'
import { readPart } from '../../lib/storage/file-cache.ts'
import type { ReadableFile } from '../../lib/storage/file-cache.ts'
import { fileVersion } from '../../lib/storage/file-version.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** Sends a file. One that is open is closed. */
    sendReadableFile: typeof sendReadableFile
    /** Sends 304 if the client's copy is current; else false, and nothing is sent. */
    sendUnchanged: typeof sendUnchanged
    /** Sends content that is made only if the client's copy is not current. */
    sendContent: typeof sendContent
  }
}

/** A file up to this size is read at once, which is faster than a stream. */
const WHOLE_BYTES = 512 * 1024
const CHUNK_BYTES = 256 * 1024

/** What a client compares its copy with, and how long it may keep it. */
export interface Validity {
  /** Without quotes. */
  version: string
  /** Unix milliseconds. Without it, only the version counts. */
  modifiedMs?: number | undefined
  cacheControl?: string | undefined
}

/** The header fields of the validity. */
interface Validators {
  etag: string
  'last-modified'?: string
}

/**
 * Sends a file, with ETag, Last-Modified, 304 and ranges. One that is open is closed. @fastify/static is not used: it
 * reads the size from the path and then opens the file, so a file that is replaced in between is sent with the wrong
 * size. Here size, validators and bytes belong to the same version of the file.
 */
async function sendReadableFile(
  this: FastifyReply,
  file: ReadableFile,
  contentType: string,
  cacheControl?: string
): Promise<FastifyReply> {
  const { bytes, modifiedMs } = file
  const validators = validate(this, { version: fileVersion({ bytes, modifiedMs }), modifiedMs, cacheControl })
  if (!isFresh(this.request.headers, validators)) return await sendBody(this, file, contentType, validators)
  if ('handle' in file) await file.handle.close()
  return await this.code(304).send()
}

/**
 * Sends content that is made when it is needed, in the same way. Resolves with false, and sends nothing, if there is
 * none.
 * @param make what it throws, this throws
 */
async function sendContent(
  this: FastifyReply,
  validity: Validity,
  contentType: string,
  make: () => Promise<Buffer | undefined>
): Promise<boolean> {
  const validators = validatorsOf(validity)
  const isCurrent = isFresh(this.request.headers, validators)
  const content = isCurrent ? undefined : await make()
  if (content === undefined && !isCurrent) return false
  validate(this, validity, validators)
  if (content === undefined) await this.code(304).send()
  else await sendBody(this, { content, bytes: content.length, modifiedMs: 0 }, contentType, validators)
  return true
}

async function sendUnchanged(this: FastifyReply, validity: Validity): Promise<boolean> {
  const validators = validatorsOf(validity)
  if (!isFresh(this.request.headers, validators)) return false
  validate(this, validity, validators)
  await this.code(304).send()
  return true
}

function validatorsOf({ version, modifiedMs }: Validity): Validators {
  const etag = `"${version}"`
  return modifiedMs === undefined ? { etag } : { etag, 'last-modified': dateText(modifiedMs) }
}

/** The date that was written last: most requests are for few files, and the text takes as long as the rest of them. */
let written = { ms: NaN, text: '' }

function dateText(ms: number): string {
  if (written.ms !== ms) written = { ms, text: new Date(ms).toUTCString() }
  return written.text
}

/** Writes the validity into the response. */
function validate(reply: FastifyReply, validity: Validity, validators = validatorsOf(validity)): Validators {
  const { cacheControl = 'public, no-cache' } = validity
  reply.headers({ ...validators, 'cache-control': cacheControl, 'accept-ranges': 'bytes' })
  return validators
}

/** Sends a file, or the part of it that is requested. One that is open is closed. */
async function sendBody(
  reply: FastifyReply,
  file: ReadableFile,
  contentType: string,
  validators: Validators
): Promise<FastifyReply> {
  let isStreamed = false
  try {
    const { headers, method } = reply.request
    const { bytes } = file
    // A server ignores Range in a HEAD request (RFC 9110, 14.2).
    const isPart = method !== 'HEAD' && isRangeCurrent(headers['if-range'], validators)
    const range = isPart ? rangeOf(headers.range, bytes) : undefined
    if (range === 'unsatisfiable') {
      reply.header('content-range', `bytes */${bytes}`)
      throw errors.invalidRequest('Range not satisfiable', {
        statusCode: 416,
        details: `The file has ${bytes} bytes`
      })
    }
    const { start, end } = range ?? { start: 0, end: bytes - 1 }
    const length = end - start + 1
    if (range !== undefined) reply.code(206).header('content-range', `bytes ${start}-${end}/${bytes}`)
    reply.type(contentType).header('content-length', length)

    if (method === 'HEAD') return await reply.send(Readable.from([]))
    if ('content' in file) return await reply.send(file.content.subarray(start, end + 1))
    if (length === 0) return await reply.send(Readable.from([]))
    if (length <= WHOLE_BYTES) return await reply.send(await readPart(file, start, length))
    const stream = await file.handle.createReadStream({ start, end, highWaterMark: CHUNK_BYTES })
    isStreamed = true
    return await reply.send(stream)
  } finally {
    if ('handle' in file && !isStreamed) await file.handle.close()
  }
}

/**
 * Whether the client's copy is current. `Cache-Control: no-cache` of the request is ignored: fetch adds it to every
 * conditional request, and it is meant for caches in between.
 */
function isFresh(headers: IncomingHttpHeaders, validators: Validators): boolean {
  return fresh(
    { 'if-none-match': headers['if-none-match'], 'if-modified-since': headers['if-modified-since'] },
    { ...validators }
  )
}

/** The requested range; undefined when the header is absent, malformed or contains several ranges. */
function rangeOf(header: string | undefined, bytes: number): Range | 'unsatisfiable' | undefined {
  if (header === undefined) return undefined
  const ranges = parseRange(bytes, header, { combine: true })
  if (ranges === -1) return 'unsatisfiable'
  return ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1 ? undefined : ranges[0]
}

/** Whether the client's part belongs to the current file (RFC 9110, 13.1.5). */
function isRangeCurrent(ifRange: string | string[] | undefined, validators: Validators): boolean {
  return ifRange === undefined || ifRange === validators.etag || ifRange === validators['last-modified']
}

/** `reply.sendReadableFile(file, contentType, cacheControl)` and `reply.sendContent(validity, contentType, make)`. */
export default fp(
  async (fastify) => {
    fastify.decorateReply('sendReadableFile', sendReadableFile)
    fastify.decorateReply('sendContent', sendContent)
    fastify.decorateReply('sendUnchanged', sendUnchanged)
  },
  { name: 'send-file', fastify: '5.x' }
)
