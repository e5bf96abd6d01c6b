import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each } from '../repeat.ts'
import { blob, curve, ellipse, path, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { antFungus, mould } from './mould.ts'
import { ball } from './fungus-ball.ts'
import { headless, roundTorso } from './headless.ts'

/** A trunk of a tree with bark and a cut face above, on which brackets grow. */
function stump({ pen }: Model, half: number, top: number): { d: string; drawn: string } {
  const d = path`
    M${-half} ${top}
    Q${-half * 0.9} ${top * 0.4} ${-half * 1.1} -110
    Q${-half * 1.3} -30 ${-half * 1.6} 0
    H${half * 1.6}
    Q${half * 1.3} -30 ${half * 1.1} -110
    Q${half * 0.9} ${top * 0.4} ${half} ${top}Z
  `
  const bark = each([-0.6, -0.2, 0.24, 0.64], (share, index) =>
    curve(
      [share * half, top * (0.5 - (index % 2) * 0.1)],
      [share * half * 0.86, top * 0.3],
      [share * half * 1.1, -20]
    )
  )
  const drawn =
    pen.solid(d, 'bodyLight', { depth: 0.8, inside: pen.line(bark, 'body', 18) }) +
    pen.solid(ellipse(0, top, half, half * 0.24), 'paper', {
      depth: 0,
      inside: pen.line(ellipse(0, top, half * 0.6, half * 0.13), 'skyLow', 14)
    })
  return { d, drawn }
}

/** A bracket: half a plate with zones of colour, which is fixed with its straight side. */
function shelf({ pen }: Model, side: number, x: number, y: number, reach: number): string {
  const at = (size: number): string => path`
    M${side * x} ${y - reach * 0.42 * size}
    Q${side * (x + reach * 0.9 * size)} ${y - reach * 0.5 * size} ${side * (x + reach * size)} ${y}
    Q${side * (x + reach * 0.6 * size)} ${y + reach * 0.3 * size} ${side * x} ${y + reach * 0.22 * size}Z
  `
  return pen.solid(at(1), 'paper', {
    depth: 0,
    inside: pen.flat(at(0.88), 'body') + pen.flat(at(0.66), 'accent') + pen.flat(at(0.46), 'bodyDark')
  })
}

/** Bracket fungi: the face is in the largest, others grow beside it from a stump. */
function bracket(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const half = 190 * girth
  const log = stump(model, half, -620)
  const wide = 500 * girth
  const cap = (size: number): string => path`
    M${-wide * size} ${-620 + (1 - size) * 70}
    Q${-wide * 0.98 * size} ${-790 * size - 130 * (1 - size)} ${-wide * 0.5 * size} ${-960 * size + 20}
    Q0 ${-1060 * size + 20} ${wide * 0.5 * size} ${-960 * size + 20}
    Q${wide * 0.98 * size} ${-790 * size - 130 * (1 - size)} ${wide * size} ${-620 + (1 - size) * 70}
    Q${wide * 0.86 * size} -500 ${wide * 0.5 * size} -540
    Q${wide * 0.26 * size} -470 0 -520
    Q${-wide * 0.26 * size} -470 ${-wide * 0.5 * size} -540
    Q${-wide * 0.86 * size} -500 ${-wide * size} -620Z
  `
  const zones = each([0.5, 0.72, 0.94], (share) =>
    both((side) =>
      curve(
        [side * wide * share, -500],
        [side * wide * share * 0.98, -800],
        [side * wide * share * 0.5, -1010]
      )
    )
  )
  return headless(
    model,
    {
      behind: log.drawn,
      body:
        both((side) => shelf(model, side, half * 0.74, -210, 260)) +
        pen.solid(cap(1), 'paper', {
          depth: 0,
          inside:
            pen.flat(cap(0.95), 'body') + hide(-wide, -980, wide * 2, 90) + pen.line(zones, 'bodyDark', 26)
        }),
      torso: { d: log.d, x: -half, y: -400, width: half * 2, height: 360 }
    },
    {
      y: -770,
      apart: 104,
      hat: -930,
      hatWide: 360,
      neck: -440,
      neckWide: half * 1.8,
      shoulder: [half * 0.84, -420]
    }
  )
}

/** The arms of a stinkhorn, or the antlers of a stagshorn. */
function armsOf({ pen, girth }: Model, isOctopus: boolean): string {
  const arm = (side: number, from: Point, mid: Point, end: Point, wide: number): string =>
    pen.solid(
      ribbon(
        [from, mid, end].map(([x, y]): Point => [side * x * girth, y]),
        [wide, wide * 0.8, wide * 0.3]
      ),
      'body',
      { depth: 0.6 }
    )
  return isOctopus
    ? both(
        (side) =>
          arm(side, [90, -360], [330, -390], [500, -130], 130) +
          arm(side, [90, -620], [380, -760], [520, -560], 130) +
          arm(side, [70, -860], [200, -1040], [420, -1020], 120)
      )
    : both(
        (side) =>
          arm(side, [70, -330], [250, -480], [330, -720], 120) +
          arm(side, [230, -450], [380, -520], [450, -640], 84) +
          arm(side, [60, -820], [150, -960], [210, -1090], 110) +
          arm(side, [130, -920], [270, -940], [340, -1010], 80)
      )
}

/** Stinkhorns: arms that open from an egg like those of an octopus. Stagshorns and candlesnuffs: antlers. */
function antlers(model: Model): Anatomy {
  const { pen, girth } = model
  const name = nameOf(model)
  const isOctopus = /octopus/.test(name)
  const isCandle = /candlesnuff/.test(name)
  const half = 180 * girth
  const tips = isCandle
    ? pen.flat(
        both((side) =>
          each(
            [
              [326, -690],
              [444, -624],
              [204, -1064],
              [334, -996]
            ] as const,
            ([x, y]) => ellipse(side * x * girth, y, 50, 62)
          )
        ),
        'paper'
      )
    : ''
  const d = isOctopus
    ? blob(
        [-half * 0.8, -900],
        [half * 0.8, -900],
        [half * 1.3, -640],
        [half * 0.9, -300],
        [half * 0.9, -60],
        [-half * 0.9, -60],
        [-half * 0.9, -300],
        [-half * 1.3, -640]
      )
    : blob(
        [-half * 0.6, -940],
        [half * 0.6, -940],
        [half * 1.2, -680],
        [half * 0.9, -360],
        [half * 0.7, -10],
        [-half * 0.7, -10],
        [-half * 0.9, -360],
        [-half * 1.2, -680]
      )
  const egg = isOctopus
    ? pen.solid(
        blob(
          [-280, -190],
          [-150, -130],
          [0, -180],
          [150, -130],
          [280, -190],
          [300, -20],
          [0, 16],
          [-300, -20]
        ),
        'paper',
        { depth: 0.5 }
      )
    : pen.solid(blob([-230, -30], [-120, -90], [120, -90], [230, -30], [0, 16]), 'bodyDark', { depth: 0.4 })
  const dots = isOctopus
    ? pen.flat(
        both((side) =>
          each(
            [
              [300, -386],
              [420, -300],
              [330, -730],
              [440, -700],
              [230, -1010],
              [340, -1024]
            ] as const,
            ([x, y]) => ellipse(side * x * girth, y, 24)
          )
        ),
        'bodyDark'
      )
    : ''
  return headless(
    model,
    {
      behind: armsOf(model, isOctopus) + tips + dots,
      body:
        pen.solid(d, 'body', {
          depth: 0.9,
          inside: isCandle ? pen.flat(charredFoot(half), 'ink', 0.5) : ''
        }) + egg,
      torso: roundTorso(d, half, -440, 300)
    },
    {
      y: -700,
      eye: 56,
      apart: 82,
      hat: -880,
      hatWide: 240,
      neck: -460,
      neckWide: half * 1.8,
      shoulder: [half * 0.8, -430]
    }
  )
}

/** The lower half of a candlesnuff, which is black. */
const charredFoot = (half: number): string => path`M${-half} -300Q0 -360 ${half} -300V0H${-half}Z`

/** Jelly babies: a wavy head of jelly on a smooth club. */
function jellyBaby(model: Model): Anatomy {
  const { pen, girth } = model
  const half = 330 * girth
  const stem = ribbon(
    [
      [0, -520],
      [0, -260],
      [0, -6]
    ],
    [300, 270, 360].map((width) => width * girth)
  )
  const head = blob(
    [-half * 0.7, -1000],
    [-half * 0.1, -930],
    [half * 0.5, -1010],
    [half * 1.06, -820],
    [half * 1.2, -560],
    [half * 0.8, -420],
    [half * 0.4, -500],
    [0, -420],
    [-half * 0.4, -500],
    [-half * 0.8, -420],
    [-half * 1.2, -560],
    [-half * 1.06, -820]
  )
  return headless(
    model,
    {
      behind: '',
      body:
        pen.solid(stem, 'bodyLight', { depth: 0.8 }) +
        pen.solid(head, 'body', {
          depth: 1.2,
          inside:
            pen.flat(ellipse(-half * 0.6, -850, 34, 96, 20), 'paper', 0.6) +
            pen.line(
              both((side) =>
                curve([side * half * 0.8, -880], [side * half * 0.9, -640], [side * half * 0.7, -470])
              ),
              'bodyDark',
              20
            )
        }),
      torso: roundTorso(stem, 140, -380, 340)
    },
    { y: -720, apart: 100, hat: -900, neck: -400, neckWide: 280 * girth, shoulder: [130 * girth, -370] }
  )
}

/** Fungi that have no cap on a stem, and the way they grow. */
const FORMS: ReadonlyArray<readonly [RegExp, (model: Model) => Anatomy]> = [
  [/zombie-ant/, antFungus],
  [/yeast|mould|hat-thrower/, mould],
  [/candlesnuff|stagshorn|stinkhorn/, antlers],
  [/jelly baby/, jellyBaby],
  [/turkey tail|chicken of the woods|dryad|oyster mushroom|split gill|jelly ear/, bracket],
  [/puffball|earthstar|truffle|cage fungus|brain fungus|cauliflower|king alfred|lion's mane/, ball]
]

/** The form of a fungus that has no cap on a stem. */
export const fungusOf = (model: Model): ((model: Model) => Anatomy) | undefined =>
  FORMS.find(([of]) => of.test(nameOf(model)))?.[1]
