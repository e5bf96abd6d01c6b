import { each } from '../repeat.ts'
import { blob, curve, ellipse, rectangle } from '../svg.ts'
import { WHOLE, scenery } from './country.ts'
import type { Hand } from './hand.ts'

/** Ink wash: a brush that swells, pools of grey, much empty paper, one red seal. */
export const inkwash: Hand = {
  name: 'inkwash',
  technique: { shading: 'wash', outline: { role: 'ink', width: 15, kind: 'brush' } },
  palette: {
    grounds: ['pale'],
    chroma: 0.4,
    most: 0.07,
    back: { h: 88, share: 1, c: 0.022, lift: 0.02 },
    accent: { l: 0.55, c: 0.2, h: 30 }
  },
  motif: (pen, x, y, radius, role) =>
    pen.line(
      curve([x - radius, y + radius * 0.4], [x, y - radius], [x + radius, y + radius * 0.2]),
      role,
      radius * 0.3
    ),
  back: (stage) => {
    const { pen, horizon, random, x, feet } = stage
    return (
      pen.flat(WHOLE, 'sky') +
      each([0.5, 0.75], (share) => {
        const cx = random.between(100, 900)
        return pen.flat(
          blob(
            [cx - 420, horizon],
            [cx - 160, horizon * share - 60],
            [cx, horizon * share * 0.6],
            [cx + 190, horizon * share],
            [cx + 400, horizon]
          ),
          'far',
          share * 0.5
        )
      }) +
      scenery(stage, 0.9) +
      each([-110, -60, -10, 40], (dy) => pen.flat(rectangle(-60, horizon + dy, 1120, 900), 'sky', 0.42)) +
      stage.paths() +
      pen.flat(
        blob(
          [x - 420, feet + 10],
          [x - 200, feet - 26],
          [x + 260, feet - 20],
          [x + 430, feet + 20],
          [x, feet + 60]
        ),
        'ink',
        0.22
      )
    )
  },
  front: ({ pen, side }) => {
    const x = side > 0 ? 60 : 862
    return (
      pen.flat(rectangle(x, 850, 78, 90, 8), 'accent') +
      pen.line(`M${x + 20} 872h38M${x + 39} 872v46M${x + 20} 918h38M${x + 20} 895h38`, 'paper', 8) +
      pen.flat(ellipse(side > 0 ? 190 : 810, 936, 9), 'ink', 0.5)
    )
  }
}
