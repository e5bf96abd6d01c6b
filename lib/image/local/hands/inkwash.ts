import { each, repeat } from '../repeat.ts'
import { blob, curve, path, polar, polygon, rectangle, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { WHOLE, sparse } from './country.ts'
import type { Hand, Stage } from './hand.ts'
import { modelled } from './modelled.ts'

/** A ring of one stroke, which begins thick, gets thin and stays open. */
function enso(x: number, y: number, radius: number, side: number): string {
  const rim = (at: (share: number) => number, from: number, to: number) =>
    Array.from({ length: 25 }, (_, index): Point => {
      const share = from + ((to - from) * index) / 24
      const angle = side * (0.5 + share * 5.7)
      return [x + Math.sin(angle) * (radius + at(share)), y - Math.cos(angle) * (radius + at(share))]
    })
  const outer = rim((share) => 30 * (1 - share) ** 0.7, 0, 1)
  const inner = rim((share) => -34 * (1 - share) ** 0.7, 1, 0)
  return blob(...outer, ...inner)
}

/** Far peaks in two washes, which fade into mist at their feet. */
const mountains = ({ pen, horizon, side }: Stage) =>
  each(
    [
      [-120, 330, 250, 0.13],
      [240, 260, 340, 0.2],
      [-330, 230, 190, 0.24]
    ] as const,
    ([dx, wide, high, share]) => {
      const x = 500 + side * dx
      return pen.flat(
        polygon(
          [x - wide, horizon + 20],
          [x - wide * 0.5, horizon - high * 0.52],
          [x - wide * 0.3, horizon - high * 0.5],
          [x - wide * 0.06, horizon - high],
          [x + wide * 0.12, horizon - high * 0.94],
          [x + wide * 0.42, horizon - high * 0.4],
          [x + wide * 0.6, horizon - high * 0.42],
          [x + wide, horizon + 20]
        ),
        'ink',
        share
      )
    }
  )

/** Two stalks of bamboo with their leaves, on the side without the seal. */
function bamboo({ pen, side }: Stage): string {
  const at = (dx: number) => (side > 0 ? 1000 - dx : dx)
  const joint = (x: number, y: number) => path`M${at(x)} ${y}L${at(x + 7)} ${y - 138}`
  const leaf = (x: number, y: number, long: number, turn: number) => {
    const [tipX, tipY] = polar(at(x), y, long, side > 0 ? -turn : turn)
    const [bendX, bendY] = polar(at(x), y, long * 0.5, side > 0 ? -turn - 16 : turn + 16)
    return ribbon(
      [
        [at(x), y],
        [bendX, bendY],
        [tipX, tipY]
      ],
      [3, long * 0.2, 1],
      8
    )
  }
  return (
    pen.line(
      repeat(8, (index) => joint(62 + index * 5, 1050 - index * 146)),
      'ink',
      38
    ) +
    pen.line(
      repeat(8, (index) => joint(128 - index * 3, 1090 - index * 146)),
      'farDark',
      24
    ) +
    pen.flat(
      each(
        [
          [94, 180, 176, 108],
          [92, 190, 164, 140],
          [98, 172, 110, 250],
          [84, 462, 170, 114],
          [82, 470, 140, 146],
          [80, 468, 100, 222],
          [108, 30, 176, 120],
          [108, 24, 110, 232]
        ] as const,
        ([x, y, long, turn]) => leaf(x, y, long, turn)
      ),
      'ink'
    )
  )
}

/** Ink wash: a brush that swells, one open ring, pools of grey, much empty paper, a red seal. */
export const inkwash: Hand = {
  name: 'inkwash',
  technique: {
    shading: 'wash',
    outline: { role: 'ink', width: 15, kind: 'brush' },
    face: { eye: 'almond', rim: 0.05, pupil: 'plain', stroke: 'brush', weight: 1.2, hasLash: true }
  },
  palette: {
    grounds: ['pale'],
    chroma: 0.5,
    most: 0.09,
    back: { h: 88, share: 1, c: 0.025, lift: 0.03 },
    accent: { l: 0.55, c: 0.21, h: 30 }
  },
  motif: (pen, x, y, radius, role) =>
    pen.line(
      curve([x - radius, y + radius * 0.4], [x, y - radius], [x + radius, y + radius * 0.2]),
      role,
      radius * 0.3
    ),
  back: (stage) => {
    const { pen, horizon, x, feet, head, side } = stage
    return (
      pen.flat(WHOLE, 'sky') +
      mountains(stage) +
      sparse(stage, 0.9) +
      each([-110, -60, -10, 40], (dy) => pen.flat(rectangle(-60, horizon + dy, 1120, 900), 'sky', 0.42)) +
      stage.floor() +
      pen.flat(rectangle(-60, horizon, 1120, 800), 'sky', 0.6) +
      stage.paths() +
      bamboo(stage) +
      pen.flat(enso(head[0] + side * 30, head[1], 350, side), 'ink', 0.86) +
      pen.flat(
        blob(
          [x - 420, feet + 10],
          [x - 200, feet - 26],
          [x + 260, feet - 20],
          [x + 430, feet + 20],
          [x, feet + 60]
        ),
        'ink',
        0.25
      )
    )
  },
  front: ({ pen, side }) => {
    const x = side > 0 ? 66 : 846
    return (
      pen.flat(rectangle(x, 66, 88, 100, 8), 'accent') +
      pen.line(`M${x + 22} 90h44M${x + 44} 90v52M${x + 22} 142h44M${x + 22} 116h44`, 'paper', 9)
    )
  },
  isSigned: true,
  paint: modelled({ spacing: 2.5, reach: 5, half: 1.7, shade: 0.6, roundness: 1.4, spread: 1 })
}
