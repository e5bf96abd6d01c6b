import type { Expression } from './expression.ts'
import { eyeShape } from './face-style.ts'
import type { Gaze } from './gaze.ts'
import { strokeOf } from './mouth.ts'
import type { Role } from './palette.ts'
import type { Pen } from './pen.ts'
import { curve, ellipse, heart, path, star } from './svg.ts'
import type { Point } from './svg.ts'
import { brightness } from './tone.ts'

/** One eye: its middle, its radius, and the side of the face that it is on. */
interface Eye {
  cx: number
  y: number
  radius: number
  side: number
}

/** The head around an eye: the colour of lids, its own colour, and the y that no brow passes. */
interface Head {
  skin: Role
  on: Role
  top: number
}

/** The inner end of a brow, the point that pulls its middle, and its outer end. */
type Brow = readonly [Point, Point, Point]

/** Whether brows say only that they are raised: they are arches then. */
const areArches = ({ frown, lift }: Expression) => lift >= 0.5 && Math.abs(frown) < 0.3

/** How far a heart is off the middle of its eye, as a share of a pupil's way. */
const HEART_REACH = 0.4

/** How far the middle of a pupil is below the lid, as a share of the eye's radius. */
const BELOW_LID = 0.1

/** An eye with its lids and its brow. */
export function drawEye(pen: Pen, eye: Eye, expression: Expression, gaze: Gaze, head: Head): string {
  const { cx, y, radius, side } = eye
  const { face } = pen
  const isWide = expression.wide > 1.2
  const brow = browOf(eye, expression, head.top, face.weight)
  const isDown = Math.max(brow[0][1], brow[2][1]) > y - radius
  // Raised brows that have no room would look angry: there are none.
  const isBare = isDown && areArches(expression)
  // A brow that comes down is the upper edge of the eye: what is above it is lid, and the pupil is below it.
  const isLow = isDown && !isBare
  // A face whose pupils are behind the lids as a whole is blank.
  const highest = Math.max(isLow ? 0.24 : -1, 2 * expression.lids - 1 + BELOW_LID)
  // A heart stays whole in its eye.
  const reach = expression.hearts ? radius * HEART_REACH : radius
  const [px, py] = [
    cx + (gaze.cross ? -side * 0.5 : gaze.dx) * reach,
    y + Math.max(gaze.dy * reach, highest * radius)
  ]
  const pupil = expression.hearts
    ? pen.flat(heart(px, py, radius * 0.62), 'heart')
    : drawPupil(pen, px, py, radius, expression.pupil)
  const inside = drawShade(pen, eye) + pupil + drawLids(pen, eye, expression, head)
  const isDark = pen.isDark(head.on)
  const lash = face.hasLash && !isWide && !isLow && expression.lids < 0.06
  return (
    pen.eye(
      eyeShape(face, cx, y, radius, isWide),
      inside + (isLow ? pen.flat(aboveBrow(eye, brow), head.on) : ''),
      radius * face.rim
    ) +
    (lash ? pen.line(lashOf(eye), isDark ? 'bodyLight' : 'ink', radius * 0.2) : '') +
    (isBare
      ? ''
      : strokeOf(pen, brow, isDark ? browOnDark(pen, head.on) : 'ink', radius * 0.27 * face.weight))
  )
}

/** How much the brightness of a brow differs from that of the head and of the white of an eye. */
const LEAST_CONTRAST = 0.2

/** The colour of brows on what is too dark for ink. White ones would run into the white of the eyes. */
function browOnDark({ palette }: Pen, on: Role): Role {
  const light = brightness(palette.bodyLight)
  const isSeen = ([on, 'paper'] as const).every(
    (role) => Math.abs(brightness(palette[role]) - light) >= LEAST_CONTRAST
  )
  return isSeen ? 'bodyLight' : 'paper'
}

/** The upper edge of the brows of an eye. */
export function topOfBrows(pen: Pen, radius: number, y: number, expression: Expression, top: number): number {
  const [[, inner], [, middle], [, outer]] = browOf(
    { cx: 0, y, radius, side: 1 },
    expression,
    top,
    pen.face.weight
  )
  return Math.min(inner, outer, middle) - radius * 0.135 * pen.face.weight
}

