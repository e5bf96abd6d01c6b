import { pixels } from '../grid/prints.ts'
import { each, repeat } from '../repeat.ts'
import { rectangle } from '../svg.ts'
import { gradedSky, plane, scenery } from './country.ts'
import type { Hand } from './hand.ts'

/** Pixel art: a real grid of 64 cells, dithered sky, a floor of grid lines that run to the horizon. */
export const pixel: Hand = {
  name: 'pixel',
  technique: {
    shading: 'lit',
    depth: 1.2,
    outline: { role: 'ink', width: 7 },
    face: { rim: 0.16, pupil: 'point', stroke: 'block', weight: 1.2 }
  },
  palette: {
    grounds: ['deep', 'dark'],
    chroma: 1.35,
    back: { h: 270, share: 0.5 },
    accent: { l: 0.78, c: 0.2, h: 330 }
  },
  head: 1.55,
  motif: (pen, x, y, radius, role) =>
    each(
      [
        [-1, 0],
        [0, -1],
        [0, 1],
        [1, 0],
        [0, 0]
      ],
      ([dx, dy]) =>
        pen.flat(
          rectangle(
            x + dx! * radius * 0.6 - radius * 0.3,
            y + dy! * radius * 0.6 - radius * 0.3,
            radius * 0.6,
            radius * 0.6
          ),
          role
        )
    ),
  back: (stage) => {
    const { pen, horizon } = stage
    return (
      gradedSky(stage, 'sky', 'skyLow', 5) +
      scenery(stage) +
      plane(stage) +
      repeat(7, (index) =>
        pen.line(`M${index * 166 + 2} ${horizon}L${500 + (index * 166 - 498) * 2.6} 1010`, 'groundDark', 8)
      ) +
      each([0, 0.16, 0.46, 0.8], (share) =>
        pen.line(`M0 ${horizon + (1000 - horizon) * share}H1000`, 'groundDark', 8)
      ) +
      pen.line(`M-60 ${horizon}H1060`, 'accentDark', 12) +
      stage.paths()
    )
  },
  print: () => pixels(64),
  smallPrint: () => pixels(64),
  isCoarse: true,
  isUpright: true
}
