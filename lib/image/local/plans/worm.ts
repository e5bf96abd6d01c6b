import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, path, polar, polyline } from '../svg.ts'
import type { Point } from '../svg.ts'
import { outside, segmented } from './segments.ts'
import { softWormOf } from './soft-worm.ts'
import type { Segmented } from './segments.ts'

/** How a worm is built. */
type Kind = 'ringed' | 'bristled' | 'tube' | 'legged' | 'bear' | 'wheel'

const KINDS: Array<[RegExp, Kind]> = [
  [/christmas tree worm|feather duster|tube worm|bone-eating|ice cream|pompeii/, 'tube'],
  [/bristle worm/, 'bristled'],
  [/wheel animal/, 'wheel'],
  [/water bear/, 'bear'],
  [/velvet|caterpillar/, 'legged']
]

const kindOf = (model: Model): Kind =>
  KINDS.find(([of]) => of.test(nameOf(model)))?.[1] ??
  KINDS.find(([of]) => of.test(model.order.split(',')[1] ?? ''))?.[1] ??
  'ringed'

/** From the tail on the ground up to the head. */
const SPINE: Point[] = [
  [430, -90],
  [260, -76],
  [70, -110],
  [-50, -290],
  [0, -500],
  [90, -680],
  [0, -850]
]

/** Where the middle of the head is. */
const Y = -860

/** Both edges of each ring, with the edge on the other side. */
const rims = ({ left, right }: Segmented): Array<readonly [Point, Point]> =>
  left.flatMap((point, index) => [[point, right[index]!] as const, [right[index]!, point] as const])

/** Paddles with tufts of bristles on both sides. */
function bristles({ pen }: Model, body: Segmented): string {
  const sides = rims(body).slice(2, -4)
  const tufts = sides
    .map(([edge, other]) =>
      each([-24, 0, 24], (aside) => {
        return polyline(outside(edge, other, 16, aside * 0.3), outside(edge, other, 92, aside * 1.5))
      })
    )
    .join('')
  const paddles = sides
    .map(([edge, other]) => {
      return polyline(outside(edge, other, -10), outside(edge, other, 34))
    })
    .join('')
  return pen.line(tufts, 'accent', 11) + pen.limb(paddles, 'bodyDark', 34)
}

/** What is on the head of a bristle worm: feelers, the arms of a squidworm, or threads. */
function feelers(model: Model): string {
  const { pen, words } = model
  if (/squidworm|spaghetti|medusa/.test(words)) {
    return pen.limb(
      repeat(8, (index) => {
        const turn = -105 + index * 30
        const [mid, end] = [polar(0, Y, 250, turn), polar(0, Y, 330 + (index % 2) * 60, turn + 22)]
        return curve([0, Y], mid, end)
      }),
      'accent',
      24
    )
  }
  return pen.limb(
    each([-1, 1], (side) =>
      each([40, 90], (dx) =>
        curve([side * dx, Y - 80], [side * dx * 1.5, Y - 190], [side * dx * 2.4, Y - 200])
      )
    ),
    'bodyDark',
    22
  )
}

/** A fan of feathers around the head, which is in the end of a tube. */
function plume({ pen, words }: Model): string {
  const isTree = /christmas/.test(words)
  return repeat(13, (index) => {
    const turn = (index - 6) * 19
    const tip = polar(0, Y + 20, isTree ? 310 - (index % 2) * 50 : 320, turn)
    const [mx, my] = [tip[0] * 0.62, (Y + 20) * 0.38 + tip[1] * 0.62]
    const barb = (aside: number) => {
      return polyline([mx, my], polar(mx, my, 92, turn + aside))
    }
    const role = index % 2 === 0 ? 'accent' : 'cloth'
    return pen.line(barb(46) + barb(-46), role, 12) + pen.limb(path`M0 ${Y}L${tip[0]} ${tip[1]}`, role, 20)
  })
}

/** Stumps with claws in pairs. */
function stumps({ pen }: Model, body: Segmented): string {
  const thick = 54
  const sides = rims(body).filter((_, index) => index > 3 && index % 4 < 2)
  return pen.limb(
    sides
      .slice(0, -2)
      .map(([edge, other]) => {
        return polyline(outside(edge, other, -thick), outside(edge, other, thick * 1.3, thick * 0.3))
      })
      .join(''),
    'bodyDark',
    thick
  )
}

/** The short legs of a water bear, each with three claws. */
const stubs = ({ pen }: Model): string =>
  each([-560, -360, -150], (y) =>
    both((side) => {
      const [x, end] = [side * 236, y + 76]
      const claws = each([-26, 0, 26], (dy) => path`M${x} ${end + dy}l${side * 44} ${dy * 0.5 + 16}`)
      return pen.line(claws, 'accent', 14) + pen.limb(path`M${side * 130} ${y}L${x} ${end}`, 'bodyDark', 92)
    })
  )

