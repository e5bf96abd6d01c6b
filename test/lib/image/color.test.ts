import fc from 'fast-check'
import t from 'tap'
import { contrast, mix, parseHex, readableOn, toHex } from '../../../lib/image/color.ts'
import type { Rgb } from '../../../lib/image/color.ts'
import { contrastOf } from './rasters.ts'

t.test('colours', async (t) => {
  t.same(parseHex('#0aFf80'), [10, 255, 128])
  for (const text of ['0aff80', '#0af', '#0aff8', '#0aff800', '#0aff8g', '', ' #0aff80']) {
    t.equal(parseHex(text), undefined, text)
  }
  t.equal(toHex([10, 254.6, 0]), '#0aff00')
  t.same(
    mix([0, 100, 200], [100, 100, 0], 0.25).map((channel) => Math.round(channel * 1e9) / 1e9),
    [25, 100, 150]
  )
  for (const [a, b] of [
    [
      [0, 0, 0],
      [255, 255, 255]
    ],
    [
      [119, 119, 119],
      [255, 255, 255]
    ],
    [
      [255, 0, 0],
      [0, 0, 255]
    ]
  ] as Array<[Rgb, Rgb]>) {
    t.ok(Math.abs(contrast(a, b) - contrastOf(a, b)) < 1e-9)
    t.equal(contrast(a, b), contrast(b, a))
  }
  fc.assert(
    fc.property(
      fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)),
      (color) => contrastOf(color, readableOn(color)) >= 4.58
    ),
    { seed: 7 }
  )
})
