import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { errors, isServiceError } from '../../lib/errors.ts'
import { FORMATS, WIDTHS } from '../../lib/pictures/variants.ts'
import type { Format, VariantRequest } from '../../lib/pictures/variants.ts'
import type { PictureFile } from '../../lib/pictures/stored.ts'

const FOR_EVER = 'public, max-age=31536000, immutable'

/** The part of a query that says how a picture shall be sent. */
export const variantQuery = {
  w: Type.Optional(
    Type.Unsafe<string>({
      type: 'string',
      enum: WIDTHS.map(String),
      description: 'Width in pixels; a picture is never made larger than it is'
    })
  ),
  format: Type.Optional(
    Type.Unsafe<Format>({
      type: 'string',
      enum: FORMATS,
      description: 'Without it, a picture of another width is WebP or PNG, as Accept has it'
    })
  ),
  v: Type.Optional(
    Type.String({ description: "The picture's version: where it is right, the answer may be kept for ever" })
  )
}

type VariantQuery = Static<ReturnType<typeof Type.Object<typeof variantQuery>>>

export const PICTURE_TYPES = FORMATS.map((format) => `image/${format}`)

/** Changes whenever the picture does. */
export function versionOf({ modifiedMs, bytes }: Pick<PictureFile, 'modifiedMs' | 'bytes'>): string {
  return `${Math.floor(modifiedMs).toString(36)}-${bytes.toString(36)}`
}

/** Sends a picture as the query asks for it, whole as it is where it asks for nothing. False when there is no picture. */
export async function sendPicture(
  fastify: FastifyInstance,
  reply: FastifyReply,
  series: string,
  address: string,
  query: VariantQuery
): Promise<boolean> {
  const request = readVariant(reply, query)
  const entry = query.v === undefined ? undefined : await fastify.images.find(series, address)
  const cacheControl = entry !== undefined && versionOf(entry) === query.v ? FOR_EVER : undefined
  const variant = request && (await openVariant(fastify, reply, series, address, request))
  if (variant !== undefined) {
    await reply.sendOpenFile(variant, `image/${request!.format}`, cacheControl)
    return true
  }
  const handle = await fastify.images.open(series, address)
  if (handle === undefined) return false
  await reply.sendOpenFile(handle, 'image/png', request === undefined ? cacheControl : undefined)
  return true
}

/** The variant, for as long as the client is there; undefined where it cannot be kept: then the picture as it is must do. */
async function openVariant(
  fastify: FastifyInstance,
  reply: FastifyReply,
  series: string,
  address: string,
  request: VariantRequest
) {
  const left = new AbortController()
  const leave = () => left.abort(errors.unavailable('The client has left'))
  reply.raw.once('close', leave)
  try {
    return await fastify.variants.open(series, address, request, left.signal)
  } catch (error) {
    if (!isServiceError(error) || error.code !== 'FILE_SYSTEM_ERROR') throw error
    reply.log.warn({ err: error }, 'a picture in another size could not be kept')
    return undefined
  } finally {
    reply.raw.off('close', leave)
  }
}

/** The variant that is asked for, undefined for the picture as it is. */
function readVariant(reply: FastifyReply, { w, format }: VariantQuery): VariantRequest | undefined {
  if (w === undefined) {
    return format === undefined || format === 'png' ? undefined : { width: undefined, format }
  }
  const width = Number(w) as VariantRequest['width']
  if (format !== undefined) return { width, format }
  reply.vary('Accept')
  return {
    width,
    format: reply.request.accepts().type(['image/png', 'image/webp']) === 'image/webp' ? 'webp' : 'png'
  }
}
