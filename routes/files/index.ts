import { extname } from 'node:path'
import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import type { FastifyReply, FastifySchema } from 'fastify'
import { errors, quote } from '../../lib/errors.ts'
import { goJson } from '../../lib/go-json.ts'
import { hidePrompts } from '../../lib/image/provenance.ts'
import { isBelowOutput } from '../../lib/records/artifact-paths.ts'
import { shownRecord } from '../../lib/records/describe.ts'
import { EXAMPLE_ADDRESS, content, errorResponses } from '../../lib/schemas/api.ts'
import {
  ARTIFACTS,
  RECORD_BYTES_MAX,
  inOutput,
  parseAnnotatedPath,
  parseDrawingPath
} from '../../lib/storage/layout.ts'
import {
  PICTURE_TYPES,
  handOverPng,
  pictureHeaders,
  rangeNotSatisfiable,
  variantQuery
} from '../../plugins/app/send-picture.ts'

const MEDIA_TYPE: Record<string, string> = {
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
  '.json': 'application/json; charset=utf-8'
}
const UNKNOWN_TYPE = 'application/octet-stream'
const UNSAFE = /[\\\0]/
/** A drawing has the type that the provider sent. */
const DRAWING_TYPES = [...new Set([...PICTURE_TYPES, 'image/jpeg', 'image/webp', 'image/gif', 'image/avif'])]

/** The record of an image: its file has absolute paths. */
const RECORD = /(?:^|\/)metadata\/[^/]+\.json$/i
const SELECTOR = /^[^/]+\/selector\/[^/]+\.json$/
const TITLE = /^[^/]+\/title\/[^/]+\.txt$/
/** A file that is named after an address, in any case. */
const OF_ADDRESS = /^([^/]+\/[^/]+\/)(0x[\da-f]{40})(\.[a-z]+)$/i

const QuerySchema = Type.Object(variantQuery)
const file = content(...DRAWING_TYPES, 'text/plain', 'application/json', UNKNOWN_TYPE)

const fileSchema = {
  operationId: 'getFile',
  notesChecksum: true,
  tags: ['Pictures'],
  summary: 'Get a file of a picture',
  description:
    'One file of a picture: the picture with its caption, the drawing, a prompt, the dress, or the record. `w`, ' +
    '`format` and `v` are for finished pictures and drawings.',
  errors: ['INVALID_REQUEST', 'INVALID_ADDRESS', 'NOT_FOUND', 'RATE_LIMITED', 'SERVICE_UNAVAILABLE'],
  params: Type.Object({
    series: Type.String({ description: 'The name of a series, in lower case.', examples: ['simple'] }),
    kind: Type.Unsafe<string>({
      type: 'string',
      enum: [...ARTIFACTS, 'metadata'],
      description: 'The kind of file.',
      examples: ['annotated']
    }),
    name: Type.String({
      description:
        'The address and an extension: `.png` for `annotated`, `generated` and `standin`, `.json` for `selector`, ' +
        '`.txt` for the others. The name of a `metadata` file is the seed and `.json`.',
      examples: [`${EXAMPLE_ADDRESS}.png`]
    })
  }),
  querystring: QuerySchema,
  response: {
    200: { description: 'The file.', headers: pictureHeaders, ...file },
    206: { description: 'The part of the file that `Range` asks for.', headers: pictureHeaders, ...file },
    304: Type.Null({ description: 'The file that the client has is current.' }),
    416: rangeNotSatisfiable,
    ...errorResponses
  }
} satisfies FastifySchema

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  const hidesPrompts = !fastify.config.embedPrompt

  async function sendJson(reply: FastifyReply, value: unknown): Promise<FastifyReply> {
    return await reply
      .cacheControl('public')
      .cacheControl('no-cache')
      .type(MEDIA_TYPE['.json']!)
      .send(`${goJson(value)}\n`)
  }

  /** Sends a record with paths relative to the output folder. */
  async function sendRecord(path: string, missing: Error, reply: FastifyReply): Promise<FastifyReply> {
    const stored = await fastify.records.readAt(inOutput(path))
    if (stored === undefined) throw missing
    const { generated, annotated } = stored.record.artifacts
    const artifacts = Object.fromEntries(
      Object.entries({ generated, annotated }).filter(([, file]) => file !== undefined && isBelowOutput(file))
    )
    const record = shownRecord(stored.record)
    const prompts = hidesPrompts ? hidePrompts(record.prompts) : record.prompts
    return await sendJson(reply, { ...record, prompts, artifacts })
  }

  /** Sends the dress of a picture without its prompts. */
  async function sendSelector(path: string, missing: Error, reply: FastifyReply): Promise<FastifyReply> {
    const text = await fastify.files.readText(inOutput(path), { maxBytes: RECORD_BYTES_MAX })
    let dress: unknown
    try {
      dress = JSON.parse(text ?? '')
    } catch {
      throw missing
    }
    if (typeof dress !== 'object' || dress === null) throw missing
    return await sendJson(reply, hidePrompts(dress))
  }

  fastify.get(
    '/*',
    {
      schema: {
        params: Type.Object({ '*': Type.String() }),
        querystring: QuerySchema,
        operations: { '/:series/:kind/:name': fileSchema },
        response: fileSchema.response
      },
      config: { isCrossOrigin: true }
    },
    async (request, reply) => {
      const path = readPath(request.params['*'], reply)
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
      const drawing = parseDrawingPath(path)
      if (w !== undefined || format !== undefined) {
        if (drawing === undefined) {
          throw errors.invalidRequest('Invalid query', {
            details:
              'w and format are for finished pictures, <series>/annotated/<address>.png, and their drawings, ' +
              `<series>/generated/<address>.png; ${quote(path)} is none`
          })
        }
        if (!(await reply.sendDrawing(drawing.series, drawing.address, request.query))) throw missing
        return reply
      }
      if (RECORD.test(path)) return await sendRecord(path, missing, reply)
      const type = MEDIA_TYPE[extname(path).toLowerCase()] ?? UNKNOWN_TYPE
      const isPng = type === MEDIA_TYPE['.png']
      if (hidesPrompts && SELECTOR.test(path)) return await sendSelector(path, missing, reply)
      if (hidesPrompts && !isPng && !TITLE.test(path)) throw missing
      if (isPng && (await handOverPng(reply, path))) return reply
      const file = isPng
        ? await fastify.pngFiles.read(inOutput(path))
        : await fastify.files.open(inOutput(path))
      if (file !== undefined) return await reply.sendReadableFile(file, type)
      if (drawing === undefined) throw missing
      // The metadata of a drawing may contain the prompt. Pixels have none.
      if (hidesPrompts) {
        if (!(await reply.sendDrawing(drawing.series, drawing.address, {}))) throw missing
        return reply
      }
      const opened = await fastify.pictures.drawings.open(drawing.series, drawing.address)
      if (opened === undefined) throw missing
      return await reply.sendReadableFile(opened.file, opened.mediaType)
    }
  )
}

/**
 * The path of the file: files have the address in lower case.
 * @throws INVALID_ADDRESS with TB_DALLE_STRICT_CHECKSUM for an address with a wrong checksum
 */
function readPath(path: string, reply: FastifyReply): string {
  const [, folder, address, extension] = OF_ADDRESS.exec(path) ?? []
  if (folder === undefined || address === undefined || extension === undefined) return path
  const problem = reply.noteChecksum(address)
  if (problem !== undefined) throw errors.invalidAddress(address, problem)
  return `${folder}${address.toLowerCase()}${extension}`
}

export default fp(routes, { name: 'routes/files', encapsulate: true, fastify: '5.x' })
