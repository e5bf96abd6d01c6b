import { extname } from 'node:path'
import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import type { FastifyReply } from 'fastify'
import { errors, quote } from '../../lib/errors.ts'
import { goJson } from '../../lib/go-json.ts'
import { mediaTypeOf } from '../../lib/image/media-type.ts'
import { isBelowOutput } from '../../lib/records/artifact-paths.ts'
import { shownRecord } from '../../lib/records/describe.ts'
import { content, errorResponses } from '../../lib/schemas/api.ts'
import type { FileOnDisk } from '../../lib/storage/file-cache.ts'
import { inOutput, parseAnnotatedPath } from '../../lib/storage/layout.ts'
import { PICTURE_TYPES, variantQuery } from '../../plugins/app/send-picture.ts'

const MEDIA_TYPE: Record<string, string> = {
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
  '.json': 'application/json; charset=utf-8'
}
const UNKNOWN_TYPE = 'application/octet-stream'
const UNSAFE = /[\\\0]/
/** A drawing has the type that the provider sent. */
const DRAWING_TYPES = [...new Set([...PICTURE_TYPES, 'image/jpeg', 'image/webp', 'image/gif', 'image/avif'])]
const DRAWING = /^[^/]+\/generated\/[^/]+$/
/** The first bytes of an image, which show its type. */
const SIGN_BYTES = 12

/** The record of an image: its file has absolute paths. */
const RECORD = /(?:^|\/)metadata\/[^/]+\.json$/i

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  /** Sends a record with paths relative to the output folder. */
  async function sendRecord(path: string, missing: Error, reply: FastifyReply): Promise<FastifyReply> {
    const stored = await fastify.records.readAt(inOutput(path))
    if (stored === undefined) throw missing
    const { generated, annotated } = stored.record.artifacts
    const artifacts = Object.fromEntries(
      Object.entries({ generated, annotated }).filter(([, file]) => file !== undefined && isBelowOutput(file))
    )
    const body = goJson({ ...shownRecord(stored.record), artifacts })
    return await reply
      .cacheControl('public')
      .cacheControl('no-cache')
      .type(MEDIA_TYPE['.json']!)
      .send(`${body}\n`)
  }

  fastify.get(
    '/*',
    {
      schema: {
        params: Type.Object({ '*': Type.String() }),
        querystring: Type.Object(variantQuery),
        response: {
          200: content(...DRAWING_TYPES, 'text/plain', 'application/json', UNKNOWN_TYPE),
          206: content(...DRAWING_TYPES, 'text/plain', 'application/json', UNKNOWN_TYPE),
          304: Type.Null(),
          ...errorResponses
        }
      }
    },
    async (request, reply) => {
      const path = request.params['*']
      const missing = errors.notFound(`There is no file ${quote(path)}`)
      // A part that begins with a dot is a hidden file or leads upwards. An empty part makes the path absolute.
      if (UNSAFE.test(path) || path.split('/').some((part) => part === '' || part.startsWith('.'))) {
        throw missing
      }
      const picture = parseAnnotatedPath(path)
      if (picture !== undefined) {
        if (!(await reply.sendPicture(picture.series, picture.address, request.query))) {
          throw missing
        }
        return reply
      }
      const { w, format } = request.query
      if (w !== undefined || format !== undefined) {
        throw errors.invalidRequest('Invalid query', {
          details:
            'w and format are for finished pictures, <series>/annotated/<address>.png; ' +
            `${quote(path)} is none`
        })
      }
      if (RECORD.test(path)) return await sendRecord(path, missing, reply)
      const type = MEDIA_TYPE[extname(path).toLowerCase()] ?? UNKNOWN_TYPE
      const isPng = type === MEDIA_TYPE['.png']
      const file = isPng
        ? await fastify.pngFiles.read(inOutput(path))
        : await fastify.files.open(inOutput(path))
      if (file !== undefined) return await reply.sendReadableFile(file, type)
      const drawing = isPng && DRAWING.test(path) ? await openDrawing(inOutput(path)) : undefined
      if (drawing === undefined) throw missing
      return await reply.sendReadableFile(drawing.file, drawing.mediaType)
    }
  )

  /** A drawing as the provider sent it, which may be no PNG though its name says so. */
  async function openDrawing(path: string): Promise<{ file: FileOnDisk; mediaType: string } | undefined> {
    const file = await fastify.files.open(path)
    if (file === undefined) return undefined
    const { buffer, bytesRead } = await file.handle.read(Buffer.alloc(SIGN_BYTES), 0, SIGN_BYTES, 0)
    const mediaType = mediaTypeOf(buffer.subarray(0, bytesRead))
    if (mediaType !== undefined && mediaType !== MEDIA_TYPE['.png']) return { file, mediaType }
    await file.handle.close()
    return undefined
  }
}

export default fp(routes, { name: 'routes/files', encapsulate: true, fastify: '5.x' })
