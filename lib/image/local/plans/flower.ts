import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, polar } from '../svg.ts'
import type { Point } from '../svg.ts'
import { arum, bat, crane, MIDDLE, nodding, pitcher, sixfold, spike, straps, trap } from './blooms.ts'

type Bloom =
  | 'daisy'
  | 'cup'
  | 'bell'
  | 'broad'
  | 'orchid'
  | 'lotus'
  | 'spike'
  | 'thistle'
  | 'torch'
  | 'trumpet'
  | 'arum'
  | 'crane'
  | 'bat'
  | 'trap'
  | 'pitcher'

const BLOOMS: Array<[RegExp, Bloom]> = [
  [/pitcher|cobra lily/, 'pitcher'],
  [/titan arum/, 'arum'],
  [/bird of paradise/, 'crane'],
  [/bat flower/, 'bat'],
  [/flytrap/, 'trap'],
  [/red-hot poker/, 'torch'],
  [/daffodil/, 'trumpet'],
  [/tulip|crocus/, 'cup'],
  [/fritillary|bluebell|fuchsia|bleeding heart|bladderwort|monkshood/, 'bell'],
  [/rose|poppy|pansy|rafflesia|mandrake|passion|starfish flower/, 'broad'],
  [/orchid/, 'orchid'],
  [/lotus|water lily|protea|houseleek|living stone|edelweiss/, 'lotus'],
  [/lavender|foxglove|snapdragon/, 'spike'],
  [/thistle|dandelion|sensitive plant|sundew/, 'thistle']
]

/** A ring of petals around the face. @param reach distance of their middle, as a share of the radius */
function ring(
  { pen }: Model,
  radius: number,
  count: number,
  reach: number,
  [wide, long]: Point,
  turn = 0
): string {
  return repeat(count, (index) => {
    const degrees = turn + (index * 360) / count
    return pen.solid(
      ellipse(...polar(0, MIDDLE, radius * reach, degrees), radius * wide, radius * long, degrees),
      index % 2 === 0 ? 'cloth' : 'clothDark',
      { depth: 0.4 }
    )
  })
}

/** A petal from the foot of a bloom to its tip. */
const petal = (
  { pen }: Model,
  foot: Point,
  tip: Point,
  wide: number,
  role: 'cloth' | 'clothDark' | 'accent'
): string => {
  const [mx, my] = [(foot[0] + tip[0]) / 2, (foot[1] + tip[1]) / 2]
  const [dx, dy] = [tip[0] - foot[0], tip[1] - foot[1]]
  const length = Math.hypot(dx, dy) || 1
  const [nx, ny] = [(-dy / length) * wide, (dx / length) * wide]
  return pen.solid(blob(foot, [mx + nx, my + ny], tip, tip, [mx - nx, my - ny], foot), role, { depth: 0.5 })
}

/** The drops of glue on the hairs of a sundew. */
const drops = ({ pen, words }: Model, radius: number): string =>
  /sundew/.test(words)
    ? pen.flat(
        repeat(15, (index) => ellipse(...polar(0, MIDDLE, radius * 1.86, index * 16 - 112), 30)),
        'accent'
      )
    : ''

