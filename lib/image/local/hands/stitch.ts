import { inset } from '../framing.ts'
import { crosses, smallCrosses } from '../grid/prints.ts'
import { each, repeat } from '../repeat.ts'
import { ellipse, path, polygon, rectangle } from '../svg.ts'
import { WHOLE, arc, onFourSides, plane, scenery, sparse } from './country.ts'
import type { Hand } from './hand.ts'
import { modelled } from './modelled.ts'

/** Needlework and the loom: cross-stitches on linen, a border of zigzags. */
export const stitch: Hand = {
  name: 'stitch',
  feet: 922,
  technique: { shading: 'flat', face: { rim: 0.13, pupil: 'point', weight: 1.15 } },
  palette: { grounds: ['pale'], chroma: 1.15, back: { h: 82, share: 0.6, c: 0.04 } },
  head: 1.3,
  motif: (pen, x, y, radius, role) =>
    pen.line(
      path`
        M${x - radius * 0.7} ${y - radius * 0.7}L${x + radius * 0.7} ${y + radius * 0.7}
        M${x - radius * 0.7} ${y + radius * 0.7}L${x + radius * 0.7} ${y - radius * 0.7}
      `,
      role,
      radius * 0.26
    ),
  back: (stage) => pen(stage) + scenery(stage) + plane(stage) + stage.paths(),
  front: ({ pen, frame }) =>
    onFourSides(
      () =>
        pen.flat(rectangle(0, 0, 1000, 60), 'paper') +
        repeat(16, (index) =>
          pen.flat(
            polygon([index * 63, 52], [index * 63 + 31, 12], [index * 63 + 63, 52]),
            index % 2 === 0 ? 'accent' : frame
          )
        )
    ),
  inset: inset(60),
  isFramed: true,
  print: ({ sky }) => crosses(55, sky),
  finePrints: ({ sky }) => ({ figure: crosses(110, sky), face: crosses(220, sky) }),
  smallPrint: ({ sky }) => smallCrosses(sky),
  isUpright: true
}

const pen = ({ pen }: Parameters<Hand['back']>[0]) => pen.flat(WHOLE, 'sky')

/** Art deco and art nouveau: sunrays, stepped arches and gilt lines on a dark ground. */
export const deco: Hand = {
  name: 'deco',
  feet: 922,
  technique: {
    shading: 'split',
    outline: { role: 'accent', width: 5 },
    face: { eye: 'almond', rim: 0.06, stroke: 'brush', weight: 0.8, hasLash: true }
  },
  palette: { grounds: ['dark', 'deep'], chroma: 0.95, accent: { l: 0.8, c: 0.12, h: 86 } },
  head: 0.95,
  girth: 0.97,
  motif: (pen, x, y, radius, role) =>
    each([1, 0.7, 0.4], (share) => pen.line(arc(x, y, radius * share), role, 7)),
  back: (stage) => {
    const { pen, x, horizon } = stage
    return (
      pen.flat(WHOLE, 'sky') +
      repeat(19, (index) =>
        pen.line(
          `M${Math.round(x)} ${Math.round(horizon)}L${Math.round(x + (index - 9) * 210)} -60`,
          index % 2 === 0 ? 'accentDark' : 'skyLow',
          index % 2 === 0 ? 6 : 26
        )
      ) +
      each(
        [430, 340, 250],
        (radius, index) =>
          pen.flat(ellipse(x, horizon, radius), index % 2 === 0 ? 'far' : 'sky') +
          pen.line(ellipse(x, horizon, radius), 'accent', 6)
      ) +
      sparse(stage, 1) +
      plane(stage) +
      each([0, 16, 40], (dy) => pen.flat(rectangle(-60, horizon + dy, 1120, 7), 'accent')) +
      stage.paths()
    )
  },
  front: ({ pen, frame }) =>
    each(
      [
        [0, 1],
        [1000, -1]
      ],
      ([x, side]) =>
        each([0, 34, 68], (step) =>
          pen.line(
            `M${x! + side! * (28 + step)} 1010V${130 + step}H${x! + side! * (130 + step)}V${28 + step}H500`,
            step === 34 && frame !== 'ink' ? frame : 'accent',
            6
          )
        )
    ),
  inset: { top: 60, left: 40, right: 40 },
  isFramed: true,
  isBehind: true,
  paint: modelled({ spacing: 1.8, reach: 2, half: 1.2, shade: 0.6, roundness: 3, spread: 0.4 })
}
