import { nameOf, pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, path, polar, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'

/** A pair of air bladders beside a rib. */
const bladders = ({ pen }: Model, [x, y]: Point, apart: number, size: number): string =>
  both((side) =>
    pen.solid(ellipse(x + side * apart, y, size, size * 1.16), 'accent', {
      depth: 0.6,
      inside: pen.flat(ellipse(x + side * apart - size * 0.3, y - size * 0.44, size * 0.22), 'paper')
    })
  )

/** A flat frond that forks twice, in one outline. @param turn degrees of its stalk, from the top */
function frond(model: Model, from: Point, long: number, turn: number, hasBladders: boolean): string {
  const { pen } = model
  const fork = polar(...from, long * 0.5, turn)
  let shape = curve(from, polar(...from, long * 0.26, turn - 6), fork)
  let tips = ''
  for (const spread of [-30, 30]) {
    const end = polar(...fork, long * 0.28, turn + spread)
    shape += curve(fork, polar(...fork, long * 0.14, turn + spread * 0.5), end)
    for (const more of [-32, 30]) {
      const tip = polar(...end, long * 0.22, turn + spread * 0.7 + more)
      shape += curve(end, tip)
      tips += ellipse(...tip, 16)
    }
  }
  const air = hasBladders
    ? bladders(model, polar(...from, long * 0.36, turn), 46, 32) + bladders(model, fork, 60, 28)
    : ''
  return pen.limb(shape, 'bodyDark', 84) + pen.line(shape, 'body', 11) + pen.flat(tips, 'body') + air
}

/** What holds it to the rock: a disc with short fingers. */
const holdfast = ({ pen }: Model): string =>
  pen.solid(
    blob(
      [-90, -130],
      [90, -130],
      [150, -70],
      [290, -40],
      [250, 16],
      [140, -10],
      [90, 20],
      [0, -6],
      [-90, 20],
      [-140, -10],
      [-250, 16],
      [-290, -40],
      [-150, -70]
    ),
    'bodyDark',
    { depth: 0.4 }
  )

/** Wracks and other forked seaweeds: flat fronds that fork, on a holdfast; wracks have air bladders in pairs. */
function forked(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const half = 250 * girth
  const isWrack = /wrack/.test(nameOf(model))
  const d = path`
    M-60 -60
    Q${-half * 0.34} -300 ${-half * 0.84} -470
    Q${-half * 1.12} -640 ${-half * 0.98} -800
    Q${-half * 1.42} -900 ${-half * 1.34} -990
    Q${-half * 1.16} -1090 ${-half * 0.9} -980
    Q${-half * 0.7} -1110 ${-half * 0.44} -1020
    Q${-half * 0.34} -940 ${-half * 0.3} -900
    Q0 -860 ${half * 0.3} -900
    Q${half * 0.34} -940 ${half * 0.44} -1020
    Q${half * 0.7} -1110 ${half * 0.9} -980
    Q${half * 1.16} -1090 ${half * 1.34} -990
    Q${half * 1.42} -900 ${half * 0.98} -800
    Q${half * 1.12} -640 ${half * 0.84} -470
    Q${half * 0.34} -300 60 -60Z
  `
  const rib = pen.line(curve([0, -60], [0, -500]), 'bodyDark', 26)
  return {
    behind:
      both((side) => frond(model, [side * 60, -150], 560, side * 50, isWrack)) +
      both((side) => frond(model, [side * 90, -420], 520, side * 40, isWrack)) +
      holdfast(model),
    body:
      pen.solid(d, 'body', { depth: 0.7, inside: hide(-half, -500, half * 2, 400) + rib }) +
      (isWrack
        ? bladders(model, [0, -450], 112, 46) +
          bladders(model, [0, -320], 76, 36) +
          bladders(model, [0, -215], 50, 28)
        : ''),
    head: '',
    face: { x: 0, y: -730, eye: 64 * model.head, apart: 104, mouth: { x: 0, y: -602, width: 118 } },
    crown: { x: 0, y: -880, width: half * 1.2 },
    neck: { x: 0, y: -500, width: half * 1.5 },
    shoulders: pair(half * 0.78, -500),
    hands: pair(half + 90, -380),
    arm: 66,
    limb: 'leaf'
  }
}

/** A blade of kelp with waves at its edges, on a bulb of air. */
function blade({ pen }: Model, [x, y]: Point, side: number, [ex, ey]: Point): string {
  const at = (share: number): Point => [
    x + (side * ex - x) * share,
    y + (ey - y) * share + 260 * share * (1 - share)
  ]
  return (
    pen.solid(
      ribbon([at(0.1), at(0.3), at(0.5), at(0.7), at(0.88), at(1)], [40, 108, 82, 112, 78, 8]),
      'bodyDark',
      { depth: 0.3, inside: pen.line(curve(at(0.12), at(0.5), at(0.96)), 'body', 9) }
    ) + pen.solid(ellipse(...at(0.1), 44, 36, side * -30), 'accent', { depth: 0.5 })
  )
}

/** Kelps: one long blade, more blades with a bulb of air at both sides, and roots like fingers. */
function kelp(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const half = 196 * girth
  const wave = (side: number, y: number, dx: number): Point => [side * half * dx, y]
  const edge = [
    [-1020, 0.2],
    [-900, 0.96],
    [-780, 0.98],
    [-700, 1.2],
    [-600, 0.96],
    [-500, 1.2],
    [-400, 0.84],
    [-290, 0.96],
    [-190, 0.5],
    [-60, 0.36]
  ] as const
  const d = blob(
    ...edge.map(([y, dx]) => wave(1, y, dx)),
    ...edge.toReversed().map(([y, dx]) => wave(-1, y, dx))
  )
  return {
    behind:
      both((side) => blade(model, [side * 60, -700], side, [370, -1040])) +
      both((side) => blade(model, [side * 60, -520], side, [470, -860])) +
      both((side) => blade(model, [side * 60, -330], side, [500, -600])) +
      both((side) => blade(model, [side * 40, -150], side, [450, -330])) +
      holdfast(model),
    body: pen.solid(d, 'body', {
      depth: 0.7,
      inside:
        hide(-half, -440, half * 2, 340) +
        pen.line(curve([0, -500], [16, -300], [0, -60]), 'bodyDark', 22) +
        pen.line(
          each([-430, -330, -230], (y) => curve([-half * 0.8, y - 50], [0, y + 20], [half * 0.8, y - 50])),
          'bodyDark',
          9
        )
    }),
    torso: { d, x: -half, y: -480, width: half * 2, height: 360 },
    head: '',
    face: { x: 0, y: -740, eye: 62 * model.head, apart: 94, mouth: { x: 0, y: -612, width: 114 } },
    crown: { x: 0, y: -900, width: half * 1.3 },
    neck: { x: 0, y: -500, width: half * 1.9 },
    shoulders: pair(half * 0.84, -480),
    hands: pair(half + 120, -370),
    arm: 66,
    limb: 'leaf'
  }
}

/** Sea lettuce: a thin sheet with a ruffled edge. */
function sheet(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const half = 330 * girth
  const ruffle = (size: number) =>
    blob(
      ...Array.from({ length: 26 }, (_, index): Point => {
        const turn = (index * 360) / 26
        const [x, y] = polar(0, 0, index % 2 === 0 ? size * 1.14 : size * 0.86, turn)
        return [x * (y > 0 ? 1 - (y / size) * 0.56 : 1), -560 + y * 1.34]
      })
    )
  const folds = repeat(7, (index) => {
    const turn = -90 + index * 30
    const [fx, fy] = polar(0, -560, half * 0.84, turn)
    const [tx, ty] = polar(0, -560, half * 1.06, turn + 4)
    return path`M${fx} ${fy}L${tx} ${ty - 60}`
  })
  return {
    behind: holdfast(model) + pen.solid(ruffle(half * 1.1), 'bodyDark', { depth: 0.3 }),
    body: pen.solid(ruffle(half * 0.92), 'body', {
      depth: 0.7,
      inside:
        hide(-half, -440, half * 2, 300) +
        pen.line(folds, 'bodyDark', 14) +
        pen.line(
          path`M0 -130Q-20 -260 -120 -400M0 -130Q10 -260 0 -430M0 -130Q20 -260 130 -400`,
          'bodyDark',
          14
        )
    }),
    head: '',
    face: { x: 0, y: -690, eye: 64 * model.head, apart: 104, mouth: { x: 0, y: -562, width: 118 } },
    crown: { x: 0, y: -880, width: 300 },
    neck: { x: 0, y: -440, width: half * 1.5 },
    shoulders: pair(half * 0.78, -440),
    hands: pair(half + 70, -330),
    arm: 66,
    limb: 'leaf'
  }
}

/** Large seaweeds: flat fronds, blades or sheets, which a holdfast keeps on the ground. */
export function seaweed(model: Model): Anatomy {
  const name = nameOf(model)
  if (/kelp/.test(name)) return kelp(model)
  return /lettuce/.test(name) ? sheet(model) : forked(model)
}
