import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each } from '../repeat.ts'
import { blob, curve, polar, ribbon } from '../svg.ts'

/** Cacti, vegetables and fruits: a thick ribbed body with a tuft on top. */
export function cactus(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const half = 230 * girth
  const trunk = blob(
    [-half * 0.8, -900],
    [half * 0.8, -900],
    [half * 1.06, -520],
    [half * 0.8, -10],
    [-half * 0.8, -10],
    [-half * 1.06, -520]
  )
  const ribs = each([-0.6, -0.3, 0, 0.3, 0.6], (share) => {
    const rib = curve([share * half * 0.7, -900], [share * half * 1.3, -480], [share * half, 0])
    return pen.line(rib, 'bodyDark', 9)
  })
  const tuft = each([-44, -22, 0, 22, 44], (turn) =>
    pen.solid(
      ribbon([[0, -860], polar(0, -870, 130, turn), polar(0, -870, 220, turn * 1.2)], [50, 56, 10]),
      /cact|saguaro|prickly/.test(words) ? 'accent' : 'accentDark',
      { depth: 0.4 }
    )
  )
  return {
    behind: tuft,
    body: pen.solid(trunk, 'body', { depth: 1.2, inside: ribs + hide(-half, -420, half * 2, 380) }),
    torso: { d: trunk, x: -half, y: -440, width: half * 2, height: 420 },
    head: '',
    face: { x: 0, y: -700, eye: 60 * model.head, apart: 98, mouth: { x: 0, y: -580, width: 112 } },
    crown: { x: 0, y: -870, width: half * 1.2 },
    neck: { x: 0, y: -440, width: half * 1.96 },
    shoulders: pair(half * 0.92, -470),
    hands: pair(half + 60, -320),
    arm: 62
  }
}
