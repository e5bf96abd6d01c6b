import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, path, polar, ribbon, star } from '../svg.ts'
import type { Point } from '../svg.ts'
import { anemone, dome, rock } from './anemone.ts'
import { headless, roundTorso } from './headless.ts'

/** Small polyps as flowers of six or eight rays, with a mouth in the middle. */
function polyps({ pen }: Model, places: readonly Point[], size: number, rays: 6 | 8): string {
  const inner = rays === 8 ? 0.34 : 0.46
  return (
    pen.flat(
      each(places, ([x, y], index) => star(x, y, size, size * inner, rays, index * 17)),
      'accent'
    ) +
    pen.flat(
      each(places, ([x, y]) => ellipse(x, y, size * 0.24)),
      'accentDark'
    )
  )
}

/** A branch that forks towards its tips. */
interface Branch {
  from: Point
  mid: Point
  tips: readonly Point[]
}

const BRANCHES: readonly Branch[] = [
  {
    from: [60, -160],
    mid: [250, -300],
    tips: [
      [470, -430],
      [440, -230]
    ]
  },
  {
    from: [110, -420],
    mid: [280, -610],
    tips: [
      [470, -740],
      [330, -890],
      [480, -590]
    ]
  },
  {
    from: [70, -760],
    mid: [150, -900],
    tips: [
      [260, -1060],
      [90, -1080]
    ]
  }
]

/** Corals like a bush: staghorn with pale tips, red coral with white polyps, soft corals with tufts. */
function bush(model: Model, rays: 6 | 8): Anatomy {
  const { pen, girth, hide } = model
  const name = nameOf(model)
  const half = 190 * girth
  const isSoft = /carnation|pulse/.test(name)
  const places: Point[] = []
  const limbs = both((side) =>
    each(BRANCHES, ({ from, mid, tips }) => {
      const at = ([x, y]: Point): Point => [side * x * girth, y]
      const ends = tips.map(at)
      places.push(...ends)
      const forks = ends.map((tip) =>
        curve(at(mid), [(at(mid)[0] + tip[0]) / 2 + side * 16, (at(mid)[1] + tip[1]) / 2 + 10], tip)
      )
      return pen.limb(curve(at(from), at(mid)) + forks.join(''), 'body', isSoft ? 66 : 80)
    })
  )
  const d = blob(
    [-half * 0.7, -960],
    [half * 0.7, -960],
    [half * 1.24, -680],
    [half * 0.94, -380],
    [half * 1.3, -14],
    [-half * 1.3, -14],
    [-half * 0.94, -380],
    [-half * 1.24, -680]
  )
  const tufts = isSoft
    ? each(places, ([x, y]) => pen.solid(ellipse(x, y, 84), 'bodyLight', { depth: 0.4 }))
    : pen.flat(
        each(places, ([x, y]) => ellipse(x, y, 34)),
        'bodyLight'
      )
  const low: Point[] = [
    [-half * 0.5, -330],
    [half * 0.6, -290],
    [0, -200],
    [-half * 0.8, -130],
    [half * 0.9, -110]
  ]
  return headless(
    model,
    {
      behind: limbs + tufts + polyps(model, places, isSoft ? 70 : 50, rays),
      body:
        rock(model, half * 2) +
        pen.solid(d, 'body', {
          depth: 0.9,
          inside: hide(-half, -420, half * 2, 200) + polyps(model, low, 46, rays)
        }),
      torso: roundTorso(d, half, -440, 360)
    },
    { y: -740, hat: -900, hatWide: 270, neck: -470, neckWide: half * 1.8, shoulder: [half * 0.8, -440] }
  )
}

