import type { Place, Stand } from './figure.ts'
import { FRAME } from './frame.ts'
import { IDENTITY, transformed } from './small/matrix.ts'
import { outlineOf } from './small/outline.ts'
import type { Box } from './small/outline.ts'
import { readPath } from './small/path-data.ts'
import { shapesOf } from './small/shapes.ts'
import type { Mark } from './surface.ts'

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

/** Units that stay free at each side, and the least above the brows. */
const FREE = 10
const ABOVE_BROWS = 30
/** The largest share of the window's height that the head of a cropped figure has. */
const HEAD_SHARE = 0.74
/** How much a figure is made smaller at most, so that its head is in the window. */
const LEAST_FACTOR = 0.6

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

/** The box of what a pen has drawn into `marks`. What is cut at the edge of a shape is left out. */
export function boxOf(content: string, marks: readonly Mark[]): Box {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }
  for (const { mark, matrix, clips } of shapesOf(content, marks)) {
    if (clips.length > 0) continue
    const { left, top, right, bottom } = outlineOf(readPath(mark.d), matrix, 0).box
    const half = ((mark.stroke?.width ?? 0) * matrix.scale) / 2
    box.left = Math.min(box.left, left - half)
    box.top = Math.min(box.top, top - half)
    box.right = Math.max(box.right, right + half)
    box.bottom = Math.max(box.bottom, bottom + half)
  }
  return box
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

/**
 * Makes a figure smaller and moves it until its head with the hat is in the window, and its face in any case.
 * @param tilt degrees that the scene is turned
 */
export function framed(
  stand: Stand,
  measure: (place: Place) => HeadBoxes,
  window: Box,
  tilt: number
): { stand: Stand } & HeadBoxes {
  const first = measure(stand)
  const [width, height] = [window.right - window.left, window.bottom - window.top]
  const high = stand.isCropped
    ? (height * HEAD_SHARE) / (first.head.bottom - first.head.top)
    : (stand.y - window.top) / (stand.y - first.head.top)
  const factor = Math.max(LEAST_FACTOR, Math.min(1, high, width / (first.head.right - first.head.left)))
  const scaled = { ...stand, scale: stand.scale * factor }
  const { head, face } = factor === 1 ? first : measure(scaled)
  let dx = shiftInto(head.left, head.right, window.left, window.right)
  let dy = Math.max(0, window.top - head.top)
  dx += shiftInto(face.left + dx, face.right + dx, window.left, window.right)
  dy += shiftInto(face.top + dy, face.bottom + dy, window.top + ABOVE_BROWS - FREE, window.bottom - FREE)
  ;[dx, dy] = [Math.round(dx), Math.round(dy)]
  const { a, b } = transformed(IDENTITY, `rotate(${-tilt})`)
  return {
    stand: { ...scaled, x: stand.x + Math.round(a * dx - b * dy), y: stand.y + Math.round(b * dx + a * dy) },
    head: movedBox(head, dx, dy),
    face: movedBox(face, dx, dy)
  }
}
