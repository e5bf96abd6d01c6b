import { each, repeat } from '../repeat.ts'
import { ellipse, polygon } from '../svg.ts'
import { WHOLE, scenery } from './country.ts'
import type { Hand } from './hand.ts'

/** African cloth and walls: huge rings on a hot ground, black outlines, bands of triangles. */
export const waxprint: Hand = {
  name: 'waxprint',
  feet: 885,
  technique: { shading: 'flat', outline: { role: 'ink', width: 9 } },
  palette: {
    grounds: ['mid', 'deep', 'mid'],
    chroma: 1.3,
    back: { h: 48, share: 0.5 },
    accent: { l: 0.8, c: 0.17, h: 88 }
  },
  head: 1.1,
  motif: (pen, x, y, radius, role) =>
    each([1, 0.5], (share) =>
      pen.line(
        polygon(
          [x, y - radius * share],
          [x + radius * share, y],
          [x, y + radius * share],
          [x - radius * share, y]
        ),
        role,
        radius * 0.2
      )
    ),
  back: (stage) => {
    const { pen, horizon } = stage
    return (
      pen.flat(WHOLE, 'sky') +
      // Rings of one colour follow each other, so that they can be one path in a small picture.
      each(['ink', 'accent', 'farDark', 'paper', 'cloth'] as const, (role, ring) =>
        repeat(12, (index) => {
          const row = Math.floor(index / 4)
          return pen.flat(
            ellipse((index % 4) * 300 + 50 - (row % 2) * 150, row * 300 + 80, 128 - ring * 26),
            role
          )
        })
      ) +
      scenery(stage, 1.2) +
      pen.flat(`M-60 ${horizon}H1060V1060H-60Z`, 'ink') +
      pen.flat(`M-60 ${horizon + 14}H1060V1060H-60Z`, 'ground') +
      stage.paths()
    )
  },
  front: ({ pen, frame }) =>
    pen.flat('M-9 906H1009V1009H-9Z', 'ink') +
    repeat(10, (index) =>
      pen.flat(
        polygon([index * 100, 996], [index * 100 + 50, 916], [index * 100 + 100, 996]),
        index % 2 === 0 ? 'accent' : frame === 'ink' ? 'paper' : frame
      )
    ),
  isFramed: true
}
