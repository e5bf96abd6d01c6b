import sharp from 'sharp'
import type { Rgb } from '../../../lib/image/color.ts'
import type { Raster } from '../../../lib/image/raster.ts'

export function plain(width: number, height: number, color: Rgb): Raster {
  return { data: Buffer.alloc(width * height * 3, Buffer.from(color)), width, height }
}

export function noise(width: number, height: number): Raster {
  const data = Buffer.alloc(width * height * 3)
  for (let at = 0, state = 1; at < data.length; at += 1) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    data[at] = state >> 16
  }
  return { data, width, height }
}

export async function pixelsOf(image: Buffer): Promise<Raster> {
  const { data, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true })
  if (info.channels !== 3) throw new Error(`${info.channels} channels where three belong`)
  return { data, width: info.width, height: info.height }
}

export function pixel({ data, width }: Raster, x: number, y: number): Rgb {
  const at = (y * width + x) * 3
  return [data[at]!, data[at + 1]!, data[at + 2]!]
}

/** WCAG 2.2, written out a second time. */
export function relativeLuminance(color: Rgb): number {
  const [r, g, b] = color
    .map((channel) => channel / 255)
    .map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4)) as [
    number,
    number,
    number
  ]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

export function contrastOf(a: Rgb, b: Rgb): number {
  const [la, lb] = [relativeLuminance(a), relativeLuminance(b)]
  return (Math.max(la, lb) + 0.05) / (Math.min(la, lb) + 0.05)
}
