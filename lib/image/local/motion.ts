import type { Energy } from './energy.ts'
import type { Pen } from './pen.ts'
import { repeat } from './repeat.ts'
import { curve, ellipse, n, star } from './svg.ts'

/** Draws one stroke of each kind. @param reach length, negative to the left */
const STROKES: Record<Energy['kind'], (pen: Pen, x: number, y: number, reach: number) => string> = {
  curls: (pen, x, y, reach) => pen.line(curve([x, y], [x + reach * 0.5, y + 40], [x, y + 70]), 'skyLow', 12),
  dashes: (pen, x, y, reach) => pen.line(`M${n(x)} ${n(y)}h${n(reach)}`, 'skyLow', 14),
  dots: (pen, x, y, reach) =>
    pen.flat(ellipse(x, y, 20), 'skyLow') + pen.flat(ellipse(x + reach * 0.6, y + 16, 12), 'skyLow'),
  sparks: (pen, x, y, reach) => pen.flat(star(x, y, Math.abs(reach) * 0.4, 10, 4), 'skyLow'),
  waves: (pen, x, y, reach) =>
    pen.line(
      curve(
        [x, y],
        [x + reach * 0.33, y - 34],
        [x + reach * 0.66, y],
        [x + reach, y + 34],
        [x + reach * 1.33, y]
      ),
      'skyLow',
      13
    )
}

/** The strokes behind a figure that moves. The adverb sets their kind and number. */
export function drawMotion(pen: Pen, { kind, strokes }: Energy, side: number): string {
  return repeat(strokes, (index) =>
    STROKES[kind](pen, side * (360 + (index % 2) * 40), -640 + index * 120, side * 110)
  )
}
