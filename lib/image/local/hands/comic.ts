import { each, repeat } from '../repeat.ts'
import { ellipse, heart, n, path, polygon, polyline, rectangle, star } from '../svg.ts'
import type { Point } from '../svg.ts'
import { WHOLE, plane } from './country.ts'
import type { Hand, Stage } from './hand.ts'

/** The panel in the page. */
const PANEL = { left: 46, top: 46, right: 954, bottom: 954 }

/** Half of the width and of the height of a balloon, and what its middle keeps from the panel's edges. */
const BALLOON = { wide: 132, high: 100, aside: 176, above: 146 }
/** How far a tail is seen beside its balloon at least, and how far its tip is from the middle at most. */
const LEAST_TAIL = 36
const LONGEST_TAIL = 200

/** Dots of colour that get smaller downwards, as the press prints a sky. */
const printedSky = ({ pen }: Stage) =>
  pen.flat(
    repeat(220, (index) => {
      const [column, row] = [index % 20, Math.floor(index / 20)]
      return ellipse(column * 54 + (row % 2) * 27 - 14, row * 47 + 20, 23 - row * 2)
    }),
    'skyLow'
  )

/** A disc behind the head with a line around it, which the press prints in one colour. */
const disc = ({ pen, palette, head: [x, y], headSize }: Stage) => {
  const round = ellipse(x, y, headSize * 1.4)
  return pen.flat(round, 'skyLow') + pen.line(round, palette.isNight ? 'paper' : 'ink', 7)
}

/** The sign for the feeling of the figure, around a point. */
function drawSign({ pen, feeling }: Stage, x: number, y: number): string {
  const at = (dx: number, dy: number): Point => [x + dx, y + dy]
  const exclamation = (dx: number, size: number) =>
    pen.flat(
      polygon(at(dx - 13, -size), at(dx + 17, -size), at(dx + 5, size * 0.36), at(dx - 7, size * 0.36)),
      'ink'
    ) + pen.flat(ellipse(x + dx, y + size * 0.74, 13), 'ink')
  switch (feeling) {
    case 'love':
      return pen.flat(heart(x, y, 56), 'heart')
    case 'joy':
      return (
        pen.line(path`M${x - 30} ${y + 34}V${y - 46}L${x + 46} ${y - 62}V${y + 20}`, 'ink', 13) +
        pen.flat(ellipse(x - 46, y + 36, 25, 19) + ellipse(x + 30, y + 22, 25, 19), 'ink')
      )
    case 'surprise':
      return exclamation(0, 62)
    case 'fear':
      return exclamation(-34, 54) + exclamation(34, 54)
    case 'anger':
      return pen.line(
        polyline(...[-70, -42, -14, 14, 42, 70].map((dx, index) => at(dx, index % 2 === 0 ? 40 : -44))),
        'ink',
        14
      )
    case 'sadness':
      return pen.flat(
        each([-46, 0, 46], (dx, index) => {
          const foot = y + (index === 1 ? 48 : 22)
          return path`M${x + dx} ${foot - 78}C${x + dx + 34} ${foot - 30} ${x + dx + 26} ${foot} ${x + dx} ${foot}
            C${x + dx - 26} ${foot} ${x + dx - 34} ${foot - 30} ${x + dx} ${foot - 78}Z`
        }),
        'tear'
      )
    case 'disgust':
      return pen.line(
        path`M${x - 74} ${y}Q${x - 50} ${y - 52} ${x - 26} ${y}T${x + 22} ${y}T${x + 70} ${y}`,
        'ink',
        14
      )
    case 'pride':
      return pen.solid(star(x, y, 66, 29, 5), 'accent', { depth: 0 })
    default:
      return pen.flat(
        each([-50, 0, 50], (dx) => ellipse(x + dx, y, 17)),
        'ink'
      )
  }
}

/** A balloon in the free upper corner, with its tail towards the head. A large head leaves no room. */
function balloon(stage: Stage): string {
  const { pen, head, headSize } = stage
  const side = head[0] < 500 ? 1 : -1
  const [x, y] = [
    side > 0 ? PANEL.right - BALLOON.aside : PANEL.left + BALLOON.aside,
    PANEL.top + BALLOON.above
  ]
  const [dx, dy] = [head[0] - x, head[1] - y]
  const away = Math.hypot(dx, dy)
  const [ux, uy] = [dx / away, dy / away]
  const edge = 1 / Math.hypot(ux / BALLOON.wide, uy / BALLOON.high)
  // A longing figure looks at the moon in this corner.
  if (away - headSize < edge + LEAST_TAIL || stage.feeling === 'longing') return ''
  const reach = Math.min(away - headSize, LONGEST_TAIL)
  const tail = polygon(
    [x + ux * 60 - uy * 30, y + uy * 60 + ux * 30],
    [x + ux * reach, y + uy * reach],
    [x + ux * 60 + uy * 30, y + uy * 60 - ux * 30]
  )
  const round = ellipse(x, y, BALLOON.wide, BALLOON.high)
  return (
    each([tail, round], (d) => pen.line(d, 'ink', 16)) +
    each([tail, round], (d) => pen.flat(d, 'paper')) +
    drawSign(stage, x, y)
  )
}

/** Illustration and comics: pen outlines, a sky printed in dots, a balloon, a panel that the figure steps out of. */
export const comic: Hand = {
  name: 'comic',
  feet: 922,
  technique: {
    shading: 'lit',
    depth: 0.8,
    outline: { role: 'ink', width: 9 },
    face: { eye: 'oval', rim: 0.12, pupil: 'point', stroke: 'brush', weight: 1.1 }
  },
  palette: {
    grounds: ['deep', 'mid', 'deep'],
    chroma: 1.25
  },
  head: 1.16,
  motif: (pen, x, y, radius, role) =>
    pen.line(
      [-0.5, 0, 0.5].map((dy) => `M${n(x - radius)} ${n(y + dy * radius)}h${n(radius * 2)}`).join(''),
      role,
      7
    ),
  back: (stage) => {
    const { pen, horizon } = stage
    return (
      pen.flat(WHOLE, 'sky') +
      printedSky(stage) +
      stage.backdrop() +
      stage.ornament() +
      stage.behind() +
      disc(stage) +
      stage.landmark(1.15) +
      plane(stage) +
      pen.line(
        repeat(30, (index) => `M${index * 34} ${horizon + 8}l-28 40`),
        'ink',
        4
      ) +
      pen.line(`M-60 ${horizon}H1060`, 'ink', 8) +
      stage.paths()
    )
  },
  front: (stage) => {
    const { pen, frame } = stage
    const { left, top, right, bottom } = PANEL
    return (
      balloon(stage) +
      pen.flat(`M-70 -70H1070V1070H-70ZM${left} ${top}V${bottom}H${right}V${top}Z`, 'paper') +
      pen.line(rectangle(left, top, right - left, bottom - top), 'ink', 12) +
      (frame === 'ink' ? '' : pen.line(rectangle(18, 18, 964, 964), frame, 10))
    )
  },
  isFramed: true,
  isBehind: true
}
