import { nameOf } from '../anatomy.ts'
import type { Model } from '../anatomy.ts'
import { each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, path, polar, polyline } from '../svg.ts'
import type { Point } from '../svg.ts'
import { chain, coil, comma, hairs, network, pearls, rod } from './bacteria.ts'
import type { Cell } from './bacteria.ts'
import { GLASS } from './glass.ts'
import { segmented } from './segments.ts'

/** A slipper with a fringe, a groove for a mouth and two nuclei. */
function slipper(model: Model): Cell {
  const { pen, girth } = model
  const spine: Point[] = [
    [-60, -990],
    [-40, -780],
    [20, -520],
    [50, -260],
    [20, -90]
  ]
  const widths = [170, 420, 500, 430, 150].map((width) => width * girth)
  const { d, left, right } = segmented(spine, widths, 22, 0.01)
  return {
    behind: hairs(model, left, right, 62),
    d,
    inside:
      pen.line(curve([-230 * girth, -520], [-90, -440], [20, -360]), 'bodyDark', 40) +
      pen.solid(ellipse(110, -400, 92, 76, 20), 'accent', { depth: 0.4 }) +
      pen.flat(ellipse(20, -300, 34), 'accentDark') +
      each(
        [
          [-90, -260],
          [140, -260],
          [60, -180]
        ] as const,
        ([x, y]) => pen.line(ellipse(x, y, 36), 'bodyDark', 12)
      ),
    y: -700,
    apart: 88,
    top: -940,
    side: 200 * girth
  }
}

/** A trumpet or a bell on a stalk, with a wreath of lashes around its mouth. */
function trumpet(model: Model): Cell {
  const { pen, girth } = model
  const isBell = /vorticella/.test(nameOf(model))
  const half = 320 * girth
  const lashes = repeat(17, (index) => {
    const share = index / 8 - 1
    const y = -900 - (1 - share * share) * 60
    return path`M${share * half} ${y}l${share * 60 + 16} -86`
  })
  const stalk = isBell
    ? pen.limb(curve([0, -330], [120, -270], [-110, -190], [110, -110], [0, -6]), 'bodyDark', 34)
    : ''
  const foot: Point[] = isBell
    ? [
        [0.7, -420],
        [0.2, -320]
      ]
    : [
        [0.5, -560],
        [0.3, -300],
        [0.16, -10]
      ]
  return {
    behind: pen.line(lashes, 'accent', 15) + stalk,
    d: blob(
      [-half * 1.06, -960],
      [half * 1.06, -960],
      [half * 0.96, -760],
      ...foot.map(([share, y]): Point => [share * half, y]),
      ...foot.map(([share, y]): Point => [-share * half, y]).toReversed(),
      [-half * 0.96, -760]
    ),
    inside:
      pen.flat(ellipse(0, -930, half * 0.9, 44), 'bodyDark') +
      pen.line(curve([40, -560], [-30, -480], [50, -420], [-10, -340]), 'accent', 40),
    y: -790,
    apart: 92,
    top: -930,
    side: half * 0.6
  }
}

/** An amoeba: a puddle with feet that flow out, a nucleus and bubbles. */
function puddle(model: Model): Cell {
  const { pen, girth } = model
  const g = girth
  const isShelled = /shelled/.test(nameOf(model))
  const d = blob(
    [-260 * g, -880],
    [60 * g, -960],
    [300 * g, -850],
    [370 * g, -640],
    [340 * g, -460],
    [540 * g, -330],
    [520 * g, -150],
    [330 * g, -200],
    [190 * g, -230],
    [150 * g, -20],
    [-30 * g, -10],
    [-80 * g, -240],
    [-240 * g, -260],
    [-300 * g, -40],
    [-470 * g, -30],
    [-430 * g, -300],
    [-400 * g, -480],
    [-540 * g, -640],
    [-500 * g, -780],
    [-340 * g, -720]
  )
  const grains = isShelled
    ? repeat(26, (index) =>
        pen.flat(
          ellipse(-240 + (index % 7) * 78 + (index % 2) * 20, -440 + Math.floor(index / 7) * 74, 24),
          'accentDark'
        )
      )
    : each(
        [
          [-180, -420],
          [-60, -330],
          [-250, -520]
        ] as const,
        ([x, y]) => pen.line(ellipse(x, y, 44), 'bodyDark', 12)
      )
  return {
    behind: '',
    d,
    inside:
      pen.solid(ellipse(150, -400, 96, 84), 'accent', {
        depth: 0.4,
        inside: pen.flat(ellipse(160, -390, 36), 'accentDark')
      }) + grains,
    y: -690,
    apart: 92,
    top: -900,
    side: 280 * g
  }
}

