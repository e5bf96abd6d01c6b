import type { Anatomy, Model } from '../anatomy.ts'
import { both, repeat } from '../repeat.ts'
import { blob, curve, ellipse, tapering } from '../svg.ts'

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
    ? repeat(6, (index) => {
        const lean = Math.abs(index - 2)
        // Each grows out of the back, which falls to the tail, and has a pale tip.
        const [tipX, tipY] = [index * 92, -440 + lean * 34 + index * 18]
        const stalk = tapering(
          [
            [-70 + index * 72, -170 + index * 18],
            [-52 + index * 84, -330 + lean * 24 + index * 14],
            [tipX, tipY]
          ],
          [84, 70, 30],
          14
        )
        return pen.solid(stalk, index % 2 === 0 ? 'accent' : 'cloth', {
          depth: 0.5,
          inside: pen.flat(ellipse(tipX, tipY, 40, 44), 'paper')
        })
      })
    : pen.solid(ellipse(140, -370, 260 * girth, 250 * girth), 'cloth', {
        depth: 1.3,
        inside: hide(-110, -600, 520, 460) + pen.line(spiral, 'clothDark', 30)
      })
  const stalks = both((side) =>
    pen.limb(curve([-230 + side * 46, -580], [-230 + side * 90, -790]), 'body', 38)
  )
  const balls = both((side) =>
    pen.solid(ellipse(-230 + side * 92, -818, 84 * model.head), 'body', { depth: 0.4 })
  )
  // The head is a dome around the mouth. It turns with the stalks, so that they never leave it.
  const dome = 'M-316 -430Q-362 -650 -230 -656Q-98 -650 -144 -430'
  return {
    behind: bare ? shell : '',
    body: (bare ? '' : shell) + pen.solid(foot, 'body', { depth: 0.9 }),
    head: stalks + pen.joined(`${dome}Z`, dome, 'body', { depth: 0.4 }) + balls,
    face: {
      x: -230,
      y: -820,
      eye: 66 * model.head,
      apart: 92,
      isOnStalks: true,
      mouth: { x: -220, y: -520, width: 110 }
    },
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
    arm: 50,
    holds: 0
  }
}
