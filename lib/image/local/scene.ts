import type { DalleDress } from '../../schemas/dress.ts'
import { drawFigure } from './figure.ts'
import { paletteOf } from './palette.ts'
import type { Palette } from './palette.ts'
import { createRandom } from './random.ts'
import type { Random } from './random.ts'
import { circle, line, path, polygon } from './svg.ts'

/** Side of the square that a scene is laid out in; the SVG scales to any size. */
const FRAME = 1000

/** The picture of a dress as SVG: sky, sun, land and the character, a pure function of the dress. */
export function composeScene (dress: DalleDress, sidePixels: number): string {
  const random = createRandom(`${dress.series}/${dress.seed}`)
  const palette = paletteOf(dress, random)
  const planes = [sky(palette, random), sun(palette, random), land(palette, random), drawFigure(dress, palette, random)]
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${sidePixels}" height="${sidePixels}" viewBox="0 0 ${FRAME} ${FRAME}">${planes.join('')}</svg>`
}

function sky (palette: Palette, random: Random): string {
  const gradient = `<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${palette.skyTop}"/>` +
    `<stop offset="1" stop-color="${palette.skyLow}"/></linearGradient></defs><rect width="${FRAME}" height="${FRAME}" fill="url(#sky)"/>`
  const ornament = random.pick([stripes, stars, clouds, () => ''])
  return gradient + ornament(palette, random)
}

function stripes (palette: Palette, random: Random): string {
  const count = random.whole(5, 11)
  return Array.from({ length: count }, (_, index) => line(0, 60 + index * 560 / count, FRAME, 60 + index * 560 / count, palette.skyLow, random.between(3, 9))).join('')
}

function stars (palette: Palette, random: Random): string {
  return Array.from({ length: random.whole(18, 40) }, () => circle(random.between(0, FRAME), random.between(0, 560), random.between(2, 7), palette.paper, 0.8)).join('')
}

function clouds (palette: Palette, random: Random): string {
  return Array.from({ length: random.whole(2, 4) }, () => {
    const [x, y, size] = [random.between(0, FRAME), random.between(70, 380), random.between(40, 75)]
    return `<g opacity="0.75">${[-1.1, 0, 1.1].map((step) => circle(x + step * size, y - (step === 0 ? size * 0.35 : 0), size * 0.8, palette.paper)).join('')}` +
      `${line(x - size * 1.4, y + size * 0.5, x + size * 1.4, y + size * 0.5, palette.paper, size * 0.62)}</g>`
  }).join('')
}

function sun (palette: Palette, random: Random): string {
  const [x, y, radius] = [random.between(120, 880), random.between(140, 420), random.between(80, 190)]
  const rays = random.chance(0.4)
    ? Array.from({ length: 16 }, (_, index) => {
      const angle = index * Math.PI / 8
      return line(x + Math.cos(angle) * radius * 1.15, y + Math.sin(angle) * radius * 1.15, x + Math.cos(angle) * radius * 1.45, y + Math.sin(angle) * radius * 1.45, palette.sun, radius * 0.07)
    }).join('')
    : circle(x, y, radius * 1.28, palette.sun, 0.3)
  return rays + circle(x, y, radius, palette.sun)
}

function land (palette: Palette, random: Random): string {
  const ridge = random.pick([hills, peaks, towers])
  return ridge(palette.far, random.between(520, 600), random) +
    hills(palette.middle, random.between(640, 700), random) +
    hills(palette.near, random.between(790, 830), random)
}

function hills (fill: string, level: number, random: Random): string {
  const step = FRAME / 4
  let d = `M0 ${FRAME}L0 ${level}`
  for (let x = 0; x < FRAME; x += step) {
    const rise = random.between(-70, 70)
    d += `C${x + step / 3} ${level + rise} ${x + step * 2 / 3} ${level + rise} ${x + step} ${level}`
  }
  return path(`${d}L${FRAME} ${FRAME}Z`, 'none', 0, fill)
}

function peaks (fill: string, level: number, random: Random): string {
  const count = random.whole(3, 6)
  return Array.from({ length: count }, (_, index) => {
    const [x, half, rise] = [(index + random.between(0.2, 0.8)) * FRAME / count, random.between(130, 240), random.between(90, 260)]
    return polygon([[x - half, level + 120], [x, level - rise], [x + half, level + 120]], fill)
  }).join('') + hills(fill, level + 60, random)
}

function towers (fill: string, level: number, random: Random): string {
  const count = random.whole(6, 11)
  return Array.from({ length: count }, (_, index) => {
    const [x, half, rise] = [(index + 0.5) * FRAME / count, random.between(18, 42), random.between(30, 240)]
    const roof = random.chance(0.5) ? polygon([[x - half, level - rise], [x, level - rise - half * 1.6], [x + half, level - rise]], fill) : circle(x, level - rise, half, fill)
    return polygon([[x - half, level + 140], [x - half, level - rise], [x + half, level - rise], [x + half, level + 140]], fill) + roof
  }).join('') + hills(fill, level + 50, random)
}
