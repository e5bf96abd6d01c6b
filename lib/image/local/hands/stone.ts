import { smallTesserae, tesserae } from '../grid/prints.ts'
import { each, repeat } from '../repeat.ts'
import { ellipse, path, polygon, rectangle } from '../svg.ts'
import { scenery, WHOLE } from './country.ts'
import type { Hand } from './hand.ts'

/** Carved stone: one material, relief edges, register bands above and below. */
export const stone: Hand = {
  name: 'stone',
  feet: 880,
  technique: { shading: 'relief' },
  palette: {
    grounds: ['pale'],
    chroma: 0.4,
    most: 0.055,
    back: { h: 75, share: 0.9, c: 0.045, lift: -0.1 },
    figure: { h: 62, share: 0.8 },
    accent: { l: 0.5, c: 0.05, h: 60 }
  },
  head: 0.94,
  girth: 1.05,
  motif: (pen, x, y, radius, role) =>
    pen.line(
      path`
        M${x - radius} ${y + radius * 0.6}V${y - radius * 0.6}H${x + radius}
        V${y + radius * 0.6}H${x - radius * 0.3}V${y}
      `,
      role,
      radius * 0.22
    ),
  back: (stage) => {
    const { pen, horizon } = stage
    return (
      pen.flat(WHOLE, 'sky') +
      scenery(stage, 1.2) +
      pen.solid(rectangle(-60, horizon + 60, 1120, 900), 'ground') +
      stage.paths()
    )
  },
  front: ({ pen, frame }) =>
    each(
      [0, 900],
      (y) =>
        pen.solid(rectangle(-40, y, 1080, 100), 'skyLow', { depth: 1 }) +
        repeat(10, (index) =>
          index % 2 === 0
            ? pen.solid(
                polygon([index * 100 + 20, y + 80], [index * 100 + 50, y + 20], [index * 100 + 80, y + 80]),
                'far'
              )
            : pen.solid(ellipse(index * 100 + 50, y + 50, 30), frame === 'ink' ? 'farDark' : 'far', {
                depth: 0.7
              })
        )
    ),
  isFramed: true
}

const MORTAR = '#3a342c'

/** Mosaic: uneven stones in mortar, a round halo of gold, a border of waves. */
export const mosaic: Hand = {
  name: 'mosaic',
  feet: 880,
  technique: { shading: 'lit', outline: { role: 'ink', width: 9 } },
  palette: {
    grounds: ['pale', 'deep', 'mid'],
    back: { h: 82, share: 0.3 },
    accent: { l: 0.78, c: 0.14, h: 85 }
  },
  motif: (pen, x, y, radius, role) =>
    pen.flat(rectangle(x - radius * 0.6, y - radius * 0.6, radius * 1.2, radius * 1.2), role),
  back: (stage) => {
    const { pen, x, feet, height, horizon } = stage
    return (
      pen.flat(WHOLE, 'sky') +
      scenery(stage) +
      pen.flat(ellipse(x, feet - height * 0.78, 290), 'accent') +
      pen.flat(ellipse(x, feet - height * 0.78, 240), 'skyLow') +
      pen.flat(rectangle(-60, horizon, 1120, 900), 'ground') +
      stage.paths()
    )
  },
  front: ({ pen, frame }) =>
    each(
      [0, 944],
      (y) =>
        pen.flat(rectangle(0, y, 1000, 56), 'paper') +
        repeat(9, (index) =>
          pen.flat(
            polygon([index * 112 + 10, y + 50], [index * 112 + 56, y + 6], [index * 112 + 102, y + 50]),
            frame
          )
        )
    ),
  isFramed: true,
  print: () => tesserae(58, MORTAR),
  smallPrint: () => smallTesserae(MORTAR)
}
