import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { blob, curve, ellipse } from '../svg.ts'

/** Rays and flatfishes: a kite with a whip. */
export function ray(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const half = 430 * girth
  const body = blob(
    [-90, -960],
    [90, -960],
    [half, -560],
    [half * 0.94, -470],
    [120, -280],
    [-120, -280],
    [-half * 0.94, -470],
    [-half, -560]
  )
  return {
    behind: pen.limb(curve([0, -290], [60, -150], [-90, -80], [70, -12]), 'bodyDark', 34),
    body: pen.solid(body, 'body', {
      inside: pen.flat(ellipse(0, -480, 150, 190), 'bodyLight') + hide(-half, -700, half * 2, 300)
    }),
    torso: { d: body, x: -170, y: -620, width: 340, height: 300 },
    head: '',
    face: { x: 0, y: -780, eye: 54 * model.head, apart: 92, mouth: { x: 0, y: -670, width: 96 } },
    crown: { x: 0, y: -930, width: 210 },
    neck: { x: 0, y: -600, width: 360 },
    hands: pair(half * 0.9, -490)
  }
}
