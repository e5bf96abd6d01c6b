import { ellipse, polygon } from '../svg.ts'
import { plane, WHOLE } from './country.ts'
import type { Hand } from './hand.ts'

/** Poster modernism: few flat colours, one huge shape, a cropped figure. */
export const poster: Hand = {
  name: 'poster',
  technique: { shading: 'flat', face: { rim: 0, pupil: 'plain', stroke: 'block', weight: 1.1 } },
  palette: { grounds: ['mid', 'deep', 'dark', 'mid', 'pale'], chroma: 1.3 },
  head: 1.08,
  motif: (pen, x, y, radius, role) => pen.flat(ellipse(x, y, radius * 0.8), role),
  back: (stage) => {
    const { pen, x, side, random, head } = stage
    return (
      pen.flat(WHOLE, 'sky') +
      random.pick([
        pen.flat(ellipse(head[0] + side * 60, head[1], 390), 'skyLow'),
        pen.flat(polygon([-60, 1060], [-60, 540], [1060, -60], [1060, 1060]), 'skyLow'),
        pen.flat(ellipse(x, 1060, 640), 'skyLow') + pen.flat(ellipse(x, 1060, 470), 'far')
      ]) +
      stage.ornament() +
      stage.landmark(1.2) +
      plane(stage) +
      stage.paths()
    )
  }
}
