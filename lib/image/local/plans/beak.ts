import type { Model } from '../anatomy.ts'
import { ROUND } from '../expression.ts'
import { strokeOf } from '../mouth.ts'
import { ellipse, path } from '../svg.ts'
import type { Point } from '../svg.ts'
import { BEAKS } from './beak-shapes.ts'
import type { BeakKind } from './beak-shapes.ts'

/** The head of a bird that looks to the left: its middle and its radius. */
export interface BirdHead {
  x: number
  y: number
  radius: number
}

/** A quadratic curve: its start, the point that pulls it, its end. */
type Arc = readonly [Point, Point, Point]

/** A half of a beak as curves around it, and the curve at which it meets the other half, which ends at the corner. */
interface Half {
  around: readonly Arc[]
  meets: Arc
}

/** The two halves of a beak in shares of the head's radius, and the corner of the mouth. */
interface Halves {
  upper: Half
  lower: Half
  corner: Point
}

const mix = ([ax, ay]: Point, [bx, by]: Point, share: number): Point => [
  ax + (bx - ax) * share,
  ay + (by - ay) * share
]

/** The part of a curve from a share of it to its end. */
const endOf = ([from, over, to]: Arc, share: number): Arc => {
  const [first, second] = [mix(from, over, share), mix(over, to, share)]
  return [mix(first, second, share), second, to]
}

/** Half a pointed beak from the table, with the corner of the mouth moved. */
function pointed(kind: BeakKind, corner: Point, smile: number): Halves {
  const { upper, lower } = BEAKS[kind]
  const [from, over, tip, under] = upper
  const [, , lowTip, lowUnder, chin] = lower
  // A smile sags before its corner, and a frown arches.
  const pull: Point = [under[0], under[1] + smile * 0.1]
  return {
    corner,
    upper: { around: [[from, over, tip]], meets: [tip, pull, corner] },
    lower: { around: [[chin, lowUnder, lowTip]], meets: [lowTip, [pull[0], pull[1] + 0.04], corner] }
  }
}

/** A broad bill, whose end is round. @param tip how far it reaches @param end length of the round end */
function broad(corner: Point, smile: number, tip: number, end: number): Halves {
  const pull: Point = [-0.9, 0.6 + smile * 0.12]
  return {
    corner,
    upper: {
      around: [
        [
          [-0.34, 0.04],
          [-0.8, 0.34],
          [-tip, 0.26]
        ],
        [
          [-tip, 0.26],
          [-tip - end, 0.2],
          [-tip - end, 0.48]
        ]
      ],
      meets: [[-tip - end, 0.48], pull, corner]
    },
    lower: {
      around: [
        [
          [-0.22, 0.84],
          [-0.8, 0.96],
          [-tip, 0.78]
        ],
        [
          [-tip, 0.78],
          [-tip - end * 0.7, 0.7],
          [-tip - end * 0.6, 0.54]
        ]
      ],
      meets: [[-tip - end * 0.6, 0.54], [pull[0], pull[1] + 0.04], corner]
    }
  }
}

/** How far a beak reaches from the middle of the head, in shares of its radius. */
export function reachOf(kind: BeakKind | 'bill' | 'spoon'): number {
  if (kind === 'bill') return 1.6
  return kind === 'spoon' ? 2.56 : -BEAKS[kind].upper[2][0]
}

/** A point that turns around the corner of the mouth, so that a tip on the left goes down. */
const dropped = ([cx, cy]: Point, degrees: number) => {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)]
  return ([x, y]: Point): Point => [
    cx + (x - cx) * cos + (y - cy) * sin,
    cy - (x - cx) * sin + (y - cy) * cos
  ]
}

/** How far the lower half of a beak drops at most, in degrees. */
const WIDEST = 34
/** How far it drops in surprise: a beak that is wide open laughs. */
const GASP = 17

/**
 * A beak from the side, which shows the feeling: its halves part in a laugh or a cry, its corner is up or down, and its
 * edge wavers in fear. Nothing of the mouth is beside it.
 */
