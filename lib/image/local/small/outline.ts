import { IDENTITY } from './matrix.ts'
import type { Matrix } from './matrix.ts'
import { A, C, COUNTS, L, M, Q, Z } from './path-data.ts'
import type { Box, Path } from './path-data.ts'

export type { Box }

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

/** The numbers and positions of the outline that is made. An array that grows takes more memory than all in it. */
const placed: number[] = []
const points: number[] = []
let placedCount = 0
let pointCount = 0

function addPoint(x: number, y: number): void {
  points[pointCount] = x
  points[pointCount + 1] = y
  pointCount += 2
}

/**
 * The outline that a transform makes of a path.
 * @param least units of the shortest line; the end of a shorter one is left out
 */
export function outlineOf({ kinds, numbers }: Path, matrix: Matrix, least: number): Outline {
  const { a, b, c, d, e, f } = matrix
  placedCount = 0
  pointCount = 0
  /** The commands that are left out, by their places in `kinds`. */
  let short: number[] | undefined
  let x = 0
  let y = 0
  let first = 0
  let starts: number[] | undefined
  for (let index = 0; index < kinds.length; index += 1) {
    const kind = kinds.charCodeAt(index)
    if (kind === Z) continue
    const start = placedCount
    const end = first + COUNTS[kind]!
    if (kind === A) placeArc(numbers, first, matrix)
    for (let at = kind === A ? end - 2 : first; at < end; at += 2) {
      const px = numbers[at]!
      const py = numbers[at + 1]!
      placed[placedCount] = Math.round(a * px + c * py + e) + 0
      placed[placedCount + 1] = Math.round(b * px + d * py + f) + 0
      placedCount += 2
    }
    first = end
    const endX = placed[placedCount - 2]!
    const endY = placed[placedCount - 1]!
    const isShort = Math.abs(endX - x) < least && Math.abs(endY - y) < least
    if (isShort && kind === L && kinds.charCodeAt(index + 1) === L) {
      placedCount = start
      ;(short ??= []).push(index)
      continue
    }
    if (kind === M) {
      if (starts === undefined) starts = [pointCount]
      else starts.push(pointCount)
    }
    if (kind === A) addArc(x, y, start)
    else if (kind === Q) addQuadratic(x, y, start)
    else if (kind === C) addCubic(x, y, start)
    else addPoint(endX, endY)
    x = endX
    y = endY
  }
  const turn = starts?.length === 1 ? Math.sign(area()) : 0
  const placedKinds = short === undefined ? kinds : without(kinds, short)
  return {
    path: { kinds: placedKinds, numbers: placed.slice(0, placedCount) },
    points: points.slice(0, pointCount),
    starts: starts ?? [],
    box: boxOfPoints(),
    turn
  }
}

/** A text without the letters at some places. */
function without(text: string, places: readonly number[]): string {
  let rest = ''
  let from = 0
  for (const place of places) {
    rest += text.slice(from, place)
    from = place + 1
  }
  return rest + text.slice(from)
}

/** The box of a path without a transform. */
export const plainBoxOf = (path: Path): Box => (path.box ??= outlineOf(path, IDENTITY, 0).box)

/** Adds the first five numbers of an arc. */
function placeArc(numbers: readonly number[], first: number, matrix: Matrix): void {
  const { a, b, c, d, scale } = matrix
  const [large, sweep] = [numbers[first + 3]!, numbers[first + 4]!]
  const isMirrored = a * d - b * c < 0
  // Radii that are too short for the two ends grow. Those of a half ellipse must not be too long: it would bulge.
  const cut = large === 1 ? -0.5 : 0.5
  const rx = Math.max(1, Math.floor(numbers[first]! * scale + cut))
  const ry = Math.max(1, Math.floor(numbers[first + 1]! * scale + cut))
  const tilt = numbers[first + 2]!
  const turned = Math.round((isMirrored ? -tilt : tilt) + Math.atan2(b, a) / RADIANS) + 0
  placed[placedCount] = rx
  placed[placedCount + 1] = ry
  placed[placedCount + 2] = rx === ry ? 0 : turned
  placed[placedCount + 3] = large
  placed[placedCount + 4] = isMirrored ? 1 - sweep : sweep
  placedCount += 5
}

function addQuadratic(x: number, y: number, at: number): void {
  for (const t of CURVE_STEPS) {
    const u = (1 - t) * (1 - t)
    const v = 2 * (1 - t) * t
    const w = t * t
    addPoint(u * x + v * placed[at]! + w * placed[at + 2]!, u * y + v * placed[at + 1]! + w * placed[at + 3]!)
  }
}

function addCubic(x: number, y: number, at: number): void {
  for (const t of CURVE_STEPS) {
    const s = 1 - t
    const u = s * s * s
    const v = 3 * s * s * t
    const w = 3 * s * t * t
    const z = t * t * t
    addPoint(
      u * x + v * placed[at]! + w * placed[at + 2]! + z * placed[at + 4]!,
      u * y + v * placed[at + 1]! + w * placed[at + 3]! + z * placed[at + 5]!
    )
  }
}

/** Adds positions on an arc. The conversion to a middle and angles is that of SVG 2, appendix B.2.4. */
function addArc(x: number, y: number, at: number): void {
  const rx = placed[at]!
  const ry = placed[at + 1]!
  const large = placed[at + 3]!
  const sweep = placed[at + 4]!
  const endX = placed[at + 5]!
  const endY = placed[at + 6]!
  const cos = Math.cos(placed[at + 2]! * RADIANS)
  const sin = Math.sin(placed[at + 2]! * RADIANS)
  const halfX = (x - endX) / 2
  const halfY = (y - endY) / 2
  // From here on in a frame in which the ellipse is a circle of radius 1.
  const px = (cos * halfX + sin * halfY) / rx
  const py = (-sin * halfX + cos * halfY) / ry
  const distance = px * px + py * py
  if (distance === 0) {
    addPoint(endX, endY)
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
    addPoint((x + endX) / 2 + cos * dx - sin * dy, (y + endY) / 2 + sin * dx + cos * dy)
  }
}

function boxOfPoints(): Box {
  let left = Infinity
  let top = Infinity
  let right = -Infinity
  let bottom = -Infinity
  for (let index = 0; index < pointCount; index += 2) {
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
function area(): number {
  let sum = 0
  for (let index = 0, last = pointCount - 2; index < pointCount; last = index, index += 2) {
    sum += points[last]! * points[index + 1]! - points[index]! * points[last + 1]!
  }
  return sum
}

/** Whether the contours go around a position. It is outside where two of them go around it in opposite ways. */
export function contains({ points, starts, box }: Outline, x: number, y: number): boolean {
  if (x < box.left || x > box.right || y < box.top || y > box.bottom) return false
  let turns = 0
  for (let contour = 0; contour < starts.length; contour += 1) {
    const end = starts[contour + 1] ?? points.length
    for (let index = starts[contour]!, last = end - 2; index < end; last = index, index += 2) {
      const x1 = points[index]!
      const y1 = points[index + 1]!
      const x2 = points[last]!
      const y2 = points[last + 1]!
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) turns += y1 > y2 ? 1 : -1
    }
  }
  return turns !== 0
}

/** Whether two boxes overlap. */
export const overlap = (one: Box, other: Box): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom
