import { each } from '../repeat.ts'
import { ellipse, polygon, rectangle } from '../svg.ts'
import { WHOLE } from './country.ts'
import type { Hand, Stage } from './hand.ts'
import { modelled } from './modelled.ts'
import { boldRole } from './poster.ts'

/** A column of blocks between black bars, at the side away from the light. */
const column = ({ pen, side, frame }: Stage) => {
  const x = side > 0 ? -20 : 916
  const roles = ['accent', 'paper', frame, 'paper', 'heart', 'front'] as const
  return (
    each(roles, (role, index) =>
      pen.flat(rectangle(x, COLUMN[index]!, 104, COLUMN[index + 1]! - COLUMN[index]!), role)
    ) +
    pen.flat(
      rectangle(side > 0 ? 76 : 908, -20, 16, 1040) +
        each(COLUMN.slice(1, -1), (y) => rectangle(x, y - 8, 104, 16)),
      'ink'
    )
  )
}

const COLUMN = [-20, 210, 300, 520, 690, 830, 1020] as const

/** Bauhaus, De Stijl and constructivism: circle, square, triangle, black bars, halves in two tones. */
export const geometry: Hand = {
  name: 'geometry',
  technique: {
    shading: 'split',
    face: { rim: 0, pupil: 'plain', stroke: 'block', weight: 1.15, isAngular: true }
  },
  palette: {
    grounds: ['pale', 'deep', 'pale', 'mid'],
    chroma: 1.4,
    accent: { l: 0.62, c: 0.2, h: 28 }
  },
  girth: 1.06,
  isFramed: true,
  motif: (pen, x, y, radius, role) =>
    pen.flat(polygon([x, y - radius], [x + radius, y + radius * 0.7], [x - radius, y + radius * 0.7]), role),
  back: (stage) => {
    const { pen, head, side, horizon, random } = stage
    const turn = random.pick([-32, -24, 24, 32])
    const corner = side > 0 ? 1000 : 0
    return (
      pen.flat(WHOLE, 'sky') +
      stage.ornament() +
      `<g transform="rotate(${turn} 500 500)">` +
      pen.flat(rectangle(-300, 470, 1600, 900), 'skyLow') +
      '</g>' +
      pen.flat(polygon([corner, -20], [corner - side * 380, -20], [corner, 380]), 'far') +
      pen.flat(ellipse(corner, horizon, 230), 'farDark') +
      pen.flat(
        ellipse(head[0] + side * 60, head[1], 320),
        boldRole(stage.palette, ['accent', 'far', 'front'])
      ) +
      stage.landmark() +
      pen.flat(rectangle(-60, horizon, 1120, 26), 'ink') +
      pen.flat(rectangle(-60, horizon + 26, 1120, 800), 'ground') +
      column(stage) +
      stage.floor() +
      stage.paths()
    )
  },
  paint: modelled({ spacing: 2, reach: 1.7, half: 0.9, shade: 0.4, roundness: 2, spread: 0.6 })
}
