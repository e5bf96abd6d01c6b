import type { Sharp } from 'sharp'
import { errors } from '../errors.ts'
import { heightAboveCaption } from '../image/caption.ts'
import { MAX_PIXELS, decodeRaster, rasterImage } from '../image/raster.ts'
import { sharp } from '../image/sharp.ts'
import type { Format, VariantRequest } from './variant-request.ts'

// The qualities show no visible difference at these sizes; the effort keeps an AVIF of a full picture below a second.
const ENCODE: Record<Format, (image: Sharp) => Sharp> = {
  png: (image) => image.png({ compressionLevel: 6, adaptiveFiltering: true }),
  webp: (image) => image.webp({ quality: 82, smartSubsample: true }),
  avif: (image) => image.avif({ quality: 60, effort: 2 }),
  jpeg: (image) => image.jpeg({ quality: 85, mozjpeg: true })
}

/** For images that are not kept for long: a WebP takes a quarter of the time. */
const QUICKLY: typeof ENCODE = { ...ENCODE, webp: (image) => image.webp({ quality: 82, effort: 2 }) }

/**
 * A finished picture in another size and format.
 * @throws IMAGE_DOWNLOAD_ERROR if it is damaged
 */
export async function convertPicture(png: Buffer, request: VariantRequest): Promise<Buffer> {
  return await orDamaged(async () => {
    if (request.fit === 'square') {
      const raster = await decodeRaster(png)
      const { width } = raster
      const drawing = { left: 0, top: 0, width, height: heightAboveCaption(raster) }
      return resize(rasterImage(raster).extract(drawing), request)
    }
    return resize(sharp(png, { limitInputPixels: MAX_PIXELS, failOn: 'error' }), request)
  }, request)
}

/**
 * A drawing, as a provider sent it, in another size and format. Transparent pixels become white, as in the picture.
 * @throws IMAGE_DOWNLOAD_ERROR if it is damaged
 */
export async function convertDrawing(bytes: Buffer, request: VariantRequest): Promise<Buffer> {
  return await orDamaged(async () => resize(rasterImage(await decodeRaster(bytes)), request), request)
}

/** An SVG of this service as pixels. Its size is the one that it has. */
export async function rasterizeSvg(svg: string, format: Format): Promise<Buffer> {
  return await QUICKLY[format](sharp(Buffer.from(svg)).removeAlpha()).toBuffer()
}

function resize(image: Sharp, { width, fit }: VariantRequest): Sharp {
  if (width === undefined) return image
  // Of a picture that is higher than wide, the top is kept: there is what it shows.
  if (fit === 'square') return image.resize({ width, height: width, fit: 'cover', position: 'top' })
  if (fit === 'inside') return image.resize({ width, height: width, fit: 'inside' })
  return image.resize({ width, withoutEnlargement: true })
}

async function orDamaged(open: () => Promise<Sharp>, { format }: VariantRequest): Promise<Buffer> {
  try {
    return await ENCODE[format](await open()).toBuffer()
  } catch (error) {
    throw errors.image('The picture on disk is damaged', error)
  }
}
