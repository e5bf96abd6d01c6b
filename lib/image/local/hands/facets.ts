import { each, repeat } from '../repeat.ts'
import { group, n, polygon, rectangle } from '../svg.ts'
import type { Point } from '../svg.ts'
import { plane, sparse, WHOLE } from './country.ts'
import type { Hand, Stage } from './hand.ts'

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

/** A pasted sheet of a newspaper: a headline and two columns of lines. */
const newspaper = ({ pen, head: [x, y] }: Stage): string => {
  const side = x < 500 ? 1 : -1
  const line = (dx: number, dy: number, wide: number, high: number) => rectangle(dx, dy, wide, high)
  return group(
    pen.flat(polygon([-150, -220], [150, -236], [164, 190], [20, 236], [-158, 214]), 'paper', 0.75) +
      pen.flat(
        line(-122, -190, 246, 40) +
          repeat(11, (row) => line(-122, -118 + row * 28, 110, 9) + line(14, -118 + row * 28, 110, 9)),
        'ink',
        0.5
      ),
    `translate(${n(x + side * 300)} ${n(y + 60)}) rotate(${side * 14})`
  )
}

/** A plane of a dark and one of a light tone that cross behind the head. */
const crossing = ({ pen, head: [x, y], side }: Stage): string => {
  const at = (dx: number, dy: number): Point => [x + side * dx, y + dy]
  const dark = polygon(at(-420, -160), at(60, -330), at(250, 60), at(-200, 330))
  const light = polygon(at(-60, -400), at(400, -250), at(330, 220), at(20, 300))
  return pen.flat(dark, 'farDark') + pen.flat(light, 'skyLow') + pen.line(dark + light, 'ink', 4)
}

/** Cubism and futurism: planes that break at straight edges, through figure and ground alike. */
export const facets: Hand = {
  name: 'facets',
  technique: {
    shading: 'split',
    outline: { role: 'ink', width: 5 },
    face: { eye: 'facet', rim: 0.08, pupil: 'point', stroke: 'block', isAngular: true }
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
      (stage.isSmall ? '' : newspaper(stage)) +
      crossing(stage) +
      sparse(stage) +
      plane(stage) +
      stage.paths()
    )
  }
}
