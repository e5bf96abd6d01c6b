import { each, repeat } from '../repeat.ts'
import { ellipse, n, rectangle } from '../svg.ts'
import { arc, gradedSky } from './country.ts'
import type { Hand, Stage } from './hand.ts'
import { modelled } from './modelled.ts'

/** Rows of waves as lines, each row over the one behind it. */
const waves = ({ pen, horizon }: Stage) =>
  each([0, 1, 2, 3, 4, 5], (row) => {
    const y = horizon + 10 + row * row * 9 + row * 34
    const w = 74 + row * 22
    const crest = (lift: number) =>
      `M${n(-80 - (row % 2) * w * 0.5)} ${n(y + lift)}` +
      repeat(Math.ceil(1300 / w), () => `q${n(w / 2)} ${n(-w * 0.42)} ${n(w)} 0`)
    return (
      pen.flat(`${crest(0)}V1200H-200Z`, row % 2 === 0 ? 'groundDark' : 'ground') +
      pen.line(crest(0), 'paper', 5) +
      pen.line(crest(15), 'farDark', 4)
    )
  })

/** Strokes of a brush that look like signs, from their upper left corner. They mean nothing. */
const SIGNS = [
  'h40m-20 0v34m-18 -14l36 8',
  'm4 0l32 4m-30 10h28m-14 -12q-6 20 -16 28m18 -20q8 12 14 18',
  'm20 -4v40m-18 -30h36m-34 14q16 -6 32 0',
  'm4 2q12 2 12 12t-12 22m16 -36h18v34h-12',
  'm0 6h40m-32 -8v36h24v-36m-24 20h24',
  'm8 -2l-6 36m20 -36q-2 22 16 34m-30 -18h22'
] as const

/** Japanese woodblock: no outline, a sky that is graded from the top, a huge sun, waves as line, a title slip. */
export const woodblock: Hand = {
  name: 'woodblock',
  technique: {
    shading: 'flat',
    outline: { role: 'bodyDark', width: 3 },
    face: { eye: 'almond', rim: 0.05, pupil: 'point', stroke: 'brush', weight: 0.9, hasLash: true }
  },
  palette: {
    grounds: ['mid', 'pale', 'mid'],
    chroma: 0.85,
    back: { h: 235, share: 0.5, c: 0.075, lift: -0.02 },
    accent: { l: 0.68, c: 0.18, h: 32 }
  },
  head: 1.02,
  motif: (pen, x, y, radius, role) =>
    each([1, 0.66, 0.33], (share) => pen.line(arc(x, y, radius * share), role, radius * 0.13)),
  back: (stage) => {
    const { pen, x, side } = stage
    return (
      gradedSky(stage, 'farDark', 'sky', 8) +
      stage.backdrop() +
      pen.flat(ellipse(x + side * 130, 380, 310), 'accent') +
      stage.ornament() +
      stage.landmark(1.1) +
      waves(stage) +
      stage.paths()
    )
  },
  front: ({ pen, head, random }) => {
    const x = head[0] > 500 ? 66 : 854
    return (
      pen.flat(rectangle(x, 66, 80, 250, 4), 'paper') +
      pen.line(rectangle(x, 66, 80, 250, 4), 'ink', 4) +
      pen.line(
        each([0, 1, 2, 3], (index) => `M${x + 20} ${92 + index * 56}${random.pick(SIGNS)}`),
        'ink',
        6
      ) +
      pen.flat(rectangle(x + 14, 328, 52, 52, 6), 'accent')
    )
  },
  isSigned: true,
  paint: modelled({ spacing: 2, reach: 5, half: 0.8, shade: 0.3, roundness: 1.8, spread: 0.7 })
}
