import type { Matrix } from './matrix.ts'
import { COUNTS } from './path-data.ts'
import type { Path } from './path-data.ts'

export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

/** The box of two boxes. */
export const around = (one: Box, other: Box): Box => ({
  left: Math.min(one.left, other.left),
  top: Math.min(one.top, other.top),
  right: Math.max(one.right, other.right),
  bottom: Math.max(one.bottom, other.bottom)
})

/** The outline of a shape, in whole units of the frame. */
export interface Outline {
  path: Path
  /** Positions on the outline, x and y in turn, close enough together for a box and an area. */
  points: number[]
  /** Where in `points` each contour begins. */
  starts: number[]
  box: Box
  /** 1 for a single contour that runs clockwise, -1 for one that runs the other way, 0 for several contours. */
  turn: number
}

/** Where on a curve positions are taken. */
const CURVE_STEPS = [0.25, 0.5, 0.75, 1] as const
const ARC_STEP = Math.PI / 6
const RADIANS = Math.PI / 180

/**
 * The outline that a transform makes of a path.
 * @param least units of the shortest line; the end of a shorter one is left out
 */
export function outlineOf({ kinds, numbers }: Path, matrix: Matrix, least: number): Outline {
  const { a, b, c, d, e, f } = matrix
  const placed: number[] = []
  const points: number[] = []
  let placedKinds = ''
  let x = 0
  let y = 0
  let first = 0
  const starts: number[] = []
  for (let index = 0; index < kinds.length; index += 1) {
    const kind = kinds[index]!
    const start = placed.length
    const end = first + COUNTS[kind]!
    if (kind === 'Z') {
      placedKinds += kind
      continue
    }
    if (kind === 'A') placeArc(placed, numbers, first, matrix)
    for (let at = kind === 'A' ? end - 2 : first; at < end; at += 2) {
      const px = numbers[at]!
      const py = numbers[at + 1]!
      placed.push(Math.round(a * px + c * py + e) + 0, Math.round(b * px + d * py + f) + 0)
    }
    first = end
    const endX = placed[placed.length - 2]!
    const endY = placed[placed.length - 1]!
    const isShort = Math.abs(endX - x) < least && Math.abs(endY - y) < least
    if (isShort && kind === 'L' && kinds[index + 1] === 'L') {
      placed.length = start
      continue
    }
    placedKinds += kind
    if (kind === 'M') starts.push(points.length)
    if (kind === 'A') addArc(points, x, y, placed, start)
    else if (kind === 'Q') addQuadratic(points, x, y, placed, start)
    else if (kind === 'C') addCubic(points, x, y, placed, start)
    else points.push(endX, endY)
    x = endX
    y = endY
  }
  const turn = starts.length === 1 ? Math.sign(areaOf(points)) : 0
  return { path: { kinds: placedKinds, numbers: placed }, points, starts, box: boxOf(points), turn }
}

/** Adds the first five numbers of an arc. */
function placeArc(placed: number[], numbers: readonly number[], first: number, matrix: Matrix): void {
  const { a, b, c, d, scale } = matrix
  const [large, sweep] = [numbers[first + 3]!, numbers[first + 4]!]
  const isMirrored = a * d - b * c < 0
  // Radii that are too short for the two ends grow. Those of a half ellipse must not be too long: it would bulge.
  const cut = large === 1 ? -0.5 : 0.5
  const rx = Math.max(1, Math.floor(numbers[first]! * scale + cut))
  const ry = Math.max(1, Math.floor(numbers[first + 1]! * scale + cut))
  const tilt = numbers[first + 2]!
  const turned = Math.round((isMirrored ? -tilt : tilt) + Math.atan2(b, a) / RADIANS) + 0
  placed.push(rx, ry, rx === ry ? 0 : turned, large, isMirrored ? 1 - sweep : sweep)
}

function addQuadratic(points: number[], x: number, y: number, control: readonly number[], at: number): void {
  for (const t of CURVE_STEPS) {
    const u = (1 - t) * (1 - t)
    const v = 2 * (1 - t) * t
    const w = t * t
    points.push(
      u * x + v * control[at]! + w * control[at + 2]!,
      u * y + v * control[at + 1]! + w * control[at + 3]!
    )
  }
}