/** Corals of tubes: sun corals with a flower of tentacles on each, organ pipes in a row. */
function tubes(model: Model, rays: 6 | 8): Anatomy {
  const { pen, girth } = model
  const isPipe = rays === 8
  const columns: ReadonlyArray<readonly [number, number, number]> = isPipe
    ? [
        [-400, -620, 50],
        [-300, -800, 50],
        [300, -760, 50],
        [400, -580, 50],
        [-200, -960, 50],
        [200, -940, 50]
      ]
    : [
        [-350, -460, 110],
        [350, -500, 110],
        [-270, -840, 96],
        [270, -860, 96]
      ]
  const stalks = each(columns, ([x, top, half]) => {
    const foot = x * (isPipe ? 0.9 : 0.5)
    return pen.solid(
      ribbon(
        [
          [x * girth, top],
          [x * girth, (top * 2) / 3],
          [foot * girth, -20]
        ],
        [half * 2, half * 1.8, half * 2]
      ),
      'bodyDark',
      { depth: 0.6 }
    )
  })
  const flowers = each(columns, ([x, top, half]) => {
    const size = half * (isPipe ? 2.1 : 1.3)
    return (
      pen.solid(star(x * girth, top, size, size * (isPipe ? 0.36 : 0.56), isPipe ? 8 : 12), 'accent', {
        depth: 0.3
      }) + pen.flat(ellipse(x * girth, top, size * 0.24), 'accentDark')
    )
  })
  const half = 216 * girth
  const d = path`
    M${-half} -930
    Q${-half * 1.04} -500 ${-half * 1.1} -20
    Q0 30 ${half * 1.1} -20
    Q${half * 1.04} -500 ${half} -930Z
  `
  const rim = repeat(isPipe ? 8 : 18, (index) => {
    const [from, to] = [
      polar(0, -930, 130, (index * 360) / (isPipe ? 8 : 18)),
      polar(0, -930, 300, (index * 360) / (isPipe ? 8 : 18))
    ]
    return path`M${from[0]} ${-930 + (from[1] + 930) * 0.4}L${to[0]} ${-930 + (to[1] + 930) * 0.5}`
  })
  const bands = each([-380, -250, -120], (y) => path`M${-half * 1.2} ${y}Q0 ${y + 50} ${half * 1.2} ${y}`)
  return headless(
    model,
    {
      behind: rock(model, 470 * girth) + stalks + flowers + pen.limb(rim, 'accent', isPipe ? 50 : 34),
      body:
        pen.solid(d, 'body', { depth: 1, inside: isPipe ? pen.line(bands, 'bodyDark', 26) : '' }) +
        pen.solid(ellipse(0, -930, half, 64), 'accent', {
          depth: 0.2,
          inside: pen.flat(ellipse(0, -926, half * 0.4, 24), 'accentDark')
        }),
      torso: roundTorso(d, half, -460, 420)
    },
    { y: -730, hat: -920, neck: -470, neckWide: half * 2.06, shoulder: [half * 0.94, -440] }
  )
}

/** Sea fans: a fan of branches that join to a net, on a short trunk. */
function fan(model: Model): Anatomy {
  const { pen, girth } = model
  const half = 470 * girth
  const d = blob(
    [-half * 0.16, -180],
    [-half * 0.86, -330],
    [-half * 1.1, -660],
    [-half * 0.8, -960],
    [-half * 0.26, -1090],
    [half * 0.26, -1090],
    [half * 0.8, -960],
    [half * 1.1, -660],
    [half * 0.86, -330],
    [half * 0.16, -180]
  )
  const spokes = repeat(9, (index) => {
    const turn = (index - 4) * 21
    return curve([0, -170], polar(0, -230, 420, turn * 0.8), polar(0, -240, 900, turn))
  })
  const rings = repeat(5, (ring) => {
    const radius = 330 + ring * 130
    const left = polar(0, -230, radius, -76)
    const right = polar(0, -230, radius, 76)
    return path`M${left[0]} ${left[1]}A${radius} ${radius} 0 0 1 ${right[0]} ${right[1]}`
  })
  const face = ellipse(0, -660, 236, 190)
  const places = Array.from({ length: 12 }, (_, index) =>
    polar(0, -640, 340 + (index % 2) * 70, index * 30 + 12)
  )
  return headless(
    model,
    {
      behind:
        rock(model, 230) +
        pen.solid(
          ribbon(
            [
              [0, -260],
              [-10, -130],
              [0, -10]
            ],
            [90, 100, 190]
          ),
          'bodyDark',
          { depth: 0.6 }
        ),
      body: pen.solid(d, 'bodyDark', {
        depth: 0.5,
        inside:
          pen.line(spokes, 'body', 34) +
          pen.line(rings, 'body', 20) +
          pen.flat(face, 'body') +
          polyps(model, places, 40, 8)
      })
    },
    {
      y: -700,
      apart: 96,
      hat: -920,
      hatWide: 330,
      neck: -390,
      neckWide: half * 1.4,
      shoulder: [half * 0.62, -400]
    }
  )
}

