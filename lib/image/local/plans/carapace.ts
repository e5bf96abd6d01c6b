import { nameOf, pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import type { Pen } from '../pen.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, path, polygon, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { roundTorso } from './headless.ts'
import { gillFooted } from './gill-feet.ts'
import { segmented } from './segments.ts'

/** Legs of one pair for each y, from inside of the body down to their tips. */
const walking = ({ pen }: Model, rows: ReadonlyArray<readonly [number, number, number]>): string =>
  pen.limb(
    each(rows, ([y, knee, tip]) =>
      both((side) => curve([side * 80, y], [side * knee, y - 20], [side * tip, y + 130]))
    ),
    'bodyDark',
    30
  )

/** Horseshoe crabs from above: a shield like a hoof, a plate with thorns, and a long spike. */
function horseshoe(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const half = 370 * girth
  const shield = path`
    M${-half * 0.74} -400
    Q${-half * 1.1} -560 ${-half} -720
    Q${-half * 0.86} -990 0 -990
    Q${half * 0.86} -990 ${half} -720
    Q${half * 1.1} -560 ${half * 0.74} -400
    Q${half * 0.66} -520 ${half * 0.5} -560
    Q0 -640 ${-half * 0.5} -560
    Q${-half * 0.66} -520 ${-half * 0.74} -400Z
  `
  const side: Point[] = [
    [0.62, -590],
    [0.6, -500],
    [0.76, -470],
    [0.52, -430],
    [0.64, -400],
    [0.42, -360],
    [0.52, -330],
    [0.3, -290],
    [0.14, -240]
  ]
  const plate = polygon(
    ...side.map(([share, y]): Point => [-share * half, y]),
    ...side.map(([share, y]): Point => [share * half, y]).toReversed()
  )
  const spike = polygon([-34, -290], [34, -290], [12, 0], [-4, 6])
  return {
    behind:
      walking(model, [
        [-470, half * 1.02, half * 1.12],
        [-390, half * 0.86, half * 0.98],
        [-320, half * 0.7, half * 0.78]
      ]) + pen.solid(spike, 'bodyDark', { depth: 0.4 }),
    body:
      pen.solid(plate, 'bodyDark', {
        depth: 0.7,
        inside: pen.line(curve([0, -560], [0, -250]), 'body', 18)
      }) +
      pen.solid(shield, 'body', {
        depth: 1.2,
        inside:
          hide(-half, -960, half * 2, 180) +
          both((side) =>
            pen.line(
              curve([side * half * 0.44, -590], [side * half * 0.6, -760], [side * half * 0.3, -930]),
              'bodyDark',
              14
            )
          )
      }),
    head: '',
    face: { x: 0, y: -800, eye: 60 * model.head, apart: 94, mouth: { x: 0, y: -690, width: 118 } },
    crown: { x: 0, y: -960, width: 330 },
    neck: { x: 0, y: -560, width: half * 1.1 },
    shoulders: pair(half * 0.9, -520),
    hands: pair(half + 60, -400),
    arm: 52
  }
}

/** Trilobites from above: a shield for a head, three lobes of ribs, a shield for a tail. */
function trilobite(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const half = 300 * girth
  const trunk: Point[] = [
    [0, -620],
    [0, -460],
    [0, -280],
    [0, -60]
  ]
  const { d, borders } = segmented(trunk, [half * 1.84, half * 1.8, half * 1.56, half * 0.7], 9, 0.06)
  const shield = path`
    M${-half * 1.08} -500
    Q${-half * 1.2} -980 0 -990
    Q${half * 1.2} -980 ${half * 1.08} -500
    Q${half * 0.86} -600 ${half * 0.6} -590
    Q0 -540 ${-half * 0.6} -590
    Q${-half * 0.86} -600 ${-half * 1.08} -500Z
  `
  const fork = /trident/.test(words)
    ? pen.limb(path`M0 -960V-1130M0 -1010Q-90 -1020 -84 -1130M0 -1010Q90 -1020 84 -1130`, 'bodyDark', 30)
    : ''
  const lobes = both((side) =>
    curve([side * half * 0.36, -600], [side * half * 0.36, -340], [side * half * 0.1, -70])
  )
  return {
    behind:
      fork +
      walking(model, [
        [-440, half * 0.92, half * 1.1],
        [-330, half * 0.86, half * 1.02],
        [-220, half * 0.7, half * 0.86],
        [-130, half * 0.5, half * 0.6]
      ]),
    body:
      pen.solid(d, 'body', {
        depth: 0.8,
        inside:
          hide(-half, -480, half * 2, 400) +
          pen.line(borders, 'bodyDark', 14) +
          pen.line(lobes, 'bodyDark', 22)
      }) + pen.solid(ellipse(0, -100, half * 0.56, 96), 'bodyDark', { depth: 0.4 }),
    torso: roundTorso(d, half, -480, 400),
    head: pen.solid(shield, 'body', { depth: 1 }),
    face: { x: 0, y: -790, eye: 62 * model.head, apart: 110, mouth: { x: 0, y: -670, width: 118 } },
    crown: { x: 0, y: -960, width: 300 },
    neck: { x: 0, y: -520, width: half * 1.6 },
    shoulders: pair(half * 0.86, -500),
    hands: pair(half + 60, -400),
    arm: 50
  }
}

/** Anomalocaris and sea scorpions: flaps or paddles along a ringed body, two great arms before the head. */
function hunter(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const isScorpion = /scorpion/.test(words)
  const half = 190 * girth
  const spine: Point[] = [
    [0, -640],
    [0, -420],
    [0, -220],
    [0, -90]
  ]
  const { d, borders } = segmented(spine, [half * 2, half * 1.8, half * 1.2, half * 0.5], 9, 0.06)
  const flap = (side: number, y: number, reach: number) =>
    pen.solid(
      blob(
        [side * half * 0.5, y - 50],
        [side * reach, y - 30],
        [side * (reach + 20), y + 70],
        [side * half * 0.5, y + 50]
      ),
      'bodyDark',
      { depth: 0.4 }
    )
  const flaps = isScorpion
    ? both(
        (side) =>
          pen.limb(curve([side * 120, -540], [side * 320, -500], [side * 380, -330]), 'bodyDark', 54) +
          pen.solid(ellipse(side * 384, -260, 66, 110, side * -12), 'bodyDark', { depth: 0.4 })
      ) +
      walking(model, [
        [-420, 240, 290],
        [-300, 200, 240]
      ])
    : each([-560, -440, -320, -210], (y, index) => both((side) => flap(side, y, half * 1.9 - index * 44)))
  const tail = isScorpion
    ? pen.solid(polygon([-60, -130], [60, -130], [14, 0], [-14, 0]), 'bodyDark', { depth: 0.4 })
    : both((side) =>
        pen.solid(
          blob([side * 10, -160], [side * 190, -80], [side * 170, 10], [side * 20, -10]),
          'bodyDark',
          { depth: 0.4 }
        )
      ) + pen.solid(blob([-50, -140], [50, -140], [70, 6], [-70, 6]), 'bodyDark', { depth: 0.4 })
  const arms = both((side) => {
    const thorns = each(
      [-920, -1000, -1060],
      (y, index) => path`M${side * (236 - index * 10)} ${y}l${-side * 60} 30`
    )
    return (
      pen.line(thorns, 'accent', 18) +
      pen.solid(
        ribbon(
          [
            [side * 110, -800],
            [side * 250, -880],
            [side * 236, -1030],
            [side * 110, -1090]
          ],
          [90, 84, 60, 16]
        ),
        'bodyDark',
        { depth: 0.4 }
      )
    )
  })
  const radius = 190 * model.head
  return {
    behind: tail + flaps + arms,
    body: pen.solid(d, 'body', {
      depth: 0.8,
      inside: hide(-half, -540, half * 2, 420) + pen.line(borders, 'bodyDark', 14)
    }),
    torso: roundTorso(d, half, -560, 400),
    head: pen.solid(ellipse(0, -770, radius * 1.14, radius), 'body'),
    face: { x: 0, y: -800, eye: 62 * model.head, apart: 96, mouth: { x: 0, y: -690, width: 118 } },
    crown: { x: 0, y: -930, width: 280 },
    neck: { x: 0, y: -590, width: half * 1.7 },
    shoulders: pair(half * 0.84, -540),
    hands: pair(half + 90, -400),
    arm: 52
  }
}

/** The feelers of a water flea, which it swims with. */
function branches(pen: Pen): string {
  const branch = (from: Point, mid: Point, tips: readonly Point[]) =>
    pen.limb(curve(from, mid) + tips.map((tip) => curve(mid, tip)).join(''), 'bodyDark', 26)
  return (
    branch(
      [-190, -820],
      [-380, -960],
      [
        [-500, -960],
        [-450, -1060],
        [-360, -1080]
      ]
    ) +
    branch(
      [110, -840],
      [270, -980],
      [
        [400, -960],
        [360, -1070],
        [260, -1090]
      ]
    )
  )
}

/** Water fleas from the side: a clear shell with eggs and gut, feelers like branches, a spike. */
function flea(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const g = girth
  const shell = blob(
    [-190 * g, -660],
    [60 * g, -800],
    [330 * g, -560],
    [260 * g, -230],
    [150 * g, -120],
    [-40 * g, -110],
    [-230 * g, -260],
    [-260 * g, -500]
  )
  const eggs = each(
    [
      [150, -560],
      [220, -470],
      [130, -440],
      [200, -360]
    ],
    ([x, y]) => pen.solid(ellipse(x, y, 48), 'accent', { depth: 0.3 })
  )
  const radius = 178 * model.head
  return {
    behind:
      branches(pen) +
      pen.solid(polygon([90 * g, -170], [190 * g, -190], [262 * g, 0]), 'bodyDark', { depth: 0.3 }) +
      pen.limb(curve([-120 * g, -160], [-190, -90], [-150, -10]), 'bodyDark', 34),
    body: pen.solid(shell, 'bodyLight', {
      depth: 1,
      inside:
        pen.line(curve([-60, -640], [60, -480], [20, -300], [-60, -170]), 'body', 54) +
        eggs +
        hide(-260, -460, 260, 320)
    }),
    torso: { d: shell, x: -240, y: -540, width: 520, height: 380, isRound: true },
    head: pen.solid(
      blob(
        [-radius * 1.5, -740],
        [-radius * 1.3, -960],
        [0, -1000],
        [radius * 0.9, -900],
        [radius * 0.9, -700],
        [-radius * 0.1, -610],
        [-radius, -640]
      ),
      'body',
      { depth: 0.8 }
    ),
    face: {
      x: -50,
      y: -830,
      eye: 62 * model.head,
      apart: 88,
      mouth: { x: -60, y: -716, width: 100 }
    },
    crown: { x: -40, y: -950, width: 250 },
    neck: { x: 0, y: -620, width: 330 },
    shoulders: [
      [-200, -520],
      [180, -560]
    ],
    hands: [
      [-340, -420],
      [380, -440]
    ],
    arm: 48
  }
}

/** Copepods: a drop with rings, feelers as wide as the body is long, two bags of eggs. */
function copepod(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const half = 230 * girth
  const spine: Point[] = [
    [0, -960],
    [0, -760],
    [0, -480],
    [0, -260],
    [0, -60]
  ]
  const { d, borders } = segmented(
    spine,
    [half * 1.1, half * 2, half * 1.7, half * 0.7, half * 0.44],
    9,
    0.05
  )
  const feelers = both((side) =>
    pen.limb(
      curve([side * 110, -880], [side * 330, -980], [side * 480, -760], [side * 500, -560]),
      'accentDark',
      26
    )
  )
  const bags = both((side) =>
    pen.solid(ellipse(side * 150, -220, 76, 130, side * -20), 'accent', {
      depth: 0.5,
      inside: repeat(6, (index) =>
        pen.flat(
          ellipse(side * (120 + (index % 2) * 54), -290 + Math.floor(index / 2) * 66, 17),
          'accentDark'
        )
      )
    })
  )
  const fork = pen.limb(curve([0, -80], [-70, -4]) + curve([0, -80], [70, -4]), 'bodyDark', 26)
  return {
    behind:
      feelers +
      fork +
      bags +
      walking(model, [
        [-460, half * 1, half * 1.14],
        [-380, half * 0.8, half * 0.9]
      ]),
    body: pen.solid(d, 'body', {
      depth: 1,
      inside:
        hide(-half, -560, half * 2, 300) + pen.line(borders.slice(borders.indexOf('M', 30)), 'bodyDark', 12)
    }),
    torso: roundTorso(d, half, -600, 300),
    head: pen.solid(ellipse(0, -800, half * 0.94, half * 0.8), 'body', { depth: 0.8 }),
    face: { x: 0, y: -830, eye: 62 * model.head, apart: 90, mouth: { x: 0, y: -714, width: 110 } },
    crown: { x: 0, y: -950, width: 240 },
    neck: { x: 0, y: -610, width: half * 1.8 },
    shoulders: pair(half * 0.84, -560),
    hands: pair(half + 90, -400),
    arm: 48
  }
}

/** Arthropods of the water that have a shell of their own: not a crab's. */
export function carapace(model: Model): Anatomy {
  const name = nameOf(model)
  if (/tadpole/.test(name)) return gillFooted(model)
  if (/horseshoe/.test(name)) return horseshoe(model)
  if (/trilobite/.test(name)) return trilobite(model)
  if (/water flea/.test(name)) return flea(model)
  if (/copepod|sea sapphire/.test(name)) return copepod(model)
  return hunter(model)
}
