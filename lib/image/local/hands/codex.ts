import { each, repeat } from '../repeat.ts'
import { ellipse, group, polygon, rectangle } from '../svg.ts'
import { WHOLE, plane } from './country.ts'
import type { Hand } from './hand.ts'

/** Codex and loom of the Americas: terracotta and turquoise, stepped frets, a sun of steps. */
export const codex: Hand = {
  name: 'codex',
  feet: 905,
  technique: {
    shading: 'flat',
    outline: { role: 'ink', width: 7 },
    face: { eye: 'square', rim: 0.14, pupil: 'plain', stroke: 'block', weight: 1.1, isAngular: true }
  },
  palette: {
    grounds: ['mid', 'pale', 'mid'],
    chroma: 1.05,
    back: { h: 45, share: 0.65, c: 0.1 },
    accent: { l: 0.66, c: 0.12, h: 190 }
  },
  girth: 1.07,
  motif: (pen, x, y, radius, role) =>
    pen.flat(
      polygon(
        [x - radius, y + radius * 0.8],
        [x - radius, y],
        [x - radius * 0.4, y],
        [x - radius * 0.4, y - radius * 0.7],
        [x + radius * 0.4, y - radius * 0.7],
        [x + radius * 0.4, y],
        [x + radius, y],
        [x + radius, y + radius * 0.8]
      ),
      role
    ),
  back: (stage) => {
    const { pen, head, side, horizon } = stage
    const [x, y] = [head[0] + side * 50, head[1]]
    return (
      pen.flat(WHOLE, 'sky') +
      stage.ornament() +
      each([0, 45], (turn) =>
        group(pen.flat(rectangle(x - 230, y - 230, 460, 460), 'accent'), `rotate(${turn} ${x} ${y})`)
      ) +
      pen.flat(ellipse(x, y, 220), 'skyLow') +
      stage.landmark() +
      plane(stage) +
      repeat(11, (index) => pen.flat(rectangle(index * 100 - 20, horizon, 50, 30), 'ink')) +
      stage.paths()
    )
  },
  front: ({ pen, frame }) =>
    each(
      [-28, 924],
      (y) =>
        pen.flat(rectangle(-9, y, 1018, 96), 'ink') +
        repeat(8, (index) =>
          pen.flat(
            polygon(
              [index * 125, y + 88],
              [index * 125, y + 62],
              [index * 125 + 24, y + 62],
              [index * 125 + 24, y + 36],
              [index * 125 + 48, y + 36],
              [index * 125 + 48, y + 10],
              [index * 125 + 77, y + 10],
              [index * 125 + 77, y + 36],
              [index * 125 + 101, y + 36],
              [index * 125 + 101, y + 62],
              [index * 125 + 125, y + 62],
              [index * 125 + 125, y + 88]
            ),
            index % 2 === 0 ? 'accent' : frame === 'ink' ? 'paper' : frame
          )
        )
    ),
  inset: { top: 68, bottom: 76 },
  isFramed: true
}
