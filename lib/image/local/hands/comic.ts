import { repeat } from '../repeat.ts'
import { n, rectangle } from '../svg.ts'
import { WHOLE, plane, scenery } from './country.ts'
import type { Hand } from './hand.ts'

/** Illustration and comics: pen outlines, clear flat colours, hatching, a panel that the figure steps out of. */
export const comic: Hand = {
  name: 'comic',
  technique: {
    shading: 'flat',
    outline: { role: 'ink', width: 8 },
    face: { eye: 'oval', rim: 0.12, pupil: 'point', stroke: 'brush', weight: 1.1 }
  },
  palette: { grounds: ['pale', 'mid', 'mid', 'deep'], chroma: 1.1 },
  head: 1.16,
  motif: (pen, x, y, radius, role) =>
    pen.line(
      [-0.5, 0, 0.5].map((dy) => `M${n(x - radius)} ${n(y + dy * radius)}h${n(radius * 2)}`).join(''),
      role,
      7
    ),
  back: (stage) => {
    const { pen, horizon, frame } = stage
    const hatch = (y: number, step: number, length: number) =>
      repeat(Math.ceil(1000 / step), (index) => `M${index * step} ${y}l${n(-length * 0.7)} ${length}`)
    return (
      pen.flat(WHOLE, 'sky') +
      scenery(stage, 1.15) +
      plane(stage) +
      pen.line(hatch(horizon + 8, 34, 40), 'ink', 4) +
      pen.line(`M-60 ${horizon}H1060`, 'ink', 8) +
      stage.paths() +
      pen.flat('M-70 -70H1070V1070H-70ZM58 58V942H942V58Z', frame === 'ink' ? 'paper' : frame) +
      pen.line(rectangle(58, 58, 884, 884), 'ink', 12)
    )
  },
  isFramed: true
}
