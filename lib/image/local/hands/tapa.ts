import type { Pen } from '../pen.ts'
import { each, repeat } from '../repeat.ts'
import { ellipse, group, n, path, polar, polygon, rectangle } from '../svg.ts'
import { WHOLE, plane } from './country.ts'
import type { Hand, Stage } from './hand.ts'
import { modelled } from './modelled.ts'

/** Petals of the manulua, four around each point of a grid, in one quiet tone. */
const petals = ({ pen, horizon }: Stage, columns: number) => {
  const step = 1000 / columns
  return pen.flat(
    repeat(Math.ceil(horizon / step) * columns, (index) => {
      const [x, y] = [((index % columns) + 0.5) * step, (Math.floor(index / columns) + 0.5) * step]
      return each([45, 135, 225, 315], (turn) => {
        const [tipX, tipY] = polar(x, y, step * 0.6, turn)
        const [[lx, ly], [rx, ry]] = [
          polar(x, y, step * 0.42, turn - 24),
          polar(x, y, step * 0.42, turn + 24)
        ]
        return path`M${x} ${y}Q${lx} ${ly} ${tipX} ${tipY}Q${rx} ${ry} ${x} ${y}Z`
      })
    }),
    'skyLow',
    0.55
  )
}

/** Rings of dots around the points of a grid, as in the paintings of the desert. */
const dots = ({ pen, horizon }: Stage, columns: number) => {
  const step = 1000 / columns
  return pen.flat(
    repeat(Math.ceil(horizon / step) * columns, (index) => {
      const [x, y] = [((index % columns) + 0.5) * step, (Math.floor(index / columns) + 0.5) * step]
      return (
        ellipse(x, y, step * 0.07) +
        each([8, 14], (count, ring) =>
          repeat(count, (at) =>
            ellipse(...polar(x, y, step * (0.2 + ring * 0.17), (at * 360) / count), step * 0.05)
          )
        )
      )
    }),
    'skyLow',
    0.8
  )
}

/** A koru: the frond of a fern that uncurls. @param side 1 if it curls to the right */
const koru = (x: number, y: number, radius: number, side: number) => {
  const at = (dx: number, dy: number) => `${n(x + side * dx * radius)} ${n(y + dy * radius)}`
  const sweep = side > 0 ? 1 : 0
  const arc = (r: number, to: string) => `A${n(r * radius)} ${n(r * radius)} 0 0 ${sweep} ${to}`
  return (
    `M${at(-1, 1)}Q${at(-1, 0.2)} ${at(-0.9, -0.1)}` +
    arc(0.9, at(0.9, -0.1)) +
    arc(0.62, at(-0.34, -0.1)) +
    arc(0.4, at(0.46, -0.1)) +
    arc(0.22, at(0.02, -0.1))
  )
}

/** The disc behind the head, plain, in a ring of koru. */
function ring({ pen, head: [x, y] }: Stage): string {
  const count = 14
  return (
    pen.flat(ellipse(x, y, 408), 'farDark') +
    each(
      Array.from({ length: count }, (_, index) => (index * 360) / count),
      (turn) => group(pen.line(koru(x, y - 366, 26, 1), 'sky', 9), `rotate(${n(turn)} ${n(x)} ${n(y)})`)
    ) +
    pen.flat(ellipse(x, y, 330), 'sky') +
    pen.flat(ellipse(x, y, 314), 'skyLow')
  )
}

/** A leaf of a palm from its stalk, with leaflets on both sides. @param turn degrees of the stalk, from the top */
function palm(pen: Pen, x: number, y: number, length: number, turn: number): string {
  const leaflets = repeat(9, (index) => {
    const share = 0.16 + index * 0.095
    const [rootX, rootY] = polar(x, y, length * share, turn + share * share * 16)
    const long = length * 0.42 * (1 - Math.abs(share - 0.42) * 1.1)
    return each([-1, 1], (side) => {
      const [tipX, tipY] = polar(rootX, rootY, long, turn + side * (56 - share * 26) + share * 16)
      const [pullX, pullY] = polar(rootX, rootY, long * 0.55, turn + side * 22)
      const [backX, backY] = polar(rootX, rootY, long * 0.5, turn + side * 66)
      return path`M${rootX} ${rootY}Q${pullX} ${pullY} ${tipX} ${tipY}Q${backX} ${backY} ${rootX} ${rootY}Z`
    })
  })
  const [tipX, tipY] = polar(x, y, length, turn + 16)
  const [pullX, pullY] = polar(x, y, length * 0.5, turn)
  return (
    pen.flat(leaflets, 'front') +
    pen.line(path`M${x} ${y}Q${pullX} ${pullY} ${tipX} ${tipY}`, 'front', length * 0.035)
  )
}

