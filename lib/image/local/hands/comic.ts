import { each, repeat } from '../repeat.ts'
import { ellipse, group, polygon, rectangle } from '../svg.ts'
import { WHOLE, plane, scenery } from './country.ts'
import type { Hand } from './hand.ts'

/** Illustration and comics: pen outlines, pale flat colours, panels with gutters, hatching, speed lines. */
export const comic: Hand = {
  name: 'comic',
  feet: 945,
  technique: { shading: 'flat', outline: { role: 'ink', width: 7 } },
  palette: { grounds: ['pale', 'pale', 'mid', 'dark'], chroma: 1.05 },
  head: 1.16,
  motif: (pen, x, y, radius, role) =>
    each([-0.5, 0, 0.5], (dy) =>
      pen.line(`M${Math.round(x - radius)} ${Math.round(y + dy * radius)}h${Math.round(radius * 2)}`, role, 7)
    ),
  back: (stage) => {
    const { pen, horizon, x, side } = stage
    return (
      pen.flat(WHOLE, 'sky') +
      scenery(stage, 1.25) +
      plane(stage) +
      repeat(26, (index) => pen.line(`M${index * 42 - 40} ${horizon + 10}l-34 46`, 'ink', 4)) +
      repeat(9, (index) =>
        pen.line(
          `M${Math.round(x - side * (300 + (index % 3) * 30))} ${200 + index * 60}h${-side * 240}`,
          'ink',
          4
        )
      ) +
      stage.paths()
    )
  },
  front: ({ pen, side, frame, palette }) => {
    const x = side > 0 ? 24 : 716
    return (
      pen.flat('M-9 -9H1009V1009H-9ZM24 24V976H976V24Z', 'paper') +
      pen.line(rectangle(24, 24, 952, 952), 'ink', 9) +
      pen.flat(rectangle(x - 16, 8, 276, 236), 'paper') +
      pen.flat(rectangle(x, 24, 244, 204), frame === 'ink' ? 'accent' : frame) +
      pen.within(
        rectangle(x, 24, 244, 204),
        repeat(12, (index) =>
          group(
            pen.flat(
              polygon([x + 116, 126], [x + 128, 126], [x + 140, -160], [x + 104, -160]),
              palette.isNight ? 'ink' : 'paper',
              0.7
            ),
            `rotate(${index * 30} ${x + 122} 126)`
          )
        ) + pen.flat(ellipse(x + 122, 126, 46), 'ink')
      ) +
      pen.line(rectangle(x, 24, 244, 204), 'ink', 9)
    )
  },
  isFramed: true
}
