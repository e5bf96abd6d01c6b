import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each } from '../repeat.ts'
import { blob, curve, ellipse } from '../svg.ts'
import { roundTorso } from './headless.ts'
import { gillFooted } from './gill-feet.ts'
import { jointedLeg } from './jointed-leg.ts'

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
  // Thighs go up to a knee, shins down to a point, each inside of the one before.
  const legs = long
    ? each([0, 1, 2], (index) =>
        both((side) =>
          jointedLeg(
            pen,
            [
              [side * half * 0.6, -400 + index * 90],
              [side * (half + 150 - index * 30), -470 + index * 110],
              [side * (half + 200 - index * 50), -240 + index * 60],
              [side * (half + 190 - index * 80), -6]
            ],
            50,
            'bodyDark'
          )
        )
      )
    : each([0, 1, 2, 3], (index) =>
        both((side) =>
          jointedLeg(
            pen,
            [
              [side * half * 0.66, -380 + index * 56],
              [side * (half + 170 - index * 54), -440 + index * 84],
              [side * (half + 206 - index * 74), -200 + index * 40],
              [side * (half + 170 - index * 88), -6]
            ],
            54,
            'bodyDark'
          )
        )
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
      mouth: { x: 0, y: faceY + (long ? 100 : 40), width: 130 }
    },
    crown: { x: 0, y: long ? -840 : faceY - 250, width: 200 },
    neck: { x: 0, y: faceY + 150, width: half * 1.5 },
    hands: pair(half + 100, long ? -930 : -860)
  }
}
