import { each, repeat } from '../repeat.ts'
import { ellipse, polygon, rectangle } from '../svg.ts'
import { gradedSky, plane, scenery } from './country.ts'
import type { Hand } from './hand.ts'

const bokeh = (
  pen: Parameters<Hand['motif']>[0],
  x: number,
  y: number,
  radius: number,
  role: Parameters<Hand['motif']>[4]
) => pen.flat(ellipse(x, y, radius), role, 0.4) + pen.flat(ellipse(x, y, radius * 0.82), role, 0.35)

/** Photographs: one tint, discs of blurred light, a soft distance, a dark rim, the edge of the film. */
export const film: Hand = {
  name: 'film',
  feet: 915,
  technique: { shading: 'lit', depth: 1.9 },
  palette: { grounds: ['dark', 'dark', 'pale'], chroma: 0.3, most: 0.06 },
  head: 0.95,
  motif: bokeh,
  back: (stage) => {
    const { pen, random, horizon } = stage
    return (
      gradedSky(stage, 'sky', 'skyLow', 9) +
      scenery(stage) +
      pen.flat(rectangle(-60, -60, 1120, 1120), 'sky', 0.4) +
      repeat(9, () =>
        bokeh(pen, random.between(0, 1000), random.between(60, horizon), random.between(40, 110), 'paper')
      ) +
      plane(stage) +
      repeat(5, (index) =>
        pen.flat(rectangle(-60, horizon + 24 + index * 46, 1120, 400), 'groundDark', 0.2)
      ) +
      stage.paths()
    )
  },
  front: ({ pen, frame }) =>
    each([0.16, 0.2, 0.3], (share, index) =>
      pen.flat(`M-9 -9V1009H1009V-9Z${ellipse(500, 500, 560 + index * 45, 570 + index * 40)}`, 'ink', share)
    ) +
    each(
      [0, 938],
      (y) =>
        pen.flat(rectangle(-9, y - 9, 1018, 80), 'ink') +
        repeat(14, (index) =>
          pen.flat(
            rectangle(14 + index * 72, y + 16, 42, 30, 8),
            frame === 'ink' || index % 7 !== 0 ? 'paper' : frame
          )
        )
    ),
  isFramed: true
}

/** Film noir: black, white, the shadow of a blind across the wall, one hard lamp. */
export const noir: Hand = {
  ...film,
  name: 'noir',
  feet: 915,
  technique: { shading: 'lit', depth: 3 },
  palette: {
    grounds: ['dark'],
    chroma: 0.16,
    most: 0.025,
    back: { h: 250, share: 0.4, c: 0.012, lift: -0.05 },
    accent: { l: 0.86, c: 0.02, h: 80 }
  },
  motif: (pen, x, y, radius, role) =>
    each([-0.6, 0, 0.6], (dy) =>
      pen.flat(rectangle(x - radius, y + dy * radius, radius * 2, radius * 0.3), role)
    ),
  back: (stage) => {
    const { pen, x, side, feet, height } = stage
    const head = feet - height * 0.7
    return (
      pen.flat(rectangle(-60, -60, 1120, 1120), 'sky') +
      stage.ornament() +
      stage.behind() +
      stage.landmark(1.4) +
      stage.backdrop() +
      stage.lamp() +
      pen.flat(
        polygon([x + side * 560, -60], [x + side * 660, -60], [x - side * 60, 1060], [x - side * 620, 1060]),
        'paper',
        0.16
      ) +
      pen.flat(ellipse(x, head, 350), 'paper', 0.55) +
      repeat(8, (index) =>
        pen.flat(
          polygon(
            [-60, 120 + index * 100],
            [1060, 60 + index * 100],
            [1060, 104 + index * 100],
            [-60, 164 + index * 100]
          ),
          'ink',
          0.8
        )
      ) +
      plane(stage) +
      stage.paths()
    )
  },
  front: ({ pen, frame, side }) =>
    pen.flat(
      polygon([side > 0 ? -9 : 1009, -9], [side > 0 ? 330 : 670, -9], [side > 0 ? -9 : 1009, 1009]),
      'ink',
      0.55
    ) +
    each([-9, 945], (y) => pen.flat(rectangle(-9, y, 1018, 64), 'ink')) +
    pen.flat(rectangle(480, 985, 40, 4), frame)
}
