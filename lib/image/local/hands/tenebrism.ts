import { inset } from '../framing.ts'
import { strokes } from '../grid/strokes.ts'
import { each, repeat } from '../repeat.ts'
import { curve, ellipse, path, rectangle } from '../svg.ts'
import { onFourSides, plane, WHOLE } from './country.ts'
import type { Hand, Stage } from './hand.ts'
import { modelled } from './modelled.ts'

/** A curtain of red velvet: it hangs from the upper edge to the ground, and a cord holds it to the side. */
function curtain({ pen, side }: Stage): string {
  const at = (fromWall: number) => (side > 0 ? fromWall : 1000 - fromWall)
  const cloth = path`
    M${at(-60)} -60H${at(470)}
    C${at(440)} 150 ${at(230)} 330 ${at(150)} 520
    C${at(190)} 700 ${at(180)} 880 ${at(196)} 1060
    H${at(-60)}Z
  `
  const fold = (top: number, foot: number) => path`
    M${at(top)} -60C${at(top * 0.94)} 170 ${at(foot * 0.7 + 30)} 360 ${at(foot * 0.62)} 520
    C${at(foot)} 700 ${at(foot)} 880 ${at(foot)} 1060
  `
  return (
    pen.flat(cloth, 'heart') +
    pen.flat(cloth, 'ink', 0.5) +
    pen.within(
      cloth,
      each([380, 250, 130] as const, (top, index) =>
        pen.line(fold(top, 150 - index * 44), 'ink', 26 - index * 3)
      ) + each([430, 310, 190] as const, (top, index) => pen.line(fold(top, 172 - index * 44), 'heart', 10))
    ) +
    pen.line(curve([at(-20), 486], [at(70), 548], [at(164), 512]), 'accentDark', 26) +
    pen.line(curve([at(-20), 482], [at(70), 542], [at(164), 508]), 'accent', 12)
  )
}

/** Old masters: one light in a brown dark, deep shade, a curtain, a carved gilt frame. */
export const tenebrism: Hand = {
  name: 'tenebrism',
  feet: 925,
  technique: {
    shading: 'lit',
    depth: 2.3,
    face: {
      eye: 'almond',
      rim: 0.06,
      pupil: 'point',
      stroke: 'brush',
      weight: 0.85,
      hasLash: true,
      isShaded: true
    }
  },
  palette: {
    grounds: ['dark'],
    chroma: 1.1,
    back: { h: 60, share: 0.85, c: 0.035, lift: -0.03 },
    figure: { h: 55, share: 0.1 },
    accent: { l: 0.76, c: 0.12, h: 82 }
  },
  head: 0.96,
  motif: (pen, x, y, radius, role) =>
    pen.line(
      path`
        M${x - radius} ${y}Q${x} ${y - radius * 1.4} ${x + radius} ${y}
        Q${x} ${y + radius * 0.9} ${x - radius * 0.3} ${y}
      `,
      role,
      radius * 0.2
    ),
  back: (stage) => {
    const { pen, head, side } = stage
    return (
      pen.flat(WHOLE, 'sky') +
      stage.landmark(1.2) +
      each([420, 330, 240], (radius) =>
        pen.flat(ellipse(head[0] + side * 40, head[1], radius, radius * 1.15), 'accent', 0.13)
      ) +
      plane(stage) +
      stage.paths() +
      curtain(stage)
    )
  },
  front: ({ pen, frame }) =>
    pen.flat('M-9 -9H1009V1009H-9ZM500 -90A620 640 0 1 0 500 1190A620 640 0 1 0 500 -90Z', 'ink', 0.5) +
    onFourSides(
      () =>
        pen.flat('M0 0H1000L946 54H54Z', 'accentDark') +
        pen.flat('M0 0H1000L982 18H18Z', 'accent') +
        pen.flat('M40 40H960L946 54H54Z', 'ink') +
        repeat(11, (index) =>
          pen.flat(ellipse(75 + index * 85, 30, 15, 8), index % 2 === 0 ? 'accent' : frame)
        )
    ) +
    pen.line(rectangle(54, 54, 892, 892), 'accent', 4),
  inset: inset(58),
  sky: (side) => (side > 0 ? { left: 390 } : { right: 390 }),
  niche: (side) => (side > 0 ? { left: 205 } : { right: 205 }),
  isFramed: true,
  paint: {
    ...modelled({ spacing: 2.2, reach: 5, half: 1.3, shade: 1.2, roundness: 4, spread: 0.9 }),
    ground: strokes(100, { spacing: 2, reach: 4.2, half: 0.9, shade: 0, spread: 0.9 })
  }
}
