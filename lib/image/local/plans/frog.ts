import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each } from '../repeat.ts'
import { blob, ellipse } from '../svg.ts'

/** Frogs and toads: wide, low, eyes on top, knees beside the ears. */
export function frog(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const half = 300 * girth
  const body = blob(
    [-half * 0.74, -700],
    [half * 0.74, -700],
    [half * 1.04, -480],
    [half * 0.86, -60],
    [-half * 0.86, -60],
    [-half * 1.04, -480]
  )
  const eye = 74 * model.head
  const bulges = both((side) =>
    pen.solid(ellipse(side * half * 0.44, -704, eye * 1.4), 'body', { depth: 0.6 })
  )
  const legs = both(
    (side) =>
      pen.solid(ellipse(side * half * 1.02, -190, 118, 176, side * 16), 'bodyDark', { depth: 0.8 }) +
      pen.solid(
        blob(
          [side * half * 0.66, -44],
          [side * (half + 120), -52],
          [side * (half + 190), -18],
          [side * (half + 120), 0],
          [side * half * 0.6, 0]
        ),
        'body',
        { depth: 0.4 }
      ) +
      each([0, 1, 2], (toe) => pen.line(`M${side * (half + 60 + toe * 44)} -10V0`, 'bodyDark', 8))
  )
  return {
    behind: legs,
    body: pen.solid(body, 'body', {
      depth: 1.2,
      inside: pen.flat(ellipse(0, -180, half * 0.72, 210), 'bodyLight') + hide(-half, -540, half * 2, 170)
    }),
    torso: { d: body, x: -half * 0.9, y: -400, width: half * 1.8, height: 330 },
    head: bulges,
    face: { x: 0, y: -716, eye, apart: half * 0.44, mouth: { x: 0, y: -520, width: half * 0.96 } },
    crown: { x: 0, y: -730, width: 150 },
    neck: { x: 0, y: -410, width: half * 1.96 },
    shoulders: pair(half * 0.7, -320),
    hands: pair(half * 0.7, -40),
    arm: 60 * girth
  }
}
