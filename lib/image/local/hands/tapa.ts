import { repeat } from '../repeat.ts'
import { polygon, rectangle } from '../svg.ts'
import { WHOLE } from './country.ts'
import type { Hand, Stage } from './hand.ts'

/** Panels of triangles, split along both diagonals in turn. */
const panels = ({ pen }: Stage, from: number, to: number, step: number) =>
  repeat(Math.ceil((to - from) / step) * Math.ceil(1000 / step), (index) => {
    const columns = Math.ceil(1000 / step)
    const [x, y] = [(index % columns) * step, from + Math.floor(index / columns) * step]
    const isEven = (index + Math.floor(index / columns)) % 2 === 0
    return pen.flat(
      isEven
        ? polygon([x, y], [x + step, y], [x, y + step])
        : polygon([x, y], [x + step, y], [x + step, y + step]),
      isEven ? 'skyLow' : 'farDark'
    )
  })

/** Bark cloth of Oceania: cream, rust and soot, panels of triangles, comb lines. */
export const tapa: Hand = {
  name: 'tapa',
  feet: 896,
  technique: { shading: 'flat', outline: { role: 'paper', width: 6 } },
  palette: {
    grounds: ['pale'],
    chroma: 0.75,
    most: 0.11,
    back: { h: 65, share: 0.95, c: 0.065, lift: -0.02 },
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
    const { pen, horizon } = stage
    return (
      pen.flat(WHOLE, 'sky') +
      panels(stage, 0, 330, 125) +
      stage.backdrop() +
      stage.ornament() +
      stage.behind() +
      stage.lamp() +
      stage.landmark(1.2) +
      pen.flat(`M-60 ${horizon}H1060V1060H-60Z`, 'ground') +
      stage.paths()
    )
  },
  front: ({ pen, frame }) =>
    pen.flat(rectangle(-9, 918, 1018, 92), 'ink') +
    repeat(16, (index) =>
      pen.flat(
        polygon([index * 64, 926], [index * 64 + 64, 926], [index * 64 + 32, 992]),
        index % 2 === 0 ? 'sky' : frame === 'ink' ? 'accent' : frame
      )
    ) +
    repeat(
      2,
      (side) =>
        pen.flat(rectangle(side * 946 - 9, -9, 72, 940), 'ink') +
        repeat(13, (index) => pen.line(`M${side * 946 + 6} ${index * 72 + 10}l42 28l-42 28`, 'sky', 9))
    ),
  isFramed: true
}
