import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { errors, isServiceError } from '../../lib/errors.ts'
import type { PictureFile } from '../../lib/engine/pictures.ts'
import { FORMATS, variantName } from '../../lib/pictures/variant-request.ts'
import type { Format, VariantRequest } from '../../lib/pictures/variant-request.ts'
import { LARGE_THUMBNAIL, THUMBNAIL, WIDTHS } from '../../lib/pictures/variants.ts'
import type { VariantClient, VariantFile } from '../../lib/pictures/variants.ts'
import { errorContent } from '../../lib/schemas/api.ts'
import { fileVersion } from '../../lib/storage/file-version.ts'
import type { FileStamp } from '../../lib/storage/file-version.ts'
import { isOfAnotherFolder } from '../../lib/storage/folder-lock.ts'
import { artifactPath, inOutput } from '../../lib/storage/layout.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** Sends a picture in the size and format of the query. Resolves with false when there is no picture. */
    sendPicture: typeof sendPicture
    /** Sends a drawing in the size and format of the query. Resolves with false when there is no drawing. */
    sendDrawing: typeof sendDrawing
  }
}

const IMMUTABLE = 'public, max-age=31536000, immutable'

/** The query parameters of a picture. */
export const variantQuery = {
  w: Type.Optional(
    Type.Unsafe<string>({
      type: 'string',
      enum: WIDTHS.map(String),
      description: 'Width in pixels. A picture is never enlarged.',
      examples: ['320']
    })
  ),
  format: Type.Optional(
    Type.Unsafe<Format>({
      type: 'string',
      enum: FORMATS,
      description: 'Without it, a picture of another width is WebP or PNG, as Accept prefers.',
      examples: ['webp']
    })
  ),
  v: Type.Optional(
    Type.String({
      description: 'The version of the picture. The response to the current version never expires.',
      examples: ['1a2b3c']
    })
  )
}

export type VariantQuery = Static<ReturnType<typeof Type.Object<typeof variantQuery>>>

/** The media types of pictures. */
export const PICTURE_TYPES = FORMATS.map((format) => `image/${format}`)

/** The headers of a picture, for the OpenAPI document. */
export const pictureHeaders = {
  ETag: Type.String({ description: 'The version of the picture, for `If-None-Match`.' }),
  'Last-Modified': Type.String({ description: 'When the picture was made, for `If-Modified-Since`.' })
}

export const rangeNotSatisfiable = {
  description: '`INVALID_REQUEST`: the file does not have the bytes that `Range` asks for.',
  headers: { 'Content-Range': Type.String({ description: '`bytes *` and the size of the file.' }) },
  content: errorContent
}

/** Pages below /preview whose name a series may have too. */
const OWN_PAGES = ['address', 'assets']

/**
 * The path of the page of a picture below the URL of the service. Names of series are in lower case, so that a capital
 * tells a series from another page.
 */
export function pagePath(series: string, address: string): string {
  const folder = OWN_PAGES.includes(series) ? series.replace('a', 'A') : encodeURIComponent(series)
  return `/preview/${folder}/${encodeURIComponent(address)}`
}

/**
 * The URLs of a picture, its thumbnails and its page. The version is part of each image URL, so that a browser does not
 * show the cached old image after a picture is made again.
 * @param base `fastify.basePath`
 */
export function linksOf(picture: PictureFile, base: string) {
  const { series, address } = picture
  const folder = encodeURIComponent(series)
  const version = fileVersion(picture)
  const name = encodeURIComponent(address)
  const path = artifactPath('annotated', series, address).split('/').map(encodeURIComponent).join('/')
  const file = `${base}/files/${path}`
  const ofWidth = (width: (typeof WIDTHS)[number]) => `${file}?w=${width}&v=${version}`
  return {
    version,
    image: `${file}?v=${version}`,
    thumbnail: ofWidth(THUMBNAIL),
    largeThumbnail: ofWidth(LARGE_THUMBNAIL),
    ofWidth,
    picture: `${base}/dalle/${folder}/${name}`,
    page: base + pagePath(series, address)
  }
}

/** `reply.sendPicture(series, address, query)` and `reply.sendDrawing(series, address, query)`. */
export default fp(
  async (fastify) => {
    fastify.decorateReply('sendPicture', sendPicture)
    fastify.decorateReply('sendDrawing', sendDrawing)
  },
  {
    name: 'send-picture',
    dependencies: ['accepts', 'hand-over', 'pictures', 'send-file', 'sensible'],
    fastify: '5.x'
  }
)

