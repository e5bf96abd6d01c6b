import type { Model } from '../anatomy.ts'
import { each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, path, polar } from '../svg.ts'
import type { Point } from '../svg.ts'
import { outside, segmented } from './segments.ts'

/** A cell of its own shape. */
export interface Cell {
  /** Hairs, tails, a stalk: what is around it. */
  behind: string
  d: string
  inside: string
  /** The middle of the face, its width between the eyes, and the top of the cell. */
  y: number
  apart: number
  top: number
  /** The x of the shoulders. */
  side: number
}

/** A tangled thread of genes. */
const genes = ({ pen }: Model, y: number, wide: number): string =>
  pen.line(
    curve(
      [-wide, y],
      [-wide * 0.5, y - 70],
      [0, y + 50],
      [wide * 0.5, y - 70],
      [wide, y + 10],
      [wide * 0.4, y + 90],
      [-wide * 0.4, y + 60],
      [-wide, y + 110]
    ),
    'accent',
    20
  )

/** A bundle of tails that wave below a cell. */
const tails = ({ pen }: Model, y: number): string =>
  pen.line(
    each([-70, 0, 70], (x) =>
      curve(
        [x, y - 60],
        [x * 2.4 + 60, y + 40],
        [x * 1.6 - 70, y + 130],
        [x * 3, y + 210],
        [x * 2.4 + 40, y + 250]
      )
    ),
    'bodyDark',
    20
  )

/** Short hairs on both edges of a band. */
export function hairs({ pen }: Model, left: readonly Point[], right: readonly Point[], long: number): string {
  const lines = left.map((point, index) => {
    const [a, b] = [outside(point, right[index]!, -8), outside(point, right[index]!, long, 14)]
    const [c, d] = [outside(right[index]!, point, -8), outside(right[index]!, point, long, -14)]
    return path`M${a[0]} ${a[1]}L${b[0]} ${b[1]}M${c[0]} ${c[1]}L${d[0]} ${d[1]}`
  })
  return pen.line(lines.join(''), 'bodyDark', 13)
}

/** Rods: a capsule with a clear coat, hairs, genes and tails. */
export function rod(model: Model): Cell {
  const { pen, girth } = model
  const half = 210 * girth
  const capsule = (grow: number) =>
    path`
      M${-half - grow} -720
      C${-half - grow} ${-1010 - grow} ${half + grow} ${-1010 - grow} ${half + grow} -720
      V-480
      C${half + grow} ${-190 + grow} ${-half - grow} ${-190 + grow} ${-half - grow} -480Z
    `
  const edge = (x: number) => Array.from({ length: 8 }, (_, index): Point => [x, -790 + index * 52])
  return {
    behind:
      tails(model, -260) +
      hairs(model, edge(-half), edge(half), 110) +
      pen.flat(capsule(54), 'bodyLight', 0.6),
    d: capsule(0),
    inside: pen.flat(ellipse(-half * 0.5, -760, 40, 150), 'bodyLight', 0.6) + genes(model, -410, half * 0.6),
    y: -690,
    apart: 88,
    top: -920,
    side: half * 0.86
  }
}

/** A bacterium that is bent like a comma. */
export function comma(model: Model): Cell {
  const spine: Point[] = [
    [-90, -860],
    [50, -740],
    [110, -540],
    [60, -340],
    [-120, -210]
  ]
  const widths = [240, 380, 400, 340, 190].map((width) => width * model.girth)
  const { d } = segmented(spine, widths, 16, 0.02)
  return {
    behind: tails(model, -240),
    d,
    inside: genes(model, -400, 110),
    y: -720,
    apart: 84,
    top: -880,
    side: 150
  }
}

/** A coil: the turns of a spring below a round end, and a tail on each end. */
export function coil(model: Model): Cell {
  const { pen, girth } = model
  const turns = each([-90, -180, -270, -360, -450], (y, index) => {
    const wide = (170 + index * 14) * girth
    return pen.solid(
      ellipse((index % 2) * 24 - 12, y, wide, 66, -16),
      index % 2 === 0 ? 'body' : 'bodyDark',
      {
        depth: 0.5
      }
    )
  })
  const whips =
    pen.line(curve([60, -880], [160, -1000], [60, -1040], [150, -1110]), 'bodyDark', 22) +
    pen.line(curve([-120, -70], [-260, -90], [-300, -10], [-400, -40]), 'bodyDark', 22)
  return {
    behind: whips + turns,
    d: blob(
      [-240 * girth, -900],
      [60, -960],
      [250 * girth, -840],
      [270 * girth, -600],
      [60, -480],
      [-200 * girth, -500],
      [-280 * girth, -700]
    ),
    inside: pen.flat(ellipse(-120, -800, 40, 90, 20), 'bodyLight', 0.5),
    y: -730,
    apart: 84,
    top: -890,
    side: 200 * girth
  }
}

