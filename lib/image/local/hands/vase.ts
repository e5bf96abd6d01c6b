import { each, repeat } from '../repeat.ts'
import { ellipse, n, path, polar, rectangle } from '../svg.ts'
import { WHOLE, plane, sparse } from './country.ts'
import type { Hand, Stage } from './hand.ts'
import { modelled } from './modelled.ts'

/** A meander along a band. */
const meander = (y: number, size: number) =>
  `M-20 ${n(y + size)}` +
  repeat(Math.ceil(1100 / (size * 1.6)), () =>
    [
      `v${n(-size)}h${n(size * 1.2)}v${n(size * 0.66)}h${n(-size * 0.6)}v${n(-size * 0.3)}`,
      `m${n(size * 0.6)} ${n(size * 0.3)}m0 ${n(size * 0.34)}h${n(size * 0.4)}`
    ].join('')
  )

/** A wreath of laurel around the head: two twigs that meet below it. */
function wreath({ pen, head: [x, y] }: Stage): string {
  const radius = 352
  const twig = (side: number) =>
    repeat(11, (index) => {
      const turn = side * (172 - index * 14.6)
      return each([-1, 1], (edge) => {
        const [cx, cy] = polar(x, y, radius + edge * 22, turn)
        return ellipse(cx, cy, 13, 43, turn + side * (90 + edge * 34) + 180)
      })
    })
  const [from, to] = [polar(x, y, radius, -174), polar(x, y, radius, -20)]
  const [start, end] = [polar(x, y, radius, 174), polar(x, y, radius, 20)]
  return (
    pen.flat(ellipse(x, y, 306), 'skyLow') +
    pen.line(
      path`M${from[0]} ${from[1]}A${radius} ${radius} 0 0 1 ${to[0]} ${to[1]}` +
        path`M${start[0]} ${start[1]}A${radius} ${radius} 0 0 0 ${end[0]} ${end[1]}`,
      'front',
      8
    ) +
    pen.flat(twig(-1) + twig(1), 'front')
  )
}

/** Ancient and medieval: figures of a painted vase, black on terracotta with scratched lines, between meanders. */
export const vase: Hand = {
  name: 'vase',
  feet: 884,
  technique: {
    shading: 'flat',
    outline: { role: 'skyLow', width: 5 },
    face: { eye: 'almond', rim: 0.08, pupil: 'plain', hasLash: true }
  },
  palette: {
    grounds: ['mid'],
    chroma: 1,
    back: { h: 54, share: 0.93, c: 0.15, lift: -0.02 },
    figure: { h: 35, share: 0.4 },
    accent: { l: 0.9, c: 0.06, h: 80 }
  },
  head: 0.96,
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
      stage.backdrop() +
      wreath(stage) +
      sparse(stage, 1) +
      plane(stage) +
      pen.flat(rectangle(-60, horizon, 1120, 14), 'front') +
      stage.paths()
    )
  },
  front: ({ pen, frame }) =>
    each([0, 1], (lower) => {
      const y = lower * 904
      return (
        pen.flat(rectangle(-9, y - 9, 1018, 114), 'front') +
        pen.line(meander(y + 22, 52), frame === 'ink' || frame === 'front' ? 'skyLow' : frame, 11) +
        pen.flat(rectangle(-9, lower === 1 ? y - 6 : y + 92, 1018, 8), 'skyLow')
      )
    }),
  inset: { top: 106, bottom: 102 },
  isFramed: true,
  paint: modelled({ spacing: 2, reach: 3.3, half: 1, shade: 0.5, roundness: 1.6, spread: 0.6 })
}
