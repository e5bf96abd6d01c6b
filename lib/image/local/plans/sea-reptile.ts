import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, path, polygon, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'

/** A tail with a fin like a crescent moon. */
const crescent: readonly Point[] = [
  [330, -330],
  [430, -420],
  [500, -640],
  [610, -760],
  [560, -500],
  [540, -360],
  [580, -230],
  [600, -60],
  [480, -160],
  [400, -240],
  [320, -230]
]

/** The tail: a crescent, or a long one with bands. */
function tail({ pen }: Model, isFishlike: boolean): string {
  if (isFishlike) {
    return pen.solid(blob(...crescent), 'bodyDark', {
      depth: 0.5,
      inside: pen.line(path`M430 -320L560 -620M430 -290L560 -140`, 'body', 10)
    })
  }
  const spine: Point[] = [
    [200, -260],
    [340, -190],
    [430, -270],
    [456, -430],
    [470, -610]
  ]
  return pen.solid(ribbon(spine, [260, 190, 130, 84, 14]), 'body', {
    depth: 0.6,
    inside: pen.line(
      each([0, 1, 2, 3], (index) => path`M${370 + index * 26} ${-170 - index * 96}l96 -60`),
      'bodyDark',
      22
    )
  })
}

/** A flipper with a round end, from its shoulder. */
const flipper = ({ pen }: Model, [x, y]: Point, long: number, role: 'body' | 'bodyDark'): string =>
  pen.solid(
    ribbon(
      [
        [x, y],
        [x + long * 0.2, y + long * 0.42],
        [x + long * 0.66, y + long * 0.74]
      ],
      [100, 128, 26]
    ),
    role,
    { depth: 0.4 }
  )

/** A skull with long jaws to the left. The mouth is on them. */
function jaws(model: Model, [x, y]: Point, radius: number, reach: number): string {
  const { pen, hide } = model
  const at = (dx: number, dy: number): Point => [x + dx * radius, y + dy * radius]
  const tip = x - reach
  const skull = path`
    M${x + radius * 0.9} ${y - radius * 0.86}
    Q${x - radius * 0.2} ${y - radius * 1.3} ${x - radius * 0.9} ${y - radius * 0.44}
    Q${x - radius * 1.1} ${y + radius * 0.04} ${tip + 40} ${y + radius * 0.26}
    Q${tip - 20} ${y + radius * 0.3} ${tip} ${y + radius * 0.56}
    Q${tip - 16} ${y + radius * 0.82} ${tip + 40} ${y + radius * 0.86}
    Q${x - radius} ${y + radius * 1.06} ${x - radius * 0.2} ${y + radius * 1.1}
    Q${x + radius * 0.8} ${y + radius * 1.1} ${x + radius * 1.16} ${y + radius * 0.5}
    Q${x + radius * 1.4} ${y - radius * 0.5} ${x + radius * 0.9} ${y - radius * 0.86}Z
  `
  return pen.solid(skull, 'body', {
    depth: 0.8,
    inside:
      pen.flat(ellipse(...at(-0.6, 1.1), radius * 1.4, radius * 0.26), 'bodyLight') +
      hide(x - radius * 0.3, y - radius, radius * 1.3, radius * 0.5) +
      pen.flat(ellipse(tip + 46, y + radius * 0.34, 12), 'ink')
  })
}

/** The bands of a skin without the scales of a fish. */
const bands = ({ pen }: Model, top: number): string =>
  pen.line(
    repeat(7, (index) => {
      const x = -190 + index * 84
      return curve([x, top], [x + 34, top + 110], [x + 20, -300 + index * 14])
    }),
    'bodyDark',
    26
  )

/** Reptiles of the sea: long jaws with teeth, four flippers, and a tail like a crescent or a long one. */
export function seaReptile(model: Model): Anatomy {
  const { pen, girth, order, hide } = model
  const isFishlike = /fish-shaped/.test(order)
  const top = -600 * girth
  const radius = 150 * model.head
  const head: Point = [-230, -470]
  const reach = /plio|mosa/.test(nameOf(model)) ? 330 : 360
  const body = blob(
    [-300, -130],
    [-330, -430],
    [-200, top],
    [40, top + 10],
    [260, -430],
    [400, -350],
    [400, -230],
    [200, -70],
    [-60, 0],
    [-230, -20]
  )
  const belly = blob([-320, -60], [-300, -230], [-100, -170], [130, -150], [380, -240], [260, 10], [-200, 30])
  const fin = isFishlike
    ? pen.solid(
        blob(
          [-60, top + 40],
          [60, top - 60],
          [190, top - 230],
          [230, top - 210],
          [190, top - 60],
          [200, top + 160]
        ),
        'bodyDark',
        {
          depth: 0.4
        }
      )
    : each([0, 1, 2, 3, 4], (index) =>
        pen.solid(
          polygon(
            [-60 + index * 66, top + 70 + index * 24],
            [16 + index * 66, top - 40 + index * 30],
            [50 + index * 66, top + 100 + index * 26]
          ),
          'accent',
          { depth: 0.3 }
        )
      )
  return {
    behind:
      tail(model, isFishlike) +
      fin +
      flipper(model, [-60, -150], 210, 'bodyDark') +
      flipper(model, [300, -220], 190, 'bodyDark'),
    body:
      pen.solid(body, 'body', {
        depth: 1.1,
        inside: bands(model, top) + hide(-200, top, 500, 260) + pen.flat(belly, 'bodyLight')
      }) + flipper(model, [190, -190], 220, 'body'),
    torso: { d: body, x: -90, y: -520, width: 330, height: 380, isBack: true },
    head: jaws(model, head, radius, reach),
    face: {
      x: head[0] - radius * 0.06,
      y: head[1] - radius * 0.26,
      eye: radius * 0.36,
      apart: radius * 0.52,
      turn: -0.5,
      top: head[1] - radius * 1.06,
      mouth: {
        x: head[0] - reach * 0.58,
        y: head[1] + radius * 0.56,
        width: radius * 0.9,
        room: radius * 0.36
      }
    },
    crown: { x: head[0] + radius * 0.1, y: head[1] - radius * 0.94, width: radius * 1.5 },
    neck: { x: -90, y: -330, width: 0 },
    shoulders: [
      [-110, -170],
      [60, -200]
    ],
    hands: [
      [-300, -110],
      [200, -130]
    ],
    arm: 104,
    limb: 'fin',
    holds: 0
  }
}
