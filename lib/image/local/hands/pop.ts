import { repeat } from '../repeat.ts'
import { ellipse, polar, polygon, star } from '../svg.ts'
import type { Point } from '../svg.ts'
import { plane, sparse, WHOLE } from './country.ts'
import type { Hand } from './hand.ts'

/** Pop art and the street: a burst, big halftone dots, hot colours, fat ink, drips. */
export const pop: Hand = {
  name: 'pop',
  technique: {
    shading: 'lit',
    outline: { role: 'ink', width: 12 },
    face: { eye: 'oval', rim: 0.15, stroke: 'block', weight: 1.1 }
  },
  palette: {
    grounds: ['deep', 'mid', 'deep'],
    chroma: 1.5,
    accent: { l: 0.86, c: 0.19, h: 102 }
  },
  head: 1.12,
  motif: (pen, x, y, radius, role) => pen.flat(star(x, y, radius, radius * 0.55, 9), role),
  back: (stage) => {
    const {
      pen,
      palette,
      horizon,
      random,
      head: [cx, cy]
    } = stage
    return (
      pen.flat(WHOLE, 'sky') +
      repeat(14, (index) =>
        pen.flat(
          polygon([cx, cy], polar(cx, cy, 1200, index * 25.714), polar(cx, cy, 1200, index * 25.714 + 12.8)),
          'skyLow'
        )
      ) +
      sparse(stage) +
      pen.solid(burst(cx, cy), palette.isNight ? 'heart' : random.pick(['accent', 'accent', 'paper']), {
        depth: 0
      }) +
      repeat(91, (index) => {
        const row = Math.floor(index / 13)
        return pen.flat(
          ellipse((index % 13) * 84 + (row % 2) * 42, row * 50 + 10, 20 - row * 2.4),
          'ink',
          0.85
        )
      }) +
      plane(stage) +
      pen.flat(`M-60 ${horizon}H1060V${horizon + 14}H-60Z`, 'ink') +
      stage.paths()
    )
  }
}

/** A star with uneven points. */
function burst(x: number, y: number): string {
  return polygon(
    ...Array.from({ length: 32 }, (_, index): Point =>
      polar(x, y, index % 2 === 0 ? 470 + ((index * 37) % 70) : 340, index * 11.25)
    )
  )
}