/** What is behind the face, and the head if it is no disc, of each bloom. */
function bloom(model: Model, kind: Bloom, radius: number): { behind: string; head?: string } {
  const { pen, girth, random } = model
  const r = radius
  const at = (dx: number, dy: number): Point => [dx * r, MIDDLE + dy * r]
  switch (kind) {
    case 'daisy':
      return { behind: ring(model, r, random.whole(10, 14), 1.36, [0.32 * girth, 0.6]) }
    case 'broad':
      return { behind: ring(model, r, 5, 1.08, [0.82 * girth, 0.76], 36) }
    case 'thistle':
      return {
        behind: repeat(15, (index) =>
          petal(
            model,
            at(0, 0),
            polar(0, MIDDLE, r * 1.9, index * 16 - 112),
            r * 0.14,
            index % 2 === 0 ? 'cloth' : 'clothDark'
          )
        ).concat(drops(model, r))
      }
    case 'lotus':
      return {
        behind:
          each([-74, -42, -14, 14, 42, 74], (turn, index) =>
            petal(
              model,
              at(0, 0.7),
              polar(0, MIDDLE + r * 0.5, r * 2.1, turn),
              r * 0.5,
              index % 2 === 0 ? 'cloth' : 'clothDark'
            )
          ) + both((side) => petal(model, at(0, 0.8), at(side * 1.9, 0.7), r * 0.4, 'cloth'))
      }
    case 'orchid':
      return {
        behind:
          petal(model, at(0, 0), at(0, -2), r * 0.62, 'clothDark') +
          both((side) => petal(model, at(0, 0.2), at(side * 2, -0.5), r * 0.8, 'cloth')) +
          both((side) => petal(model, at(0, 0.2), at(side * 1.3, 1.5), r * 0.44, 'clothDark')) +
          petal(model, at(0, 0.2), at(0, 1.9), r * 0.66, 'accent')
      }
    case 'cup': {
      const outer = (side: number) =>
        pen.solid(
          blob(
            at(0, 1.3),
            at(side * 1.3, 1.2),
            at(side * 1.5, -0.2),
            at(side * 1.34, -1.6),
            at(side * 0.5, -0.9),
            at(0, 0.6)
          ),
          'cloth',
          {
            depth: 0.5
          }
        )
      const inner = pen.solid(
        blob(at(-0.9, 0.9), at(-0.8, -0.8), at(0, -1.9), at(0.8, -0.8), at(0.9, 0.9)),
        'clothDark',
        { depth: 0.5 }
      )
      return { behind: inner + both(outer) }
    }
    case 'spike':
    case 'torch':
      return { behind: spike(model, r, kind === 'torch') }
    case 'trumpet':
      return { behind: sixfold(model, r, true) }
    case 'arum':
      return { behind: arum(model, r) }
    case 'crane':
      return { behind: crane(model, r) }
    case 'bat':
      return { behind: bat(model, r) }
    case 'trap':
      return { behind: trap(model, r) }
    case 'bell':
      return nodding(model, r)
    case 'pitcher':
      return pitcher(model, r, /cobra/.test(nameOf(model)))
  }
}

/** Stamens around the face, so that it is the middle of a bloom. */
const stamens = ({ pen }: Model, radius: number): string =>
  pen.flat(
    repeat(18, (index) => ellipse(...polar(0, MIDDLE, radius * 0.93, index * 20), radius * 0.075)),
    'accent'
  )

/** How far the hat is above the middle of a bloom, as a share of its radius. */
const TOPS: Partial<Record<Bloom, number>> = {
  cup: 1.2,
  bell: 1.2,
  orchid: 1.2,
  thistle: 1,
  daisy: 0.9,
  broad: 0.9,
  trumpet: 0.9,
  trap: 0.9,
  pitcher: 0.9
}

/** Flowers and herbs: a stem, two leaves for arms, a face in the bloom. */
export function flower(model: Model): Anatomy {
  const { pen, words } = model
  const name = nameOf(model)
  const kind =
    BLOOMS.find(([of]) => of.test(name))?.[1] ?? BLOOMS.find(([of]) => of.test(words))?.[1] ?? 'daisy'
  const radius = (kind === 'daisy' || kind === 'broad' ? 192 : 172) * model.head
  const { behind, head } = bloom(model, kind, radius)
  const isMonocot = /monocot/.test(model.order)
  const leaf = (side: number) =>
    pen.solid(blob([side * 10, -20], [side * 60, -170], [side * 250, -250], [side * 210, -90]), 'bodyDark', {
      depth: 0.4,
      inside: pen.line(curve([side * 10, -20], [side * 210, -200]), 'body', 8)
    })
  const top = TOPS[kind] ?? 1.1
  return {
    behind: isMonocot ? straps(model, kind === 'orchid') : both(leaf),
    body:
      (kind === 'bell' ? '' : pen.limb(curve([0, -600], [26, -320], [0, -20]), 'bodyDark', 66)) +
      pen.solid(
        blob([-30, -110], [30, -110], [44, -40], [130, 2], [0, -14], [-130, 2], [-44, -40]),
        'bodyDark'
      ) +
      behind,
    head: head ?? pen.solid(ellipse(0, MIDDLE, radius), 'body', { inside: stamens(model, radius) }),
    face: {
      x: 0,
      y: MIDDLE - radius * 0.12,
      eye: radius * 0.3,
      apart: radius * 0.45,
      mouth: { x: 0, y: MIDDLE + radius * 0.46, width: radius * 0.64 }
    },
    crown: { x: 0, y: MIDDLE - radius * top, width: radius * 1.3 },
    neck: { x: 8, y: -480, width: 130 },
    shoulders: [
      [10, -380],
      [14, -330]
    ],
    hands: [
      [-280, -420],
      [280, -340]
    ],
    arm: 80,
    limb: 'leaf'
  }
}
