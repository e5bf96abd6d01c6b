import { inset } from '../framing.ts'
import { each, repeat } from '../repeat.ts'
import { ellipse, polygon, polar, rectangle } from '../svg.ts'
import { onFourSides, plane, sparse, WHOLE } from './country.ts'
import type { Hand } from './hand.ts'
import { modelled } from './modelled.ts'

/** Stained glass and enamel: jewel colours in lead, panes that radiate from the head, a border of small panes. */
export const glass: Hand = {
  name: 'glass',
  feet: 925,
  technique: {
    shading: 'split',
    outline: { role: 'ink', width: 13 },
    face: { rim: 0.2, pupil: 'ring', stroke: 'block', weight: 1.25 }
  },
  palette: { grounds: ['deep', 'mid', 'deep'], chroma: 1.4 },
  motif: (pen, x, y, radius, role) =>
    pen.flat(polygon([x, y - radius], [x + radius * 0.7, y], [x, y + radius], [x - radius * 0.7, y]), role),
  back: (stage) => {
    const {
      pen,
      head: [cx, cy]
    } = stage
    const tones = ['sky', 'far', 'skyLow', 'sky', 'far', 'farDark'] as const
    return (
      pen.flat(WHOLE, 'sky') +
      each(tones.concat(tones), (role, index) => {
        const [from, to] = [polar(cx, cy, 1300, index * 30), polar(cx, cy, 1300, index * 30 + 30)]
        return pen.solid(polygon([cx, cy], from, to), role, { depth: 0 })
      }) +
      sparse(stage) +
      plane(stage) +
      pen.line(`M-60 ${stage.horizon}H1060`, 'ink', 13) +
      each([180, 400, 640, 860], (at) =>
        pen.line(`M${at} ${stage.horizon}L${500 + (at - 500) * 1.8} 1060`, 'ink', 12)
      ) +
      stage.paths()
    )
  },
  front: ({ pen, frame }) =>
    onFourSides(
      () =>
        pen.flat(rectangle(-20, -20, 1040, 76), 'ink') +
        pen.flat(
          repeat(8, (index) => rectangle(68 + index * 110, 10, 94, 32, 4)),
          frame === 'ink' ? 'accent' : frame
        ) +
        pen.flat(
          repeat(7, (index) => ellipse(170 + index * 110, 26, 13)),
          'accent'
        ) +
        pen.flat(rectangle(10, 10, 42, 42, 4), 'heart')
    ),
  inset: inset(56),
  isFramed: true,
  paint: modelled({ spacing: 3.3, reach: 4.2, half: 2.5, shade: 0, roundness: 1.2, spread: 1 })
}