/** Sea pens like a quill with leaves, and sea pansies like a leaf on a stalk. */
function seaPen(model: Model): Anatomy {
  const { pen, girth } = model
  const isPansy = /pansy/.test(nameOf(model))
  const half = (isPansy ? 390 : 200) * girth
  const d = isPansy
    ? blob(
        [0, -330],
        [-half * 0.8, -330],
        [-half * 1.2, -700],
        [-half * 0.7, -1040],
        [0, -940],
        [half * 0.7, -1040],
        [half * 1.2, -700],
        [half * 0.8, -330]
      )
    : ribbon(
        [
          [0, -1010],
          [0, -760],
          [0, -420],
          [0, -60]
        ],
        [170, 380, 360, 230].map((width) => width * girth)
      )
  const leaves = isPansy
    ? ''
    : each([0, 1, 2, 3, 4, 5], (row) =>
        both((side) => {
          const y = -270 - row * 136
          const long = [270, 330, 350, 330, 270, 190][row]!
          const leaf = blob(
            [side * 60, y + 46],
            [side * long, y - 60],
            [side * (long + 80), y - 210],
            [side * (long - 60), y - 130],
            [side * 60, y - 60]
          )
          return pen.solid(leaf, row % 2 === 0 ? 'accent' : 'accentDark', { depth: 0.4 })
        })
      )
  const places = isPansy
    ? Array.from({ length: 12 }, (_, index) => polar(0, -660, 310 + (index % 2) * 36, index * 30))
    : Array.from({ length: 8 }, (_, index): Point => [
        (index % 2 === 0 ? -1 : 1) * (330 + (index > 3 ? -20 : 10)),
        -390 - Math.floor(index / 2) * 150
      ])
  const foot = pen.solid(
    blob([-90, -360], [90, -360], [110, -160], [170, -30], [0, 10], [-170, -30], [-110, -160]),
    'bodyDark',
    { depth: 0.6 }
  )
  return headless(
    model,
    {
      behind: foot + leaves + (isPansy ? '' : polyps(model, places, 44, 8)),
      body: pen.solid(d, 'body', { depth: 0.9, inside: isPansy ? polyps(model, places, 62, 8) : '' }),
      torso: roundTorso(d, half, -460, 360)
    },
    {
      y: -700,
      hat: isPansy ? -890 : -930,
      hatWide: 300,
      neck: -450,
      neckWide: half * (isPansy ? 1.9 : 1.8),
      shoulder: [half * 0.86, -430]
    }
  )
}

/** Wire corals: one whip that winds up, with polyps along it. */
function whip(model: Model): Anatomy {
  const { pen, girth } = model
  const spine: Point[] = [
    [-60, -20],
    [80, -140],
    [-40, -330],
    [0, -520],
    [0, -760],
    [40, -960],
    [250, -1060],
    [370, -960],
    [310, -850]
  ]
  const d = ribbon(
    spine,
    [190, 190, 230, 290, 330, 250, 110, 70, 30].map((width) => width * girth),
    44
  )
  const places: Point[] = [
    [-60, -270],
    [60, -370],
    [40, -120],
    [150, -990],
    [-90, -430],
    [340, -1000]
  ]
  // Flowers of polyps stand out on both sides, so that it is no worm with bristles.
  const edges = [-900, -620, -400, -200].flatMap((y): Point[] => {
    const half = (y < -500 ? 190 : 130) * girth
    return [
      [-half, y],
      [half, y - 70]
    ]
  })
  return headless(
    model,
    {
      behind: polyps(model, edges, 92, 6),
      body: rock(model, 330) + pen.solid(d, 'body', { depth: 0.8, inside: polyps(model, places, 46, 6) }),
      torso: roundTorso(d, 150, -480, 330)
    },
    { y: -720, eye: 56, apart: 80, hat: -890, hatWide: 240, neck: -500, neckWide: 280, shoulder: [120, -470] }
  )
}

/** Anemones and corals. Polyps of six-rayed ones have six rays, and those of eight-rayed ones eight. */
export function coral(model: Model): Anatomy {
  const name = nameOf(model)
  const rays = /eight-rayed/.test(model.order) ? 8 : 6
  if (/anemone/.test(name)) return anemone(model)
  if (/brain|mushroom coral/.test(name)) return dome(model)
  if (/sun coral|organ pipe/.test(name)) return tubes(model, rays)
  if (/sea fan/.test(name)) return fan(model)
  if (/sea pen|pansy/.test(name)) return seaPen(model)
  return /wire/.test(name) ? whip(model) : bush(model, rays)
}
