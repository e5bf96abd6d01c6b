import sharp from 'sharp'
import t from 'tap'
import { handNameOf } from '../../../../lib/image/local/hands/index.ts'
import { paletteOf } from '../../../../lib/image/local/palette.ts'
import { planOf } from '../../../../lib/image/local/plans/index.ts'
import { composeScene } from '../../../../lib/image/local/scene.ts'
import { traitsOf } from '../../../../lib/image/local/traits.ts'
import type { DalleDress } from '../../../../lib/schemas/dress.ts'
import { addressOf, dressOf } from './dresses.ts'

t.test('no two of a thousand addresses have similar pictures', async (t) => {
  // Of 256 bits. Pictures that people confuse differ in a few bits only.
  const LEAST_BITS = 20
  const MEDIAN_BITS = 100
  const COUNT = 1000
  const hashes: Uint8Array[] = []
  const features: string[][] = []
  for (let from = 0; from < COUNT; from += 50) {
    hashes.push(
      ...(await Promise.all(
        Array.from({ length: 50 }, (_, index) => perceptualHash(dressOf(addressOf(from + index))))
      ))
    )
    features.push(
      ...Array.from({ length: 50 }, (_, index) => {
        const traits = traitsOf(dressOf(addressOf(from + index)))
        return [paletteOf(traits).body, planOf(traits.noun), handNameOf(traits.artStyle1)]
      })
    )
  }
  const distances = hashes.flatMap((one, index) =>
    hashes.slice(0, index).map((other) => {
      let distance = 0
      for (let at = 0; at < one.length; at += 1) distance += Number(one[at] !== other[at])
      return distance
    })
  )
  distances.sort((one, other) => one - other)
  const [least, median] = [distances[0]!, distances[Math.floor(distances.length / 2)]!]
  t.ok(least >= LEAST_BITS, `${least} bits`)
  t.ok(median >= MEDIAN_BITS, `median ${median} bits`)

  const counted = (keys: string[]) => [
    ...keys
      .reduce((counts, key) => counts.set(key, (counts.get(key) ?? 0) + 1), new Map<string, number>())
      .values()
  ]
  const byChance = [0, 1, 2].reduce(
    (share, part) =>
      share *
      counted(features.map((feature) => feature[part]!)).reduce(
        (sum, count) => sum + (count / COUNT) ** 2,
        0
      ),
    (COUNT * (COUNT - 1)) / 2
  )
  const alike = counted(features.map((feature) => feature.join())).reduce(
    (pairs, count) => pairs + (count * (count - 1)) / 2,
    0
  )
  t.ok(
    alike <= byChance + 3 * Math.sqrt(byChance) + 3,
    `${alike} pairs share palette, plan and hand; chance says ${byChance.toFixed(1)}`
  )
})

/**
 * 256 bits, four for each of 8 × 8 fields: whether the field is brighter and redder than the field to its right, and
 * which of its colours are stronger.
 */
async function perceptualHash(dress: DalleDress): Promise<Uint8Array> {
  const { data } = await sharp(Buffer.from(composeScene(dress, 48)))
    .removeAlpha()
    .resize(9, 8, { fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const bits = new Uint8Array(256)
  for (let row = 0; row < 8; row += 1) {
    for (let column = 0; column < 8; column += 1) {
      const at = (row * 9 + column) * 3
      const [r, g, b, r2, g2, b2] = data.subarray(at, at + 6) as unknown as [
        number,
        number,
        number,
        number,
        number,
        number
      ]
      const cell = (row * 8 + column) * 4
      bits[cell] = Number(r + g + b > r2 + g2 + b2)
      bits[cell + 1] = Number(r > r2)
      bits[cell + 2] = Number(r - g > 0)
      bits[cell + 3] = Number(g - b > 0)
    }
  }
  return bits
}
