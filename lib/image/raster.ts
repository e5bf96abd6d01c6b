import type { Sharp } from 'sharp'
import { errors } from '../errors.ts'
import { mediaTypeOf } from './media-type.ts'
import { hasTooManyParts } from './parts.ts'
import { sharp } from './sharp.ts'

/** The most pixels that an image may have: 4096 per side. */
export const MAX_PIXELS = 4096 ** 2

const FORMATS = new Set(['png', 'jpeg', 'webp', 'gif', 'heif'])

/** Pixels in rows from the top left; each has three bytes: red, green, blue. */
export interface Raster {
  data: Buffer
  width: number
  height: number
}

/** An image and its pixels. */
export interface DecodedImage {
  raster: Raster
  /** The image as PNG. The original bytes if they are a PNG that needs no rotation. */
  png: Buffer
}

/**
 * Decodes a PNG, JPEG, WebP, GIF or AVIF of any depth, palette and channel count. Transparent pixels become white.
 * @throws IMAGE_DOWNLOAD_ERROR if the bytes are another format, damaged, or have more than MAX_PIXELS pixels or
 * MAX_PARTS parts
 */
export async function decodeImage(given: Uint8Array): Promise<DecodedImage> {
  try {
    const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
    const { raster, isPlainPng } = await decode(bytes)
    return { raster, png: isPlainPng ? Buffer.from(bytes) : await encodePng(raster) }
  } catch (error) {
    throw errors.image('What the artist delivered is not a picture of at most 4096 × 4096 pixels', error)
  }
}

/**
 * The pixels of an image that `decodeImage` reads.
 * @throws an error of the decoder, which no client may see
 */
export async function decodeRaster(bytes: Buffer): Promise<Raster> {
  return (await decode(bytes)).raster
}

/** @returns the pixels, and whether the bytes are a PNG that needs no rotation */
async function decode(bytes: Buffer): Promise<{ raster: Raster; isPlainPng: boolean }> {
  const mediaType = mediaTypeOf(bytes)
  // Other decoders, such as the one for SVG, never see what a provider sends.
  if (mediaType === undefined) throw new Error('no image of a known type')
  if (hasTooManyParts(bytes, mediaType)) throw new Error('an image of too many parts')
  const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
  const { format, orientation = 1 } = await image.metadata()
  if (!FORMATS.has(format)) throw new Error(`unexpected format ${format}`)
  const { data, info } = await image
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  return {
    raster: { data, width: info.width, height: info.height },
    isPlainPng: format === 'png' && orientation === 1
  }
}

/** Encodes a raster as PNG. The same pixels always give the same bytes. */
export async function encodePng({ data, width, height }: Raster): Promise<Buffer> {
  return await rasterImage({ data, width, height }).png({ compressionLevel: 6 }).toBuffer()
}

/** The raster as input of sharp. */
export function rasterImage({ data, width, height }: Raster): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
}
