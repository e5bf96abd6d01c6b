import type { Mouth } from './anatomy.ts'
import { ROUND } from './expression.ts'
import type { Expression } from './expression.ts'
import type { Role } from './palette.ts'
import type { Pen } from './pen.ts'
import { curve, ellipse, path, polyline, ribbon } from './svg.ts'
import type { Point } from './svg.ts'

/** A brow or lips along three points, the middle one of which only pulls, in the stroke of the hand's face. */
export function strokeOf(
  pen: Pen,
  points: readonly [Point, Point, Point],
  role: Role,
  width: number
): string {
  const { stroke, isAngular } = pen.face
  if (isAngular) return pen.line(polyline(...bent(points)), role, width)
  switch (stroke) {
    case 'line':
      return pen.line(curve(...points), role, width)
    case 'brush':
      return pen.flat(ribbon(bowed(points), [width * 0.7, width * 1.35, width * 1.1, width * 0.2]), role)
    case 'block':
      return pen.flat(ribbon(bowed(points), [width * 1.15, width * 0.95]), role)
  }
}

/** Straight pieces along the curve that the middle point pulls. Three of them would look like a moustache. */
function bent([from, middle, to]: readonly [Point, Point, Point]): Point[] {
  return [0, 0.2, 0.4, 0.6, 0.8, 1].map((share) => {
    const [start, pull, end] = [(1 - share) ** 2, 2 * share * (1 - share), share ** 2]
    return [
      from[0] * start + middle[0] * pull + to[0] * end,
      from[1] * start + middle[1] * pull + to[1] * end
    ]
  })
}

/** The most that a wide mouth bends, and the most that its lips and its tongue measure. */
const MOST_BEND = 64
const MOST_LIP = 22
const MOST_TONGUE = 78

/** The points of a curve, whose middle one only pulls it, as points that a line goes through. */
const bowed = ([from, middle, to]: readonly [Point, Point, Point]): Point[] => [
  from,
  [(from[0] + 2 * middle[0] + to[0]) / 4, (from[1] + 2 * middle[1] + to[1]) / 4],
  to
]

/** Half of the width of the lips. */
export const mouthHalf = ({ width }: Mouth): number => width * 0.68

/** The mouth of an expression: closed, open in a laugh or a cry, round, clenched, or with the tongue out. */
export function drawMouth(
  pen: Pen,
  mouth: Mouth,
  { smile, open, teeth, tongue }: Expression,
  lips: Role
): string {
  const { x, y, width, room = Infinity } = mouth
  const half = mouthHalf(mouth)
  const bend = Math.max(-MOST_BEND, Math.min(MOST_BEND, half * smile * 0.8))
  const { isAngular, weight } = pen.face
  // On a dark head the lips are light around the dark mouth.
  const lip = (d: string, thick: number) => (lips === 'ink' ? '' : pen.line(d, lips, thick))
  if (teeth) return drawTeeth(pen, x, y, half, lips)
  if (open < 0.15) {
    const line: readonly [Point, Point, Point] = [
      [x - half, y - bend * 0.5],
      [x, y + bend * 1.3],
      [x + half, y - bend * 0.5]
    ]
    const long = Math.min(half, MOST_TONGUE)
    const out = tongue
      ? pen.flat(ellipse(x + long * 0.2, y + long * 0.34, long * 0.34, long * 0.56), 'ink') +
        pen.flat(ellipse(x + long * 0.2, y + long * 0.34, long * 0.26, long * 0.48), 'heart')
      : ''
    const thick = Math.max(9, Math.min(MOST_LIP, width * 0.15)) * weight
    return out + strokeOf(pen, line, lips, thick)
  }
  if (Math.abs(smile) <= ROUND) {
    const high = Math.min(half * (0.4 + open * 0.45), (room + half * 0.7) / 2)
    const middle = Math.min(y + half * 0.2, y + room - high)
    const ring = ellipse(x, middle, half * 0.6, high)
    return (
      lip(ring, Math.min(26, half * 0.2)) +
      pen.flat(ring, 'ink') +
      pen.flat(ellipse(x, middle + high * 0.44, half * 0.36, high * 0.36), 'heart')
    )
  }
  const depth = Math.min(half * (0.5 + open), half * 0.45 + 85, smile > 0 ? room : Infinity)
  const shape = smile > 0 ? laugh(x, y, half, depth, isAngular) : cry(x, y, half, depth, isAngular)
  return (
    lip(shape, Math.min(26, half * 0.18)) +
    pen.flat(shape, 'ink') +
    pen.within(
      shape,
      smile > 0
        ? pen.flat(ellipse(x, y + depth, half * 0.56, Math.min(half * 0.4, depth * 0.6)), 'heart') +
            pen.flat(
              path`M${x - half} ${y - half * 0.4}H${x + half}V${y - half * 0.02}H${x - half}Z`,
              'paper'
            )
        : pen.flat(path`M${x - half} ${y + half * 0.12}H${x + half}V${y + half * 0.5}H${x - half}Z`, 'paper')
    )
  )
}