/** A glass ball with daughters in it. */
function colony(model: Model): Cell {
  const { pen, girth } = model
  const half = 400 * girth
  const dots = repeat(20, (index) => {
    const [x, y] = polar(0, -500, half * 0.9, index * 18)
    return ellipse(x, y, 20)
  })
  const lashes = repeat(40, (index) => {
    return polyline(polar(0, -500, half * 0.95, index * 9), polar(0, -500, half * 1.13, index * 9 + 3))
  })
  const balls = each(
    [
      [-190, -330, 96],
      [40, -270, 110],
      [220, -400, 84]
    ] as const,
    ([x, y, size]) =>
      pen.solid(ellipse(x, y, size), 'bodyDark', {
        depth: 0.5,
        inside: pen.flat(ellipse(x, y, size * 0.4), 'accent')
      })
  )
  return {
    behind: pen.line(lashes, 'bodyDark', 9),
    d: ellipse(0, -500, half),
    inside: pen.flat(ellipse(0, -500, half * 0.82), 'bodyLight', 0.4) + pen.flat(dots, 'bodyDark') + balls,
    y: -640,
    apart: 100,
    top: -860,
    side: half * 0.84
  }
}

/** A fan of slime that creeps with round lobes. Veins spread in it from one stem, each into two. */
function plasmodium({ pen, girth: g }: Model): Cell {
  const lobes: Point[] = [
    [400, -270],
    [590, -180],
    [600, -40],
    [450, -6],
    [370, -90],
    [290, -4],
    [160, -4],
    [90, -80],
    [10, -4]
  ]
  const half: Point[] = [[0, -970], [260, -890], [360, -690], [330, -460], ...lobes]
  const right = half.map(([x, y]): Point => [x * g, y])
  const left = half.slice(1, -1).map(([x, y]): Point => [-x * g, y])
  const vein = (end: number, low: number, width: number) =>
    pen.limb(
      curve([0, -440], [end * 0.5 * g, -380], [end * 0.86 * g, low - 110]) +
        curve([end * 0.86 * g, low - 110], [end * 0.9 * g, low - 50], [(end - 50) * g, low]) +
        curve([end * 0.86 * g, low - 110], [(end + 10) * g, low - 60], [(end + 44) * g, low - 20]),
      'accent',
      width
    )
  const veins = each(
    [
      [-480, -100, 24],
      [-210, -60, 26],
      [60, -60, 26],
      [240, -70, 26],
      [470, -100, 24]
    ] as const,
    ([end, low, width]) => vein(end, low, width)
  )
  return {
    behind: '',
    d: blob(...right, ...left.toReversed()),
    inside: veins,
    y: -700,
    apart: 94,
    top: -920,
    side: 330 * g
  }
}

const SHAPES: ReadonlyArray<readonly [RegExp, (model: Model) => Cell]> = [
  ...GLASS,
  [/vibrio/, comma],
  [/spirochaete|spirulina/, coil],
  [/sulphur pearl/, pearls],
  [/nostoc/, chain],
  [/streptomyces|water net/, network],
  [/slime mould/, plasmodium],
  [/bacillus|bacterium/, rod],
  [/paramecium|walking ciliate/, slipper],
  [/stentor|vorticella/, trumpet],
  [/amoeba/, puddle],
  [/volvox/, colony]
]

/** The shape of a noun that has one of its own. */
export const cellOf = (model: Model): Cell | undefined =>
  SHAPES.find(([of]) => of.test(nameOf(model)))?.[1](model)
