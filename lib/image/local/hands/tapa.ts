import { each, repeat } from '../repeat.ts'
import { ellipse, path, polar, polygon, rectangle } from '../svg.ts'
import { WHOLE, plane } from './country.ts'
import type { Hand, Stage } from './hand.ts'

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

/** Rows of triangles in one quiet tone, point to point. */
const triangles = ({ pen, horizon }: Stage, columns: number) => {
  const step = 1000 / columns
  return pen.flat(
    repeat(Math.ceil(horizon / step) * columns, (index) => {
      const [x, y] = [(index % columns) * step, Math.floor(index / columns) * step]
      return (
        polygon([x, y], [x + step, y], [x + step / 2, y + step / 2]) +
        polygon([x + step / 2, y + step / 2], [x + step, y + step], [x, y + step])
      )
    }),
    'skyLow',
    0.55
  )
}

/** The disc behind the head: rings of shark's teeth, as in a tattoo. */
function shield({ pen, head: [x, y] }: Stage): string {
  const teeth = (count: number, from: number, to: number) =>
    repeat(count, (index) => {
      const at = (share: number, radius: number) => polar(x, y, radius, ((index + share) * 360) / count)
      return polygon(at(0, from), at(0.5, to), at(1, from))
    })
  return (
    pen.flat(ellipse(x, y, 404), 'farDark') +
    pen.flat(teeth(30, 342, 394), 'sky') +
    pen.flat(ellipse(x, y, 330), 'sky') +
    pen.flat(ellipse(x, y, 312), 'skyLow')
  )
}

/** Bark cloth of Oceania: cream, rust and soot, a quiet print, a shield of shark's teeth, bands of comb lines. */
export const tapa: Hand = {
  name: 'tapa',
  feet: 896,
  technique: {
    shading: 'flat',
    outline: { role: 'paper', width: 6 },
    face: { eye: 'facet', rim: 0.12, pupil: 'plain', stroke: 'block', isAngular: true }
  },
  palette: {
    grounds: ['pale', 'mid', 'pale'],
    chroma: 0.9,
    most: 0.14,
    back: { h: 62, share: 0.75, c: 0.085 },
    figure: { h: 38, share: 0.55 },
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
    const print = random.pick([petals, triangles])
    return (
      pen.flat(WHOLE, 'sky') +
      print(stage, random.pick([5, 6, 8])) +
      shield(stage) +
      stage.landmark(1) +
      plane(stage) +
      pen.line(`M-60 ${horizon}H1060`, 'ink', 12) +
      stage.paths()
    )
  },
  front: ({ pen, frame, random }) => {
    const kind = random.pick(['both', 'sides', 'lower', 'upper'] as const)
    const row = (y: number) =>
      pen.flat(rectangle(-9, y, 1018, 92), 'ink') +
      repeat(16, (index) =>
        pen.flat(
          polygon([index * 64, y + 8], [index * 64 + 64, y + 8], [index * 64 + 32, y + 74]),
          index % 2 === 0 ? 'sky' : frame === 'ink' ? 'accent' : frame
        )
      )
    const combs = repeat(
      2,
      (side) =>
        pen.flat(rectangle(side * 946 - 9, -9, 72, 1018), 'ink') +
        repeat(14, (index) => pen.line(`M${side * 946 + 6} ${index * 72 + 10}l42 28l-42 28`, 'paper', 9))
    )
    return (
      (kind === 'both' || kind === 'sides' ? combs : '') +
      (kind === 'sides' ? '' : row(918)) +
      (kind === 'upper' ? row(-9) : '')
    )
  },
  inset: { top: 84, left: 64, right: 64, bottom: 82 },
  isFramed: true
}
