import { repeat } from '../repeat.ts'
import { ellipse, n, path, polygon, rectangle } from '../svg.ts'
import { WHOLE, plane, scenery } from './country.ts'
import type { Hand, Stage } from './hand.ts'

/** The next panel of the page, behind a slanted gutter: printed in dots that get smaller. */
function strip({ pen, head: [x], frame }: Stage): string {
  const [side, wall] = x < 500 ? [1, 1080] : [-1, -80]
  const at = (away: number) => 500 + side * away
  const [top, foot, gutter] = [370, 310, 34]
  const panel = polygon([at(top + gutter), -80], [wall, -80], [wall, 1080], [at(foot + gutter), 1080])
  return (
    pen.flat(polygon([at(top), -80], [wall, -80], [wall, 1080], [at(foot), 1080]), 'paper') +
    pen.flat(panel, frame === 'ink' ? 'accent' : frame) +
    pen.within(
      panel,
      pen.flat(
        repeat(90, (index) => {
          const [column, row] = [index % 6, Math.floor(index / 6)]
          const radius = 30 - row * 1.8
          return ellipse(at(gutter + 270 + column * 60 + (row % 2) * 30), row * 52 + 40, radius)
        }),
        'paper',
        0.3
      )
    ) +
    pen.line(
      path`
        M${at(top)} -80L${at(foot)} 1080
        M${at(top + gutter)} -80L${at(foot + gutter)} 1080
      `,
      'ink',
      9
    )
  )
}

/** Illustration and comics: pen outlines, clear flat colours, hatching, a panel that the figure steps out of. */
export const comic: Hand = {
  name: 'comic',
  technique: {
    shading: 'flat',
    outline: { role: 'ink', width: 8 },
    face: { eye: 'oval', rim: 0.12, pupil: 'point', stroke: 'brush', weight: 1.1 }
  },
  palette: { grounds: ['pale', 'mid', 'mid', 'deep'], chroma: 1.1 },
  head: 1.16,
  motif: (pen, x, y, radius, role) =>
    pen.line(
      [-0.5, 0, 0.5].map((dy) => `M${n(x - radius)} ${n(y + dy * radius)}h${n(radius * 2)}`).join(''),
      role,
      7
    ),
  back: (stage) => {
    const { pen, horizon } = stage
    const hatch = (y: number, step: number, length: number) =>
      repeat(Math.ceil(1000 / step), (index) => `M${index * step} ${y}l${n(-length * 0.7)} ${length}`)
    return (
      pen.flat(WHOLE, 'sky') +
      scenery(stage, 1.15) +
      plane(stage) +
      pen.line(hatch(horizon + 8, 34, 40), 'ink', 4) +
      pen.line(`M-60 ${horizon}H1060`, 'ink', 8) +
      stage.paths() +
      strip(stage) +
      pen.flat('M-70 -70H1070V1070H-70ZM48 48V952H952V48Z', 'paper') +
      pen.line(rectangle(48, 48, 904, 904), 'ink', 12)
    )
  },
  niche: (_side, head) => (head < 500 ? { right: 185 } : { left: 185 }),
  isFramed: true
}
