import { both, each, repeat } from '../repeat.ts'
import { curve, ellipse, polar, polygon } from '../svg.ts'
import type { Pen, Strewn } from '../pen.ts'
import type { Role } from '../palette.ts'
import { WHOLE, plane } from './country.ts'
import type { Hand } from './hand.ts'

const tulip = (pen: Pen, x: number, y: number, radius: number, role: Role) =>
  each([-38, 0, 38], (turn) => {
    const [cx, cy] = polar(x, y, radius * 0.5, turn)
    return pen.flat(ellipse(cx, cy, radius * 0.28, radius * 0.6, turn), role)
  })

const spot = (x: number, y: number) => ellipse(x, y, 6)
const lozenge = (x: number, y: number) => polygon([x, y - 7], [x + 4, y], [x, y + 7], [x - 4, y])

const SPOTS: readonly Strewn[] = [
  { role: 'paper', step: 44, at: [11, 11], mark: spot },
  { role: 'accent', step: 44, at: [33, 33], mark: spot },
  { role: 'paper', step: 44, at: [33, 11], mark: lozenge },
  { role: 'paper', step: 44, at: [11, 33], mark: lozenge }
]

/** Folk art and cut paper: two halves that mirror, big flowers, sheets with shadows, rows of dots. */
export const cutpaper: Hand = {
  name: 'cutpaper',
  technique: {
    shading: 'flat',
    drop: 0.6,
    face: { rim: 0, pupil: 'point', stroke: 'block' },
    pattern: { cloth: SPOTS, clothDark: SPOTS }
  },
  palette: { grounds: ['pale', 'dark', 'deep', 'mid'], chroma: 1.35, accent: { l: 0.62, c: 0.21, h: 25 } },
  head: 1.1,
  girth: 1.04,
  motif: tulip,
  back: (stage) => {
    const { pen, horizon, head } = stage
    const leafy = pen.palette.isNight ? 'skyLow' : 'far'
    return (
      pen.flat(WHOLE, 'sky') +
      stage.ornament() +
      pen.solid(ellipse(...head, 340), 'skyLow', { depth: 0 }) +
      stage.landmark(1) +
      plane(stage) +
      (stage.isTilted
        ? ''
        : pen.texture(`M-200 ${horizon}H1200V1200H-200Z`, 'sprigs', {
            width: 44,
            marks: `<path d="M11 4l4 7l-4 7l-4-7zM33 26l4 7l-4 7l-4-7z" fill="${pen.palette.groundDark}"/>`
          })) +
      both((side) => {
        const at = (dx: number) => 500 + side * dx
        return (
          pen.line(curve([at(440), 1040], [at(360), 640], [at(450), 300]), leafy, 18) +
          each([0, 1, 2, 3], (index) =>
            pen.solid(
              ellipse(
                at(392 + (index % 2) * 74),
                800 - index * 120,
                60,
                24,
                side * (index % 2 === 0 ? 40 : -40)
              ),
              leafy,
              { depth: 0 }
            )
          ) +
          each(
            [
              [440, 250, 120],
              [350, 520, 84],
              [462, 690, 76]
            ],
            ([dx, y, size]) =>
              tulip(pen, at(dx!), y!, size!, 'accent') + pen.flat(ellipse(at(dx!), y!, size! * 0.22), 'paper')
          )
        )
      }) +
      repeat(13, (index) => pen.flat(ellipse(40 + index * 77, horizon + 24, 10), 'paper')) +
      stage.paths()
    )
  }
}