function browOf({ cx, y, radius, side }: Eye, expression: Expression, top: number, weight: number): Brow {
  const { frown, lift } = expression
  const bend = 0.14 + (areArches(expression) ? 0.29 * lift : 0)
  const raised = y - radius * (1.3 + 0.1 * weight + lift * 0.42)
  // The highest point of the brow, with half the width of its line, stays on the head.
  const highest = top + radius * (0.25 + bend / 2 + Math.max(0.36 * frown, -0.56 * frown))
  const middle = Math.max(raised, Math.min(highest, y - radius * 0.7))
  const [inner, outer] = [middle + frown * radius * 0.56, middle - frown * radius * 0.36]
  return [
    [cx - side * radius * 0.86, inner],
    [cx + side * radius * 0.1, Math.min(inner, outer) - radius * bend],
    [cx + side * radius * 0.98, outer]
  ]
}

function aboveBrow({ cx, y, radius, side }: Eye, brow: Brow): string {
  const [[, inner], , [, outer]] = brow
  const slope = (inner - outer) * 0.1
  const [from, to] = [cx - side * radius * 1.1, cx + side * radius * 1.1]
  return `${curve([from, inner + slope], ...brow, [to, outer - slope])}${path`V${y - radius * 1.1}H${from}Z`}`
}

/** The upper lid, and the lower one that a laugh pushes up. */
function drawLids(
  pen: Pen,
  { cx, y, radius }: Eye,
  { lids, squint }: Expression,
  { skin, on }: Head
): string {
  const [left, right] = [cx - radius * 1.08, cx + radius * 1.08]
  const lidY = y - radius + 2 * radius * lids
  const upper = path`
    M${left} ${y - radius * 1.1}H${right}V${lidY}Q${cx} ${lidY + radius * 0.26} ${left} ${lidY}Z
  `
  const low = y + radius * (1 - squint)
  const lower = path`
    M${left} ${y + radius * 1.1}H${right}V${low}Q${cx} ${y + radius * (1 - squint * 2.6)} ${left} ${low}Z
  `
  return (lids < 0.06 ? '' : pen.flat(upper, skin)) + (squint === 0 ? '' : pen.flat(lower, on))
}

function drawShade(pen: Pen, { cx, y, radius }: Eye): string {
  if (!pen.face.isShaded) return ''
  const [left, right, edge] = [cx - radius * 1.08, cx + radius * 1.08, y - radius * 0.5]
  const shade = path`
    M${left} ${y - radius * 1.1}H${right}V${edge}Q${cx} ${y - radius * 0.1} ${left} ${edge}Z
  `
  return pen.flat(shade, 'ink', 0.22)
}

const lashOf = ({ cx, y, radius }: Eye) =>
  curve(
    [cx - radius * 1.04, y + radius * 0.06],
    [cx - radius * 0.6, y - radius * 0.9],
    [cx + radius * 0.6, y - radius * 0.9],
    [cx + radius * 1.04, y + radius * 0.06]
  )

/** The size of a pupil from which on it has a star. */
const STARRY = 0.7

function drawPupil(pen: Pen, x: number, y: number, radius: number, size: number): string {
  const gleam = Math.min(1.3, size / 0.54)
  const light = (dx: number, dy: number, share: number) =>
    pen.flat(ellipse(x + radius * dx * gleam, y + radius * dy * gleam, radius * share * gleam), 'paper')
  const disc = (share: number, role: Role) => pen.flat(ellipse(x, y, radius * size * share), role)
  // Of the large pupils of longing the gleam is a star.
  if (size > STARRY) {
    const shine = pen.flat(star(x + radius * 0.2, y - radius * 0.26, radius * 0.4, radius * 0.13, 4), 'paper')
    return disc(1, 'ink') + shine + light(-0.2, 0.22, 0.1)
  }
  switch (pen.face.pupil) {
    case 'gloss':
      return disc(1, 'ink') + light(0.2, -0.22, 0.17) + light(-0.18, 0.2, 0.09)
    case 'point':
      return disc(1, 'ink') + light(0.18, -0.2, 0.15)
    case 'plain':
      return disc(0.92, 'ink')
    case 'ring':
      return disc(1.2, 'accent') + disc(0.8, 'ink') + light(0.14, -0.16, 0.13)
  }
}