/** Two wheels of lashes on the head of a wheel animal. */
const wheels = ({ pen }: Model): string =>
  both((side) => {
    const [x, y] = [side * 128, Y - 60]
    const lashes = repeat(16, (index) => {
      return polyline(polar(x, y, 90, index * 22.5), polar(x, y, 168, index * 22.5 + 14))
    })
    return (
      pen.line(lashes, 'accent', 13) +
      pen.solid(ellipse(x, y, 112), 'bodyDark', { depth: 0.4, inside: pen.flat(ellipse(x, y, 70), 'body') })
    )
  })

const WIDTHS: Record<Kind, readonly number[]> = {
  ringed: [30, 130, 170, 184, 186, 186, 190],
  bristled: [30, 110, 150, 164, 170, 170, 190],
  tube: [60, 150, 170, 176, 180, 180, 190],
  legged: [60, 150, 190, 200, 200, 196, 200],
  bear: [200, 330, 380, 390, 370, 330, 260],
  wheel: [40, 70, 110, 220, 300, 270, 230]
}

/** The feet of a water bear and of a wheel animal are below the head. */
const UPRIGHT: Point[] = [
  [60, -30],
  [70, -160],
  [50, -320],
  [0, -480],
  [-10, -620],
  [0, -740],
  [0, -860]
]

/** The borders of the rings, or a band, on the body. */
function marks({ pen, hide }: Model, kind: Kind, body: Segmented): string {
  const skin = hide(-240, -700, 640, 620)
  if (kind === 'wheel') {
    return skin + pen.flat(blob([-60, -640], [60, -640], [50, -460], [-50, -460]), 'bodyLight')
  }
  return skin + pen.line(body.borders, 'bodyDark', 12)
}

/** What sticks out of the body, by its kind. */
function growth(model: Model, kind: Kind, body: Segmented): string {
  const { pen } = model
  switch (kind) {
    case 'bristled':
      return bristles(model, body)
    case 'tube':
      return plume(model)
    case 'legged':
      return stumps(model, body)
    case 'bear':
      return stubs(model)
    case 'wheel':
      return wheels(model) + pen.limb(curve([60, -60], [150, -10]) + curve([60, -60], [-30, -10]), 'body', 30)
    default:
      return ''
  }
}

/** Bristle worms, velvet worms, water bears, wheel animals: a standing body with what its class has on it. */
export function worm(model: Model): Anatomy {
  const soft = softWormOf(model)
  if (soft !== undefined) return soft(model)
  const { pen, girth } = model
  const kind = kindOf(model)
  const isUpright = kind === 'bear' || kind === 'wheel'
  const widths = WIDTHS[kind].map((width) => width * girth)
  const rings = { ringed: 17, bristled: 13, tube: 11, legged: 15, bear: 9, wheel: 7 }[kind]
  const bulge = { ringed: 0.05, bristled: 0.1, tube: 0, legged: 0.07, bear: 0.1, wheel: 0.06 }[kind]
  const body = segmented(isUpright ? UPRIGHT : SPINE, widths, rings, bulge)
  const radius = (kind === 'bear' ? 150 : 140) * model.head
  return {
    behind: growth(model, kind, body) + (kind === 'bristled' || kind === 'legged' ? feelers(model) : ''),
    body: pen.solid(body.d, kind === 'tube' ? 'paper' : 'body', { inside: marks(model, kind, body) }),
    torso: { d: body.d, x: -150, y: -640, width: 320, height: 330, isRound: true },
    head:
      pen.solid(ellipse(0, Y, radius * 1.1, radius), 'body') +
      (kind === 'bear' ? pen.solid(ellipse(0, Y + 80, 74, 52), 'bodyLight', { depth: 0.4 }) : ''),
    face: {
      x: 0,
      y: Y - 20,
      eye: radius * 0.31,
      apart: radius * 0.46,
      mouth: { x: 0, y: Y + 70, width: radius * 0.6 }
    },
    crown: { x: 0, y: Y - radius * 0.82, width: radius * 1.4 },
    neck: { x: isUpright ? 0 : 60, y: -700, width: (isUpright ? 280 : 190) * girth },
    shoulders: isUpright
      ? [
          [-110 * girth, -560],
          [110 * girth, -560]
        ]
      : [
          [-40, -540],
          [120, -560]
        ],
    hands: [
      [-180, -420],
      [260, -420]
    ],
    arm: kind === 'bear' ? 74 : 46
  }
}
