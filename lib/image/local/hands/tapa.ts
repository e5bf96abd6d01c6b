import { repeat } from '../repeat.ts'
import { polygon, rectangle } from '../svg.ts'
import { WHOLE, plane, sparse } from './country.ts'
import type { Hand, Stage } from './hand.ts'

/** Panels of triangles, split along both diagonals in turn. The rows reach down from `from` to `to`. */
const panels = ({ pen }: Stage, from: number, to: number, columns: number) => {
  const step = 1000 / columns
  return repeat(Math.ceil((to - from) / step) * columns, (index) => {
    const row = Math.floor(index / columns)
    const [x, y] = [(index % columns) * step, from + row * step]
    const isEven = (index + row) % 2 === 0
    return pen.flat(
      isEven
        ? polygon([x, y], [x + step, y], [x, y + step])
        : polygon([x, y], [x + step, y], [x + step, y + step]),
      isEven ? 'skyLow' : 'farDark'
    )
  })
}

/** Where the panels begin and end. */
const BANDS = [
  [0, 330],
  [0, 180],
  [300, 640],
  [420, 900],
  [0, 900]
] as const

/** Bark cloth of Oceania: cream, rust and soot, panels of triangles, comb lines. */
export const tapa: Hand = {
  name: 'tapa',
  feet: 896,
  technique: {
    shading: 'flat',
    outline: { role: 'paper', width: 6 },
    face: { eye: 'facet', rim: 0.12, pupil: 'plain', stroke: 'block', isAngular: true }
  },
  palette: {
    grounds: ['pale', 'mid', 'dark'],
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
    const [from, to] = random.pick(BANDS)
    return (
      pen.flat(WHOLE, 'sky') +
      panels(stage, from, to, random.pick([5, 7, 8, 10])) +
      sparse(stage, 1) +
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
