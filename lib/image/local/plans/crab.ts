import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse } from '../svg.ts'
import type { Point } from '../svg.ts'
import { roundTorso } from './headless.ts'
import { gillFooted } from './gill-feet.ts'
import { jointedLeg } from './jointed-leg.ts'

/** A joint of the first leg: how far it is from the middle and its y, and how far that of the next one is from it. */
interface Joint {
  /** The part of half of the shell's width. */
  share: number
  out: number
  y: number
  step: readonly [number, number]
}

/** Thighs go up to a knee, shins down to a point, each inside of the one before: hip, knee, pull of the shin, foot. */
const LEGS: Record<'long' | 'broad', { count: number; thick: number; joints: readonly Joint[] }> = {
  long: {
    count: 3,
    thick: 50,
    joints: [
      { share: 0.6, out: 0, y: -400, step: [0, 90] },
      { share: 1, out: 150, y: -470, step: [-30, 110] },
      { share: 1, out: 200, y: -240, step: [-50, 60] },
      { share: 1, out: 190, y: -6, step: [-80, 0] }
    ]
  },
  broad: {
    count: 4,
    thick: 54,
    joints: [
      { share: 0.66, out: 0, y: -380, step: [0, 56] },
      { share: 1, out: 170, y: -440, step: [-54, 84] },
      { share: 1, out: 206, y: -200, step: [-74, 40] },
      { share: 1, out: 170, y: -6, step: [-88, 0] }
    ]
  }
}

/** Crabs, lobsters, shrimps: a broad shell, two claws up, and legs. */
export function crab(model: Model): Anatomy {
  if (/gill-footed/.test(model.order)) return gillFooted(model)
  const { pen, girth, words, hide } = model
  const long = /lobster|crayfish|shrimp|prawn|krill|langoustine|mantis shrimp|scorpion/.test(words)
  const half = (long ? 200 : 330) * girth
  const shell = long
    ? blob(
        [-half * 0.7, -860],
        [half * 0.7, -860],
        [half, -600],
        [half * 0.8, -200],
        [-half * 0.8, -200],
        [-half, -600]
      )
    : blob(
        [-half * 0.7, -640],
        [half * 0.7, -640],
        [half * 1.1, -420],
        [half * 0.6, -170],
        [-half * 0.6, -170],
        [-half * 1.1, -420]
      )
  const faceY = long ? -690 : -470
  const { count, thick, joints } = long ? LEGS.long : LEGS.broad
  const legs = repeat(count, (index) =>
    both((side) => {
      const [hip, knee, bend, foot] = joints.map(({ share, out, y, step: [dx, dy] }): Point => [
        side * (half * share + out + index * dx),
        y + index * dy
      ]) as [Point, Point, Point, Point]
      return jointedLeg(pen, [hip, knee, bend, foot], thick, 'bodyDark')
    })
  )
  // The arms come out from behind the shell.
  const arms = both((side) =>
    pen.limb(
      curve(
        [side * half * 0.7, faceY + 70],
        [side * (half + 120), faceY + 10],
        [side * (half + 90), (long ? -800 : -720) + 60]
      ),
      'body',
      62
    )
  )
  const claw = (side: number) => {
    const [x, y] = [side * (half + 90), long ? -800 : -720]
    return pen.solid(
      blob(
        [x - side * 40, y + 100],
        [x - side * 150, y + 10],
        [x - side * 130, y - 190],
        [x - side * 20, y - 230],
        [x - side * 50, y - 120],
        [x + side * 16, y - 40],
        [x + side * 60, y - 150],
        [x + side * 120, y - 190],
        [x + side * 140, y - 20],
        [x + side * 60, y + 100]
      ),
      'body'
    )
  }
  const stalks = both((side) =>
    pen.limb(curve([side * 74, faceY - 100], [side * 84, faceY - 210]), 'bodyDark', 30)
  )
  const tail = long
    ? each([0, 1, 2], (index) =>
        pen.line(
          curve([-half * 0.8, -480 + index * 100], [0, -440 + index * 100], [half * 0.8, -480 + index * 100]),
          'bodyDark',
          12
        )
      )
    : ''
  const feelers = long
    ? both((side) =>
        pen.line(curve([side * 60, -850], [side * 200, -1040], [side * 420, -980]), 'accentDark', 10)
      )
    : ''
  return {
    behind:
      legs +
      arms +
      (long
        ? each([-58, 58, -29, 29, 0], (turn) => {
            const angle = (turn * Math.PI) / 180
            const [x, y] = [Math.sin(angle) * 112, -216 + Math.cos(angle) * 104]
            return pen.solid(ellipse(x, y, 48, 106, -turn), 'bodyDark', { depth: 0.4 })
          })
        : ''),
    body: pen.solid(shell, 'body', {
      depth: 1.2,
      inside:
        pen.flat(ellipse(0, long ? -300 : -230, half * 0.7, 90), 'bodyLight') +
        hide(-half, faceY + 160, half * 2, 160) +
        tail
    }),
    torso: roundTorso(shell, half * 0.8, faceY + 130, -170 - faceY - 130),
    head: feelers + (long ? '' : stalks),
    front: claw(-1) + claw(1),
    face: {
      x: 0,
      y: long ? faceY : faceY - 220,
      eye: Math.min(60 * model.head, half * 0.32),
      apart: Math.min(86, half * 0.43),
      isOnStalks: !long,
      mouth: { x: 0, y: faceY + (long ? 100 : 40), width: 130 }
    },
    crown: { x: 0, y: long ? -840 : faceY - 250, width: 200 },
    neck: { x: 0, y: faceY + 150, width: half * 1.5 },
    hands: pair(half + 100, long ? -930 : -860)
  }
}
