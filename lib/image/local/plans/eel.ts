import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each, repeat } from '../repeat.ts'
import { band, blob, ellipse, path, polar, polygon, polyline, ribbon, sidesOf } from '../svg.ts'
import type { Point } from '../svg.ts'
import { lancelet } from './sea-worm.ts'

/** Where the middle of the head is. */
const [X, Y] = [-80, -850]

/** From the head in one wave to the tip of the tail. */
const SPINE: Point[] = [
  [X + 50, Y - 10],
  [80, -700],
  [110, -530],
  [20, -390],
  [-100, -260],
  [-60, -120],
  [100, -70],
  [300, -84],
  [440, -170],
  [520, -330]
]

/** Steps along the body. */
const STEPS = 24

/** The steps where the back is hollow. */
const isHollow = (step: number) => step > 11 && step < 18

/** A fin along one edge of the body, from the step `from` to the tip. @param high its height */
function fringe({ pen }: Model, edge: readonly Point[], other: readonly Point[], from: number, high: number) {
  const inner = edge.slice(from)
  const outer = inner.map(([x, y], index): Point => {
    const [ox, oy] = other[from + index]!
    const [dx, dy] = [x - ox, y - oy]
    // Where the edge is hollow, the fin is low, so that it does not cross itself.
    const reach =
      Math.min(1, (index + 1) / 3, (inner.length - 1 - index) / 3) *
      high *
      (isHollow(from + index) ? 0.15 : 1)
    const length = Math.hypot(dx, dy) || 1
    return [x + (dx / length) * reach, y + (dy / length) * reach]
  })
  const rays = each(inner, (point, index) => (isHollow(from + index) ? '' : polyline(point, outer[index]!)))
  const root = inner.map(([x, y], index): Point => {
    const [ox, oy] = other[from + index]!
    return [x + (ox - x) * 0.3, y + (oy - y) * 0.3]
  })
  return pen.solid(band(root, outer), 'bodyDark', {
    depth: 0,
    inside: pen.line(rays, 'body', 7)
  })
}

/** The head, which is as wide as the body and has no outline where it goes over into it. */
function headOf(model: Model, isBare: boolean): string {
  const { pen, girth, words } = model
  const long = /snipe|gulper|conger|pike/.test(words) ? 130 : 0
  const g = girth
  const edge = path`
    M${X + 50 + 108 * g} ${Y - 10 - 74 * g}
    Q${X + 60} ${Y - 204} ${X - 80} ${Y - 150}
    Q${X - 180} ${Y - 110} ${X - 246 - long} ${Y + 6 + long * 0.2}
    Q${X - 280 - long} ${Y + 70 + long * 0.1} ${X - 206 - long * 0.8} ${Y + 92 + long * 0.1}
    Q${X - 140} ${Y + 150} ${X + 20 - 30 * g} ${Y + 150}
  `
  const nostrils = isBare
    ? ''
    : each([-214, -182], (dx) => pen.flat(ellipse(X + dx - long * 0.8, Y + 4, 11, 9), 'ink'))
  return pen.joined(`${edge}Z`, edge, 'body', { depth: 0.5 }) + nostrils
}

/** Eels and morays: a thick band in a wave, one fin along the whole back and around the tail; caecilians have rings. */
export function eel(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const isBare = /caecilian|rubber/.test(words)
  const widths = [260, 262, 252, 232, 212, 190, 160, 118, 66, 12].map((width) => width * girth)
  const { left, right } = sidesOf(SPINE, widths, STEPS)
  const isLeftBack = left[3]![0] > right[3]![0]
  const [back, belly] = isLeftBack ? [left, right] : [right, left]
  // Clockwise, as the round end.
  const body = band(right, left)
  const light = ribbon(
    belly.slice(1, 13).map(([x, y], index): Point => {
      const [ox, oy] = back[index + 1]!
      return [x + (ox - x) * 0.12, y + (oy - y) * 0.12]
    }),
    [70 * girth, 96 * girth, 30 * girth],
    14
  )
  const rings = isBare
    ? pen.line(
        repeat(STEPS - 4, (index) => polyline(left[index + 3]!, right[index + 3]!)),
        'bodyDark',
        10
      )
    : ''
  const bands = /zebra|ribbon|garden|fire/.test(nameOf(model))
    ? each([3, 6, 9, 12, 15, 18], (index) => pen.line(polyline(left[index]!, right[index]!), 'bodyLight', 30))
    : ''
  const [gx, gy] = [X + 130 * girth, Y + 100]
  return {
    behind: isBare ? '' : fringe(model, back, belly, 1, 84) + fringe(model, belly, back, 15, 66),
    body:
      // The round end stays below the head when it turns.
      pen.merged([body, ellipse(X + 50, Y - 10, 128 * girth)], 'body', {
        depth: 0.7,
        inside: pen.flat(light, 'bodyLight') + bands + hide(-260, -700, 640, 620) + rings
      }) + (isBare ? '' : pen.flat(ellipse(gx, gy, 15, 30, 20), 'ink')),
    torso: { d: body, x: -70, y: -690, width: 320, height: 260, isRound: true },
    head: headOf(model, isBare),
    face: {
      x: X - 60,
      y: Y - 46,
      eye: 44 * model.head,
      apart: 74,
      turn: -0.6,
      top: Y - 150,
      mouth: { x: X - 128, y: Y + 62, width: 130 }
    },
    crown: { x: X - 20, y: Y - 134, width: 220 },
    neck: { x: 60, y: -690, width: 260 * girth },
    shoulders: [
      [-40, -520],
      [90, -560]
    ],
    hands: [
      [-230, -480],
      [330, -480]
    ],
    arm: 62,
    limb: isBare ? 'arm' : 'fin',
    far: 0
  }
}

