import { strokes } from '../grid/strokes.ts'
import { each, repeat } from '../repeat.ts'
import { path, polar, polygon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { plane, sparse, WHOLE } from './country.ts'
import type { Hand, Stage } from './hand.ts'
import { modelled } from './modelled.ts'

/** A fan of shards from a point: each is a triangle to the edge of the frame. */
const shards = ({ pen, random }: Stage, from: Point, share: number) => {
  const rim: Point[] = [
    [-60, -60],
    [300, -60],
    [700, -60],
    [1060, -60],
    [1060, 420],
    [1060, 1060],
    [430, 1060],
    [-60, 1060],
    [-60, 380]
  ]
  return each(rim, (corner, index) => {
    const next = rim[(index + 1) % rim.length]!
    const meet: Point = [from[0] + random.between(-60, 60), from[1] + random.between(-60, 60)]
    return pen.flat(
      polygon(meet, corner, next),
      (['far', 'skyLow', 'sky', 'farDark', 'sky', 'skyLow'] as const)[index % 6]!,
      share
    )
  })
}

/** The tones of a ring, quarter by quarter. Each ring begins with another one. */
const QUARTERS = ['far', 'skyLow', 'farDark', 'sky'] as const

/** Rings around the head, cut into quarters. */
const rings = ({ pen, head: [x, y], random }: Stage): string => {
  const turn = random.between(10, 80)
  return each([460, 370, 280], (radius, ring) =>
    repeat(4, (quarter) => {
      const [from, to] = [0, 90].map((end) => polar(x, y, radius, turn + quarter * 90 + end)) as [
        Point,
        Point
      ]
      return pen.flat(
        path`M${x} ${y}L${from[0]} ${from[1]}A${radius} ${radius} 0 0 1 ${to[0]} ${to[1]}Z`,
        QUARTERS[(quarter + ring * 3) % 4]!
      )
    })
  )
}

/** Cubism and futurism: planes that break at straight edges, through figure and ground alike. */
export const facets: Hand = {
  name: 'facets',
  technique: {
    shading: 'split',
    outline: { role: 'ink', width: 5 },
    face: { rim: 0.08, pupil: 'point', stroke: 'block', isAngular: true }
  },
  palette: { grounds: ['pale', 'deep', 'mid'], chroma: 1.2, back: { h: 70, share: 0.2 } },
  head: 1.05,
  motif: (pen, x, y, radius, role) =>
    pen.flat(
      polygon([x - radius, y + radius * 0.2], [x + radius * 0.3, y - radius], [x + radius, y + radius * 0.8]),
      role
    ),
  back: (stage) => {
    const { pen, head } = stage
    return (
      pen.flat(WHOLE, 'sky') +
      shards(stage, head, 0.6) +
      rings(stage) +
      sparse(stage) +
      plane(stage) +
      stage.paths()
    )
  },
  paint: {
    ...modelled({ spacing: 2.2, reach: 5, half: 1.2, shade: 1, roundness: 1, spread: 1.1 }),
    ground: strokes(100, { spacing: 2.2, reach: 4.2, half: 0.9, shade: 0.6, spread: 1 })
  }
}
