import type { DrawnLimb, Limb } from './anatomy.ts'
import type { Role } from './palette.ts'
import type { Pen } from './pen.ts'
import { each } from './repeat.ts'
import { blob, ellipse, group, n, path, polar, polygon, polyline, rectangle, sidesOf } from './svg.ts'
import type { Point } from './svg.ts'

/** Half the length of an arm that is not stretched, and the most that its elbow is off the line to the hand. */
const HALF_ARM = 112
const MOST_BEND = 92
/** The same as a share of that line: at a sharper elbow, the inner edges of a thick arm cross. */
const MOST_BEND_SHARE = 0.7

/** Steps along an arm: each of its edges has one point more. */
const STEPS = 14
/** The step at which the outline of an arm begins: before it, the arm joins the body. */
const FIRST_STEP = 2

/** The elbow: outwards and down from the line between the shoulder and the hand, the further the nearer they are. */
function elbowOf({ from: [x, y], to: [hx, hy], side }: Limb): Point {
  const [dx, dy] = [hx - x, hy - y]
  const length = Math.hypot(dx, dy) || 1
  const half = Math.max(length * 0.53, HALF_ARM)
  const bend = Math.min(MOST_BEND, length * MOST_BEND_SHARE, Math.sqrt(half * half - (length * length) / 4))
  const [px, py] = [-dy / length, dx / length]
  const way = px * side + py * 0.6 < 0 ? -bend : bend
  return [(x + hx) / 2 + px * way, (y + hy) / 2 + py * way]
}

/** Degrees of the line between two points. */
const turnOf = ([ax, ay]: Point, [bx, by]: Point) => (Math.atan2(by - ay, bx - ax) * 180) / Math.PI

/**
 * A limb that tapers from the shoulder to the wrist. It has no outline where it leaves the body, unless it comes out of
 * a garment.
 */
function tapered(
  pen: Pen,
  points: readonly Point[],
  widths: readonly number[],
  {
    role,
    reach = 1,
    isClosed = false,
    isFromArmhole = false
  }: { role: Role; reach?: number; isClosed?: boolean; isFromArmhole?: boolean }
): string {
  const { left, right } = sidesOf(points, widths, STEPS)
  const last = Math.round(STEPS * reach) + 1
  const [one, other] = [left.slice(0, last), right.slice(0, last)]
  const [start, end] = [one[0]!, other[0]!]
  const round = Math.hypot(end[0] - start[0], end[1] - start[1]) / 2
  // The end in the shoulder is round: a bare arm that begins on a garment has no cut there.
  const shoulder = path`A${round} ${round} 0 0 0 ${start[0]} ${start[1]}`
  const d = `${polyline(...one, ...other.toReversed())}${shoulder}Z`
  const isOutside = outsideOf(left, right)
  const [upper, lower] = [one, other].map((side) =>
    side.filter((point, step) => step >= (isFromArmhole ? 0 : FIRST_STEP) && isOutside(point, step))
  ) as [Point[], Point[]]
  const armhole = isFromArmhole ? path`M${end[0]} ${end[1]}` + shoulder : ''
  const edge =
    armhole + (isClosed ? polyline(...upper, ...lower.toReversed()) : polyline(...upper) + polyline(...lower))
  return pen.joined(d, edge, role, { depth: 0.4 })
}

/** How deep inside a limb a point of its edge must be to be left out, as a share of its half width. */
const INSIDE = 0.93

/** Whether a point of an edge is not inside the limb. At a sharp elbow the inner edge crosses itself. */
function outsideOf(left: readonly Point[], right: readonly Point[]) {
  return ([x, y]: Point, step: number): boolean =>
    left.every(([lx, ly], index) => {
      const [rx, ry] = right[index]!
      const [dx, dy] = [x - (lx + rx) / 2, y - (ly + ry) / 2]
      const [wx, wy] = [((lx - rx) / 2) * INSIDE, ((ly - ry) / 2) * INSIDE]
      return Math.abs(index - step) < 2 || dx * dx + dy * dy > wx * wx + wy * wy
    })
}

