import { inset } from '../framing.ts'
import type { Role } from '../palette.ts'
import { repeat } from '../repeat.ts'
import { ellipse, path, polar, polygon, rectangle } from '../svg.ts'
import { plane, sparse, WHOLE } from './country.ts'
import type { Hand, Stage } from './hand.ts'
import { boldRole } from './poster.ts'

/** Ruled lines from the top of the sky on, which get further apart. */
const ruled = ({ pen, horizon }: Stage) =>
  pen.line(
    repeat(16, (index) => path`M-60 ${horizon * (index / 16) ** 1.5 + 52}H1060`),
    'farDark',
    4
  )

/** A sun in a spot colour behind the head, and around it the marks of a gouge, long and short in turn. */
function carved({ pen, palette, head: [x, y] }: Stage, mark: Role): string {
  const cuts = repeat(52, (index) => {
    const turn = index * 6.923
    const [from, to, half] = index % 2 === 0 ? [334, 520, 1.5] : [334, 430, 1.1]
    const middle = from + (to - from) * 0.3
    return polygon(
      polar(x, y, from, turn),
      polar(x, y, middle, turn + half),
      polar(x, y, to, turn),
      polar(x, y, middle, turn - half)
    )
  })
  return (
    pen.flat(cuts, mark) +
    pen.flat(ellipse(x, y, 308), boldRole(palette, ['accent', 'skyLow', 'far'])) +
    pen.line(ellipse(x, y, 308), mark, 8)
  )
}

/** Engraving and woodcut: fat outlines, cut lines in the shade, cream paper, a sun between the marks of a gouge. */
export const engraving: Hand = {
  name: 'engraving',
  feet: 922,
  technique: {
    shading: 'hatch',
    depth: 1.5,
    outline: { role: 'ink', width: 10 },
    face: { rim: 0.16, pupil: 'point', stroke: 'brush', weight: 1.15 }
  },
  palette: { grounds: ['pale'], chroma: 1.15, back: { h: 85, share: 0.8, c: 0.03, lift: 0.02 } },
  motif: (pen, x, y, radius, role) =>
    pen.flat(polygon([x - radius, y], [x, y - radius * 0.5], [x + radius, y], [x, y + radius * 0.5]), role),
  back: (stage) =>
    stage.pen.flat(WHOLE, 'sky') +
    ruled(stage) +
    stage.backdrop() +
    carved(stage, 'ink') +
    sparse(stage) +
    plane(stage) +
    stage.pen.line(`M-60 ${stage.horizon}H1060`, 'ink', 6) +
    stage.paths(),
  front: ({ pen, frame }) =>
    pen.flat('M-9 -9H1009V1009H-9ZM52 52V948H948V52Z', 'paper') +
    pen.line(rectangle(52, 52, 896, 896), 'ink', 12) +
    pen.line(rectangle(30, 30, 940, 940), frame, 8),
  inset: inset(60),
  isFramed: true
}

/** Mezzotint, wood engraving and scratchboard: light lines on black. */
export const scratch: Hand = {
  ...engraving,
  name: 'scratch',
  technique: { ...engraving.technique, outline: { role: 'paper', width: 6 } },
  palette: { grounds: ['dark'], chroma: 1, back: { h: 250, share: 0.3, c: 0.06 } },
  back: (stage) =>
    stage.pen.flat(WHOLE, 'sky') +
    ruled(stage) +
    stage.backdrop() +
    carved(stage, 'paper') +
    sparse(stage) +
    plane(stage) +
    stage.pen.line(`M-60 ${stage.horizon}H1060`, 'paper', 5) +
    stage.paths()
}
