import type { Anatomy, Model } from '../anatomy.ts'
import { both, repeat } from '../repeat.ts'
import { blob, curve, ellipse } from '../svg.ts'

/** Snails and slugs: a foot, a shell, eyes on stalks. */
export function snail(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const bare = /slug|nudibranch|sea hare|dragon|sea angel|dancer/.test(words)
  const foot = blob(
    [-330, -20],
    [-360, -200],
    [-300, -560],
    [-180, -620],
    [-90, -520],
    [-60, -260],
    [180, -190],
    [420, -40],
    [380, 0],
    [-280, 0]
  )
  const spiral = curve(
    [150, -330],
    [230, -390],
    [230, -280],
    [120, -240],
    [40, -340],
    [110, -470],
    [270, -460],
    [330, -320]
  )
  const shell = bare
    ? repeat(7, (index) => {
        const [x, y] = [-70 + index * 60, -200 + index * 24]
        const long = 250 - Math.abs(index - 2) * 26
        return pen.solid(
          blob(
            [x - 34, y + 60],
            [x - 40, y - long * 0.5],
            [x + 20, y - long],
            [x + 50, y - long * 0.9],
            [x + 34, y + 60]
          ),
          index % 2 === 0 ? 'accent' : 'cloth',
          { depth: 0.5, inside: pen.flat(ellipse(x + 24, y - long * 0.86, 40, 44), 'paper') }
        )
      })
    : pen.solid(ellipse(140, -370, 260 * girth, 250 * girth), 'cloth', {
        depth: 1.3,
        inside: hide(-110, -600, 520, 460) + pen.line(spiral, 'clothDark', 30)
      })
  const stalks = both((side) =>
    pen.limb(curve([-230 + side * 46, -580], [-230 + side * 90, -790]), 'body', 36)
  )
  return {
    behind: bare ? shell : '',
    body: (bare ? '' : shell) + pen.solid(foot, 'body', { depth: 0.9 }),
    torso: { d: foot, x: -330, y: -420, width: 240, height: 260 },
    head: stalks,
    face: { x: -230, y: -820, eye: 66 * model.head, apart: 92, mouth: { x: -220, y: -520, width: 110 } },
    crown: { x: -230, y: -890, width: 210 },
    neck: { x: -215, y: -430, width: 230 },
    shoulders: [
      [-310, -380],
      [-110, -380]
    ],
    hands: [
      [-380, -260],
      [0, -200]
    ],
    arm: 44
  }
}
