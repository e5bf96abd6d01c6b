import t from 'tap'
import { captionImage } from '../../../lib/image/caption.ts'
import { parseHex } from '../../../lib/image/color.ts'
import type { Rgb } from '../../../lib/image/color.ts'
import type { Raster } from '../../../lib/image/raster.ts'
import { databases } from '../dress/built-in.ts'
import { contrastOf, noise, pixel, pixelsOf, plain, relativeLuminance } from './rasters.ts'

interface Band {
  height: number
  color: Rgb
  hairline: Rgb
  hairlineIsOneColor: boolean
  /** The pixel that differs most from the band. */
  ink: Rgb
  /** Columns from the left and right edge, rows from the hairline and the bottom, that hold no ink. */
  free: { left: number; right: number; top: number; bottom: number }
}

/** Measures the band below the pixels of a captioned picture. */
function bandOf(captioned: Raster, pictureHeight: number): Band {
  const { width, height } = captioned
  const color = pixel(captioned, 0, height - 1)
  const hairline = pixel(captioned, 0, pictureHeight)
  const same = (a: Rgb, b: Rgb) => a.every((channel, index) => channel === b[index])
  let top = pictureHeight
  while (same(pixel(captioned, 0, top), hairline) && !same(hairline, color)) top += 1
  let ink = color
  let most = 0
  const edges = { left: width, right: -1, top: height, bottom: -1 }
  for (let y = top; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 3
      const differs =
        Math.abs(captioned.data[at]! - color[0]) +
        Math.abs(captioned.data[at + 1]! - color[1]) +
        Math.abs(captioned.data[at + 2]! - color[2])
      if (differs > most) {
        most = differs
        ink = pixel(captioned, x, y)
      }
      if (differs <= 24) continue
      edges.left = Math.min(edges.left, x)
      edges.right = Math.max(edges.right, x)
      edges.top = Math.min(edges.top, y)
      edges.bottom = Math.max(edges.bottom, y)
    }
  }
  return {
    height: height - pictureHeight,
    color,
    hairline,
    hairlineIsOneColor: Array.from({ length: width }, (_, x) => x).every((x) =>
      same(pixel(captioned, x, pictureHeight), hairline)
    ),
    ink,
    free: {
      left: edges.left,
      right: width - 1 - edges.right,
      top: edges.top - top,
      bottom: height - 1 - edges.bottom
    }
  }
}

const TERSE =
  'A tenderly bejewelled monarch butterfly, a basket weaver, pirouetting with joy within sight of ' +
  'the windmills of Kinderdijk, in the style of prehistoric cave painting.'
const FOX = 'The quick brown fox jumps over the lazy dog and '

t.test('a caption does not change the pixels of the picture', async (t) => {
  for (const picture of [noise(1024, 64), noise(257, 131), noise(300, 1)]) {
    const captioned = await pixelsOf(await captionImage(picture, TERSE))
    t.equal(captioned.width, picture.width)
    t.ok(captioned.height > picture.height)
    t.ok(
      captioned.data.subarray(0, picture.data.length).equals(picture.data),
      `${picture.width} × ${picture.height}`
    )
  }
})

t.test('a caption has enough contrast on a band of any colour', async (t) => {
  const greys = Array.from({ length: 18 }, (_, index): Rgb => [index * 15, index * 15, index * 15])
  // Around these two greys black and white read equally badly.
  const middle = [116, 117, 118, 119, 120, 186].map((level): Rgb => [level, level, level])
  const saturated = [0, 1, 2, 3, 4, 5, 6].flatMap((bits): Rgb[] =>
    [128, 255].map((level) => [
      (bits + 1) & 1 ? level : 0,
      (bits + 1) & 2 ? level : 0,
      (bits + 1) & 4 ? level : 0
    ])
  )
  const named = databases.rows.colors.slice(0, 20).map((row) => parseHex(row.split(',')[1]!)!)
  for (const color of [...greys, ...middle, ...saturated, ...named]) {
    const band = bandOf(await pixelsOf(await captionImage(plain(1024, 4, color), 'Otter')), 4)
    const what = color.join()
    t.same(band.color, color, `${what}: the band has the picture's colour`)
    t.ok(['0,0,0', '255,255,255'].includes(band.ink.join()), `${what}: the letters are black or white`)
    t.ok(contrastOf(band.ink, band.color) >= 4.5, `${what}: contrast ${contrastOf(band.ink, band.color)}`)
    t.ok(band.hairlineIsOneColor)
    // Nothing is darker than black, so there the hairline cannot be seen.
    if (what !== '0,0,0') {
      t.ok(
        relativeLuminance(band.hairline) < relativeLuminance(band.color),
        `${what}: the hairline is darker`
      )
    }
  }
})

t.test('a caption stays inside its margins', async (t) => {
  const texts = {
    'one letter': 'A',
    'one word': 'Otter',
    'a terse prompt': TERSE,
    '260 letters': FOX.repeat(6).slice(0, 260),
    '600 letters': FOX.repeat(13).slice(0, 600),
    'a word of 300 letters': 'W'.repeat(300),
    accents: 'A Māori carver from Chichén Itzá, an Øresund ångström, ǅ and Żółć',
    'blanks of all kinds': '\n  An\totter \u2003 sleeps.\n\n'
  }
  for (const width of [256, 512, 1024, 1792, 4096]) {
    for (const [what, text] of Object.entries(texts)) {
      const band = bandOf(await pixelsOf(await captionImage(plain(width, 4, [40, 90, 160]), text)), 4)
      // A glyph such as j reaches a tenth of its size over its own edge; the largest size is a thirtieth of the width.
      const margin = width / 24 - Math.max(width / 300, 1)
      const { left, right, top, bottom } = band.free
      t.ok(
        left < width && left >= margin && right >= margin,
        `${what} at ${width}: ${left} and ${right} are free beside it`
      )
      t.ok(top >= 2 && bottom >= 2, `${what} at ${width}: ${top} and ${bottom} are free above and below it`)
    }
  }
})

t.test('a caption without words is an empty band', async (t) => {
  for (const text of ['', ' \n ']) {
    const band = bandOf(await pixelsOf(await captionImage(plain(512, 4, [40, 90, 160]), text)), 4)
    t.ok(band.height > 1)
    t.same(band.ink, band.color)
  }
})

t.test('a band grows with its text up to a limit', async (t) => {
  const heightFor = async (text: string, width = 256) =>
    bandOf(await pixelsOf(await captionImage(plain(width, 4, [200, 200, 200]), text)), 4).height
  const one = await heightFor('Otter', 1024)
  const three = await heightFor(FOX.repeat(6), 1024)
  t.ok(one < three, `${one} < ${three}`)
  const [cut, longer] = await Promise.all(
    [40, 41].map(async (times) => await captionImage(plain(256, 4, [200, 200, 200]), FOX.repeat(times)))
  )
  t.ok(cut!.equals(longer!), 'what is too long is cut off')
  t.ok((await heightFor(FOX.repeat(40))) <= 256 / 2)
})

t.test('a picture of one pixel gets a caption', async (t) => {
  const { width, height } = await pixelsOf(await captionImage(plain(1, 1, [9, 9, 9]), TERSE))
  t.equal(width, 1)
  t.ok(height > 1)
})
