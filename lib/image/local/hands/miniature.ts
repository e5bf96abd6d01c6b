import { each, repeat } from '../repeat.ts'
import { ellipse, polar, rectangle } from '../svg.ts'
import { WHOLE, plane, scenery } from './country.ts'
import type { Hand } from './hand.ts'

const lotus = (
  pen: Parameters<Hand['motif']>[0],
  x: number,
  y: number,
  radius: number,
  role: Parameters<Hand['motif']>[4]
) =>
  each([-60, -30, 0, 30, 60], (turn) => {
    const [cx, cy] = polar(x, y, radius * 0.5, turn)
    return pen.flat(ellipse(cx, cy, radius * 0.2, radius * 0.52, turn), role)
  })

/** A cusped arch from its left foot to its right one. */
const CUSPS =
  'V330Q84 250 160 250Q150 170 250 170Q260 100 370 112Q400 60 500 36' +
  'Q600 60 630 112Q740 100 750 170Q850 170 840 250Q916 250 916 330'

/** South Asian painting: a cusped arch, a border of lotuses, marigold and pink, a garden of flowers. */
export const miniature: Hand = {
  name: 'miniature',
  technique: { shading: 'flat', outline: { role: 'accentDark', width: 5 } },
  palette: {
    grounds: ['mid', 'deep', 'mid'],
    chroma: 1.25,
    back: { h: 50, share: 0.55 },
    accent: { l: 0.8, c: 0.16, h: 80 }
  },
  head: 1.04,
  motif: lotus,
  back: (stage) => {
    const { pen, horizon } = stage
    return (
      pen.flat(WHOLE, 'sky') +
      scenery(stage, 1.15) +
      plane(stage) +
      repeat(18, (index) =>
        lotus(
          pen,
          (index * 173) % 1000,
          horizon + 70 + ((index * 97) % 300),
          30,
          index % 3 === 0 ? 'accent' : 'skyLow'
        )
      ) +
      stage.paths()
    )
  },
  front: ({ pen, frame }) => {
    return (
      pen.flat(`M-9 -9V1009H84${CUSPS}V1009H1009V-9Z`, frame === 'ink' ? 'clothDark' : frame) +
      pen.line(`M84 1009${CUSPS}V1009`, 'accent', 12) +
      each([42, 958], (x) => repeat(8, (index) => lotus(pen, x, 390 + index * 84, 34, 'paper'))) +
      each([110, 890], (x) => lotus(pen, x, 120, 70, 'accent')) +
      pen.line(rectangle(6, 6, 988, 988), 'accent', 12)
    )
  },
  isFramed: true
}
