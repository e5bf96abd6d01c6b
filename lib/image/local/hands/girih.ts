import { each, repeat } from '../repeat.ts'
import { rectangle, star } from '../svg.ts'
import { plane, WHOLE } from './country.ts'
import type { Hand } from './hand.ts'

/** Islamic ornament: a lattice of eight-pointed stars, turquoise and cobalt, gold lines, a pointed arch. */
export const girih: Hand = {
  name: 'girih',
  technique: { shading: 'flat', outline: { role: 'paper', width: 4 } },
  palette: { grounds: ['deep', 'mid', 'deep'], chroma: 1.1, back: { h: 220, share: 0.65, c: 0.11 }, accent: { l: 0.8, c: 0.13, h: 88 } },
  motif: (pen, x, y, radius, role) => pen.flat(star(x, y, radius, radius * 0.72, 8), role),
  back: (stage) => {
    const { pen } = stage
    return (
      pen.flat(WHOLE, 'sky') +
      repeat(30, (index) => {
        const [x, y] = [(index % 6) * 200, Math.floor(index / 6) * 200]
        return (
          pen.flat(star(x, y, 98, 70, 8), index % 2 === 0 ? 'skyLow' : 'far') +
          pen.line(star(x, y, 98, 70, 8), 'accent', 4) +
          pen.flat(star(x + 100, y + 100, 40, 18, 4, 45), 'paper', 0.8)
        )
      }) +
      stage.backdrop() +
      stage.ornament() +
      stage.behind() +
      stage.lamp() +
      stage.landmark(1.2) +
      plane(stage) +
      pen.flat(rectangle(-60, stage.horizon, 1120, 20), 'accent') +
      stage.paths()
    )
  },
  front: ({ pen, frame }) => {
    const arch = 'M70 1009V420C70 250 330 190 500 40C670 190 930 250 930 420V1009'
    return (
      pen.flat(`${arch}H1009V-9H-9V1009Z`, frame === 'ink' ? 'farDark' : frame) +
      pen.line(arch, 'accent', 14) +
      each([110, 890], (x) => pen.flat(star(x, 110, 84, 60, 8), 'paper') + pen.flat(star(x, 110, 50, 34, 8), 'farDark')) +
      each([34, 966], (x) => repeat(7, (index) => pen.flat(star(x, 470 + index * 84, 26, 18, 8), 'paper')))
    )
  },
  isFramed: true
}