/** A row of pearls with thin double walls and grains of sulphur inside: the face is in the largest. */
export function pearls(model: Model): Cell {
  const { pen, girth } = model
  const wall = (x: number, y: number, size: number) => pen.line(ellipse(x, y, size * 0.88), 'bodyDark', 9)
  const grains = (x: number, y: number, size: number) =>
    pen.flat(
      repeat(10, (index) => ellipse(...polar(x, y, size * 0.72, 100 + index * 18), size * 0.07)),
      'accent'
    )
  const small: ReadonlyArray<readonly [number, number, number]> = [
    [-500, -190, 120],
    [500, -190, 120],
    [-350, -280, 150],
    [350, -280, 150]
  ]
  const size = 330 * girth
  return {
    behind: each(small, ([x, y, radius]) =>
      pen.solid(ellipse(x, y, radius), 'body', {
        depth: 0.6,
        inside: wall(x, y, radius) + grains(x, y, radius)
      })
    ),
    d: ellipse(0, -480, size),
    inside: wall(0, -480, size) + grains(0, -480, size),
    y: -560,
    apart: 100,
    top: -800,
    side: size * 0.84
  }
}

/** Chains of cells: the face is in the largest. */
export function chain(model: Model): Cell {
  const { pen, girth } = model
  const beads: ReadonlyArray<readonly [number, number, number]> = [
    [-150, -300, 130],
    [-350, -200, 112],
    [-480, -60, 84],
    [190, -320, 130],
    [380, -230, 112],
    [480, -70, 84],
    [0, -150, 120],
    [60, -40, 60]
  ]
  return {
    behind: each(beads, ([x, y, size], index) =>
      pen.solid(ellipse(x, y, size), index % 3 === 1 ? 'bodyLight' : 'body', {
        depth: 0.6,
        inside: pen.flat(ellipse(x, y, size * 0.34), 'accent')
      })
    ),
    d: ellipse(0, -600, 300 * girth),
    inside: pen.flat(ellipse(0, -600, 250 * girth), 'bodyLight', 0.35),
    y: -660,
    apart: 92,
    top: -890,
    side: 240 * girth
  }
}

/** Two twigs that fork off a thread. */
const twigs = (points: readonly Point[], side: number): string =>
  points
    .slice(1, -1)
    .map(
      ([x, y]) =>
        path`M${x} ${y}q${side * 60} -10 ${side * 76} 84M${x} ${y}q${-side * 40} 20 ${-side * 44} 96`
    )
    .join('')

/** Branched threads that grow from a cell, with spores at their ends. */
export function network(model: Model): Cell {
  const { pen, girth } = model
  const arms: readonly Point[][] = [
    [
      [-200, -480],
      [-340, -360],
      [-420, -180],
      [-520, -20]
    ],
    [
      [-120, -380],
      [-190, -200],
      [-260, -20]
    ],
    [
      [0, -360],
      [30, -180],
      [-20, -10]
    ],
    [
      [130, -380],
      [210, -200],
      [260, -20]
    ],
    [
      [200, -480],
      [360, -360],
      [430, -190],
      [520, -30]
    ],
    [
      [-240, -620],
      [-400, -680],
      [-500, -600]
    ],
    [
      [240, -640],
      [400, -720],
      [500, -640]
    ]
  ]
  return {
    behind: each(arms, (points, index) => {
      const [x, y] = points.at(-1)!
      return (
        pen.limb(curve(...points) + twigs(points, index < 3 || index === 5 ? -1 : 1), 'body', 32) +
        pen.solid(ellipse(x, y - 10, 36), 'accent', { depth: 0.3 })
      )
    }),
    d: blob(
      [-260 * girth, -780],
      [0, -900],
      [260 * girth, -800],
      [320 * girth, -580],
      [210 * girth, -360],
      [0, -330],
      [-210 * girth, -360],
      [-320 * girth, -580]
    ),
    inside: genes(model, -440, 120),
    y: -660,
    apart: 92,
    top: -850,
    side: 240 * girth
  }
}
