import type { Palette, Role } from '../palette.ts'
import { distant } from '../palette.ts'
import { createPen } from '../pen.ts'
import type { Light, Technique } from '../pen.ts'
import { drawProp, thingOf } from '../props.ts'
import { each } from '../repeat.ts'
import type { Surface } from '../surface.ts'
import type { Box } from '../small/outline.ts'
import { ellipse, group, n } from '../svg.ts'
import { mixedTone } from '../tone.ts'
import type { Traits } from '../traits.ts'
import { BOARD, BOARD_SHAPES, carrierOf, drawBoard, drawPlinth, drawTable, TABLE_HEIGHT } from './stands.ts'
import type { BoardShape, BoardSpot, Carrier } from './stands.ts'

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
/** Half the size of the smallest board. */
const LEAST_BOARD = 66
/** How far the colours of a thing on the ground turn to that of the ground. */
const QUIET = 0.2
/** Units between a thing and the frame. */
const FREE = 12

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
  const side = roomierSide(place, at === 'before' ? carrierOf(name) : 'ground')
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
  return { behind: '', standing: drawStanding(kit, traits, place, side), side }
}

/** The side of the figure with more room, unless the moon is there: 1 is the right one. */
function roomierSide({ body, face, window, side, taken }: Place, carrier: Carrier): number {
  if (taken !== undefined) return -taken
  const box = carrier === 'board' ? face : body
  const [left, right] = [box.left - window.left, window.right - box.right]
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

/** Where a board is beside the face, or undefined if there is no room. */
function boardOf(place: Place, side: number, shape: BoardShape): BoardSpot | undefined {
  const { isCropped, feet, horizon, face, body, window } = place
  const room = (side > 0 ? window.right - face.right : face.left - window.left) - 2 * FREE
  const half = Math.min(BOARD * 1.1, room / 2)
  if (half < LEAST_BOARD) return undefined
  const lowest = window.bottom - FREE
  // It may be behind the body a little, never behind the face.
  const x =
    side > 0
      ? Math.min(window.right - half - FREE, Math.max(body.right + half * 0.6, face.right + half + FREE))
      : Math.max(window.left + half + FREE, Math.min(body.left - half * 0.6, face.left - half - FREE))
  const ground = Math.min(lowest, isCropped ? lowest : Math.max(feet - 60, horizon + 30))
  const y = Math.max(window.top + half * 1.4, Math.min(ground - half * 2.2, (face.top + face.bottom) / 2))
  return { x, y, half, ground, shape }
}

/** A thing on the ground behind the feet, with its shadow, on a table or a plinth, or shown by a board. */
function drawStanding(kit: Kit, traits: Traits, place: Place, side: number): string {
  const { name, scale } = thingOf(traits)
  const quiet = quietPalette(kit.palette)
  const pen = penOf(kit, 1, quiet)
  const flat = createPen(kit.palette, { shading: 'flat' }, kit.light, kit.surface)
  const shadow = (x: number, ground: number, half: number) =>
    flat.flat(ellipse(x - kit.light.dx * 0.6, ground, half * 1.25, 17), 'ink', 0.28)
  const thing = (x: number, y: number, size: number) =>
    group(drawProp(penOf(kit, size, quiet), name), `translate(${n(x)} ${n(y)}) scale(${size.toFixed(2)})`)

  const carrier = carrierOf(name)
  const board =
    carrier === 'board' ? boardOf(place, side, traits.trope.random().pick(BOARD_SHAPES)) : undefined
  if (board !== undefined) {
    const { x, y, half, ground } = board
    const size = (half * 1.24) / HEIGHT
    return (
      shadow(x, ground, half * 0.5) + drawBoard(pen, board, place.isIndoors) + thing(x, y + half * 0.62, size)
    )
  }
  const { x, ground, size, isBeside } = spotOf(place, side, scale)
  const half = HALF * size
  if (carrier === 'ground' || !isBeside) return shadow(x, ground, half) + thing(x, ground, size)
  const draw = place.isIndoors ? drawTable : drawPlinth
  return shadow(x, ground, half) + draw(pen, x, ground, half) + thing(x, ground - TABLE_HEIGHT, size)
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
  ...Object.fromEntries(ROLES.map((role) => [role, mixedTone(palette[role], palette.ground, QUIET)])),
  bodyLight: mixedTone(mixedTone(palette.paper, palette.cloth, 0.45), palette.ground, 0.2)
})
