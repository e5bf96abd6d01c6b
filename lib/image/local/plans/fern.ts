import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { alongBend, blob, curve, ellipse, path, polar, polygon, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { swords } from './blooms.ts'
import type { Blade } from './blooms.ts'
import { moss, welwitschia } from './moss.ts'
import { fronds } from './palm.ts'
import type { Frond } from './palm.ts'
import { headless, roundTorso } from './headless.ts'

/** A young frond that is still rolled up. */
const crozier = ({ pen }: Model, side: number, x: number, y: number): string =>
  pen.limb(
    curve(
      [side * x, -420],
      [side * x, y],
      [side * (x + 90), y - 130],
      [side * (x + 170), y - 30],
      [side * (x + 90), y + 40],
      [side * (x + 70), y - 20]
    ),
    'accentDark',
    40
  )

/** Ferns: a rosette or a trunk with fronds of leaflets and rolled ones; antlers, or broad blades. */
function ferns(model: Model): Anatomy {
  const { pen, girth } = model
  const name = nameOf(model)
  const isTree = /tree fern/.test(name)
  const half = 190 * girth
  const turns = [-100, -74, -48, -22, 22, 48, 74, 100] as const
  const growth = /staghorn/.test(name)
    ? both((side) =>
        each(
          [
            [260, -640, 460, -760, 420, -560],
            [240, -900, 380, -1080, 460, -960],
            [270, -330, 480, -300, 430, -150]
          ],
          ([x, y, ax, ay, bx, by], index) =>
            pen.limb(
              curve([side * 60, y * 0.8 - 60], [side * x, y]) +
                curve([side * x, y], [side * (x + ax) * 0.5, (y + ay) / 2 - 20], [side * ax, ay]) +
                curve([side * x, y], [side * (x + bx) * 0.52, (y + by) / 2 + 10], [side * bx, by]),
              index === 1 ? 'bodyDark' : 'accentDark',
              66
            )
        )
      )
    : /nest/.test(name)
      ? swords(
          model,
          [-86, -60, -34, -10, 14, 38, 62, 88].map((turn): Blade => [
            [0, -300],
            polar(0, -380, 330, turn),
            polar(0, -420, 640 - Math.abs(turn) * 1.4, turn),
            210
          ])
        )
      : fronds(
          model,
          turns.map((turn): Frond => [
            polar(0, -640, 60, turn),
            polar(0, -690, 380, turn * 0.86),
            polar(0, -600, 520, turn * 1.04)
          ]),
          120
        )
  const d = isTree
    ? path`
      M${-half * 1.1} -880Q0 -1030 ${half * 1.1} -880
      Q${half * 1.16} -640 ${half * 0.8} -480L${half * 0.9} 0H${-half * 0.9}
      L${-half * 0.8} -480Q${-half * 1.16} -640 ${-half * 1.1} -880Z
    `
    : blob(
        [-half * 0.8, -900],
        [half * 0.8, -900],
        [half * 1.2, -640],
        [half, -340],
        [half * 1.3, -10],
        [-half * 1.3, -10],
        [-half, -340],
        [-half * 1.2, -640]
      )
  const scales = repeat(5, (row) =>
    repeat(5, (index) => {
      const [x, y] = [(index - 2) * 84 + (row % 2) * 42, -420 + row * 88]
      return path`M${x - 42} ${y}q42 66 84 0`
    })
  )
  const sori = /staghorn|nest/.test(name)
    ? ''
    : pen.flat(
        both((side) => each([-340, -250, -160], (y) => ellipse(side * half * 0.5, y, 17))),
        'accent'
      )
  return headless(
    model,
    {
      behind: growth + (/staghorn|nest/.test(name) ? '' : both((side) => crozier(model, side, 90, -980))),
      body: pen.solid(d, 'body', { depth: 1, inside: pen.line(scales, 'bodyDark', 12) + sori }),
      torso: roundTorso(d, half, -440, 420)
    },
    {
      y: -690,
      apart: 88,
      hat: -870,
      hatWide: 260,
      neck: -450,
      neckWide: half * 1.9,
      shoulder: [half * 0.86, -420],
      arm: 50
    }
  )
}

/** Horsetails: a stem of joints with a whorl of needles at each, and a cone of spores on top. */
function horsetail(model: Model): Anatomy {
  const { pen, girth } = model
  const half = 180 * girth
  const whorl = (y: number, reach: number) =>
    both((side) =>
      each(
        [-50, -16, 20],
        (dy) => path`M${side * half * 0.8} ${y}L${side * (half + reach)} ${y - 110 + dy * 2}`
      )
    )
  const cone = blob([-150, -860], [-130, -1010], [0, -1110], [130, -1010], [150, -860])
  const d = path`M${-half} -900Q0 -960 ${half} -900V-10Q0 20 ${-half} -10Z`
  const teeth = each(
    [-450, -230],
    (y) => path`M${-half * 1.1} ${y}` + repeat(6, () => path`l${half * 0.18} -44l${half * 0.18} 44`)
  )
  return headless(
    model,
    {
      behind:
        pen.limb(
          whorl(-800, 250) + whorl(-600, 290) + whorl(-400, 290) + whorl(-200, 260),
          'accentDark',
          22
        ) +
        pen.solid(cone, 'accent', {
          depth: 0.6,
          inside: pen.line(
            repeat(
              4,
              (row) => path`M-150 ${-890 - row * 54}q37 -40 75 0q37 -40 75 0q37 -40 75 0q37 -40 75 0`
            ),
            'accentDark',
            13
          )
        }),
      body: pen.solid(d, 'body', { depth: 1, inside: pen.line(teeth, 'bodyDark', 16) }),
      torso: roundTorso(d, half, -440, 420)
    },
    {
      y: -690,
      apart: 86,
      hat: -880,
      hatWide: 270,
      neck: -470,
      neckWide: half * 2,
      shoulder: [half * 0.94, -430],
      arm: 50
    }
  )
}

/** A shoot with scaly leaves all along it, and a club of spores at its end. */
function shoot({ pen }: Model, points: readonly [Point, Point, Point], wide: number): string {
  const [, [px, py], [x, y]] = points
  const size = Math.hypot(x - px, y - py) || 1
  const [ux, uy] = [(x - px) / size, (y - py) / size]
  const d = ribbon(points, [wide, wide, wide * 0.84])
  const thorns = repeat(7, (index) => {
    const [tx, ty] = alongBend(...points, (index + 0.5) / 7)
    return both(
      (side) => path`M${tx} ${ty}l${ux * 46 - side * uy * (wide * 0.9)} ${uy * 46 + side * ux * (wide * 0.9)}`
    )
  })
  return (
    pen.limb(thorns, 'bodyDark', 22) +
    pen.solid(d, 'body', { depth: 0.5 }) +
    pen.solid(
      ribbon(
        [
          [x - ux * 10, y - uy * 10],
          [x + ux * 80, y + uy * 80],
          [x + ux * 170, y + uy * 170]
        ],
        [54, 66, 14]
      ),
      'accent',
      { depth: 0.4 }
    )
  )
}

/** Clubmosses: upright shoots like bottle brushes with clubs of spores; a scale tree is one that is a tree. */
function clubmoss(model: Model): Anatomy {
  const { pen, girth } = model
  const isTree = /scale tree/.test(nameOf(model))
  const half = (isTree ? 180 : 196) * girth
  const shoots = isTree
    ? both(
        (side) =>
          shoot(
            model,
            [
              [side * 80, -800],
              [side * 200, -860],
              [side * 330, -900]
            ],
            70
          ) +
          shoot(
            model,
            [
              [side * 60, -860],
              [side * 110, -940],
              [side * 150, -980]
            ],
            70
          ) +
          shoot(
            model,
            [
              [side * 90, -700],
              [side * 270, -690],
              [side * 390, -730]
            ],
            64
          )
      )
    : both(
        (side) =>
          shoot(
            model,
            [
              [side * 60, -60],
              [side * 290, -300],
              [side * 300, -640]
            ],
            76
          ) +
          shoot(
            model,
            [
              [side * 60, -40],
              [side * 400, -120],
              [side * 450, -380]
            ],
            76
          ) +
          shoot(
            model,
            [
              [side * 60, -600],
              [side * 150, -800],
              [side * 200, -930]
            ],
            76
          )
      )
  const d = isTree
    ? path`
      M${-half} -860Q0 -960 ${half} -860L${half * 1.1} -120
      Q${half * 1.3} -40 ${half * 1.8} 0H${-half * 1.8}
      Q${-half * 1.3} -40 ${-half * 1.1} -120Z
    `
    : path`
      M${-half * 0.86} -860Q${-half * 0.7} -980 0 -990
      Q${half * 0.7} -980 ${half * 0.86} -860Q${half * 1.2} -460 ${half * 0.9} -10
      H${-half * 0.9}Q${-half * 1.2} -460 ${-half * 0.86} -860Z
    `
  const scales = repeat(9, (row) =>
    repeat(6, (index) => {
      const [x, y] = [(index - 2.5) * 78 + (row % 2) * 39, -880 + row * 100]
      if (Math.abs(x) < 170 && y > -800 && y < -510) return ''
      return isTree
        ? polygon([x, y - 46], [x + 34, y], [x, y + 46], [x - 34, y])
        : path`M${x - 39} ${y + 30}L${x} ${y - 50}L${x + 39} ${y + 30}`
    })
  )
  const edge = isTree
    ? ''
    : pen.limb(
        both((side) =>
          repeat(9, (index) => {
            const y = -880 + index * 98
            return path`M${side * half * 0.8} ${y}l${side * 90} -56`
          })
        ),
        'bodyDark',
        24
      )
  const club = isTree
    ? ''
    : pen.solid(blob([-70, -920], [-64, -1050], [0, -1120], [64, -1050], [70, -920]), 'accent', {
        depth: 0.5,
        inside: pen.line(
          path`M-70 -960q35 -40 70 0q35 -40 70 0M-70 -1020q35 -40 70 0q35 -40 70 0`,
          'accentDark',
          12
        )
      })
  return headless(
    model,
    {
      behind: shoots + edge + club,
      body: pen.solid(d, 'body', { depth: 1, inside: pen.line(scales, 'bodyDark', 13) }),
      torso: roundTorso(d, half, -440, 420)
    },
    {
      y: -700,
      apart: 86,
      hat: -890,
      hatWide: 260,
      neck: -460,
      neckWide: half * 2,
      shoulder: [half * 0.94, -430],
      arm: 50
    }
  )
}

const KINDS: ReadonlyArray<readonly [RegExp, (model: Model) => Anatomy]> = [
  [/horsetail/, horsetail],
  [/clubmoss/, clubmoss],
  [/liverwort|true moss|peat-forming moss/, moss],
  [/welwitschia/, welwitschia],
  [/spore-bearing/, ferns]
]

/** How a plant without flowers is drawn that is no tree and no seaweed. */
export const fernOf = (model: Model): ((model: Model) => Anatomy) | undefined =>
  KINDS.find(([of]) => of.test(`${nameOf(model)},${model.order}`))?.[1]
