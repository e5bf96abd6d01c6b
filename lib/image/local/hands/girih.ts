import { each, repeat } from '../repeat.ts'
import { rectangle, star } from '../svg.ts'
import { WHOLE, scenery } from './country.ts'
import type { Hand } from './hand.ts'

const onLattice = (draw: (x: number, y: number, index: number) => string) =>
  repeat(30, (index) => draw((index % 6) * 200, Math.floor(index / 6) * 200, index))

/** Islamic ornament: a lattice of eight-pointed stars, turquoise and cobalt, gold lines, a pointed arch. */
export const girih: Hand = {
  name: 'girih',
  technique: { shading: 'flat', outline: { role: 'paper', width: 4 } },
  palette: {
    grounds: ['deep', 'mid', 'deep'],
    chroma: 1.1,
    back: { h: 220, share: 0.65, c: 0.11 },
    accent: { l: 0.8, c: 0.13, h: 88 }
  },
  motif: (pen, x, y, radius, role) => pen.flat(star(x, y, radius, radius * 0.72, 8), role),
  back: (stage) => {
    const { pen } = stage
    return (
      pen.flat(WHOLE, 'sky') +
      // Shapes of one colour follow each other, so that they can be one path in a small picture.
      onLattice((x, y, index) => pen.flat(star(x, y, 98, 70, 8), index % 2 === 0 ? 'skyLow' : 'far')) +
      onLattice((x, y) => pen.line(star(x, y, 98, 70, 8), 'accent', 4)) +
      onLattice((x, y) => pen.flat(star(x + 100, y + 100, 40, 18, 4, 45), 'paper')) +
      scenery(stage, 1.2) +
      pen.flat(`M-60 ${stage.horizon}H1060V1060H-60Z`, 'ground', 0.8) +
      pen.flat(rectangle(-60, stage.horizon, 1120, 20), 'accent') +
      stage.paths()
    )
  },
  front: ({ pen, frame }) => {
    const arch = 'M70 1009V420C70 250 330 190 500 40C670 190 930 250 930 420V1009'
    return (
      pen.flat(`${arch}H1009V-9H-9V1009Z`, frame === 'ink' ? 'farDark' : frame) +
      pen.line(arch, 'accent', 14) +
      each(
        [110, 890],
        (x) => pen.flat(star(x, 110, 84, 60, 8), 'paper') + pen.flat(star(x, 110, 50, 34, 8), 'farDark')
      ) +
      each([34, 966], (x) => repeat(7, (index) => pen.flat(star(x, 470 + index * 84, 26, 18, 8), 'paper')))
    )
  },
  isFramed: true
}