function laugh(x: number, y: number, half: number, depth: number, isAngular: boolean): string {
  if (isAngular) {
    return path`
      M${x - half} ${y - half * 0.3}H${x + half}L${x + half * 0.55} ${y + depth}H${x - half * 0.55}Z
    `
  }
  return path`
    M${x - half} ${y - half * 0.3}
    Q${x} ${y - half * 0.1} ${x + half} ${y - half * 0.3}
    Q${x + half * 0.7} ${y + depth} ${x} ${y + depth}
    Q${x - half * 0.7} ${y + depth} ${x - half} ${y - half * 0.3}Z
  `
}

function cry(x: number, y: number, half: number, depth: number, isAngular: boolean): string {
  if (isAngular) {
    return path`
      M${x - half} ${y + half * 0.4}L${x - half * 0.5} ${y - depth * 0.6}
      H${x + half * 0.5}L${x + half} ${y + half * 0.4}Z
    `
  }
  return path`
    M${x - half} ${y + half * 0.4}
    Q${x - half * 0.6} ${y - depth * 0.6} ${x} ${y - depth * 0.6}
    Q${x + half * 0.6} ${y - depth * 0.6} ${x + half} ${y + half * 0.4}
    Q${x} ${y + half * 0.1} ${x - half} ${y + half * 0.4}Z
  `
}

/** A wavering mouth with clenched teeth. */
function drawTeeth(pen: Pen, x: number, y: number, half: number, lip: Role): string {
  const edge = Math.min(half * 0.4, 46)
  const lips = path`
    M${x - half} ${y + edge * 0.5}
    Q${x - half * 0.6} ${y - edge * 1.3} ${x - half * 0.2} ${y - edge * 0.6}
    T${x + half * 0.5} ${y - edge * 0.7}
    T${x + half} ${y + edge * 0.5}
    Q${x + half * 0.6} ${y + edge * 1.5} ${x + half * 0.2} ${y + edge}
    T${x - half * 0.5} ${y + edge * 1.1}
    T${x - half} ${y + edge * 0.5}Z
  `
  return (
    (lip === 'ink' ? '' : pen.line(lips, lip, Math.min(26, half * 0.3))) +
    pen.flat(lips, 'paper') +
    pen.within(
      lips,
      pen.line(
        path`M${x - half} ${y + edge * 0.2}H${x + half}`,
        'ink',
        Math.max(6, Math.min(11, half * 0.13))
      ) +
        pen.line(
          path`
            M${x - half * 0.5} ${y - edge * 2}V${y + edge * 3}
            M${x} ${y - edge * 2}V${y + edge * 3}
            M${x + half * 0.5} ${y - edge * 2}V${y + edge * 3}
          `,
          'ink',
          Math.max(4, half * 0.055)
        )
    ) +
    pen.line(lips, 'ink', Math.max(7, Math.min(14, half * 0.16)))
  )
}
