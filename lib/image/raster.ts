import type { Sharp } from 'sharp'
import { errors } from '../errors.ts'
import { mediaTypeOf } from './media-type.ts'
import { hasTooManyParts } from './parts.ts'
import { sharp } from './sharp.ts'

/** The most pixels that an image may have: 4096 per side. */
export const MAX_PIXELS = 4096 ** 2

/**
 * Level 6 takes 1.8 times as long for drawings that are 8 % smaller. Photographs have the same size from level 2 on.
 * Filters make drawings larger and take longer.
 */
const COMPRESSION_LEVEL = 3

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
  return await orNoPicture(async () => {
    const bytes = bufferOf(given)
    const { raster, isPlainPng } = await decode(bytes)
    return { raster, png: isPlainPng ? bytes : await encodePng(raster) }
  })
}

/**
 * The pixels of an image that `decodeImage` reads.
 * @throws as `decodeImage`
 */
export async function decodePixels(given: Uint8Array): Promise<Raster> {
  return await orNoPicture(async () => await decodeRaster(bufferOf(given)))
}

async function orNoPicture<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw errors.image('What the artist delivered is not a picture of at most 4096 × 4096 pixels', error)
  }
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
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

/** Encodes a raster as PNG. The same pixels always give the same bytes, with the same version of the encoder. */
export async function encodePng(raster: Raster): Promise<Buffer> {
  return await rasterImage(raster).png({ compressionLevel: COMPRESSION_LEVEL }).toBuffer()
}

/** The pixels of an SVG of this service, without its transparency. */
export async function renderSvg(svg: string): Promise<Raster> {
  const { data, info } = await sharp(Buffer.from(svg))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}

/** The raster as input of sharp. */
export function rasterImage({ data, width, height }: Raster): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
}
