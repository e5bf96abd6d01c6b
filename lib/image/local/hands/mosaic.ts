import { inset } from '../framing.ts'
import { smallTesserae, tesserae } from '../grid/prints.ts'
import { ellipse, rectangle } from '../svg.ts'
import { plane, sparse, WHOLE } from './country.ts'
import type { Hand } from './hand.ts'

const MORTAR = '#3a342c'

/** Mosaic: uneven stones in mortar, a round halo of gold, a border in two colours. */
export const mosaic: Hand = {
  name: 'mosaic',
  feet: 930,
  technique: {
    shading: 'lit',
    outline: { role: 'ink', width: 12 },
    face: { rim: 0.15, pupil: 'plain', weight: 1.25 }
  },
  palette: {
    grounds: ['deep', 'dark', 'deep'],
    chroma: 1.15,
    back: { h: 255, share: 0.5, c: 0.1 },
    accent: { l: 0.8, c: 0.15, h: 85 }
  },
  head: 1.06,
  motif: (pen, x, y, radius, role) =>
    pen.flat(rectangle(x - radius * 0.6, y - radius * 0.6, radius * 1.2, radius * 1.2), role),
  back: (stage) => {
    const {
      pen,
      head: [x, y]
    } = stage
    return (
      pen.flat(WHOLE, 'sky') +
      sparse(stage) +
      pen.flat(ellipse(x, y, 330), 'accent') +
      pen.flat(ellipse(x, y, 280), 'skyLow') +
      plane(stage) +
      stage.paths()
    )
  },
  front: ({ pen, frame }) =>
    pen.flat('M-9 -9H1009V1009H-9ZM52 52V948H948V52Z', 'ink') +
    pen.flat('M-9 -9H1009V1009H-9ZM35 35V965H965V35Z', frame === 'ink' ? 'accent' : frame),
  inset: inset(54),
  isFramed: true,
  print: () => tesserae(48, MORTAR),
  finePrints: () => ({ figure: tesserae(144, MORTAR, 0.07), face: tesserae(240, MORTAR, 0.07) }),
  smallPrint: () => smallTesserae(MORTAR),
  isUpright: true
}
