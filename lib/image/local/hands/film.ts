import type { Brush } from '../grid/strokes.ts'
import { each, repeat } from '../repeat.ts'
import { ellipse, polygon, rectangle } from '../svg.ts'
import { gradedSky, plane, scenery, WHOLE } from './country.ts'
import type { Hand } from './hand.ts'
import { modelled } from './modelled.ts'

const bokeh = (
  pen: Parameters<Hand['motif']>[0],
  x: number,
  y: number,
  radius: number,
  role: Parameters<Hand['motif']>[4]
) => pen.flat(ellipse(x, y, radius), role, 0.26) + pen.flat(ellipse(x, y, radius * 0.82), role, 0.28)

/** The light of a studio. */
const STUDIO: Brush = { spacing: 1.8, reach: 2, half: 1.2, shade: 0.6, roundness: 4, spread: 0.45 }

/** Photographs: one tint, discs of blurred light, a soft distance, a dark rim, the edge of the film. */
export const film: Hand = {
  name: 'film',
  feet: 915,
  technique: { shading: 'lit', depth: 1.9, face: { rim: 0.06, isShaded: true, weight: 0.9 } },
  palette: {
    grounds: ['deep', 'dark', 'deep'],
    chroma: 0.9,
    most: 0.14,
    back: { h: 225, share: 0.5, c: 0.07 },
    figure: { h: 50, share: 0.2 }
  },
  head: 0.95,
  motif: bokeh,
  back: (stage) => {
    const {
      pen,
      random,
      horizon,
      isSmall,
      head: [x, y]
    } = stage
    return (
      gradedSky(stage, 'sky', 'skyLow', isSmall ? 3 : 9) +
      scenery(stage) +
      pen.flat(WHOLE, 'sky', 0.4) +
      each([430, 350, 270], (radius) => pen.flat(ellipse(x, y, radius), 'skyLow', 0.34)) +
      repeat(isSmall ? 6 : 11, (index) => {
        const role = index % 3 === 0 ? 'accent' : 'bodyLight'
        return bokeh(pen, random.between(0, 1000), random.between(110, 520), random.between(24, 84), role)
      }) +
      plane(stage) +
      repeat(5, (index) =>
        pen.flat(rectangle(-60, horizon + 24 + index * 46, 1120, 400), 'groundDark', 0.2)
      ) +
      stage.paths()
    )
  },
  front: ({ pen, frame }) =>
    each([0.16, 0.2, 0.3], (share, index) =>
      pen.flat(`M-9 -9V1009H1009V-9Z${ellipse(500, 500, 560 + index * 45, 570 + index * 40)}`, 'ink', share)
    ) +
    each(
      [0, 938],
      (y) =>
        pen.flat(rectangle(-9, y - 9, 1018, 80), 'ink') +
        repeat(14, (index) =>
          pen.flat(
            rectangle(14 + index * 72, y + 16, 42, 30, 8),
            frame === 'ink' || index % 7 !== 0 ? 'paper' : frame
          )
        )
    ),
  inset: { top: 72, bottom: 62 },
  isFramed: true,
  paint: modelled(STUDIO)
}

/** Film noir: black, white and one red, the shadow of a blind in a disc of light, one hard lamp. */
export const noir: Hand = {
  ...film,
  name: 'noir',
  feet: 925,
  inset: { top: 56, bottom: 48 },
  technique: {
    shading: 'lit',
    depth: 3.2,
    face: { rim: 0.06, pupil: 'point', stroke: 'brush', isShaded: true }
  },
  palette: {
    grounds: ['dark'],
    chroma: 0.16,
    most: 0.025,
    back: { h: 250, share: 0.4, c: 0.012, lift: -0.06 },
    accent: { l: 0.56, c: 0.21, h: 27 }
  },
  motif: (pen, x, y, radius, role) =>
    pen.flat(
      [-0.6, 0, 0.6].map((dy) => rectangle(x - radius, y + dy * radius, radius * 2, radius * 0.3)).join(''),
      role
    ),
  back: (stage) => {
    const { pen, x, side, head } = stage
    const disc = ellipse(head[0] + side * 40, head[1], 400)
    return (
      pen.flat(WHOLE, 'sky') +
      stage.ornament() +
      stage.landmark() +
      plane(stage) +
      stage.paths() +
      pen.flat(disc, 'far') +
      pen.within(
        disc,
        pen.flat(
          repeat(9, (index) =>
            polygon(
              [-60, 40 + index * 96],
              [1060, -30 + index * 96],
              [1060, 4 + index * 96],
              [-60, 74 + index * 96]
            )
          ),
          'sky'
        )
      ) +
      pen.flat(
        polygon([x - side * 560, 1060], [x - side * 300, 1060], [x + side * 140, 420], [x, 420]),
        'ink',
        0.6
      )
    )
  },
  front: ({ pen, frame, side, head, headSize }) => {
    // The shade of the near wall does not reach the head.
    const [edge, free] = side > 0 ? [-9, head[0] - headSize] : [1009, 1000 - head[0] - headSize]
    const reach = Math.max(60, Math.min(250, free * 1.5))
    return (
      pen.flat(polygon([edge, -9], [edge + side * reach, -9], [edge, 1009]), 'ink', 0.6) +
      pen.flat(rectangle(-9, -9, 1018, 64) + rectangle(-9, 952, 1018, 64), 'ink') +
      pen.flat(rectangle(-9, 55, 1018, 6) + rectangle(-9, 939, 1018, 6), frame)
    )
  },
  paint: modelled({ ...STUDIO, isGrey: true })
}
