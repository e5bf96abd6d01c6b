import type { Anatomy, Model } from '../anatomy.ts'
import { repeat } from '../repeat.ts'
import { blob, curve, ellipse, polar } from '../svg.ts'
import { anyOf } from '../words.ts'

const BELL_FLOWERS = anyOf(
  /foxglove|bluebell|snapdragon|pitcher|cobra|fritillary/,
  /fuchsia|arum|orchid|tulip|flytrap|monkshood/
)

/** One bell that hangs down. */
function bell({ pen, hide }: Model, radius: number): string {
  return pen.solid(
    blob(
      [-radius * 0.5, -1030],
      [radius * 0.5, -1030],
      [radius * 1.3, -800],
      [radius * 1.5, -600],
      [0, -560],
      [-radius * 1.5, -600],
      [-radius * 1.3, -800]
    ),
    'cloth',
    { depth: 1.1, inside: hide(-200, -980, 400, 200) }
  )
}

/** A ring of petals around the face. */
function petals({ pen, girth }: Model, radius: number, count: number): string {
  return repeat(count, (index) => {
    const turn = (index * 360) / count
    const petal = ellipse(...polar(0, -760, radius * 1.28, turn), radius * 0.36 * girth, radius * 0.66, turn)
    return pen.solid(petal, index % 2 === 0 ? 'cloth' : 'clothDark', { depth: 0.5 })
  })
}

/** Flowers and herbs: a stem, two leaves for arms, a face in the bloom. */
export function flower(model: Model): Anatomy {
  const { pen, words, random } = model
  const radius = 176 * model.head
  const count = random.whole(6, 12)
  const isBell = BELL_FLOWERS.test(words)
  return {
    behind: isBell ? bell(model, radius) : petals(model, radius, count),
    body:
      pen.limb(curve([0, -620], [26, -320], [0, -20]), 'accent', 66) +
      pen.solid(blob([-150, -30], [150, -30], [110, 0], [-110, 0]), 'accentDark', { depth: 0.4 }),
    head: pen.solid(ellipse(0, -760, radius), 'body'),
    face: {
      x: 0,
      y: -780,
      eye: radius * 0.29,
      apart: radius * 0.43,
      mouth: { x: 0, y: -680, width: radius * 0.6 }
    },
    crown: { x: 0, y: -760 - radius * (isBell ? 1.3 : 0.9), width: radius * 1.3 },
    neck: { x: 4, y: -560, width: 110 },
    shoulders: [
      [10, -380],
      [14, -330]
    ],
    hands: [
      [-280, -420],
      [280, -340]
    ],
    arm: 74,
    limb: 'leaf'
  }
}
