import { inset } from '../framing.ts'
import { each, repeat } from '../repeat.ts'
import { ellipse, path, rectangle } from '../svg.ts'
import { onFourSides, plane, WHOLE } from './country.ts'
import type { Hand } from './hand.ts'

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
    chroma: 0.85,
    back: { h: 60, share: 0.85, c: 0.035, lift: -0.03 },
    figure: { h: 55, share: 0.25 },
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
    const at = (fromWall: number) => (side > 0 ? fromWall : 1000 - fromWall)
    return (
      pen.flat(WHOLE, 'sky') +
      stage.landmark(1.2) +
      each([420, 330, 240], (radius) =>
        pen.flat(ellipse(head[0] + side * 40, head[1], radius, radius * 1.15), 'accent', 0.13)
      ) +
      plane(stage) +
      stage.paths() +
      each(
        [
          [300, 'clothDark'],
          [190, 'front']
        ] as const,
        ([wide, role]) =>
          pen.solid(
            path`
              M${at(-60)} -60
              H${at(wide)}
              C${at(wide * 0.9)} 240 ${at(wide * 0.3)} 330 ${at(40)} 560
              Q${at(20)} 800 ${at(10)} 1060
              H${at(-60)}Z
            `,
            role,
            { depth: 0.4 }
          )
      )
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
  isFramed: true
}
