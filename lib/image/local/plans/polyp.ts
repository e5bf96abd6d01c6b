import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { repeat } from '../repeat.ts'
import { blob, curve, polar, star } from '../svg.ts'

/** Corals, anemones, sponges, moss animals: a pillar with a crown. */
export function polyp(model: Model): Anatomy {
  const { pen, girth, random, hide } = model
  const half = 170 * girth
  const pillar = blob(
    [-half, -620],
    [half, -620],
    [half * 0.92, -300],
    [half * 1.3, -10],
    [-half * 1.3, -10],
    [-half * 0.92, -300]
  )
  const count = random.whole(9, 13)
  const tentacles = repeat(count, (index) => {
    const turn = (index - (count - 1) / 2) * (150 / count)
    return pen.limb(
      curve(
        [(index - (count - 1) / 2) * half * 0.16, -620],
        polar(0, -560, 260, turn),
        polar(0, -560, random.between(380, 460), turn * 1.1)
      ),
      index % 2 === 0 ? 'body' : 'accent',
      42
    )
  })
  return {
    behind: tentacles,
    body:
      pen.solid(pillar, 'body', { depth: 1.1, inside: hide(-half, -320, half * 2, 300) }) +
      pen.solid(star(0, -630, half * 1.1, half * 0.9, 12), 'bodyDark', { depth: 0.3 }),
    torso: { d: pillar, x: -half, y: -330, width: half * 2, height: 320, isRound: true },
    head: '',
    face: { x: 0, y: -470, eye: 54 * model.head, apart: 80, mouth: { x: 0, y: -370, width: 92 } },
    crown: { x: 0, y: -680, width: half * 1.3 },
    neck: { x: 0, y: -310, width: half * 1.86 },
    shoulders: pair(half * 0.86, -290),
    hands: pair(half + 90, -220),
    arm: 46
  }
}
