import { inset } from '../framing.ts'
import { dots, smallDabs, smallDots } from '../grid/prints.ts'
import { strokes } from '../grid/strokes.ts'
import { each } from '../repeat.ts'
import { blob, ellipse } from '../svg.ts'
import { gradedSky, onFourSides, plane } from './country.ts'
import type { Hand } from './hand.ts'
import { FIGURE_SIDE, modelled } from './modelled.ts'

/** Clouds, by their height as a share of the horizon's. White ones are thin, since what is before them covers parts. */
const CLOUDS = [
  { share: 0.2, role: 'paper', opacity: 0.25 },
  { share: 0.42, role: 'far', opacity: 0.75 },
  { share: 0.62, role: 'paper', opacity: 0.25 }
] as const

/** Romantic and realist painting: a modelled figure before a landscape in strokes of a broad brush, in a gilt frame. */
export const brushwork: Hand = {
  name: 'brushwork',
  technique: {
    shading: 'lit',
    depth: 1.6,
    outline: { role: 'bodyDark', width: 11 },
    face: { rim: 0.16, rimRole: 'bodyDark', stroke: 'brush', isShaded: true }
  },
  palette: {
    grounds: ['pale', 'deep', 'mid'],
    chroma: 1.05,
    back: { h: 100, share: 0.25 },
    figure: { h: 60, share: 0.1 },
    accent: { l: 0.8, c: 0.1, h: 86 }
  },
  head: 0.94,
  motif: (pen, x, y, radius, role) =>
    pen.flat(
      blob([x - radius * 1.3, y], [x, y - radius * 0.7], [x + radius * 1.3, y], [x, y + radius * 0.4]),
      role,
      0.7
    ),
  back: (stage) => {
    const { pen, horizon, random } = stage
    return (
      gradedSky(stage, 'sky', 'skyLow') +
      each(CLOUDS, ({ share, role, opacity }) => {
        const [cx, w] = [random.between(100, 900), random.between(180, 330)]
        return pen.flat(
          blob(
            [cx - w, horizon * share + 40],
            [cx - w * 0.4, horizon * share - 50],
            [cx + w * 0.4, horizon * share - 70],
            [cx + w, horizon * share + 30]
          ),
          role,
          opacity
        )
      }) +
      stage.behind() +
      stage.ornament() +
      stage.backdrop() +
      stage.landmark(1.2) +
      plane(stage) +
      stage.paths() +
      each([0, 1, 2, 3], (index) =>
        pen.flat(
          ellipse(random.between(0, 1000), horizon + 50 + index * 70, 260, 24),
          index % 2 === 0 ? 'groundDark' : 'skyLow',
          0.6
        )
      )
    )
  },
  front: ({ pen }) =>
    onFourSides(
      () =>
        pen.flat('M-9 -9H1009L958 42H42Z', 'accentDark') +
        pen.flat('M6 6H994L984 16H16Z', 'accent') +
        pen.flat('M34 34H966L958 42H42Z', 'accent')
    ),
  inset: inset(42),
  isFramed: true,
  paint: {
    ...modelled({ spacing: 2.2, reach: 5, half: 1.2, shade: 1, roundness: 1.6, spread: 1.6 }),
    ground: strokes(100, { spacing: 2, reach: 4.2, half: 0.9, shade: 0, spread: 1.6 }),
    face: strokes(FIGURE_SIDE, { spacing: 2.5, reach: 3.3, half: 0.8, shade: 0.8, spread: 1.6 })
  },
  smallPrint: smallDabs
}

/** Impressionism and pointillism: dots of pure colour. */
export const dotted: Hand = {
  name: 'dotted',
  technique: brushwork.technique,
  head: 0.94,
  back: brushwork.back,
  palette: { grounds: ['pale', 'mid', 'deep'], chroma: 1.2 },
  motif: (pen, x, y, radius, role) =>
    each([-1, 0, 1], (dx) =>
      pen.flat(
        ellipse(x + dx * radius * 0.8, y + (dx === 0 ? -radius * 0.5 : radius * 0.3), radius * 0.34),
        role
      )
    ),
  paint: { ground: dots(72), figure: dots(144), face: dots(240) },
  smallPrint: ({ far }) => smallDots(far)
}
