import { each, repeat } from '../repeat.ts'
import { curve, ellipse } from '../svg.ts'
import { WHOLE, plane, sparse } from './country.ts'
import type { Hand } from './hand.ts'

/** The kawung: four seeds that meet in a point, in even rows. */
const kawung = (draw: (x: number, y: number) => string) =>
  repeat(28, (index) => {
    const row = Math.floor(index / 4)
    return draw((index % 4) * 270 + (row % 2) * 135, row * 135 + 20)
  })

const dot = (x: number, y: number) => ellipse(x, y, 3.2)

/** Batik: wax lines of the cloth's own white on indigo and brown, the seeds of the kawung, bands of triangles. */
export const batik: Hand = {
  name: 'batik',
  feet: 915,
  technique: {
    shading: 'flat',
    outline: { role: 'paper', width: 7 },
    face: { rim: 0.1, pupil: 'ring', stroke: 'line' },
    pattern: {
      cloth: [
        { role: 'paper', opacity: 0.55, step: 34, at: [9, 9], mark: dot },
        { role: 'paper', opacity: 0.55, step: 34, at: [26, 26], mark: dot }
      ]
    }
  },
  palette: {
    grounds: ['dark', 'deep', 'deep'],
    chroma: 0.9,
    back: { h: 265, share: 0.6, c: 0.11 },
    figure: { h: 62, share: 0.4 },
    accent: { l: 0.76, c: 0.14, h: 68 }
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
    const { pen, horizon, head } = stage
    return (
      pen.flat(WHOLE, 'sky') +
      pen.flat(
        kawung((x, y) =>
          each([45, 135], (turn) => {
            const [dx, dy] = [turn === 45 ? 54 : -54, 54]
            return ellipse(x + dx, y + dy, 62, 31, turn) + ellipse(x - dx, y - dy, 62, 31, turn)
          })
        ),
        'skyLow',
        0.8
      ) +
      pen.flat(
        kawung((x, y) => ellipse(x, y, 12)),
        'accent'
      ) +
      pen.flat(ellipse(...head, 330), 'sky') +
      pen.line(ellipse(...head, 330), 'paper', 7) +
      pen.line(ellipse(...head, 300), 'accent', 9) +
      sparse(stage, 1) +
      plane(stage) +
      (stage.isTilted
        ? ''
        : pen.texture(`M-200 ${horizon}H1200V1200H-200Z`, 'isen', {
            width: 34,
            marks: `<path d="M7 5h4v4h-4zM24 22h4v4h-4z" fill="${pen.palette.groundDark}"/>`
          })) +
      pen.line(`M-60 ${horizon}H1060`, 'paper', 8) +
      stage.paths()
    )
  },
  front: ({ pen, frame }) =>
    pen.flat('M-9 934H1009V1010H-9Z', 'ink') +
    pen.flat(
      repeat(9, (index) => `M${index * 112} 1010l56 -70l56 70Z`),
      frame === 'ink' ? 'accent' : frame
    ) +
    pen.flat(
      repeat(9, (index) => ellipse(index * 112, 956, 10)),
      'paper'
    ),
  inset: { bottom: 66 },
  isFramed: true
}