/** A hibiscus: five petals and a long stamen. */
function hibiscus(pen: Pen, x: number, y: number, radius: number): string {
  const petals = repeat(5, (index) => {
    const [cx, cy] = polar(x, y, radius * 0.56, index * 72 + 12)
    return ellipse(cx, cy, radius * 0.46, radius * 0.52, index * 72 + 12)
  })
  const [tipX, tipY] = polar(x, y, radius * 0.9, 48)
  return (
    pen.flat(petals, 'heart') +
    pen.flat(ellipse(x, y, radius * 0.3), 'accentDark') +
    pen.line(path`M${x} ${y}L${tipX} ${tipY}`, 'paper', radius * 0.12) +
    pen.flat(ellipse(tipX, tipY, radius * 0.13), 'paper')
  )
}

/** Palm leaves in the upper corners, those of the side with more room longer, and a flower where they start. */
function grove({ pen, head: [x] }: Stage): string {
  const side = x < 500 ? 1 : -1
  const corner = side > 0 ? 1000 : 0
  return (
    each([262, 226, 190], (turn, index) =>
      palm(pen, corner + side * 30, -10, 330 - index * 20, side > 0 ? turn : -turn)
    ) +
    hibiscus(pen, corner - side * 52, 66, 62) +
    each([140, 176], (turn) => palm(pen, 1000 - corner - side * 40, -20, 210, side > 0 ? turn : -turn))
  )
}

/** Bark cloth of Oceania: cream, rust and soot, a quiet print, a ring of koru, palm leaves and a hibiscus. */
export const tapa: Hand = {
  name: 'tapa',
  feet: 896,
  technique: {
    shading: 'flat',
    outline: { role: 'paper', width: 6 },
    face: { eye: 'oval', rim: 0.12, pupil: 'plain', stroke: 'block', isAngular: true }
  },
  palette: {
    grounds: ['pale', 'mid', 'pale'],
    chroma: 0.9,
    most: 0.17,
    back: { h: 72, share: 0.85, c: 0.08 },
    figure: { h: 38, share: 0.3 },
    accent: { l: 0.5, c: 0.13, h: 40 }
  },
  motif: (pen, x, y, radius, role) =>
    pen.flat(
      polygon([x - radius, y - radius * 0.6], [x + radius, y - radius * 0.6], [x, y]) +
        polygon([x, y], [x + radius, y + radius * 0.6], [x - radius, y + radius * 0.6]),
      role
    ),
  back: (stage) => {
    const { pen, horizon, random } = stage
    const print = random.pick([petals, petals, dots])
    return (
      pen.flat(WHOLE, 'sky') +
      print(stage, random.pick([5, 6, 8])) +
      ring(stage) +
      stage.landmark(1) +
      plane(stage) +
      pen.line(`M-60 ${horizon}H1060`, 'ink', 12) +
      grove(stage) +
      stage.paths()
    )
  },
  front: ({ pen, frame }) =>
    pen.flat(rectangle(-9, 906, 1018, 104), 'ink') +
    pen.line(
      repeat(10, (index) => koru(50 + index * 100, 958, 40, 1)),
      frame === 'ink' ? 'sky' : frame,
      11
    ) +
    pen.line('M-9 912H1009', 'sky', 6),
  inset: { bottom: 94 },
  isFramed: true,
  paint: modelled({ spacing: 2, reach: 2.5, half: 1, shade: 0.5, roundness: 2, spread: 0.6 })
}
