import type { Pen } from '../pen.ts'
import { repeat } from '../repeat.ts'
import { polygon, rectangle } from '../svg.ts'
import type { Trait } from '../traits.ts'

/** Draws a landmark. */
export type Landmark = (pen: Pen, trait: Trait) => string

const windows = (pen: Pen, x: number, y: number, columns: number, rows: number, step = 34) =>
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

/** Landmarks that differ from place to place. The others are drawings in files. */
export const TOWNS = {
  skyline: (pen, trait) => {
    const random = trait.random()
    return repeat(7, (index) => {
      const [x, width, height] = [-330 + index * 96, random.between(70, 104), random.between(130, 370)]
      return (
        pen.solid(rectangle(x, -height, width, height + 20), index % 2 === 0 ? 'far' : 'farDark', {
          depth: 0.3
        }) + windows(pen, x + 16, -height + 26, 2, Math.floor(height / 60), 34)
      )
    })
  },
  houses: (pen, trait) => {
    const random = trait.random()
    return repeat(6, (index) => {
      const [x, height] = [-330 + index * 112, random.between(120, 210)]
      return (
        pen.solid(rectangle(x, -height, 108, height + 20), index % 2 === 0 ? 'far' : 'paper', {
          depth: 0.3
        }) +
        pen.solid(polygon([x - 8, -height], [x + 54, -height - 84], [x + 116, -height]), 'farDark', {
          depth: 0.2
        }) +
        windows(pen, x + 24, -height + 34, 2, 2, 40)
      )
    })
  }
} satisfies Record<string, Landmark>
