import { inset } from '../framing.ts'
import { dots, smallDabs, smallDots } from '../grid/prints.ts'
import { strokes } from '../grid/strokes.ts'
import { each } from '../repeat.ts'
import { blob, ellipse, path } from '../svg.ts'
import { gradedSky, onFourSides, plane } from './country.ts'
import type { Hand, Stage } from './hand.ts'
import { FIGURE_SIDE, modelled } from './modelled.ts'

/** A long cloud with a flat foot, as wide on both sides of its middle. */
const cloud = (cx: number, y: number, wide: number, high: number) =>
  blob(
    [cx - wide, y],
    [cx - wide * 0.55, y - high * 0.5],
    [cx - wide * 0.1, y - high],
    [cx + wide * 0.5, y - high * 0.6],
    [cx + wide, y],
    [cx, y + high * 0.12]
  )

/** Clouds that the low sun lights from below, by their height as a share of the horizon's. */
const clouds = ({ pen, palette, horizon, random }: Stage) =>
  each([0.2, 0.42, 0.6], (share, index) => {
    const cx = index % 2 === 0 ? random.between(60, 360) : random.between(640, 940)
    const [y, wide] = [horizon * share, random.between(220, 330)]
    return (
      pen.flat(cloud(cx, y, wide, 110), 'far', 0.75) +
      pen.flat(cloud(cx + 20, y + 12, wide * 0.8, 56), 'accent', palette.isNight ? 0.3 : 0.55)
    )
  })

/** Hills in two tones, the near ones darker. */
const hills = ({ pen, horizon }: Stage) =>
  pen.flat(
    path`M-200 ${horizon + 20}V${horizon - 70}Q60 ${horizon - 190} 330 ${horizon - 60}
      T760 ${horizon - 90}Q980 ${horizon - 200} 1200 ${horizon - 60}V${horizon + 20}Z`,
    'far'
  ) +
  pen.flat(
    path`M-200 ${horizon + 20}V${horizon - 30}Q200 ${horizon - 100} 480 ${horizon - 10}
      T1200 ${horizon - 60}V${horizon + 20}Z`,
    'farDark'
  )

/** Water that mirrors the sun. */
const lake = ({ pen, palette, horizon, head: [x] }: Stage) =>
  each([430, 300, 190, 110], (wide, index) =>
    pen.flat(ellipse(x, horizon + 26 + index * 34, wide, 13), 'accent', palette.isNight ? 0.3 : 0.6)
  )

/** The low sun behind the head, with its glow. In a room it is the light on the wall. */
const glow = ({ pen, palette, isIndoors, isSmall, head: [x, y], headSize }: Stage) =>
  each(isSmall ? [2.5, 1.7] : [2.7, 2.3, 1.9, 1.55], (share) =>
    pen.flat(ellipse(x, y, headSize * share), 'accent', isIndoors ? 0.1 : palette.isNight ? 0.15 : 0.26)
  ) + (palette.isNight ? '' : pen.flat(ellipse(x, y, headSize * 1.4), 'paper', 0.75))

/** Romantic and realist painting: a modelled figure before a landscape in strokes of a broad brush, in a gilt frame. */
export const brushwork: Hand = {
  name: 'brushwork',
  technique: {
    shading: 'lit',
    depth: 1.6,
    outline: { role: 'bodyDark', width: 7 },
    face: { rim: 0.16, rimRole: 'bodyDark', stroke: 'brush', isShaded: true }
  },
  palette: {
    grounds: ['deep', 'dark', 'deep'],
    chroma: 0.92,
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
    const isCountry = !stage.isIndoors && !stage.isSmall
    return (
      gradedSky(stage, 'sky', 'skyLow', stage.isSmall ? 6 : 9) +
      stage.backdrop() +
      stage.ornament() +
      glow(stage) +
      (isCountry ? clouds(stage) + hills(stage) : '') +
      stage.landmark(1.2) +
      plane(stage) +
      (isCountry ? lake(stage) : '') +
      stage.paths()
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
  palette: { grounds: ['pale', 'mid'], chroma: 1.2, back: { h: 245, share: 0.45 } },
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