/** An arm with an elbow, a sleeve if it has one, and a hand. */
export function drawArm(pen: Pen, limb: Limb): DrawnLimb {
  const { from, to, width: w, isHuman, isHolding, isSleeved, isFromArmhole } = limb
  const elbow = elbowOf(limb)
  const bones = [from, elbow, to]
  const role = isHuman ? 'skin' : 'bodyDark'
  const arm = tapered(pen, bones, [w * 0.9, w * 1.34, w * 1.06, w * 0.9, w * 0.7], {
    role: 'body',
    isFromArmhole
  })
  const sleeve = isSleeved
    ? tapered(pen, bones, [w * 1, w * 1.48, w * 1.24, w * 1.16, w * 1.12], {
        role: 'cloth',
        reach: 0.72,
        isClosed: true
      })
    : ''
  const hand = isHolding ? fist(pen, limb, role) : openHand(pen, limb, turnOf(elbow, to), role)
  return { under: arm + sleeve, over: hand }
}

/** The least width of a hand that can be read in a small picture, and how much wider than the arm it is. */
const LEAST_HAND = 62
const HAND_SHARE = 1.12

const handWidth = ({ width }: Limb) => Math.max(LEAST_HAND, width * HAND_SHARE)

/** A hand around a grip: the fingers are on its outer side, and the thumb goes over it. */
function fist(pen: Pen, limb: Limb, role: Role): string {
  const { to, side } = limb
  const [x, y] = to
  const w = handWidth(limb)
  const line = role === 'skin' ? 'skinDark' : 'body'
  const fingers = path`
    M${x + side * w * 0.64} ${y - w * 0.2}H${x + side * w * 0.12}
    M${x + side * w * 0.68} ${y + w * 0.1}H${x + side * w * 0.14}
    M${x + side * w * 0.56} ${y + w * 0.38}H${x + side * w * 0.14}
  `
  return (
    pen.solid(
      blob(
        [x - side * w * 0.52, y - w * 0.74],
        [x + side * w * 0.52, y - w * 0.74],
        [x + side * w * 0.98, y - w * 0.06],
        [x + side * w * 0.5, y + w * 0.8],
        [x - side * w * 0.5, y + w * 0.8],
        [x - side * w * 0.86, y + w * 0.04]
      ),
      role,
      { depth: 0.3, inside: pen.line(fingers, line, w * 0.1) }
    ) +
    pen.limb(
      path`M${x - side * w * 0.5} ${y + w * 0.26}L${x - side * w * 0.06} ${y - w * 0.14}`,
      role,
      w * 0.34
    )
  )
}

/** A hand with three fingers and a thumb, which is up or inwards. @param turn degrees of the forearm */
function openHand(pen: Pen, limb: Limb, turn: number, role: Role): string {
  const {
    to: [x, y],
    side
  } = limb
  const w = handWidth(limb)
  const angle = (turn * Math.PI) / 180
  const thumb = -Math.cos(angle) + Math.sin(angle) * side * 0.7 > 0 ? w : -w
  const fingers = path`
    M${w * 0.2} ${thumb * 0.22}L${w * 0.86} ${thumb * 0.4}
    M${w * 0.2} ${thumb * -0.04}L${w * 1.02} ${thumb * -0.06}
    M${w * 0.2} ${thumb * -0.28}L${w * 0.84} ${thumb * -0.52}
    M${0} ${thumb * 0.32}L${w * 0.36} ${thumb * 0.82}
  `
  const palm = (share: number) => ellipse(w * 0.14, 0, w * 0.6 * share, w * 0.56 * share)
  return group(
    pen.solid(palm(1), role, { depth: 0 }) + pen.limb(fingers, role, w * 0.35) + pen.flat(palm(0.9), role),
    `translate(${n(x)} ${n(y)}) rotate(${n(turn)})`
  )
}

/** A bone with the flesh around it: round ends, which are as wide as they are told. */
interface Bone {
  from: Point
  to: Point
  widths: readonly [number, number]
}

/** Points on half a circle, and along each side of a bone. */
const TURNS = 10
const ALONG = 6