export function beak(model: Model, kind: BeakKind | 'bill' | 'spoon', head: BirdHead): string {
  const { pen, expression } = model
  const { smile, open, teeth, tongue } = expression
  const { x, y, radius } = head
  const at = ([dx, dy]: Point): Point => [x + dx * radius, y + dy * radius]
  const mood = Math.max(-1, Math.min(1, smile))
  const corner: Point = [-0.16, 0.56 - (mood > 0 ? 0.2 : 0.16) * mood]
  const halves =
    kind === 'bill'
      ? broad(corner, mood, 1.3, 0.3)
      : kind === 'spoon'
        ? broad(corner, mood, 2, 0.56)
        : pointed(kind, corner, mood)
  const isRound = Math.abs(smile) <= ROUND
  const degrees = teeth ? 13 : open < 0.15 ? 0 : isRound ? GASP : Math.min(WIDEST, 12 + open * 20)
  const drop = dropped(corner, degrees)
  const drawn = (arc: Arc): Arc => [at(arc[0]), at(arc[1]), at(arc[2])]
  const turned = (arc: Arc): Arc =>
    drawn([drop(arc[0]), drop(arc[1]), arc[2] === corner ? corner : drop(arc[2])])
  const upperEdge = drawn(halves.upper.meets)
  const lowerEdge = turned(halves.lower.meets)
  const upper = outline([...halves.upper.around.map(drawn), upperEdge])
  const lower = outline([...halves.lower.around.map(turned), lowerEdge])
  const ink = pen.isDark('accent') ? 'paper' : 'ink'
  const width = Math.max(9, radius * 0.085) * pen.face.weight
  const gape = degrees === 0 ? '' : gapeOf(model, upperEdge, lowerEdge, radius)
  const lip = degrees > 0 ? '' : strokeOf(pen, endOf(upperEdge, 0.24), ink, width)
  const [cx, cy] = at(corner)
  const dimple = strokeOf(
    pen,
    [
      [cx - radius * 0.05, cy + mood * radius * 0.07],
      [cx + radius * 0.02, cy],
      [cx + radius * 0.03, cy - mood * radius * 0.1]
    ],
    ink,
    width
  )
  return (
    gape +
    pen.solid(lower, 'accentDark', { depth: 0.3 }) +
    (tongue ? tongueOf(model, endOf(upperEdge, 0.42)[0], radius) : '') +
    pen.solid(upper, 'accent', { depth: 0.4 }) +
    marksOf(model, kind, upper, head) +
    lip +
    dimple
  )
}

function outline(arcs: readonly Arc[]): string {
  const [first] = arcs
  return `${path`M${first![0][0]} ${first![0][1]}`}${arcs
    .map(([, over, to]) => path`Q${over[0]} ${over[1]} ${to[0]} ${to[1]}`)
    .join('')}Z`
}

/** What is seen between the halves: a dark mouth with a tongue, or teeth. */
function gapeOf({ pen, expression }: Model, upper: Arc, lower: Arc, radius: number): string {
  const [high, low] = [endOf(upper, 0.3), endOf(lower, 0.3)]
  const corner = upper[2]
  const inside = path`
    M${corner[0]} ${corner[1]}
    Q${high[1][0]} ${high[1][1]} ${high[0][0]} ${high[0][1]}
    Q${(high[0][0] + low[0][0]) / 2 + radius * 0.16} ${(high[0][1] + low[0][1]) / 2} ${low[0][0]} ${low[0][1]}
    Q${low[1][0]} ${low[1][1]} ${corner[0]} ${corner[1]}Z
  `
  if (expression.teeth) {
    const rows = [0.35, 0.5, 0.65, 0.8].map((share) => {
      const [[ax, ay], [bx, by]] = [endOf(upper, share)[0], endOf(lower, share)[0]]
      return path`M${ax} ${ay}L${bx} ${by}`
    })
    return (
      pen.line(inside, 'ink', radius * 0.09) +
      pen.flat(inside, 'paper') +
      pen.line(rows.join(''), 'ink', radius * 0.06)
    )
  }
  if (Math.abs(expression.smile) <= ROUND) return pen.flat(inside, 'ink')
  const [tx, ty] = mix(corner, low[0], 0.56)
  return (
    pen.flat(inside, 'ink') +
    pen.within(inside, pen.flat(ellipse(tx, ty, radius * 0.34, radius * 0.16, -18), 'heart'))
  )
}

/** A tongue that hangs out over the lower half. */
const tongueOf = ({ pen }: Model, [x, y]: Point, radius: number): string =>
  pen.flat(ellipse(x, y + radius * 0.22, radius * 0.19, radius * 0.36), 'ink') +
  pen.flat(ellipse(x, y + radius * 0.22, radius * 0.145, radius * 0.31), 'heart')

/** The dark end or the band of a kind. */
function marksOf({ pen }: Model, kind: string, upper: string, { x, y, radius }: BirdHead): string {
  const tip = (dx: number, dy: number, size: number) =>
    pen.within(upper, pen.flat(ellipse(x + dx * radius, y + dy * radius, size * radius), 'ink'))
  switch (kind) {
    case 'bent':
      return tip(-1.5, 1, 0.52)
    case 'giant':
      return tip(-2.4, 0.86, 0.5)
    case 'puffin':
      return pen.within(
        upper,
        pen.line(path`M${x - radius * 0.72} ${y - radius * 0.6}v${radius * 1.6}`, 'paper', radius * 0.14)
      )
    case 'bill':
    case 'spoon':
      return pen.flat(
        ellipse(x - radius * 0.96, y + radius * 0.4, radius * 0.07, radius * 0.045),
        'accentDark'
      )
    default:
      return ''
  }
}
