import { each, repeat } from '../repeat.ts'
import { ellipse, n, path, rectangle } from '../svg.ts'
import { gradedSky, plane } from './country.ts'
import type { Hand, Stage } from './hand.ts'
import { modelled } from './modelled.ts'

/** A grid of light on the ground, which runs to the horizon. */
const lattice = ({ horizon }: Stage) =>
  repeat(15, (index) => path`M${(index - 2) * 91 - 7} ${horizon}L${500 + (index - 7.57) * 300} 1200`) +
  repeat(6, (index) => path`M-200 ${horizon + (1000 - horizon) * (0.04 + index * index * 0.036)}H1200`)

/** The sun behind the head, cut into bars towards its foot. */
const sun = ({ pen, head: [x, y] }: Stage) =>
  pen.flat(ellipse(x, y, 356), 'accent') +
  pen.within(
    ellipse(x, y, 356),
    pen.flat(ellipse(x, y - 190, 330, 210), 'paper', 0.16) +
      pen.flat(
        repeat(6, (index) => rectangle(x - 360, y + 24 + index * 54, 720, 8 + index * 6)),
        'sky'
      )
  )

/** Digital pictures that have no pixels: a barred sun over a grid of light, glowing edges, the window of a program. */
export const screen: Hand = {
  name: 'screen',
  feet: 918,
  technique: {
    shading: 'lit',
    depth: 1.1,
    outline: { role: 'accentDark', width: 5 },
    face: { rim: 0.08, weight: 1.05 }
  },
  palette: {
    grounds: ['dark', 'deep', 'dark'],
    chroma: 1.4,
    back: { h: 288, share: 0.6, c: 0.11 },
    accent: { l: 0.63, c: 0.24, h: 352 }
  },
  head: 1.08,
  motif: (pen, x, y, radius, role) =>
    pen.line(
      each([1, 0.5], (share) =>
        rectangle(x - radius * share, y - radius * share, radius * 2 * share, radius * 2 * share)
      ),
      role,
      6
    ),
  back: (stage) => {
    const { pen, horizon } = stage
    return (
      gradedSky(stage, 'sky', 'skyLow', 6) +
      stage.ornament() +
      sun(stage) +
      stage.landmark(1.05) +
      plane(stage) +
      pen.line(lattice(stage), 'accent', 3) +
      pen.line(`M-200 ${n(horizon)}H1200`, 'accent', 8) +
      stage.paths()
    )
  },
  front: ({ pen, frame }) => {
    const bar = frame === 'ink' || frame === 'accent' ? 'front' : frame
    return (
      pen.flat('M-9 -9H1009V1009H-9ZM16 66V930H984V66Z', 'ink') +
      pen.flat(rectangle(16, 12, 968, 46), bar) +
      each(
        ['heart', 'accent', 'tear'] as const,
        (role, index) =>
          pen.flat(ellipse(48 + index * 46, 35, 15), 'paper') +
          pen.flat(ellipse(48 + index * 46, 35, 11), role)
      ) +
      pen.flat(
        repeat(3, (index) => rectangle(220, 21 + index * 11, 720, 5)),
        'ink',
        0.5
      ) +
      pen.flat(rectangle(16, 940, 968, 48), bar) +
      each([0, 1, 2, 3, 4], (index) =>
        pen.flat(rectangle(34 + index * 54, 946, 36, 36, 5), index % 2 === 0 ? 'accent' : 'paper')
      ) +
      pen.flat(rectangle(840, 948, 126, 32, 4), 'ink', 0.6)
    )
  },
  inset: { top: 68, bottom: 72, left: 16, right: 16 },
  isFramed: true,
  paint: modelled({ spacing: 1.8, reach: 2, half: 1.2, shade: 0.6, roundness: 3, spread: 0.4 })
}
