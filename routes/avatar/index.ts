import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import { errors, isServiceError, quote } from '../../lib/errors.ts'
import { SIDES } from '../../lib/pictures/avatars.ts'
import type { Avatar, AvatarRequest } from '../../lib/pictures/avatars.ts'
import { FORMATS } from '../../lib/pictures/variant-request.ts'
import { checkKeys, readSwitch } from '../../lib/schemas/switches.ts'
import { variantClient } from '../../plugins/app/send-picture.ts'
import { isAddress } from '../../lib/storage/layout.ts'
import { addWrongPaths } from '../../plugins/app/targets/index.ts'
import type { Target } from '../../plugins/app/targets/index.ts'
import { setRun } from '../../plugins/http/request-log/run-header.ts'
import { ParamsSchema, QuerySchema, SVG_TYPE, avatarResponses } from './schemas.ts'
import type { RequestedAvatar } from './schemas.ts'
import { startRun } from './start.ts'

const ROUTE = '/avatar'
const KEYS = Object.keys(QuerySchema.properties)
const EXTENSIONS = [...FORMATS, 'svg'] as const
/** The base and the extension of a file name. */
const NAME = /^([^.]*)\.(.*)$/

/** A picture may be replaced while its avatar is made. Then the new one is looked for. */
const ATTEMPTS = 2

/** How long a placeholder may be kept. While a run works, its picture is expected. */
const IDLE = 'public, max-age=60'
const LIVE = 'public, max-age=5'

/** An SVG that is opened as a document runs nothing and loads nothing. */
const SVG_POLICY = "default-src 'none'; sandbox"

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.get(
    '/:series/:address',
    {
      schema: {
        operationId: 'getAvatar',
        summary: 'An image of an address',
        description:
          'The picture of an address as a square image. While there is no picture, the built-in artist draws a ' +
          'placeholder, marked with X-Dalle-Placeholder. The extension is the format; without one, the response is ' +
          'WebP or PNG, as Accept prefers. No run starts without generate=1.',
        tags: ['Pictures'],
        errors: [
          'INVALID_REQUEST',
          'INVALID_SERIES',
          'INVALID_ADDRESS',
          'MISSING_PARAMETER',
          'NOT_FOUND',
          'RATE_LIMITED',
          'SERVICE_UNAVAILABLE'
        ],
        params: ParamsSchema,
        querystring: QuerySchema,
        response: avatarResponses
      },
      config: { isCrossOrigin: true }
    },
    async (request, reply) => {
      const { params, query, method, isIntended } = request
      const [name, extension] = splitName(params.address)
      const target = await fastify.findTarget([params.series, name], ROUTE)
      checkKeys(query, KEYS)
      const mayStart = readSwitch(query, 'generate') === true && method === 'GET' && isIntended
      const wanted = {
        size: query.size ?? SIDES.default,
        hasCaption: readSwitch(query, 'caption') === true,
        format: readFormat(extension, reply)
      }
      const { series, address } = target
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        for (const avatar of await fastify.avatars.ofPicture(series, address, wanted)) {
          setRun(reply, 'cached')
          if (await sendAvatar(avatar, wanted, reply)) return reply
        }
      }
      await reportRun(target, request, reply, mayStart)
      if (query.fallback === '404') {
        fastify.metrics.recordAvatar('missing')
        throw errors.notFound(`There is no picture of ${quote(address)} in ${quote(series.suffix)}`)
      }
      await sendAvatar(fastify.avatars.placeholder(series, address, wanted), wanted, reply)
      return reply
    }
  )

  /** Starts a run where the request asks for it and may, and sets `X-Dalle-Run`. */
  async function reportRun(
    target: Target,
    request: RequestedAvatar,
    reply: FastifyReply,
    mayStart: boolean
  ): Promise<void> {
    if (mayStart) {
      const { run, refusal } = await startRun(fastify, target, request)
      setRun(reply, run)
      if (refusal !== undefined) reply.header('X-Dalle-Refused', refusal.code)
      return
    }
    const snapshot = await fastify.generation.snapshot(target.series.suffix, target.address)
    setRun(reply, snapshot === undefined ? 'idle' : snapshot.done ? 'failed' : 'joined')
  }

  /** Resolves with false if the picture is damaged or has just been removed. */
  async function sendAvatar(
    avatar: Avatar,
    { format }: AvatarRequest,
    reply: FastifyReply
  ): Promise<boolean> {
    const { version, modifiedMs, isPlaceholder } = avatar
    if (isPlaceholder) reply.header('X-Dalle-Placeholder', 'true')
    if (format === 'svg') reply.header('Content-Security-Policy', SVG_POLICY)
    const { run } = reply.outcome
    const isLive = run === 'started' || run === 'joined'
    const cacheControl = isPlaceholder ? (isLive ? LIVE : IDLE) : undefined
    const mediaType = format === 'svg' ? SVG_TYPE : `image/${format}`
    const make = async () => await readAvatar(avatar, reply)
    if (!(await reply.sendContent({ version, modifiedMs, cacheControl }, mediaType, make))) return false
    fastify.metrics.recordAvatar(isPlaceholder ? 'placeholder' : 'picture')
    return true
  }

  /** The bytes of an avatar; undefined if its picture is damaged or has just been removed. */
  async function readAvatar(avatar: Avatar, { request, log }: FastifyReply): Promise<Buffer | undefined> {
    try {
      return await avatar.read(variantClient(request))
    } catch (error) {
      if (request.signal.aborted) throw errors.unavailable('The client has left')
      if (!isServiceError(error) || error.code !== 'IMAGE_DOWNLOAD_ERROR') throw error
      log.warn({ err: error }, 'the avatar of a damaged picture could not be made')
      return undefined
    }
  }

  addWrongPaths(fastify, ROUTE)
}

export default fp(routes, { name: 'routes/avatar', encapsulate: true, fastify: '5.x' })

/** An address and its extension. Another text, as the name of an account, stays whole: an error names all of it. */
function splitName(text: string): [name: string, extension?: string | undefined] {
  const [, name = '', extension = ''] = NAME.exec(text) ?? []
  const isImage = formatOf(extension) !== undefined
  return NAME.test(text) && (isImage || isAddress(name.toLowerCase())) ? [name, extension] : [text]
}

function formatOf(extension: string): AvatarRequest['format'] | undefined {
  const name = extension.toLowerCase() === 'jpg' ? 'jpeg' : extension.toLowerCase()
  return EXTENSIONS.find((known) => known === name)
}

/**
 * The format of an extension; without one, WebP or PNG, as the client prefers.
 * @throws INVALID_REQUEST for another extension
 */
function readFormat(extension: string | undefined, reply: FastifyReply): AvatarRequest['format'] {
  if (extension === undefined) {
    reply.vary('Accept')
    return reply.request.accepts().type(['image/png', 'image/webp']) === 'image/webp' ? 'webp' : 'png'
  }
  const format = formatOf(extension)
  if (format !== undefined) return format
  throw errors.invalidPath(
    `The extension is ${quote(extension)}: it must be one of jpg, ${EXTENSIONS.join(', ')}`
  )
}
