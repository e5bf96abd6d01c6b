import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each } from '../repeat.ts'
import { blob, curve, ellipse } from '../svg.ts'
import { roundTorso } from './headless.ts'
import { gillFooted } from './gill-feet.ts'
import { jointedLeg } from './jointed-leg.ts'

/** Crabs, lobsters, shrimps: a broad shell, two claws up, six legs. */
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
  // The legs of a lobster are short beside its body.
  const reach = long ? 0.64 : 1
  // Thighs go up to a knee, shins down to a point, each inside of the one before.
  const legs = each([0, 1, 2, 3], (index) =>
    both((side) =>
      jointedLeg(
        pen,
        [
          [side * half * 0.66, -380 + index * 56],
          [side * (half + (170 - index * 54) * reach), -440 + index * 84],
          [side * (half + (196 - index * 70) * reach), -200 + index * 40],
          [side * (half + (150 - index * 78) * reach), -6]
        ],
        70,
        'bodyDark'
      )
    )
  )
  const claw = (side: number) => {
    const [x, y] = [side * (half + 90), long ? -800 : -720]
    return (
      pen.limb(
        curve([side * half * 0.8, faceY + 70], [side * (half + 120), faceY + 10], [x, y + 60]),
        'body',
        62
      ) +
      pen.solid(
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
      (long
        ? pen.solid(blob([-60, -220], [60, -220], [190, -20], [0, 0], [-190, -20]), 'bodyDark', {
            depth: 0.5
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
      eye: 60 * model.head,
      apart: 86,
      mouth: { x: 0, y: faceY + (long ? 100 : 40), width: 130 }
    },
    crown: { x: 0, y: long ? -840 : faceY - 250, width: 200 },
    neck: { x: 0, y: faceY + 150, width: half * 1.5 },
    hands: pair(half + 100, long ? -930 : -860)
  }
}
