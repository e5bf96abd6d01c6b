import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { errors } from '../../../lib/errors.ts'
import type { Pending } from '../../../lib/images/images.ts'
import {
  ExportRequestSchema,
  GenerateResultSchema,
  ImageMetadataRecordSchema,
  ImageRequestSchema
} from '../../../lib/schemas/images.ts'
import type { GenerateResult, ImageRequest } from '../../../lib/schemas/images.ts'
import { answer, speakV1 } from '../answers.ts'
import { readBody } from '../body.ts'
import { askFor, demandChange } from './asking.ts'
import { listBody } from './list.ts'
import { readImagePath } from './path.ts'
import type { ImagePath } from './path.ts'
import {
  actionSchema,
  generateSchema,
  listSchema,
  previewSchema,
  readSchema,
  removeSchema
} from './schemas.ts'

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.addSchema(GenerateResultSchema)
  fastify.addSchema(ImageMetadataRecordSchema)
  speakV1(fastify)

  // Runs that have not ended go on at the next start. The generation plugin has given them their time before.
  const stopping = new AbortController()
  fastify.addHook('preClose', async () => {
    stopping.abort(errors.unavailable('The server stops', 'The run goes on when it is back; ask again then'))
  })

  const asking = (request: FastifyRequest, reply: FastifyReply) =>
    askFor(fastify, request, reply, stopping.signal)

  /** Sends a result; 202 for a run that has not ended. */
  async function sendResult(reply: FastifyReply, result: GenerateResult | Pending): Promise<FastifyReply> {
    if (!('imageId' in result)) return await reply.send(answer(reply, result))
    reply.header('Location', `${fastify.basePath}/v1/images/${result.imageId}`)
    return await reply.code(202).send(answer(reply, result))
  }

  fastify.get(
    '/',
    {
      exposeHeadRoute: false,
      schema: listSchema,
      config: { isCostly: true }
    },
    async (request, reply) => {
      // The router takes /v1/images/ for the list; it is an image without an id.
      if (request.url.split('?', 1)[0]!.endsWith('/')) await fastify.images.find('')
      const series = request.query.series?.trim() || undefined
      const body = await listBody(fastify.images.list(series), request.id)
      return await reply.cacheControl('no-store').type('application/json; charset=utf-8').send(body)
    }
  )

  fastify.post('/preview', { schema: previewSchema }, async (request, reply) => {
    const result = await fastify.images.preview(readRequest(request, reply), {
      admit: () => demandChange(fastify, request, reply)
    })
    return answer(reply, result)
  })

  fastify.post('/generate', { schema: generateSchema }, async (request, reply) => {
    const body = readRequest(request, reply)
    return await sendResult(reply, await fastify.images.generate(body, asking(request, reply)))
  })

  fastify.get(
    '/*',
    {
      exposeHeadRoute: false,
      schema: readSchema,
      // An id that is not known is looked for on the disk.
      config: { isCostly: true }
    },
    async (request, reply) => {
      const { id } = pathOf(request, reply)
      return answer(reply, await fastify.images.find(id))
    }
  )

  // An empty id: the router takes it for the list.
  for (const url of ['/', '/*']) {
    const schema = { ...removeSchema, hide: url === '/' }
    fastify.delete(url, { schema }, async (request, reply) => {
      const { id } = pathOf(request, reply)
      demandChange(fastify, request, reply)
      await fastify.images.remove(id)
      return answer(reply, { deleted: true as const })
    })
  }

  fastify.post('/*', { schema: actionSchema }, async (request, reply) => {
    const { id, action } = pathOf(request, reply)
    demandChange(fastify, request, reply)
    if (action === 'export') {
      const body = readBody(request.body, ExportRequestSchema, { mayBeEmpty: true })
      return answer(reply, await fastify.images.exportTexts(id, body))
    }
    if (action === 'restore') {
      return answer(reply, await fastify.images.restore(id, request.query.series?.trim() || undefined))
    }
    return await sendResult(reply, await fastify.images.regenerate(id, asking(request, reply)))
  })
}

export default fp(routes, { name: 'routes/v1/images', encapsulate: true, fastify: '5.x' })

/** @throws invalid_input for an address with a wrong checksum, if the settings say so */
function checkAddress(text: string, reply: FastifyReply): void {
  const problem = reply.noteChecksum(text)
  if (problem !== undefined) throw errors.invalidInput('invalid address', { details: problem })
}

/** The body of a request for an image. */
function readRequest({ body }: FastifyRequest, reply: FastifyReply): ImageRequest {
  const request = readBody(body, ImageRequestSchema)
  checkAddress(request.seed?.trim() ?? '', reply)
  return request
}

/**
 * What the path of a request names.
 * @throws invalid_input with the status 405 for another method than it takes
 */
function pathOf({ method, originalUrl }: FastifyRequest, reply: FastifyReply): ImagePath {
  const path = readImagePath(originalUrl)
  checkAddress(path.id, reply)
  if (path.methods.includes(method)) return path
  reply.header('Allow', path.methods.join(', '))
  throw errors.methodNotAllowedInV1(method, path.methods.join(', '))
}
