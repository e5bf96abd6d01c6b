import type { Rgb } from './color.ts'
import { rasterImage } from './raster.ts'
import type { Raster } from './raster.ts'

const SAMPLE_SIDE = 64
const BITS_PER_CHANNEL = 4
const DOMINANT = 3

/**
 * The average of the three most frequent colours of a picture, weighted by their frequency. Colours are counted on
 * a copy of 64 × 64 pixels in 16 steps per channel. Of equally frequent colours, the one with less red comes first,
 * then less green, then less blue, so the same picture always has the same dominant colour.
 */
export async function dominantColor(raster: Raster): Promise<Rgb> {
  const sample = await rasterImage(raster).resize(SAMPLE_SIDE, SAMPLE_SIDE, { fit: 'fill' }).raw().toBuffer()
  const bins = countColors(sample)
    .sort((a, b) => b.count - a.count || a.key - b.key)
    .slice(0, DOMINANT)
  const total = bins.reduce((pixels, { count }) => pixels + count, 0)
  const average = (channel: 0 | 1 | 2) =>
    Math.round(bins.reduce((sum, bin) => sum + bin.sum[channel], 0) / total)
  return [average(0), average(1), average(2)]
}

/** The pixels of one step of each channel. */
interface ColorBin {
  /** The steps of red, green and blue, from the highest bits to the lowest. */
  key: number
  count: number
  sum: [number, number, number]
}

function countColors(pixels: Buffer): ColorBin[] {
  const bins = new Map<number, ColorBin>()
  const step = (channel: number) => channel >> (8 - BITS_PER_CHANNEL)
  for (let at = 0; at < pixels.length; at += 3) {
    const [r, g, b] = [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!]
    const key = (step(r) << (2 * BITS_PER_CHANNEL)) | (step(g) << BITS_PER_CHANNEL) | step(b)
    const bin = bins.get(key) ?? { key, count: 0, sum: [0, 0, 0] }
    bin.count += 1
    bin.sum[0] += r
    bin.sum[1] += g
    bin.sum[2] += b
    bins.set(key, bin)
  }
  return [...bins.values()]
}
