import type { DalleDress } from '../../schemas/dress.ts'
import { circle, ellipse, line, path, polygon } from './svg.ts'
import type { Palette } from './palette.ts'
import type { Random } from './random.ts'

/** Proportions of a figure in a frame of 1000 × 1000; `x`, `y` is where it stands. */
interface Build {
  x: number
  y: number
  width: number
  height: number
  headRadius: number
}

type Crown = (build: Build, palette: Palette, random: Random) => string

const CROWNS: Record<string, Crown> = { ears, horns, feelers, crest, leaves }

/** What grows on a head, by words of the noun's class. */
const CROWN_BY_CLASS: Array<[RegExp, keyof typeof CROWNS]> = [
  [/bird|dinosaur/, 'crest'],
  [/insect|arachnid|crustacean|myriapod|gastropod|cephalopod|bivalve/, 'feelers'],
  [/mammal|human/, 'ears'],
  [/plant|fungus|alga|conifer|monocot/, 'leaves'],
  [/fish|worm|jelly|reptile|amphibian|sea star|sponge|microbe|water bear/, 'horns']
]

/** The character of a dress, standing on the ground and looking at its gaze. */
export function drawFigure (dress: DalleDress, palette: Palette, random: Random): string {
  const height = random.between(520, 640)
  const build: Build = {
    x: random.between(400, 600),
    y: 880,
    width: height * random.between(0.42, 0.66),
    height,
    headRadius: height * random.between(0.2, 0.27)
  }
  const crown = CROWNS[crownOf(dress, random)]!
  return [shadow(build, palette), limbs(build, palette, random), crown(build, palette, random), body(build, palette, random),
    head(build, palette), face(build, palette, dress, random)].join('')
}

function fieldsOf (dress: DalleDress, attribute: string): string[] {
  return (dress.attributes.find(({ name }) => name === attribute)?.value ?? '').split(',')
}

function crownOf (dress: DalleDress, random: Random): string {
  const kind = fieldsOf(dress, 'noun')[3] ?? ''
  return CROWN_BY_CLASS.find(([words]) => words.test(kind))?.[1] ?? random.pick(Object.keys(CROWNS))
}

function headCentre ({ x, y, height, headRadius }: Build): { cx: number, cy: number } {
  return { cx: x, cy: y - height + headRadius }
}

function shadow ({ x, y, width }: Build, palette: Palette): string {
  return ellipse(x + width * 0.12, y + 6, width * 0.72, 22, palette.ink, 0.28)
}

function limbs ({ x, y, width, height }: Build, palette: Palette, random: Random): string {
  const stroke = width * 0.13
  const lift = random.between(-0.28, 0.3) * height
  const shoulder = y - height * 0.45
  const hand = (side: number, raise: number) => {
    const [elbow, reach] = [x + side * width * 0.62, x + side * width * random.between(0.66, 0.86)]
    return path(`M${x + side * width * 0.3} ${shoulder}Q${elbow} ${shoulder + 40} ${reach} ${shoulder + 70 - raise}`, palette.bodyShade, stroke)
  }
  const leg = (side: number) => line(x + side * width * 0.22, y - height * 0.2, x + side * width * 0.26, y - 4, palette.bodyShade, stroke * 1.15) +
    ellipse(x + side * width * 0.31, y, width * 0.14, stroke * 0.5, palette.ink)
  return hand(-1, lift) + hand(1, -lift) + leg(-1) + leg(1)
}

function body ({ x, y, width, height, headRadius }: Build, palette: Palette, random: Random): string {
  const top = y - height + headRadius * 1.2
  const bottom = y - height * 0.08
  const half = width / 2
  const waist = half * random.between(0.7, 1.15)
  const outline = `M${x - half * 0.62} ${top}C${x - waist * 1.1} ${top + height * 0.25} ${x - half * 1.15} ${bottom - height * 0.12} ${x - half * 0.7} ${bottom}` +
    `Q${x} ${bottom + 26} ${x + half * 0.7} ${bottom}C${x + half * 1.15} ${bottom - height * 0.12} ${x + waist * 1.1} ${top + height * 0.25} ${x + half * 0.62} ${top}Z`
  const middle = (top + bottom) / 2 + 30
  const belly = ellipse(x, middle + 20, half * 0.52, height * 0.22, palette.bodyLight)
  const rows = random.whole(2, 5)
  const mark = random.pick([
    (cx: number, cy: number) => circle(cx, cy, 9, palette.accent),
    (cx: number, cy: number) => polygon([[cx - 11, cy + 8], [cx, cy - 11], [cx + 11, cy + 8]], palette.accent),
    (cx: number, cy: number) => line(cx - 11, cy, cx + 11, cy, palette.accent, 7),
    (cx: number, cy: number) => polygon([[cx, cy - 12], [cx + 9, cy], [cx, cy + 12], [cx - 9, cy]], palette.accent)
  ])
  const pattern = Array.from({ length: rows }, (_, row) => Array.from({ length: 3 + row % 2 }, (_, column) => {
    const spread = half * 0.26
    return mark(x + (column - (2 + row % 2) / 2) * spread, middle - height * 0.1 + row * height * 0.26 / rows)
  }).join('')).join('')
  return path(outline, 'none', 0, palette.body) + belly + pattern
}

function head (build: Build, palette: Palette): string {
  const { cx, cy } = headCentre(build)
  const radius = build.headRadius
  return circle(cx, cy, radius, palette.body) +
    path(`M${cx} ${cy - radius}A${radius} ${radius} 0 0 1 ${cx} ${cy + radius}A${radius * 1.35} ${radius * 1.35} 0 0 0 ${cx} ${cy - radius}Z`, 'none', 0, palette.bodyShade)
}

