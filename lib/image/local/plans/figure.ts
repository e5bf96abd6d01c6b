import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { ellipse, ribbon } from '../svg.ts'

/** Nouns of no known kind: a head and a trunk in plain shapes. */
export function figure(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const half = 190 * girth
  const trunk = ribbon(
    [
      [0, -720],
      [0, -300],
      [0, -10]
    ],
    [half * 1.2, half * 1.9, half * 1.5]
  )
  const radius = 190 * model.head
  return {
    behind: '',
    body: pen.solid(trunk, 'body', { inside: hide(-half, -560, half * 2, 500) }),
    torso: { d: trunk, x: -half, y: -620, width: half * 2, height: 600 },
    head: pen.solid(ellipse(0, -1000 + radius, radius), 'body'),
    face: {
      x: 0,
      y: -1000 + radius * 0.86,
      eye: radius * 0.28,
      apart: radius * 0.44,
      mouth: { x: 0, y: -1000 + radius * 1.5, width: radius * 0.6 }
    },
    crown: { x: 0, y: -1000 + radius * 0.14, width: radius * 1.4 },
    neck: { x: 0, y: -630, width: half * 1.2 },
    shoulders: pair(half * 0.6, -560),
    hands: pair(half, -330),
    arm: 66
  }
}
