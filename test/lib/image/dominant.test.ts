import t from 'tap'
import type { Rgb } from '../../../lib/image/color.ts'
import { dominantColor } from '../../../lib/image/dominant.ts'
import type { Raster } from '../../../lib/image/raster.ts'
import { plain } from './rasters.ts'

/** 64 × 64 pixels, so that every pixel counts as it is. */
const sample = (
  colors: Array<[number, Rgb]>,
  order: (index: number) => number = (index) => index
): Raster => {
  const pixels = colors.flatMap(([count, color]) => Array.from({ length: count }, () => color))
  return {
    data: Buffer.from(pixels.map((_, index) => pixels[order(index) % pixels.length]!).flat()),
    width: 64,
    height: 64
  }
}

t.test('is the average of the three most frequent, by how often they occur', async (t) => {
  const colors: Array<[number, Rgb]> = [
    [2048, [200, 0, 0]],
    [1024, [0, 200, 0]],
    [512, [0, 0, 200]],
    [256, [255, 255, 255]],
    [256, [0, 0, 0]]
  ]
  t.same(
    await dominantColor(sample(colors)),
    [(200 * 2048) / 3584, (200 * 1024) / 3584, (200 * 512) / 3584].map(Math.round)
  )
  t.same(await dominantColor(plain(640, 480, [12, 34, 56])), [12, 34, 56])
  t.same(await dominantColor(plain(1, 1, [255, 255, 255])), [255, 255, 255])
})

t.test('counts shades of one step as one colour', async (t) => {
  const colors: Array<[number, Rgb]> = [
    [1000, [96, 96, 96]],
    [1000, [111, 111, 111]],
    [1100, [0, 0, 0]],
    [990, [200, 200, 200]],
    [6, [255, 255, 255]]
  ]
  const level = Math.round((1000 * 96 + 1000 * 111 + 990 * 200) / 4090)
  t.same(await dominantColor(sample(colors)), [level, level, level])
})

t.test('does not depend on the order of equally frequent colours', async (t) => {
  const colors = [220, 10, 120, 60].map((level): [number, Rgb] => [1024, [level, level, level]])
  const darkest = Math.round((10 + 60 + 120) / 3)
  for (const order of [
    (index: number) => index,
    (index: number) => 4095 - index,
    (index: number) => index * 1237,
    (index: number) => index * 2049
  ]) {
    t.same(await dominantColor(sample(colors, order)), [darkest, darkest, darkest])
  }
})