async function sendPicture(
  this: FastifyReply,
  series: string,
  address: string,
  query: VariantQuery
): Promise<boolean> {
  const { stored } = this.server.pictures
  const cacheControl = (picture: FileStamp) => (fileVersion(picture) === query.v ? IMMUTABLE : undefined)
  const wanted = readVariant(this, query)
  const variant = wanted && (await readVariantFile(this, series, address, wanted))
  if (variant !== undefined) {
    const { file, path, picture } = variant
    const handed = await this.findHandOver(path, async () => file)
    if (handed === undefined) {
      await this.sendReadableFile(file, `image/${wanted!.format}`, cacheControl(picture))
    } else {
      if ('handle' in file) await file.handle.close()
      await this.handOver(handed, `image/${wanted!.format}`, cacheControl(picture))
    }
    return true
  }
  if (wanted === undefined && (await sendUnchanged(this, series, address, cacheControl))) return true
  const ofOriginal = wanted === undefined ? cacheControl : () => undefined
  if (await handOverPng(this, artifactPath('annotated', series, address), ofOriginal)) return true
  const file = await stored.read(series, address)
  if (file === undefined) return false
  this.outcome.isPicture = true
  await this.sendReadableFile(file, 'image/png', ofOriginal(file))
  return true
}

/**
 * Leaves a whole PNG of the output folder to the proxy. Resolves with false if the server has to send it.
 * @param path relative to the output folder
 */
export async function handOverPng(
  reply: FastifyReply,
  path: string,
  cacheControl: (picture: FileStamp) => string | undefined = () => undefined
): Promise<boolean> {
  const { fileCache, pngFiles } = reply.server
  const found = await reply.findHandOver(inOutput(path), (file) => fileCache.stat(file, pngFiles.stat))
  if (found === undefined) return false
  reply.outcome.isPicture = true
  await reply.handOver(found, 'image/png', cacheControl(found.stamp))
  return true
}

/**
 * Answers 304 from what the index knows, where the picture would have to be fetched from an object store. False if the
 * client has no current copy.
 */
async function sendUnchanged(
  reply: FastifyReply,
  series: string,
  address: string,
  cacheControl: (picture: FileStamp) => string | undefined
): Promise<boolean> {
  const { config, pictures } = reply.server
  const { 'if-none-match': match, 'if-modified-since': since } = reply.request.headers
  // Without its prompts, a picture has another size than its file.
  if (config.s3 === undefined || !config.embedPrompt || (match ?? since) === undefined) return false
  const picture = await pictures.stored.find(series, address)
  if (picture === undefined) return false
  const { modifiedMs } = picture
  const isUnchanged = await reply.sendUnchanged({
    version: fileVersion(picture),
    modifiedMs,
    cacheControl: cacheControl(picture)
  })
  if (isUnchanged) reply.outcome.isPicture = true
  return isUnchanged
}

/** A drawing is converted in any case, because a provider may have sent another format than PNG. */
async function sendDrawing(
  this: FastifyReply,
  series: string,
  address: string,
  query: VariantQuery
): Promise<boolean> {
  const { server, request } = this
  const { variants } = server.pictures
  const source = await variants.fileSource('generated', series, address)
  if (source === undefined) return false
  const wanted = readVariant(this, query) ?? { width: undefined, format: 'png' }
  const cacheControl = source.version === query.v ? IMMUTABLE : undefined
  const validity = {
    version: variantName(source.kind, source.version, wanted),
    modifiedMs: source.stamp.modifiedMs,
    cacheControl
  }
  const make = async () => await variants.convert(source, wanted, variantClient(request))
  return await this.sendContent(validity, `image/${wanted.format}`, make)
}

/** The client of a request, whose share of conversions counts. */
export function variantClient(request: FastifyRequest): VariantClient {
  const { clientId: id, signal, server } = request
  return { id, signal, admit: () => server.limits.takeConversion(request) }
}

/** Reads the variant. Undefined when it cannot be written to the cache; the picture itself is sent then. */
async function readVariantFile(
  reply: FastifyReply,
  series: string,
  address: string,
  wanted: VariantRequest
): Promise<VariantFile | undefined> {
  const { server, request } = reply
  const { signal } = request
  try {
    return await server.pictures.variants.read(series, address, wanted, variantClient(request))
  } catch (error) {
    if (signal.aborted) throw errors.unavailable('The client has left')
    const isRefused =
      isOfAnotherFolder(error) || (isServiceError(error) && error.code === 'FILE_SYSTEM_ERROR')
    if (!isRefused) throw error
    reply.log.warn({ err: error }, 'a picture in another size could not be kept')
    return undefined
  }
}

/** The variant that the query asks for; undefined for the picture itself. */
function readVariant(reply: FastifyReply, { w, format }: VariantQuery): VariantRequest | undefined {
  if (w === undefined) {
    return format === undefined || format === 'png' ? undefined : { width: undefined, format }
  }
  const width = Number(w)
  if (format !== undefined) return { width, format }
  reply.vary('Accept')
  const preferred = reply.request.accepts().type(['image/png', 'image/webp'])
  return { width, format: preferred === 'image/webp' ? 'webp' : 'png' }
}