function addCubic(points: number[], x: number, y: number, control: readonly number[], at: number): void {
  for (const t of CURVE_STEPS) {
    const s = 1 - t
    const u = s * s * s
    const v = 3 * s * s * t
    const w = 3 * s * t * t
    const z = t * t * t
    points.push(
      u * x + v * control[at]! + w * control[at + 2]! + z * control[at + 4]!,
      u * y + v * control[at + 1]! + w * control[at + 3]! + z * control[at + 5]!
    )
  }
}

/** Adds positions on an arc. The conversion to a middle and angles is that of SVG 2, appendix B.2.4. */
function addArc(points: number[], x: number, y: number, arc: readonly number[], at: number): void {
  const rx = arc[at]!
  const ry = arc[at + 1]!
  const large = arc[at + 3]!
  const sweep = arc[at + 4]!
  const endX = arc[at + 5]!
  const endY = arc[at + 6]!
  const cos = Math.cos(arc[at + 2]! * RADIANS)
  const sin = Math.sin(arc[at + 2]! * RADIANS)
  const halfX = (x - endX) / 2
  const halfY = (y - endY) / 2
  // From here on in a frame in which the ellipse is a circle of radius 1.
  const px = (cos * halfX + sin * halfY) / rx
  const py = (-sin * halfX + cos * halfY) / ry
  const distance = px * px + py * py
  if (distance === 0) {
    points.push(endX, endY)
    return
  }
  const grown = Math.max(1, Math.sqrt(distance))
  const side = (large === sweep ? -1 : 1) * Math.sqrt(Math.max(0, (grown * grown - distance) / distance))
  const ux = px / grown
  const uy = py / grown
  const middleX = side * uy
  const middleY = -side * ux
  const start = Math.atan2(uy - middleY, ux - middleX)
  let angle = Math.atan2(-uy - middleY, -ux - middleX) - start
  if (sweep === 1 && angle < 0) angle += 2 * Math.PI
  if (sweep === 0 && angle > 0) angle -= 2 * Math.PI
  const steps = Math.max(1, Math.ceil(Math.abs(angle) / ARC_STEP))
  for (let step = 1; step <= steps; step += 1) {
    const turn = start + (angle * step) / steps
    const dx = (Math.cos(turn) + middleX) * rx * grown
    const dy = (Math.sin(turn) + middleY) * ry * grown
    points.push((x + endX) / 2 + cos * dx - sin * dy, (y + endY) / 2 + sin * dx + cos * dy)
  }
}

function boxOf(points: readonly number[]): Box {
  let left = Infinity
  let top = Infinity
  let right = -Infinity
  let bottom = -Infinity
  for (let index = 0; index < points.length; index += 2) {
    const x = points[index]!
    const y = points[index + 1]!
    if (x < left) left = x
    if (x > right) right = x
    if (y < top) top = y
    if (y > bottom) bottom = y
  }
  return { left, top, right, bottom }
}

/** Twice the area inside; negative if the contour runs anticlockwise. */
function areaOf(points: readonly number[]): number {
  let area = 0
  for (let index = 0, last = points.length - 2; index < points.length; last = index, index += 2) {
    area += points[last]! * points[index + 1]! - points[index]! * points[last + 1]!
  }
  return area
}

/** Whether a position is inside of the contours. */
export function contains({ points, box }: Outline, x: number, y: number): boolean {
  if (x < box.left || x > box.right || y < box.top || y > box.bottom) return false
  let isInside = false
  for (let index = 0, last = points.length - 2; index < points.length; last = index, index += 2) {
    const x1 = points[index]!
    const y1 = points[index + 1]!
    const x2 = points[last]!
    const y2 = points[last + 1]!
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) isInside = !isInside
  }
  return isInside
}

/** Whether two boxes overlap. */
export const overlap = (one: Box, other: Box): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom
