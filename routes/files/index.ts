import { extname } from 'node:path'
import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import type { FastifyReply } from 'fastify'
import { errors, quote } from '../../lib/errors.ts'
import { goJson } from '../../lib/go-json.ts'
import { isBelowOutput } from '../../lib/records/artifact-paths.ts'
import { shownRecord } from '../../lib/records/describe.ts'
import { content, errorResponses } from '../../lib/schemas/api.ts'
import { inOutput, parseAnnotatedPath } from '../../lib/storage/layout.ts'
import { PICTURE_TYPES, variantQuery } from '../../plugins/app/send-picture.ts'

const MEDIA_TYPE: Record<string, string> = {
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
  '.json': 'application/json; charset=utf-8'
}
const UNKNOWN_TYPE = 'application/octet-stream'
const UNSAFE = /[\\\0]/

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
          200: content(...PICTURE_TYPES, 'text/plain', 'application/json', UNKNOWN_TYPE),
          206: content(...PICTURE_TYPES, 'text/plain', 'application/json', UNKNOWN_TYPE),
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
      const file =
        type === MEDIA_TYPE['.png']
          ? await fastify.pngFiles.read(inOutput(path))
          : await fastify.files.open(inOutput(path))
      if (file === undefined) throw missing
      return await reply.sendReadableFile(file, type)
    }
  )
}

export default fp(routes, { name: 'routes/files', encapsulate: true, fastify: '5.x' })
