import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { alongBend, blob, curve, ellipse, path, polar, polygon, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { straps, swords } from './blooms.ts'
import type { Blade } from './blooms.ts'
import { palm, sworded, tuft } from './palm.ts'
import { headless, roundTorso } from './headless.ts'

/** Bananas: a stem of sheaths, broad leaves with even veins, a bunch of fruits. */
function banana(model: Model): Anatomy {
  const { pen, girth } = model
  const leaf = (side: number, bend: Point, tip: Point, isDark: boolean): string => {
    const spine: readonly [Point, Point, Point] = [
      [side * 40, -700],
      [side * bend[0], bend[1]],
      [side * tip[0], tip[1]]
    ]
    const cuts = repeat(7, (index) => {
      const [x, y] = alongBend(...spine, 0.2 + index * 0.11)
      return path`M${x} ${y}l${side * 30} 90M${x} ${y}l${side * 56} -80`
    })
    return pen.solid(ribbon(spine, [60, 230, 190, 30]), isDark ? 'bodyDark' : 'accentDark', {
      depth: 0.5,
      inside:
        pen.line(curve(...spine), isDark ? 'body' : 'accent', 18) +
        pen.line(cuts, isDark ? 'body' : 'accent', 8)
    })
  }
  const half = 200 * girth
  const d = path`
    M${-half * 0.86} -880
    Q0 -1000 ${half * 0.86} -880
    Q${half * 1.1} -500 ${half * 0.9} -10
    H${-half * 0.9}
    Q${-half * 1.1} -500 ${-half * 0.86} -880Z
  `
  const sheaths = path`M${-half} -430Q0 -330 ${half * 0.2} 0M${half} -430Q0 -300 ${-half * 0.2} 0`
  const fruits = each([0, 1, 2, 3], (index) =>
    pen.solid(
      ribbon(
        [
          [190 + index * 62, -470],
          [240 + index * 66, -380],
          [210 + index * 66, -270]
        ],
        [44, 76, 26]
      ),
      'accent',
      { depth: 0.5 }
    )
  )
  return headless(
    model,
    {
      behind:
        leaf(-1, [330, -1010], [520, -560], true) +
        leaf(1, [330, -1010], [520, -620], false) +
        leaf(-1, [120, -1090], [330, -1080], false) +
        leaf(1, [120, -1090], [330, -1090], true) +
        pen.limb(curve([120, -560], [280, -560], [400, -480]), 'bodyDark', 40) +
        fruits,
      body: pen.solid(d, 'body', { depth: 1, inside: pen.line(sheaths, 'bodyDark', 18) }),
      torso: roundTorso(d, half, -440, 420)
    },
    {
      y: -690,
      apart: 90,
      hat: -880,
      hatWide: 270,
      neck: -460,
      neckWide: half * 2,
      shoulder: [half * 0.9, -430],
      arm: 50
    }
  )
}

/** Bamboo: culms with joints and slender leaves. Maize: a stalk with long leaves and an ear. */
function grass(model: Model): Anatomy {
  const { pen, girth } = model
  const isMaize = /maize/.test(nameOf(model))
  const half = (isMaize ? 216 : 190) * girth
  const top = -980
  const d = isMaize
    ? blob(
        [-half * 0.5, -1000],
        [half * 0.5, -1000],
        [half * 1.1, -640],
        [half, -220],
        [half * 0.6, -20],
        [-half * 0.6, -20],
        [-half, -220],
        [-half * 1.1, -640]
      )
    : path`M${-half} ${top}V-10Q0 30 ${half} -10V${top}Q0 ${top - 50} ${-half} ${top}Z`
  const joints = isMaize
    ? repeat(11, (row) =>
        repeat(7, (index) => {
          const [x, y] = [(index - 3) * 68, -930 + row * 62]
          return Math.abs(x) < 190 && y > -850 && y < -480 ? '' : ellipse(x, y, 27, 24)
        })
      )
    : each(
        [-440, -130],
        (y) =>
          path`
            M${-half * 1.1} ${y}Q0 ${y + 40} ${half * 1.1} ${y}M${-half * 1.1} ${y + 34}
            Q0 ${y + 74} ${half * 1.1} ${y + 34}
          `
      )
  const culm = (x: number, high: number) =>
    pen.solid(path`M${x - 50} ${-high}V-6H${x + 50}V${-high}Z`, 'bodyDark', {
      depth: 0.5,
      inside: pen.line(
        repeat(4, (index) => path`M${x - 60} ${-high + 190 + index * 210}h120`),
        'ink',
        12
      )
    })
  const sprig = (x: number, y: number, side: number): Blade[] =>
    [20, 62, 104].map((turn): Blade => [
      [x, y],
      polar(x, y, 120, side * turn),
      polar(x, y, 230, side * turn * 1.2),
      70
    ])
  const sprigs = [
    ...sprig(-350, -700, -1),
    ...sprig(370, -570, 1),
    ...sprig(-340, -330, -1),
    ...sprig(half, -900, 1),
    ...sprig(340, -250, 1)
  ]
  const husks = [-1, 1].flatMap((side): Blade[] => [
    [[side * 60, -20], [side * half * 1.9, -260], [side * half * 1.6, -760], 230],
    [[side * 40, -10], [side * half * 2.1, -160], [side * half * 2.4, -470], 150]
  ])
  const silk = pen.line(
    repeat(9, (index) =>
      curve(
        [(index - 4) * 14, -960],
        [(index - 4) * 30, -1050],
        [(index - 4) * 62, -1090 + Math.abs(index - 4) * 26]
      )
    ),
    'accentDark',
    18
  )
  return headless(
    model,
    {
      behind: isMaize
        ? silk
        : pen.solid(blob([-470, -10], [-360, -96], [360, -96], [470, -10], [0, 16]), 'clothDark', {
            depth: 0.4
          }) +
          culm(-330, 900) +
          culm(330, 780) +
          swords(model, sprigs),
      body:
        pen.solid(d, 'body', {
          depth: 1,
          inside: isMaize ? pen.flat(joints, 'accent') : pen.line(joints, 'bodyDark', 16)
        }) + (isMaize ? swords(model, husks) : ''),
      torso: roundTorso(d, half, -430, 410)
    },
    {
      y: -700,
      apart: 92,
      hat: -900,
      hatWide: 280,
      neck: -450,
      neckWide: half * 2,
      shoulder: [half * 0.94, -430],
      arm: 50
    }
  )
}

/** Garlic: a bulb of cloves on its roots, with long flat leaves. */
function bulb(model: Model): Anatomy {
  const { pen, girth } = model
  const half = 390 * girth
  const d = path`
    M-60 -860
    Q-100 -740 ${-half * 0.7} -650
    Q${-half * 1.25} -520 ${-half * 1.04} -260
    Q${-half * 0.8} -30 0 -20
    Q${half * 0.8} -30 ${half * 1.04} -260
    Q${half * 1.25} -520 ${half * 0.7} -650
    Q100 -740 60 -860Z
  `
  const cloves =
    both((side) => curve([side * 40, -830], [side * half * 0.96, -560], [side * half * 0.66, -60])) +
    path`M-30 -300Q-60 -160 0 -20M30 -300Q60 -160 0 -20`
  const roots = pen.line(
    repeat(9, (index) => curve([(index - 4) * 30, -40], [(index - 4) * 42, -10], [(index - 4) * 56, 6])),
    'bodyDark',
    14
  )
  const leaves = swords(
    model,
    [-46, -22, 0, 24, 48].map((turn): Blade => [
      [turn * 0.8, -790],
      polar(0, -800, 170, turn),
      polar(0, -800, 340, turn * 1.5),
      100
    ])
  )
  return headless(
    model,
    {
      behind: roots + leaves,
      body: pen.solid(d, 'body', { depth: 1.2, inside: pen.line(cloves, 'bodyDark', 16) }),
      torso: roundTorso(d, half, -240, 220)
    },
    {
      y: -500,
      apart: 104,
      hat: -740,
      hatWide: 300,
      neck: -260,
      neckWide: half * 1.9,
      shoulder: [half * 0.96, -300]
    }
  )
}

/** Duckweeds: leaves that float in a group, each with a root that hangs down. */
function duckweed(model: Model): Anatomy {
  const { pen, girth } = model
  const half = 330 * girth
  const pads: ReadonlyArray<readonly [number, number, number]> = [
    [-330, -400, 200],
    [330, -420, 210],
    [60, -880, 190]
  ]
  const roots = pen.line(
    each(
      [
        [-330, -300],
        [330, -300],
        [0, -200],
        [-90, -200],
        [90, -200]
      ],
      ([x, y]) => curve([x, y], [x + 40, -150], [x - 20, -10])
    ),
    'bodyDark',
    20
  )
  const vein = (x: number, y: number, size: number) =>
    each([-0.5, 0, 0.5], (share) =>
      curve([x, y - size * 0.7], [x + share * size * 1.2, y], [x, y + size * 0.7])
    )
  const d = ellipse(0, -540, half, 340)
  return headless(
    model,
    {
      behind:
        roots +
        each(pads, ([x, y, size]) =>
          pen.solid(ellipse(x, y, size * 1.1, size), 'bodyDark', {
            depth: 0.6,
            inside: pen.line(vein(x, y, size), 'body', 12)
          })
        ),
      body: pen.solid(d, 'body', {
        depth: 1.1,
        inside: pen.line(
          both((side) => curve([0, -870], [side * half * 1.3, -540], [0, -220])),
          'bodyDark',
          14
        )
      })
    },
    {
      y: -590,
      apart: 100,
      hat: -800,
      hatWide: 300,
      neck: -330,
      neckWide: half * 1.5,
      shoulder: [half * 0.8, -400]
    }
  )
}

/** Pineapples: a fruit of rhombs with a crown of stiff leaves, in a rosette. */
function pineapple(model: Model): Anatomy {
  const { pen, girth } = model
  const half = 270 * girth
  const d = blob(
    [-half * 0.7, -820],
    [half * 0.7, -820],
    [half * 1.12, -560],
    [half * 1.06, -240],
    [half * 0.5, -20],
    [-half * 0.5, -20],
    [-half * 1.06, -240],
    [-half * 1.12, -560]
  )
  const rhombs = repeat(8, (row) =>
    repeat(6, (index) => {
      const [x, y] = [(index - 2.5) * 116 + (row % 2) * 58, -830 + row * 112]
      return Math.abs(x) < 200 && y > -760 && y < -380
        ? ''
        : polygon([x, y - 50], [x + 52, y], [x, y + 50], [x - 52, y])
    })
  )
  return headless(
    model,
    {
      behind: straps(model) + tuft(model, [0, -780], 330, [-64, -42, -20, 0, 20, 42, 64]),
      body: pen.solid(d, 'body', { depth: 1.1, inside: pen.line(rhombs, 'bodyDark', 12) }),
      torso: roundTorso(d, half, -380, 340)
    },
    {
      y: -610,
      apart: 96,
      hat: -800,
      hatWide: 290,
      neck: -380,
      neckWide: half * 2,
      shoulder: [half * 0.94, -380]
    }
  )
}

const KINDS: ReadonlyArray<readonly [RegExp, (model: Model) => Anatomy]> = [
  [/joshua|dragon tree/, sworded],
  [/palm/, palm],
  [/banana/, banana],
  [/bamboo|maize/, grass],
  [/garlic/, bulb],
  [/duckweed/, duckweed],
  [/pineapple/, pineapple]
]

/** How a palm, a grass or another monocot that is no flower on a stem is drawn. */
export const groveOf = (model: Model): ((model: Model) => Anatomy) | undefined =>
  KINDS.find(([of]) => of.test(nameOf(model)))?.[1]