/** The outline of a bone, clockwise. */
function outlineOf({ from, to, widths }: Bone): Point[] {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const length = Math.hypot(dx, dy) || 1
  const [ux, uy] = [dx / length, dy / length]
  const cap = ([x, y]: Point, width: number, way: number) =>
    Array.from({ length: TURNS + 1 }, (_, index): Point => {
      const [right, down] = polar(0, 0, (width / 2) * way, (index * 180) / TURNS)
      return [x + right * ux - down * uy, y + right * uy + down * ux]
    })
  const [end, start] = [cap(to, widths[1], 1), cap(from, widths[0], -1)]
  return [...end, ...between(end.at(-1)!, start[0]!), ...start, ...between(start.at(-1)!, end[0]!)]
}

const between = ([ax, ay]: Point, [bx, by]: Point) =>
  Array.from({ length: ALONG }, (_, index): Point => {
    const share = (index + 1) / (ALONG + 1)
    return [ax + (bx - ax) * share, ay + (by - ay) * share]
  })

/** How far along a bone a point is, from 0 to 1, and whether it is inside of it. */
function placeIn({ from, to, widths }: Bone, [x, y]: Point) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const share = ((x - from[0]) * dx + (y - from[1]) * dy) / (dx * dx + dy * dy || 1)
  const at = Math.max(0, Math.min(1, share))
  const half = (widths[0] + (widths[1] - widths[0]) * at) / 2
  const off = Math.hypot(x - from[0] - dx * at, y - from[1] - dy * at)
  return { share, isInside: off < half * 0.97 }
}

/** Lines along those points of a closed outline that are kept. @param least what is shorter is left out */
function linesAlong(outline: readonly Point[], least: number, isKept: (point: Point) => boolean): string {
  const first = outline.findIndex((point) => !isKept(point))
  const turned = [...outline.slice(first + 1), ...outline.slice(0, first + 1)]
  const lines: Point[][] = [[]]
  for (const point of turned) {
    if (isKept(point)) lines.at(-1)!.push(point)
    else lines.push([])
  }
  return each(
    lines.filter((line) => line.length > 1 && distance(line[0]!, line.at(-1)!) > least),
    (line) => polyline(...line)
  )
}

const distance = ([ax, ay]: Point, [bx, by]: Point) => Math.hypot(bx - ax, by - ay)

/** The share of the upper bone that has no outline, because the body goes on there. */
const SHOULDER = 0.3

/**
 * A raised foreleg: two bones with one outline and a round knee, and a hoof in line with the lower one, which is over
 * what it holds.
 */
export function drawForeleg(pen: Pen, limb: Limb): DrawnLimb {
  const { from, to, width: w, isHolding } = limb
  const knee = elbowOf(limb)
  const upper: Bone = { from, to: knee, widths: [w * 1.5, w * 1.1] }
  const lower: Bone = { from: knee, to, widths: [w * 1.1, w * 0.8] }
  const [above, below] = [outlineOf(upper), outlineOf(lower)]
  const edge =
    linesAlong(
      above,
      w * 0.5,
      (point) => placeIn(upper, point).share > SHOULDER && !placeIn(lower, point).isInside
    ) +
    linesAlong(below, w * 0.5, (point) => !placeIn(upper, point).isInside && placeIn(lower, point).share < 1)
  const leg = pen.joined(polygon(...above) + polygon(...below), edge, 'body', { depth: 0.4 })
  const hoof = polygon(
    [-w * 0.3, -w * 0.44],
    [w * 0.24, -w * 0.5],
    [w * 0.56, -w * 0.58],
    [w * 0.56, w * 0.56],
    [w * 0.24, w * 0.5],
    [-w * 0.3, w * 0.44]
  )
  // A hoof cannot grip, so a strap keeps the tool on it.
  const strap = isHolding
    ? pen.solid(rectangle(-w * 0.06, -w * 0.74, w * 0.36, w * 1.48, w * 0.12), 'accent')
    : ''
  const end = group(
    pen.solid(hoof, 'ink', { depth: 0 }) + strap,
    `translate(${n(to[0])} ${n(to[1])}) rotate(${n(turnOf(knee, to))})`
  )
  return { under: leg, over: end }
}
