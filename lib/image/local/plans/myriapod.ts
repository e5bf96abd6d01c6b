import type { Anatomy, Model } from '../anatomy.ts'
import { both, repeat } from '../repeat.ts'
import { curve, ellipse, path } from '../svg.ts'
import type { Point } from '../svg.ts'
import { outside, segmented } from './segments.ts'

/** The body lies on the ground and rises to the head. */
const SPINE: Point[] = [
  [450, -150],
  [330, -122],
  [110, -124],
  [-100, -190],
  [-190, -350],
  [-130, -540],
  [-30, -680],
  [-30, -800]
]

/** Where the middle of the head is. */
const [X, Y] = [-40, -860]

/** Millipedes and centipedes: round rings on many legs, which are below the body and before its chest. */
export function myriapod(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const isCentipede = /centipede/.test(words)
  const wide = (isCentipede ? 132 : 184) * girth
  const count = isCentipede ? 14 : 17
  const widths = [0.5, 0.9, 1, 1, 1, 1, 0.94, 0.9].map((share) => wide * share)
  const { d, borders, left, right } = segmented(SPINE, widths, count, 0.1)
  const isLeftBelly = left[2]![1] > right[2]![1]
  const [belly, back] = isLeftBelly ? [left, right] : [right, left]
  const way = isLeftBelly ? 1 : -1
  const leg = (edge: Point, other: Point, long: number, shift: number) => {
    const [from, knee, foot] = [
      outside(edge, other, -20, shift),
      outside(edge, other, long * 0.56, shift + way * long * 0.12),
      outside(edge, other, long, shift - way * long * 0.2)
    ]
    return curve(from, knee, foot)
  }
  const legs = (shifts: readonly number[], long: number) =>
    repeat(count - 2, (index) =>
      shifts.map((shift) => leg(belly[index + 1]!, back[index + 1]!, long, shift)).join('')
    )
  const far = isCentipede
    ? pen.limb(
        repeat(7, (index) => leg(back[index + 7]!, belly[index + 7]!, 110, 0)),
        'accentDark',
        20
      )
    : ''
  const radius = 146 * model.head
  const feelers = both((side) =>
    pen.limb(
      curve(
        [X + side * 60, Y - radius * 0.7],
        [X + side * 110, Y - radius * 1.3],
        [X + side * (isCentipede ? 250 : 190), Y - radius * (isCentipede ? 1.5 : 1.1)]
      ),
      'accentDark',
      24
    )
  )
  const tailLegs = isCentipede
    ? pen.limb(path`M440 -150Q490 -240 460 -330M430 -130Q530 -130 540 -30`, 'accentDark', 22)
    : ''
  return {
    behind:
      tailLegs +
      far +
      pen.limb(isCentipede ? legs([0], 118) : legs([-15, 15], 74), 'accentDark', isCentipede ? 24 : 19),
    body: pen.solid(d, 'body', {
      depth: 0.8,
      inside: hide(-280, -700, 700, 620) + pen.line(borders, 'bodyDark', isCentipede ? 12 : 15)
    }),
    torso: { d, x: -260, y: -560, width: 260, height: 260, isRound: true },
    head: feelers + pen.solid(ellipse(X, Y, radius * 1.06, radius), isCentipede ? 'bodyDark' : 'body'),
    face: {
      x: X,
      y: Y - 20,
      eye: radius * 0.31,
      apart: radius * 0.46,
      mouth: { x: X, y: Y + 72, width: radius * 0.6 }
    },
    crown: { x: X, y: Y - radius * 0.84, width: radius * 1.4 },
    neck: { x: -34, y: -700, width: wide },
    shoulders: [
      [-180, -480],
      [-60, -480]
    ],
    hands: [
      [-300, -420],
      [180, -420]
    ],
    arm: 42
  }
}