/** The places of the holes of the gills, as steps along the body. */
const GILLS = [2, 3, 4, 5, 6, 7, 8]

/** The sucker of a lamprey: a disc with rings of teeth around the face. */
function sucker({ pen }: Model, radius: number): string {
  const teeth = repeat(18, (index) => {
    const turn = index * 20
    return polygon(
      polar(X, Y, radius * 1.06, turn - 7),
      polar(X, Y, radius * 0.82, turn),
      polar(X, Y, radius * 1.06, turn + 7)
    )
  })
  return pen.solid(ellipse(X, Y, radius * 1.12), 'bodyDark', {
    depth: 0.4,
    inside: pen.flat(teeth, 'paper') + pen.flat(ellipse(X, Y, radius * 0.8), 'body')
  })
}

/** The blunt head of a hagfish with its barbels. */
function hagHead({ pen }: Model, radius: number): string {
  const barbels = each(
    [-150, -110, -64, -20],
    (dx, index) =>
      path`M${X + dx} ${Y + 76}Q${X + dx - 60} ${Y + 130} ${X + dx - 50 + index * 12} ${Y + 214 + (index % 2) * 20}`
  )
  return (
    pen.limb(barbels, 'bodyDark', 22) +
    pen.solid(
      blob(
        [X - radius * 1.16, Y - 10],
        [X - radius * 0.8, Y - radius],
        [X + radius * 0.5, Y - radius * 1.06],
        [X + radius, Y],
        [X + radius * 0.4, Y + radius],
        [X - radius * 0.9, Y + radius * 0.8]
      ),
      'body',
      { depth: 0.5 }
    )
  )
}

/** Lampreys and hagfish: a bare tube with a row of holes, without paired fins; the tail holds things. */
export function lamprey(model: Model): Anatomy {
  if (/backboneless/.test(model.order)) return lancelet(model)
  const { pen, girth, words, hide } = model
  const isHag = /hagfish/.test(words)
  const spine: Point[] = [...SPINE.slice(0, 3), [10, -400], [-120, -260], [-70, -120], [70, -74], [210, -84]]
  const widths = [210, 214, 212, 200, 184, 168, 150, 128].map((width) => width * girth)
  const { left, right } = sidesOf(spine, widths, STEPS)
  const isLeftBack = left[3]![0] > right[3]![0]
  const [back, belly] = isLeftBack ? [left, right] : [right, left]
  const body = band(left, right)
  const holes = each(GILLS, (step) => {
    const [[x, y], [ox, oy]] = [belly[step + 1]!, back[step + 1]!]
    const share = isHag ? 0.26 : 0.42
    return pen.flat(ellipse(x + (ox - x) * share, y + (oy - y) * share, isHag ? 12 : 19), 'ink')
  })
  const radius = 178 * model.head
  return {
    behind: isHag ? '' : fringe(model, back.slice(0, 16), belly.slice(0, 16), 10, 70),
    // The tail goes on where the body ends.
    body: pen.joined(body, polyline(...left) + polyline(...right), 'body', {
      depth: 0.7,
      inside: hide(-260, -560, 640, 480) + holes
    }),
    torso: { d: body, x: -90, y: -480, width: 260, height: 200, isRound: true },
    head: isHag ? hagHead(model, radius * 0.94) : sucker(model, radius),
    face: {
      x: X,
      y: Y - 34,
      eye: 50 * model.head,
      apart: 66,
      mouth: { x: X, y: Y + 70, width: 104 }
    },
    crown: { x: X, y: Y - radius * 0.98, width: 230 },
    neck: { x: 70, y: -640, width: 214 * girth },
    shoulders: [
      [-130, -150],
      [170, -84]
    ],
    hands: [
      [-130, -560],
      [430, -250]
    ],
    arm: 96,
    limb: 'tail',
    far: 1,
    holds: 1
  }
}
