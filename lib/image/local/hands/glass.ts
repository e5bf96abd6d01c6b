import { each } from '../repeat.ts'
import { polygon, polar } from '../svg.ts'
import { plane, sparse, WHOLE } from './country.ts'
import type { Hand } from './hand.ts'

/** Stained glass and enamel: jewel colours in lead, panes that radiate from the figure. */
export const glass: Hand = {
  name: 'glass',
  feet: 945,
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
    pen.line('M22 1020V460A478 440 0 0 1 978 460V1020', frame, 26) +
    pen.flat('M-20 -20H1020V1020H978V460A478 440 0 0 0 22 460V1020H-20Z', 'ink'),
  inset: { top: 46, left: 40, right: 40 },
  isFramed: true
}
