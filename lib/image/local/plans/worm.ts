import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { curve, ellipse, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { anyOf } from '../words.ts'

const LEGGED = anyOf(
  /centipede|millipede|myriapod|velvet|caterpillar/,
  /bristle|scale worm|ragworm|water bear|tardigrade/
)

/** Worms, caterpillars, centipedes, velvet worms: a standing arc of rings. */
export function worm(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const radius = 142 * model.head
  const legged = LEGGED.test(words)
  const spine: Point[] = [
    [420, -90],
    [260, -70],
    [70, -110],
    [-40, -300],
    [10, -520],
    [90, -700],
    [0, -850]
  ]
  const width = 190 * girth
  const body = ribbon(spine, [40, width * 0.8, width, width * 1.06, width, width, width])
  const rings = each(
    [
      [330, -80, 80],
      [210, -80, 70],
      [70, -130, 50],
      [-10, -230, 20],
      [-20, -340, 4],
      [0, -450, -8],
      [40, -560, -20],
      [70, -660, -16]
    ],
    ([x, y, tilt]) => pen.flat(ellipse(x, y, width * 0.62, 9, tilt > 40 ? 90 : tilt), 'bodyDark')
  )
  const legs = legged
    ? each(
        [
          [-120, -230],
          [-124, -360],
          [-100, -500],
          [-50, -620],
          [100, -330],
          [130, -470],
          [170, -600]
        ],
        ([x, y]) => pen.limb(curve([x, y], [x + (x < 0 ? -90 : 90), y + 40]), 'accentDark', 26)
      )
    : ''
  const feelers = legged
    ? both((side) => pen.line(curve([side * 60, -960], [side * 120, -1060], [side * 190, -1060]), 'ink', 14))
    : ''
  const plume = /feather|fan|tree worm|christmas|tube/.test(words)
    ? repeat(9, (index) =>
        pen.line(
          curve([0, -940], [(index - 4) * 46, -1040], [(index - 4) * 72, -1100 + Math.abs(index - 4) * 24]),
          index % 2 === 0 ? 'accent' : 'cloth',
          24
        )
      )
    : ''
  return {
    behind: legs + plume,
    body: pen.solid(body, 'body', { inside: rings + hide(-160, -700, 300, 400) }),
    torso: { d: body, x: -140, y: -640, width: 300, height: 330, isRound: true },
    head: feelers + pen.solid(ellipse(0, -860, radius * 1.1, radius), 'body'),
    face: {
      x: 0,
      y: -880,
      eye: radius * 0.31,
      apart: radius * 0.46,
      mouth: { x: 0, y: -790, width: radius * 0.6 }
    },
    crown: { x: 0, y: -860 - radius * 0.82, width: radius * 1.4 },
    neck: { x: 60, y: -716, width },
    shoulders: [
      [-40, -560],
      [130, -580]
    ],
    hands: [
      [-140, -420],
      [240, -420]
    ],
    arm: 44
  }
}
