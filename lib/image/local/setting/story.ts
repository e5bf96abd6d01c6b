import type { Palette, Role } from '../palette.ts'
import { distant } from '../palette.ts'
import { createPen } from '../pen.ts'
import type { Light, Pen, Technique } from '../pen.ts'
import { drawProp, thingOf } from '../props.ts'
import { each } from '../repeat.ts'
import type { Surface } from '../surface.ts'
import type { Box } from '../small/outline.ts'
import { ellipse, group, n, path, polygon } from '../svg.ts'
import { mixedTone } from '../tone.ts'
import type { Traits } from '../traits.ts'

/** What a pen is made of. */
interface Kit {
  palette: Palette
  technique: Technique
  light: Light
  surface: Surface
}

/** Where the figure is. */
interface Place {
  x: number
  side: number
  isCropped: boolean
  feet: number
  horizon: number
  isIndoors: boolean
  /** The boxes of the face and of the whole figure. */
  face: Box
  body: Box
  /** What frames leave of the picture. */
  window: Box
}

/** Half the width of a thing on its own grid, half that of the widest one, and the height. */
const HALF = 75
const WIDEST = 104
/** How much smaller a thing is that stands further back. */
const FURTHER = 0.82
const HEIGHT = 150
/** The height of what a small thing stands on. */
const SUPPORT = 78
/** How far the colours of a thing on the ground turn to that of the ground. */
const QUIET = 0.34
/** Units between a thing and the frame. */
const FREE = 12

/** The things that stand on the ground themselves. The others are on a stool or on a stone. */
const ON_GROUND = new Set(['chest', 'drum', 'flute', 'gears', 'suitcase', 'sword', 'umbrella', 'wheel'])

/** The thing of the trope, in its part. Every thing is behind the figure and in quiet colours. */
export interface Story {
  /** Further back, in tones of the distance. */
  behind: string
  /** On the ground beside the figure. */
  standing: string
  /** 1 if it stands at the right, -1 if at the left. */
  side: number
}

export function storyOf(kit: Kit, traits: Traits, place: Place): Story {
  const { x, face, horizon, feet, window } = place
  const { name, at, scale } = thingOf(traits)
  const side = roomierSide(place)
  if (traits.trope.name === '') return { behind: '', standing: '', side }
  const far = distant(kit.palette)
  const placed = (px: number, py: number, size: number, turn = 0) =>
    group(
      drawProp(penOf(kit, size, far), name),
      `translate(${n(px)} ${n(py)}) rotate(${n(turn)}) scale(${size.toFixed(2)})`
    )
  const beside = (away: number, size: number) =>
    Math.max(window.left + HALF * size + FREE, Math.min(window.right - HALF * size - FREE, x + side * away))
  if (at === 'behind') {
    const y = Math.min(feet - 40, horizon + 70)
    return { behind: placed(beside(380, scale), y, scale), standing: '', side }
  }
  if (at === 'aloft') {
    const y = Math.max(300, (face.top + face.bottom) / 2) + (HEIGHT / 2) * scale
    return { behind: placed(beside(360, scale), y, scale, side * 8), standing: '', side }
  }
  if (at === 'falling') {
    return {
      behind: each(FALLING, ([away, y, size, turn]) => placed(x + away, y, scale * size, turn)),
      standing: '',
      side
    }
  }
  return { behind: '', standing: drawStanding(kit, name, place, side, scale), side }
}

/** The side of the figure with more room: 1 is the right one. */
function roomierSide({ body, window, side }: Place): number {
  const [left, right] = [body.left - window.left, window.right - body.right]
  return Math.abs(left - right) < 30 ? side : left > right ? -1 : 1
}

