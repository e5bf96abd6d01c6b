import { each, repeat } from '../repeat.ts'
import { curve, ellipse } from '../svg.ts'
import { WHOLE, scenery } from './country.ts'
import type { Hand } from './hand.ts'

/** Batik: wax lines of the cloth's own white on indigo and brown, diagonal rows of the parang. */
export const batik: Hand = {
  name: 'batik',
  feet: 905,
  technique: {
    shading: 'flat',
    outline: { role: 'paper', width: 6 },
    pattern: (role, { paper }) =>
      role === 'body' || role === 'cloth' || role === 'skin'
        ? {
            width: 34,
            marks:
              '<path d="M9 9h.1M26 26h.1" stroke-width="6" stroke-linecap="round" opacity="0.55" ' +
              `stroke="${paper}"/>`
          }
        : undefined
  },
  palette: {
    grounds: ['dark', 'deep'],
    chroma: 0.8,
    back: { h: 262, share: 0.55, c: 0.08 },
    figure: { h: 62, share: 0.45 },
    accent: { l: 0.74, c: 0.13, h: 70 }
  },
  motif: (pen, x, y, radius, role) =>
    pen.line(
      curve(
        [x - radius, y + radius],
        [x + radius * 0.6, y + radius * 0.4],
        [x - radius * 0.6, y - radius * 0.4],
        [x + radius, y - radius]
      ),
      role,
      radius * 0.22
    ),
  back: (stage) => {
    const { pen, horizon } = stage
    return (
      pen.flat(WHOLE, 'sky') +
      repeat(9, (row) =>
        row % 2 === 0
          ? `<g transform="translate(${row * 190 - 500} 0)">` +
            repeat(9, (index) =>
              pen.line(
                curve(
                  [index * 66, 1060 - index * 130],
                  [index * 66 + 96, 1010 - index * 130],
                  [index * 66 - 30, 930 - index * 130],
                  [index * 66 + 66, 900 - index * 130]
                ),
                'far',
                24
              )
            ) +
            '</g>'
          : pen.line(`M${row * 190 - 560} 1060L${row * 190 - 10} -60`, 'accentDark', 9)
      ) +
      scenery(stage, 1.25) +
      pen.solid(`M-60 ${horizon}Q250 ${horizon - 40} 500 ${horizon}T1060 ${horizon}V1060H-60Z`, 'ground', {
        depth: 0
      }) +
      repeat(30, (index) =>
        pen.flat(ellipse((index * 137) % 1000, horizon + 40 + ((index * 71) % 330), 9), 'paper', 0.8)
      ) +
      stage.paths()
    )
  },
  front: ({ pen, frame }) =>
    each(
      [0, 930],
      (y) =>
        pen.flat(`M-9 ${y}H1009V${y + 70}H-9Z`, 'ink') +
        repeat(14, (index) =>
          pen.flat(
            `M${index * 72} ${y + (y === 0 ? 66 : 4)}l36 ${y === 0 ? -56 : 56}l36 ${y === 0 ? 56 : -56}Z`,
            index % 2 === 0 ? 'accent' : frame
          )
        )
    ),
  isFramed: true
}
