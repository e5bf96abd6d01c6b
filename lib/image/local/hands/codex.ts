import type { Role } from '../palette.ts'
import { each, repeat } from '../repeat.ts'
import { ellipse, polar, polygon, rectangle } from '../svg.ts'
import { WHOLE, plane } from './country.ts'
import type { Hand, Stage } from './hand.ts'
import { modelled } from './modelled.ts'

/** A crown of long feathers behind the head, around a plain disc. */
const plumes = ({ pen, head: [x, y] }: Stage) => {
  const fan = (count: number, radius: number, high: number, wide: number, role: Role) =>
    pen.flat(
      repeat(count, (index) => {
        const turn = ((index + 0.5) / count - 0.5) * 230
        const [cx, cy] = polar(x, y, radius, turn)
        return ellipse(cx, cy, wide, high, turn)
      }),
      role
    )
  return (
    fan(17, 300, 150, 34, 'accent') +
    fan(17, 404, 34, 17, 'paper') +
    fan(16, 250, 110, 30, 'heart') +
    pen.flat(ellipse(x, y, 262), 'ink') +
    pen.flat(ellipse(x, y, 246), 'skyLow')
  )
}

/** A stepped pyramid in the distance, on the side with more room. */
const pyramid = ({ pen, head: [x], horizon }: Stage) => {
  const middle = x < 500 ? 790 : 210
  return (
    pen.flat(
      repeat(5, (index) =>
        rectangle(middle - 300 + index * 54, horizon - 62 * (index + 1), 600 - index * 108, 64)
      ),
      'far'
    ) +
    pen.flat(rectangle(middle - 36, horizon - 310, 72, 312), 'farDark') +
    pen.flat(rectangle(middle - 74, horizon - 372, 148, 64), 'farDark')
  )
}

/** Codex and loom of the Americas: terracotta and turquoise, stepped frets and a pyramid, a crown of feathers. */
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
    const { pen, horizon } = stage
    return (
      pen.flat(WHOLE, 'sky') +
      stage.ornament() +
      pyramid(stage) +
      plumes(stage) +
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
  isFramed: true,
  paint: modelled({ spacing: 2, reach: 2.5, half: 1, shade: 0.4, roundness: 1.6, spread: 0.8 })
}
