import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each } from '../repeat.ts'
import { around, blob, curve, ellipse, tapering } from '../svg.ts'
import type { Point } from '../svg.ts'

/** Octopuses, squids, cuttlefishes, nautiluses. */
export function octopus(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const squid = /squid|cuttle|belemn|ammon|nautil/.test(words)
  const half = (squid ? 170 : 230) * girth
  const mantle = squid
    ? blob(
        [0, -1040],
        [half * 0.7, -860],
        [half, -620],
        [half * 0.8, -420],
        [-half * 0.8, -420],
        [-half, -620],
        [-half * 0.7, -860]
      )
    : blob(
        [-half * 0.7, -990],
        [half * 0.7, -990],
        [half * 1.2, -760],
        [half * 0.72, -430],
        [-half * 0.72, -430],
        [-half * 1.2, -760]
      )
  const arm = (side: number, index: number): Point[] => {
    const spread = [70, 190, 310, 420][index]!
    return [
      [side * (40 + index * 36), -470],
      [side * (spread * 0.8 + 40), -330 - index * 20],
      [side * spread, -110 + index * 6],
      [side * (spread + 60), -20 - index * 26],
      [side * (spread + 30), -90 - index * 30]
    ]
  }
  const arms = each([3, 2, 1, 0], (index) =>
    both((side) =>
      pen.solid(tapering(arm(side, index), [96, 80, 62, 46, 34], 32), index % 2 === 0 ? 'body' : 'bodyDark', {
        depth: 0.5
      })
    )
  )
  const suckers = both((side) =>
    each([0.45, 0.55, 0.65, 0.75], (share) =>
      pen.flat(ellipse(side * (60 + share * 30), -430 + share * 460, 13), 'bodyLight')
    )
  )
  const fins = squid
    ? both((side) =>
        pen.solid(
          blob([side * half * 0.2, -1000], [side * half * 1.9, -800], [side * half * 0.7, -690]),
          'bodyDark',
          { depth: 0.5 }
        )
      )
    : ''
  const shell = /nautil|ammon/.test(words)
    ? pen.solid(ellipse(40, -800, 240), 'cloth', {
        inside: each(around(40, -800, 150, 9, 10), ([x, y]) =>
          pen.line(curve([40, -800], [x * 1.5 - 20, y * 1.1 + 80]), 'clothDark', 26)
        )
      })
    : ''
  return {
    behind: arms,
    body:
      suckers +
      fins +
      shell +
      pen.solid(mantle, 'body', { depth: 1.3, inside: hide(-half, -980, half * 2, 260) }),
    head: '',
    face: {
      x: 0,
      y: squid ? -570 : -640,
      eye: 66 * model.head,
      apart: half * 0.5,
      mouth: { x: 0, y: squid ? -470 : -510, width: 96 }
    },
    crown: { x: 0, y: squid ? -900 : -940, width: half * 1.2 },
    neck: { x: 0, y: -430, width: half * 1.6 },
    shoulders: pair(half * 1.02, -400),
    hands: pair(430, -170),
    arm: 84,
    limb: 'tentacle'
  }
}