/** Where a thing stands on the ground, and its size. `isBeside`: it is not below the face. */
function spotOf(place: Place, side: number, usual: number) {
  const { isCropped, feet, horizon, face, body, window } = place
  // Beside a wide figure there is room only further back, where a thing is smaller.
  const room = side > 0 ? window.right - body.right : body.left - window.left
  const isFar = room < WIDEST * usual
  const size = isFar ? usual * FURTHER : usual
  const back = isCropped ? horizon + 120 : isFar ? horizon + 50 : Math.max(feet - 30, horizon + 30)
  const wide = WIDEST * size
  const edge = side > 0 ? window.right - wide - FREE : window.left + wide + FREE
  const x = side > 0 ? Math.min(edge, body.right + wide) : Math.max(edge, body.left - wide)
  const isBeside = x - wide > face.right || x + wide < face.left
  const lowest = window.bottom - FREE
  if (isBeside) return { x, ground: Math.min(lowest, back), size, isBeside }
  const most = (lowest - face.bottom - 20) / HEIGHT
  return { x, ground: lowest, size: Math.max(0.8, Math.min(size, most)), isBeside }
}

/** A thing on the ground behind the feet, with its shadow, on what carries it if it is small. */
function drawStanding(kit: Kit, name: string, place: Place, side: number, scale: number): string {
  const { x, ground, size, isBeside } = spotOf(place, side, scale)
  const isOnGround = ON_GROUND.has(name) || !isBeside
  const top = isOnGround ? ground : ground - SUPPORT
  const half = HALF * size
  const quiet = quietPalette(kit.palette)
  const pen = penOf(kit, 1, quiet)
  const shadow = createPen(kit.palette, { shading: 'flat' }, kit.light, kit.surface).flat(
    ellipse(x - kit.light.dx * 0.6, ground, half * 1.25, 17),
    'ink',
    0.28
  )
  const support = place.isIndoors ? drawStool : drawStone
  return (
    shadow +
    (isOnGround ? '' : support(pen, x, ground, half)) +
    group(drawProp(penOf(kit, size, quiet), name), `translate(${n(x)} ${n(top)}) scale(${size.toFixed(2)})`)
  )
}

/** A stool with a round seat. */
function drawStool(pen: Pen, x: number, y: number, half: number): string {
  const top = y - SUPPORT
  return (
    pen.line(
      path`
        M${x - half * 0.7} ${top}L${x - half * 0.82} ${y}
        M${x + half * 0.7} ${top}L${x + half * 0.82} ${y}
      `,
      'front',
      15
    ) + pen.solid(ellipse(x, top + 6, half, 20), 'clothDark', { depth: 0.2 })
  )
}

/** A stone with a flat top. */
const drawStone = (pen: Pen, x: number, y: number, half: number): string =>
  pen.solid(
    polygon(
      [x - half * 1.12, y + 4],
      [x - half, y - SUPPORT * 0.7],
      [x - half * 0.7, y - SUPPORT - 4],
      [x + half * 0.76, y - SUPPORT - 2],
      [x + half * 1.04, y - SUPPORT * 0.5],
      [x + half * 1.14, y + 4]
    ),
    'farDark',
    { depth: 0.4 }
  )

/** Where things fall: away from the middle of the figure, downwards, size and turn. */
const FALLING = [
  [-370, 250, 1, -18],
  [330, 200, 0.8, 14],
  [-290, 470, 0.7, 12],
  [400, 430, 1.1, -10]
] as const

/** A pen whose outline and light stay as they are in a group of this scale. */
function penOf({ technique, light, surface }: Kit, scale: number, palette: Palette) {
  const { outline } = technique
  return createPen(
    palette,
    outline === undefined
      ? technique
      : { ...technique, outline: { ...outline, width: (outline.width / scale) * 0.7 } },
    { dx: light.dx / 2, dy: light.dy / 2 },
    surface
  )
}

/** The roles that a thing on the ground has. */
const ROLES = [
  'accent',
  'accentDark',
  'cloth',
  'clothDark',
  'far',
  'farDark',
  'front',
  'ink',
  'paper',
  'skin',
  'skyLow'
] as const satisfies readonly Role[]

/** Colours of a thing on the ground, from which the figure stands out. */
const quietPalette = (palette: Palette): Palette => ({
  ...palette,
  ...Object.fromEntries(ROLES.map((role) => [role, mixedTone(palette[role], palette.ground, QUIET)]))
})
