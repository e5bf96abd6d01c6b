import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, polar } from '../svg.ts'
import type { Point } from '../svg.ts'

type Bloom = 'daisy' | 'cup' | 'bell' | 'broad' | 'orchid' | 'lotus' | 'spike' | 'thistle'

const BLOOMS: Array<[RegExp, Bloom]> = [
  [/tulip|magnolia|crocus|pitcher|titan arum|cobra lily/, 'cup'],
  [/fritillary|bluebell|fuchsia|bleeding heart|bladderwort|snapdragon|monkshood/, 'bell'],
  [/rose|poppy|pansy|rafflesia|daffodil|mandrake|passion|starfish flower/, 'broad'],
  [/orchid|bird of paradise|bat flower|mistletoe|flytrap/, 'orchid'],
  [/lotus|water lily|protea|houseleek|living stone|edelweiss|artichoke/, 'lotus'],
  [/lavender|foxglove|red-hot poker|horsetail|sundew|boojum|clubmoss/, 'spike'],
  [/thistle|dandelion|sensitive plant|acacia/, 'thistle']
]

/** Where the middle of the bloom is. */
const Y = -760

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
      ellipse(...polar(0, Y, radius * reach, degrees), radius * wide, radius * long, degrees),
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

/** What is behind the face, and what is before it, of each bloom. */
function bloom(model: Model, kind: Bloom, radius: number): { behind: string; front: string } {
  const { pen, girth, random, hide } = model
  const r = radius
  const at = (dx: number, dy: number): Point => [dx * r, Y + dy * r]
  switch (kind) {
    case 'daisy':
      return { behind: ring(model, r, random.whole(10, 14), 1.36, [0.32 * girth, 0.6]), front: '' }
    case 'broad':
      return { behind: ring(model, r, 5, 1.08, [0.82 * girth, 0.76], 36), front: '' }
    case 'thistle':
      return {
        behind: repeat(15, (index) =>
          petal(
            model,
            at(0, 0),
            polar(0, Y, r * 1.9, index * 16 - 112),
            r * 0.14,
            index % 2 === 0 ? 'cloth' : 'clothDark'
          )
        ),
        front: ''
      }
    case 'lotus':
      return {
        behind:
          each([-74, -42, -14, 14, 42, 74], (turn, index) =>
            petal(
              model,
              at(0, 0.7),
              polar(0, Y + r * 0.5, r * 2.1, turn),
              r * 0.5,
              index % 2 === 0 ? 'cloth' : 'clothDark'
            )
          ) + both((side) => petal(model, at(0, 0.8), at(side * 1.9, 0.7), r * 0.4, 'cloth')),
        front: ''
      }
    case 'orchid':
      return {
        behind:
          petal(model, at(0, 0), at(0, -2), r * 0.62, 'clothDark') +
          both((side) => petal(model, at(0, 0.2), at(side * 2, -0.5), r * 0.8, 'cloth')) +
          both((side) => petal(model, at(0, 0.2), at(side * 1.3, 1.5), r * 0.44, 'clothDark')) +
          petal(model, at(0, 0.2), at(0, 1.9), r * 0.66, 'accent'),
        front: ''
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
      return { behind: inner + both(outer), front: '' }
    }
    case 'bell':
      return {
        behind: pen.solid(
          blob(
            at(-0.4, -1.5),
            at(0.4, -1.5),
            at(1.2, -0.4),
            at(1.3, 0.8),
            at(1.6, 1.3),
            at(0.7, 1.1),
            at(0, 1.4),
            at(-0.7, 1.1),
            at(-1.6, 1.3),
            at(-1.3, 0.8),
            at(-1.2, -0.4)
          ),
          'cloth',
          { depth: 0.8, inside: hide(-200, -980, 400, 200) }
        ),
        front: ''
      }
    case 'spike':
      return {
        behind: repeat(13, (index) => {
          const row = Math.floor(index / 2)
          const x = index % 2 === 0 ? -1 : 1
          return pen.solid(
            ellipse(x * (150 - row * 20), -500 - row * 84, 84 - row * 6, 62 - row * 4, x * -24),
            row % 2 === 0 ? 'cloth' : 'clothDark',
            { depth: 0.4 }
          )
        }),
        front: ''
      }
  }
}

/** Stamens around the face, so that it is the middle of a bloom. */
const stamens = ({ pen }: Model, radius: number): string =>
  pen.flat(
    repeat(18, (index) => ellipse(...polar(0, Y, radius * 0.93, index * 20), radius * 0.075)),
    'accent'
  )

/** Flowers and herbs: a stem, two leaves for arms, a face in the bloom. */
export function flower(model: Model): Anatomy {
  const { pen, words } = model
  const name = nameOf(model)
  const kind =
    BLOOMS.find(([of]) => of.test(name))?.[1] ?? BLOOMS.find(([of]) => of.test(words))?.[1] ?? 'daisy'
  const radius = (kind === 'daisy' || kind === 'broad' ? 192 : 172) * model.head
  const { behind, front } = bloom(model, kind, radius)
  const leaf = (side: number) =>
    pen.solid(blob([side * 10, -20], [side * 60, -170], [side * 250, -250], [side * 210, -90]), 'bodyDark', {
      depth: 0.4,
      inside: pen.line(curve([side * 10, -20], [side * 210, -200]), 'body', 8)
    })
  const top = {
    cup: 1.2,
    lotus: 1.1,
    bell: 1.2,
    orchid: 1.2,
    spike: 1.3,
    thistle: 1,
    daisy: 0.9,
    broad: 0.9
  }[kind]
  return {
    behind: both(leaf),
    body:
      pen.limb(curve([0, -600], [26, -320], [0, -20]), 'bodyDark', 66) +
      pen.solid(blob([-150, -30], [150, -30], [110, 4], [-110, 4]), 'accentDark', { depth: 0.4 }) +
      behind,
    head: pen.solid(ellipse(0, Y, radius), 'body', { inside: stamens(model, radius) }) + front,
    face: {
      x: 0,
      y: Y - radius * 0.12,
      eye: radius * 0.3,
      apart: radius * 0.45,
      mouth: { x: 0, y: Y + radius * 0.46, width: radius * 0.64 }
    },
    crown: { x: 0, y: Y - radius * top, width: radius * 1.3 },
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