/** Pupils by words of the gaze, in shares of the eye's radius. */
const GAZE: Array<[RegExp, [number, number]]> = [
  [/\bup|sky|star|above|ceiling|moon|cloud/, [0, -0.42]],
  [/down|ground|feet|floor|below|under/, [0, 0.42]],
  [/left/, [-0.42, 0]],
  [/right/, [0.42, 0]],
  [/away|aside|side|shoulder|behind|back/, [0.42, 0.1]]
]

function face (build: Build, palette: Palette, dress: DalleDress, random: Random): string {
  const { cx, cy } = headCentre(build)
  const radius = build.headRadius
  const polarity = fieldsOf(dress, 'emotion')[2]
  const [lookX, lookY] = GAZE.find(([words]) => words.test(fieldsOf(dress, 'gaze')[0] ?? ''))?.[1] ?? [0, 0]
  const eyeRadius = radius * random.between(0.24, 0.31)
  const apart = radius * 0.42
  const tilt = polarity === 'negative' ? -1 : polarity === 'positive' ? 0.6 : 0
  const eye = (side: number) => {
    const [ex, ey] = [cx + side * apart, cy - radius * 0.1]
    const brow = ey - eyeRadius * 1.45
    return circle(ex, ey, eyeRadius, palette.paper) +
      circle(ex + lookX * eyeRadius, ey + lookY * eyeRadius, eyeRadius * 0.52, palette.ink) +
      circle(ex + lookX * eyeRadius + eyeRadius * 0.18, ey + lookY * eyeRadius - eyeRadius * 0.2, eyeRadius * 0.15, palette.paper) +
      line(ex - side * eyeRadius * 0.9, brow - tilt * eyeRadius * 0.3, ex + side * eyeRadius * 0.9, brow + tilt * eyeRadius * 0.35, palette.ink, radius * 0.07)
  }
  const curve = radius * (polarity === 'negative' ? -0.24 : polarity === 'positive' ? 0.3 : 0.03)
  const mouthY = cy + radius * 0.5
  const mouth = path(`M${cx - radius * 0.34} ${mouthY}Q${cx} ${mouthY + curve * 1.6} ${cx + radius * 0.34} ${mouthY}`, palette.ink, radius * 0.075)
  const nose = polygon([[cx - radius * 0.09, cy + radius * 0.14], [cx + radius * 0.09, cy + radius * 0.14], [cx, cy + radius * 0.29]], palette.accent)
  return eye(-1) + eye(1) + nose + mouth
}

function ears (build: Build, palette: Palette, random: Random): string {
  const { cx, cy } = headCentre(build)
  const radius = build.headRadius
  const size = radius * random.between(0.34, 0.5)
  const stretch = random.between(1, 2.1)
  return [-1, 1].map((side) =>
    ellipse(cx + side * radius * 0.72, cy - radius * 0.72 - size * (stretch - 1) * 0.7, size, size * stretch, palette.bodyShade) +
    ellipse(cx + side * radius * 0.72, cy - radius * 0.7 - size * (stretch - 1) * 0.7, size * 0.55, size * stretch * 0.62, palette.bodyLight)).join('')
}

function horns (build: Build, palette: Palette, random: Random): string {
  const { cx, cy } = headCentre(build)
  const radius = build.headRadius
  const count = random.whole(3, 7)
  return Array.from({ length: count }, (_, index) => {
    const angle = -Math.PI / 2 + (index - (count - 1) / 2) * (1.9 / count)
    const [bx, by] = [cx + Math.cos(angle) * radius * 0.9, cy + Math.sin(angle) * radius * 0.9]
    const length = radius * (0.55 - Math.abs(index - (count - 1) / 2) * 0.07)
    const across = radius * 0.16
    return polygon([[bx - Math.sin(angle) * -across, by - Math.cos(angle) * across], [bx + Math.cos(angle) * length, by + Math.sin(angle) * length],
      [bx + Math.sin(angle) * -across, by + Math.cos(angle) * across]], palette.accent)
  }).join('')
}

function feelers (build: Build, palette: Palette, random: Random): string {
  const { cx, cy } = headCentre(build)
  const radius = build.headRadius
  const reach = radius * random.between(0.6, 1.1)
  return [-1, 1].map((side) =>
    path(`M${cx + side * radius * 0.3} ${cy - radius * 0.8}Q${cx + side * radius * 0.4} ${cy - radius - reach * 0.7} ${cx + side * reach} ${cy - radius - reach * 0.5}`, palette.ink, radius * 0.08) +
    circle(cx + side * reach, cy - radius - reach * 0.5, radius * 0.14, palette.accent)).join('')
}

function crest (build: Build, palette: Palette, random: Random): string {
  const { cx, cy } = headCentre(build)
  const radius = build.headRadius
  const count = random.whole(3, 5)
  return Array.from({ length: count }, (_, index) => {
    const lean = (index - (count - 1) / 2) * radius * 0.34
    return ellipse(cx + lean, cy - radius * 1.06, radius * 0.15, radius * 0.42, index % 2 === 0 ? palette.accent : palette.bodyShade, 1, lean * 0.5)
  }).join('')
}

function leaves (build: Build, palette: Palette, random: Random): string {
  const { cx, cy } = headCentre(build)
  const radius = build.headRadius
  const length = radius * random.between(0.6, 0.95)
  return line(cx, cy - radius * 0.8, cx, cy - radius - length * 0.5, palette.ink, radius * 0.07) +
    [-1, 1].map((side) => path(`M${cx} ${cy - radius - length * 0.2}q${side * length * 0.5} ${-length * 0.75} ${side * length} ${-length * 0.35}q${-side * length * 0.35} ${length * 0.55} ${-side * length} ${length * 0.35}Z`,
      'none', 0, side < 0 ? palette.accent : palette.bodyShade)).join('')
}
