import type { Palette } from '../palette.ts'
import { distant } from '../haze.ts'
import { createPen } from '../pen.ts'
import type { Light, Technique } from '../pen.ts'
import { drawProp, thingOf } from '../props.ts'
import { each } from '../repeat.ts'
import type { Surface } from '../surface.ts'
import type { Box } from '../small/outline.ts'
import { ellipse, group, n } from '../svg.ts'
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
  /** The side of the moon, if there is one. */
  taken: number | undefined
  isCropped: boolean
  feet: number
  horizon: number
  /** The boxes of the face and of the whole figure. */
  face: Box
  body: Box
  /** What frames leave of the picture. */
  window: Box
}

/** Half the width of the widest thing and of the usual one on their grid, and the height of a thing. */
const WIDEST = 100
const HALF = 75
const HEIGHT = 150
/** The size of a thing beside the figure, usually and at least, as a factor of its own one; of one on the ground. */
const SIZE = { usual: 0.8, least: 0.58, onGround: 0.36 }
/** Width of the outline of a thing as a share of that of the figure. */
const OUTLINE = 0.5
/** Units between a thing and the frame, and between a thing and the figure. */
const FREE = 14

/** The thing of the trope, in its part. Every thing is behind the figure and in tones of the distance. */
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
  if (at === 'behind') {
    const size = sizeIn(place, side, scale)
    return {
      behind: placed(besideOf(place, side, WIDEST * size), Math.min(feet - 40, horizon + 60), size),
      standing: '',
      side
    }
  }
  if (at === 'aloft') {
    const size = sizeIn(place, side, scale)
    const y = Math.max(window.top + HEIGHT * size + 40, face.top + (HEIGHT / 2) * size)
    return { behind: placed(besideOf(place, side, WIDEST * size), y, size, side * 8), standing: '', side }
  }
  if (at === 'falling') {
    return {
      behind: each(FALLING, ([away, y, size, turn]) => placed(x + away, y, scale * size, turn)),
      standing: '',
      side
    }
  }
  const { x: px, ground, size } = spotOf(place, side, scale)
  const shadow = createPen(kit.palette, { shading: 'flat' }, kit.light, kit.surface).flat(
    ellipse(px - kit.light.dx * 0.6, ground, HALF * size * 1.25, 17),
    'ink',
    0.28
  )
  return { behind: '', standing: shadow + placed(px, ground, size), side }
}

/** The side of the figure with more room, unless the moon is there: 1 is the right one. */
function roomierSide({ body, window, side, taken }: Place): number {
  if (taken !== undefined) return -taken
  const [left, right] = [body.left - window.left, window.right - body.right]
  return Math.abs(left - right) < 30 ? side : left > right ? -1 : 1
}

/** The room between the figure with its limbs and the frame. */
const roomOf = ({ body, window }: Place, side: number) =>
  (side > 0 ? window.right - body.right : body.left - window.left) - 2 * FREE

/** The size of a thing that fits beside the figure, or the least one, and in the window. */
function sizeIn(place: Place, side: number, usual: number, least: number = SIZE.least): number {
  const { left, right } = place.window
  const beside = Math.max(usual * least, Math.min(usual * SIZE.usual, roomOf(place, side) / (2 * WIDEST)))
  return Math.min(beside, (right - left - 2 * FREE) / (2 * WIDEST))
}

/** The middle of a thing beside the figure: near it if there is room, else at the frame. */
function besideOf(place: Place, side: number, half: number): number {
  const { body, window } = place
  const away = half + FREE + Math.max(0, Math.min(90, (roomOf(place, side) - 2 * half) / 2))
  return side > 0
    ? Math.min(window.right - half - FREE, body.right + away)
    : Math.max(window.left + half + FREE, body.left - away)
}

/** The ground behind the feet of a figure that is whole. */
const groundOf = ({ feet, horizon }: Place) => Math.max(horizon + 44, Math.min(feet - 70, horizon + 130))

/** Where a thing stands on the ground, and its size: below the face it is in front, and does not reach the face. */
function spotOf(place: Place, side: number, usual: number) {
  const { isCropped, horizon, face, window } = place
  const size = sizeIn(place, side, usual, SIZE.onGround)
  const half = WIDEST * size
  const x = besideOf(place, side, half)
  const lowest = window.bottom - FREE
  // Beside a broad figure there is no room: the thing is further back, so that it is seen above it.
  const isTight = roomOf(place, side) < HALF * size
  const back = isTight ? horizon + 30 : isCropped ? horizon + 120 : groundOf(place)
  const isBeside = x - half > face.right || x + half < face.left
  if (isBeside) return { x, ground: Math.min(lowest, back), size }
  const most = (lowest - face.bottom - 20) / HEIGHT
  return { x, ground: lowest, size: Math.max(0.7, Math.min(size, most)) }
}

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
      : {
          ...technique,
          outline: { role: 'farDark', width: (outline.width / scale) * OUTLINE }
        },
    { dx: light.dx / 2, dy: light.dy / 2 },
    surface
  )
}
