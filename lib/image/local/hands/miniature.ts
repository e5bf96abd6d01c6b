import { inset } from '../framing.ts'
import { repeat } from '../repeat.ts'
import { ellipse, polar, rectangle } from '../svg.ts'
import { WHOLE, plane, scenery } from './country.ts'
import type { Hand } from './hand.ts'
import { modelled } from './modelled.ts'

const petals = (x: number, y: number, radius: number) =>
  [-60, -30, 0, 30, 60]
    .map((turn) => {
      const [cx, cy] = polar(x, y, radius * 0.5, turn)
      return ellipse(cx, cy, radius * 0.18, radius * 0.52, turn)
    })
    .join('')

/** A cusped arch from its left foot to its right one. */
const CUSPS =
  'M108 1070V370Q108 292 184 292Q174 212 268 212Q280 136 386 146Q418 88 500 56' +
  'Q582 88 614 146Q720 136 732 212Q826 212 816 292Q892 292 892 370V1070'

/** South Asian painting: the figure before a cusped arch in a wall with lotuses, marigold, pink and green. */
export const miniature: Hand = {
  name: 'miniature',
  technique: {
    shading: 'flat',
    outline: { role: 'accentDark', width: 5 },
    face: { eye: 'almond', rim: 0.07, pupil: 'point', stroke: 'brush', weight: 0.75, hasLash: true }
  },
  palette: {
    grounds: ['deep', 'dark', 'deep'],
    chroma: 1.15,
    back: { h: 20, share: 0.55 },
    accent: { l: 0.83, c: 0.17, h: 82 }
  },
  head: 1.04,
  motif: (pen, x, y, radius, role) => pen.flat(petals(x, y, radius), role),
  back: (stage) => {
    const { pen, palette, frame } = stage
    return (
      pen.flat(WHOLE, 'sky') +
      scenery(stage, 1) +
      plane(stage) +
      stage.paths() +
      pen.flat(`${CUSPS}H1070V-70H-70V1070Z`, palette.isNight ? 'front' : 'farDark') +
      pen.line(CUSPS, frame, 34) +
      pen.line(CUSPS, 'accent', 16) +
      pen.line(CUSPS, 'paper', 5) +
      pen.flat(
        repeat(9, (index) => petals(56, 160 + index * 104, 44) + petals(944, 160 + index * 104, 44)) +
          petals(170, 156, 78) +
          petals(830, 156, 78),
        'accent'
      ) +
      pen.flat(
        repeat(9, (index) => ellipse(56, 171 + index * 104, 9) + ellipse(944, 171 + index * 104, 9)),
        'paper'
      )
    )
  },
  front: ({ pen, frame }) =>
    pen.line(rectangle(6, 6, 988, 988), frame, 30) + pen.line(rectangle(24, 24, 952, 952), 'accent', 8),
  inset: inset(28),
  sky: () => ({ top: 270, left: 160, right: 160 }),
  niche: () => ({ left: 118, right: 118 }),
  isFramed: true,
  paint: modelled({ spacing: 2, reach: 3.3, half: 1, shade: 0.5, roundness: 2.2, spread: 0.6 })
}
