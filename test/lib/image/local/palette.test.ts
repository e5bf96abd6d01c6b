import { converter } from 'culori'
import t from 'tap'
import { contrast, parseHex } from '../../../../lib/image/color.ts'
import { handOf } from '../../../../lib/image/local/hands/index.ts'
import { paletteOf, besideSky } from '../../../../lib/image/local/palette.ts'
import { traitsOf } from '../../../../lib/image/local/traits.ts'
import { addressOf, dressOf, NAKED, traitsWith } from './dresses.ts'

t.test('the figure contrasts with its surroundings, and a limit of colours is kept', async (t) => {
  const least = { sky: Infinity, far: Infinity, ground: Infinity, face: Infinity }
  for (let index = 0; index < 600; index += 1) {
    const palette = paletteOf(traitsOf(dressOf(addressOf(index))))
    const against = (role: 'sky' | 'far' | 'ground') =>
      contrast(parseHex(palette.body)!, parseHex(palette[role])!)
    least.sky = Math.min(least.sky, against('sky'))
    least.far = Math.min(least.far, against('far'))
    least.ground = Math.min(least.ground, against('ground'))
    least.face = Math.min(least.face, contrast(parseHex(palette.ink)!, parseHex(palette.body)!))
  }
  t.ok(least.sky > 2.4 && least.far > 1.3 && least.ground > 1.5 && least.face > 1.5, JSON.stringify(least))

  const hueOf = (hex: string) => {
    const [r, g, b] = parseHex(hex)!
    const [most, min] = [Math.max(r, g, b), Math.min(r, g, b)]
    if (most - min < 14) return undefined
    const turn =
      most === r
        ? (g - b) / (most - min)
        : most === g
          ? 2 + (b - r) / (most - min)
          : 4 + (r - g) / (most - min)
    return (turn * 60 + 360) % 360
  }
  const families = (colorLimit: string, index: number) => {
    const { isNight, ...palette } = paletteOf(traitsOf({ ...dressOf(addressOf(index)), colorLimit }))
    const hues = [palette.body, palette.cloth, palette.far, palette.accent]
      .map(hueOf)
      .filter((hue) => hue !== undefined)
    return hues.filter((hue, at) =>
      hues.slice(0, at).every((other) => Math.abs(((hue - other + 540) % 360) - 180) > 40)
    ).length
  }
  for (const [limit, most] of [
    ['one', 1],
    ['two', 2],
    ['three', 3]
  ] as const) {
    t.same(
      Array.from({ length: 80 }, (_, index) => families(limit, index)).filter((count) => count > most),
      [],
      `${limit}: never more`
    )
  }
  for (const limit of ['', '10', '12']) {
    t.ok(
      Array.from({ length: 80 }, (_, index) => families(limit, index)).some((count) => count === 4),
      `with the limit "${limit}" there are more`
    )
  }
})

t.test('a dark floor has another hue than the dark sky above it', async (t) => {
  const { palette: rule } = handOf(traitsWith({ artStyle1: 'Plakatstil,modernism' }).artStyle1)
  const palettes = Array.from({ length: 400 }, (_, index) =>
    paletteOf(traitsOf({ ...dressOf(addressOf(index)), colorLimit: '' }), rule)
  ).filter(({ isNight }) => isNight)
  t.ok(palettes.length > 100)
  const hueOf = converter('oklch')
  const alike = palettes.filter(({ sky, ground }) => {
    const [one, other] = [hueOf(sky)!, hueOf(ground)!]
    if (one.c < 0.03 || other.c < 0.03) return false
    return Math.abs((((one.h ?? 0) - (other.h ?? 0) + 540) % 360) - 180) < 15
  })
  t.ok(alike.length <= palettes.length * 0.02, `${alike.length} of ${palettes.length}`)
})

/** L* of CIELAB. */
function lightness(hex: string): number {
  const [r, g, b] = parseHex(hex)!.map((value) =>
    value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4
  ) as [number, number, number]
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b
  return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y
}

t.test('in every hand 35 L* are between figure and ground, and four in ten grounds are bold', async (t) => {
  let least = Infinity
  let bold = 0
  const COUNT = 600
  for (let index = 0; index < COUNT; index += 1) {
    const traits = traitsOf(dressOf(addressOf(index)))
    const { body, sky, ground } = paletteOf(traits, handOf(traits.artStyle1).palette)
    least = Math.min(least, ...[sky, ground].map((other) => Math.abs(lightness(body) - lightness(other))))
    const channels = parseHex(sky)!
    if (lightness(sky) < 45 || Math.max(...channels) - Math.min(...channels) > 70) bold += 1
  }
  t.ok(least >= 35, `${least} L*`)
  t.ok(bold > COUNT * 0.4, `${bold} of ${COUNT} are dark or saturated`)
})

t.test("the palette has the dress' colours, and others if the dress has none", async (t) => {
  const palettes = [0, 1, 2].map((index) => paletteOf(traitsOf(dressOf(addressOf(index), NAKED))))
  for (const { isNight, ...palette } of palettes) {
    for (const color of Object.values(palette)) t.match(color, /^#[0-9a-f]{6}$/)
  }
  const crimson = paletteOf(traitsWith({ color1: 'crimson,#dc143c' }))
  const [r, g, b] = parseHex(crimson.body)!
  t.ok(r > g * 1.5 && r > b * 1.5, crimson.body)
})

t.test('the last bits of a hue, in which versions of Node differ, choose no other colour', (t) => {
  const jumps: number[] = []
  for (let sky = 0.0371; sky < 360; sky += 0.1) {
    const [one, other] = [besideSky(sky, sky), besideSky(sky, sky + 1e-11)]
    if (Math.abs(one - other) > 1e-6) jumps.push(sky)
  }
  t.same(jumps, [])
  t.end()
})
