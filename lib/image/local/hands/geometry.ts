import type { Palette, Role } from '../palette.ts'
import { ellipse, polygon, rectangle } from '../svg.ts'
import { brightness } from '../tone.ts'
import { WHOLE } from './country.ts'
import type { Hand } from './hand.ts'

/** The colour of the disc: the accent, if the figure before it stands out. */
const discRole = (palette: Palette): Role =>
  (['accent', 'far', 'front'] as const).find(
    (role) => Math.abs(brightness(palette[role]) - brightness(palette.body)) > 0.2
  ) ?? 'far'

/** Bauhaus, De Stijl and constructivism: circle, square, triangle, black bars, halves in two tones. */
export const geometry: Hand = {
  name: 'geometry',
  technique: {
    shading: 'split',
    face: { rim: 0, pupil: 'plain', stroke: 'block', weight: 1.15, isAngular: true }
  },
  palette: {
    grounds: ['pale', 'pale', 'dark', 'mid'],
    chroma: 1.3,
    back: { h: 85, share: 0.8, c: 0.035 },
    accent: { l: 0.62, c: 0.2, h: 28 }
  },
  girth: 1.06,
  isFramed: true,
  motif: (pen, x, y, radius, role) =>
    pen.flat(polygon([x, y - radius], [x + radius, y + radius * 0.7], [x - radius, y + radius * 0.7]), role),
  back: (stage) => {
    const { pen, head, side, horizon, random } = stage
    const turn = random.pick([-32, -24, 24, 32])
    return (
      pen.flat(WHOLE, 'sky') +
      stage.ornament() +
      `<g transform="rotate(${turn} 500 500)">` +
      pen.flat(rectangle(-300, 470, 1600, 900), 'skyLow') +
      '</g>' +
      pen.flat(ellipse(head[0] + side * 60, head[1], 320), discRole(stage.palette)) +
      stage.landmark() +
      pen.flat(rectangle(-60, horizon, 1120, 26), 'ink') +
      pen.flat(rectangle(-60, horizon + 26, 1120, 800), 'ground') +
      pen.flat(rectangle(side > 0 ? 0 : 936, 0, 64, 1000), stage.frame) +
      stage.floor() +
      stage.paths()
    )
  }
}
