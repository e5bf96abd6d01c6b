import { each, repeat } from '../repeat.ts'
import { ellipse, polar, polygon } from '../svg.ts'
import { WHOLE, plane, sparse } from './country.ts'
import type { Hand } from './hand.ts'

/** Middles of the rings of the cloth. */
const onRings = (draw: (x: number, y: number) => string) =>
  repeat(12, (index) => {
    const row = Math.floor(index / 3)
    return draw((index % 3) * 400 + (row % 2) * 200, row * 290 + 60)
  })

/** African cloth: huge rings with rays on a hot ground, black outlines, a band of triangles. */
export const waxprint: Hand = {
  name: 'waxprint',
  feet: 912,
  technique: {
    shading: 'flat',
    outline: { role: 'ink', width: 10 },
    face: { rim: 0.16, pupil: 'ring', weight: 1.15 }
  },
  palette: {
    grounds: ['mid', 'deep', 'mid'],
    chroma: 1.35,
    back: { h: 48, share: 0.4 },
    accent: { l: 0.82, c: 0.18, h: 90 }
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
    const rays = (x: number, y: number) =>
      repeat(12, (index) => {
        const [[ax, ay], [bx, by]] = [polar(x, y, 122, index * 30), polar(x, y, 152, index * 30)]
        return `M${Math.round(ax)} ${Math.round(ay)}L${Math.round(bx)} ${Math.round(by)}`
      })
    return (
      pen.flat(WHOLE, 'sky') +
      // Rings of one colour follow each other, so that they can be one path in a small picture.
      each(['ink', 'skyLow', 'front', 'accent', 'ink'] as const, (role, ring) =>
        pen.flat(
          onRings((x, y) => ellipse(x, y, [112, 98, 70, 42, 18][ring]!)),
          role
        )
      ) +
      pen.line(onRings(rays), 'ink', 12) +
      sparse(stage, 1) +
      plane(stage) +
      pen.line(`M-60 ${horizon}H1060`, 'ink', 14) +
      stage.paths()
    )
  },
  front: ({ pen, frame }) =>
    pen.flat('M-9 930H1009V1009H-9Z', 'ink') +
    pen.flat(
      repeat(10, (index) => polygon([index * 100, 1004], [index * 100 + 50, 938], [index * 100 + 100, 1004])),
      frame === 'ink' ? 'accent' : frame
    ),
  inset: { bottom: 70 },
  isFramed: true
}
