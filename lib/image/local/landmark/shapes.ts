import type { Pen } from '../pen.ts'
import { repeat } from '../repeat.ts'
import { path, polygon, rectangle } from '../svg.ts'
import type { Trait } from '../traits.ts'

/** Draws a landmark. */
export type Landmark = (pen: Pen, trait: Trait) => string

export const windows = (pen: Pen, x: number, y: number, columns: number, rows: number, step = 34) =>
  repeat(columns * rows, (index) =>
    pen.flat(
      rectangle(
        x + (index % columns) * step,
        y + Math.floor(index / columns) * step * 1.3,
        step * 0.42,
        step * 0.62
      ),
      'accent',
      0.8
    )
  )

export const mountain = (pen: Pen, x: number, half: number, height: number) =>
  pen.solid(
    polygon(
      [x - half, 20],
      [x - half * 0.2, -height * 0.86],
      [x, -height],
      [x + half * 0.24, -height * 0.8],
      [x + half, 20]
    ),
    'far',
    { depth: 1.4 }
  ) +
  pen.flat(
    polygon(
      [x, -height],
      [x + half * 0.24, -height * 0.8],
      [x + half * 0.1, -height * 0.66],
      [x, -height * 0.74],
      [x - half * 0.12, -height * 0.62],
      [x - half * 0.22, -height * 0.84]
    ),
    'paper'
  )

export const dome = (pen: Pen, x: number, y: number, radius: number) =>
  pen.solid(
    path`
      M${x - radius} ${y}
      C${x - radius * 1.2} ${y - radius * 1.3} ${x - radius * 0.2} ${y - radius * 1.3} ${x} ${y - radius * 1.75}
      C${x + radius * 0.2} ${y - radius * 1.3} ${x + radius * 1.2} ${y - radius * 1.3} ${x + radius} ${y}Z
    `,
    'far'
  )
