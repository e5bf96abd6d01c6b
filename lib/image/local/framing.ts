import type { Stand } from './figure.ts'
import { FRAME } from './frame.ts'
import { IDENTITY, transformed } from './small/matrix.ts'
import type { Box } from './small/outline.ts'
import type { Point } from './svg.ts'

/** How far frames, bands and curtains reach into the picture, in units of the frame. */
export interface Inset {
  top?: number
  bottom?: number
  left?: number
  right?: number
}

/** Where the head and the face of a figure are. The head has its hat. */
export interface HeadBoxes {
  head: Box
  face: Box
}

/** Where a figure is: its body has its limbs and its tool, and `origin` is where it stays if its scale changes. */
export interface FigureBoxes extends HeadBoxes {
  body: Box
  /** The tool with the arm that holds it. */
  held: Box
  origin: Point
}

/** Units that stay free at each side, and the least above the brows. */
const FREE = 20
const ABOVE_BROWS = 42
/** The largest share of the window's height that the head of a cropped figure has. */
const HEAD_SHARE = 0.64
/** The width of a cropped figure as a share of the window's at most: what tells its kind stays in the picture. */
const MOST_ACROSS = 1
/** A cropped figure that is higher than the window by less than this factor is made whole. */
const NEARLY_WHOLE = 1.4
/** How much a figure is made smaller at most, so that its head is in the window, and so that its limbs are. */
const LEAST_FACTOR = 0.5
const LEAST_REACH = 0.56
const LEAST_LIFTED = 0.7
/** The height that a figure keeps, however wide it is. */
const LEAST_HEIGHT = 510
/** How far a wide figure is moved at most, so that the tool is in the window. */
const MOST_ASIDE = 40
/** How far above the head the limbs of a figure stay in the window. */
const MOST_ABOVE_HEAD = 200
/** Units of the ground that one sees below the limbs of a whole figure. */
const GROUND = 6
/** The share of the height above its feet that a figure fills, usually and in a print. */
const FILL = { usual: 0.9, print: 0.97 }
/** How much a figure is made larger at most for that. */
const MOST_FACTOR = 1.45

export const inset = (all: number): Inset => ({ top: all, bottom: all, left: all, right: all })

/** What several frames leave of the picture. */
export function windowOf(insets: ReadonlyArray<Inset | undefined>): Box {
  const most = (side: keyof Inset) => FREE + Math.max(0, ...insets.map((each) => each?.[side] ?? 0))
  return {
    left: most('left'),
    top: most('top'),
    right: FRAME - most('right'),
    bottom: FRAME - most('bottom')
  }
}

/** How far a span is moved into another. A longer one has its middle in the middle of the other. */
function shiftInto(from: number, to: number, first: number, last: number): number {
  if (to - from > last - first) return (first + last - from - to) / 2
  return Math.max(0, first - from) + Math.min(0, last - to)
}

const movedBox = ({ left, top, right, bottom }: Box, dx: number, dy: number): Box => ({
  left: left + dx,
  top: top + dy,
  right: right + dx,
  bottom: bottom + dy
})

const scaledBox = ({ left, top, right, bottom }: Box, [x, y]: Point, factor: number): Box => ({
  left: x + (left - x) * factor,
  top: y + (top - y) * factor,
  right: x + (right - x) * factor,
  bottom: y + (bottom - y) * factor
})

/** The factor of a figure's scale that lets it fill the window, with its head and its limbs in it. */
function factorOf(stand: Stand, boxes: FigureBoxes, window: Box, share: number): number {
  const { head, body } = boxes
  const [width, height] = [window.right - window.left, window.bottom - window.top]
  const wide = width / (head.right - head.left)
  if (stand.isCropped) {
    const across = (width * MOST_ACROSS) / (body.right - body.left)
    const factor = Math.min(1, (height * HEAD_SHARE) / (head.bottom - head.top), wide, across)
    // A figure is cut above its knees with its hands in the picture, or it is whole.
    const whole = (height - GROUND) / ((body.bottom - body.top) * factor)
    const isCut = !isHandIn(boxes, window, factor)
    return Math.max(LEAST_FACTOR, whole < 1 && (isCut || whole > 1 / NEARLY_WHOLE) ? factor * whole : factor)
  }
  const room = stand.y - window.top
  const fill = Math.min(MOST_FACTOR, (room * share) / (stand.y - body.top))
  const low = Math.min(1, LEAST_HEIGHT / (stand.y - body.top))
  const least = Math.max(LEAST_REACH, low)
  const reach = Math.max(least, width / (body.right - body.left))
  const lifted = Math.max(LEAST_LIFTED, (height - GROUND) / (body.bottom - body.top))
  const inside = Math.min(room / (stand.y - head.top), reach, lifted, Math.max(low, wide))
  return Math.max(LEAST_FACTOR, Math.min(Math.max(1, fill), inside))
}

/** Whether the tool of a cropped figure is in the window, if the figure is moved until its head is. */
function isHandIn({ head, held, origin }: FigureBoxes, window: Box, factor: number): boolean {
  const { top } = scaledBox(head, origin, factor)
  const { bottom } = scaledBox(held, origin, factor)
  return bottom + Math.max(0, window.top - top) <= window.bottom
}

/**
 * Makes a figure larger or smaller and moves it until its head with the hat is in the window, and its face in any case.
 * @param tilt degrees that the scene is turned
 * @param isPrint whether the picture is set in coarse marks, in which a small figure is lost
 */
export function framed(
  stand: Stand,
  boxes: FigureBoxes,
  window: Box,
  tilt: number,
  isPrint: boolean
): { stand: Stand; body: Box } & HeadBoxes {
  const factor = factorOf(stand, boxes, window, isPrint ? FILL.print : FILL.usual)
  const [head, face, body, held] = [boxes.head, boxes.face, boxes.body, boxes.held].map((box) =>
    scaledBox(box, boxes.origin, factor)
  ) as [Box, Box, Box, Box]
  let dx = shiftInto(body.left, body.right, window.left, window.right)
  const aside = shiftInto(held.left + dx, held.right + dx, window.left, window.right)
  dx += Math.max(-MOST_ASIDE, Math.min(MOST_ASIDE, aside))
  const above = Math.min(head.top, Math.max(body.top, head.top - MOST_ABOVE_HEAD)) - window.top
  // A cropped figure that is whole after all stands on the ground.
  const ground = window.bottom - GROUND - body.bottom
  const isWhole = stand.isCropped && body.bottom - body.top <= window.bottom - window.top
  const below = stand.isCropped ? 0 : Math.max(0, -ground)
  const lowered = stand.isCropped ? Math.max(0, ground) : 0
  const raised = above < 0 ? -above : -Math.min(above, below)
  let dy = isWhole ? ground : lowered > 0 ? Math.max(lowered, raised) : raised
  dx += shiftInto(head.left + dx, head.right + dx, window.left, window.right)
  dx += shiftInto(face.left + dx, face.right + dx, window.left, window.right)
  dy += shiftInto(face.top + dy, face.bottom + dy, window.top + ABOVE_BROWS - FREE, window.bottom - FREE)
  ;[dx, dy] = [Math.round(dx), Math.round(dy)]
  const { a, b } = transformed(IDENTITY, `rotate(${-tilt})`)
  return {
    stand: {
      ...stand,
      scale: stand.scale * factor,
      x: stand.x + Math.round(a * dx - b * dy),
      y: stand.y + Math.round(b * dx + a * dy)
    },
    head: movedBox(head, dx, dy),
    face: movedBox(face, dx, dy),
    body: movedBox(body, dx, dy)
  }
}
