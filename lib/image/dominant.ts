import type { Rgb } from './color.ts'
import { rasterImage } from './raster.ts'
import type { Raster } from './raster.ts'

const SAMPLE_SIDE = 64
const BITS_PER_CHANNEL = 4
const DOMINANT = 3

/**
 * The average of the three most frequent colours of a picture, weighted by how often they occur. Colours are counted on a
 * copy of 64 × 64 pixels with 16 steps a channel; of equally frequent ones that with less red comes first, then less green, then
 * less blue, so that the same picture always gives the same colour.
 */
export async function dominantColor(raster: Raster): Promise<Rgb> {
  const sample = await rasterImage(raster).resize(SAMPLE_SIDE, SAMPLE_SIDE, { fit: 'fill' }).raw().toBuffer()
  const bins = new Map<number, { count: number; sum: [number, number, number] }>()
  for (let at = 0; at < sample.length; at += 3) {
    const [r, g, b] = [sample[at]!, sample[at + 1]!, sample[at + 2]!]
    const step = (channel: number) => channel >> (8 - BITS_PER_CHANNEL)
    const key = (step(r) << (2 * BITS_PER_CHANNEL)) | (step(g) << BITS_PER_CHANNEL) | step(b)
    const bin = bins.get(key) ?? { count: 0, sum: [0, 0, 0] }
    bin.count += 1
    bin.sum[0] += r
    bin.sum[1] += g
    bin.sum[2] += b
    bins.set(key, bin)
  }
  const top = [...bins]
    .sort(([keyA, a], [keyB, b]) => b.count - a.count || keyA - keyB)
    .slice(0, DOMINANT)
    .map(([, bin]) => bin)
  const total = top.reduce((pixels, { count }) => pixels + count, 0)
  const average = (channel: 0 | 1 | 2) =>
    Math.round(top.reduce((sum, bin) => sum + bin.sum[channel], 0) / total)
  return [average(0), average(1), average(2)]
}
