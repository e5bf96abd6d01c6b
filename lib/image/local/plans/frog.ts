import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both } from '../repeat.ts'
import { blob, ellipse } from '../svg.ts'
import type { Point } from '../svg.ts'
import { roundTorso } from './headless.ts'

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
  const eye = 68 * model.head
  // The bulges grow with the eyes, so that a wide eye stays on the head.
  const bulge = eye * 1.34 * Math.max(1.06, model.expression.wide)
  const bulges = both((side) => pen.solid(ellipse(side * half * 0.46, -704, bulge), 'body', { depth: 0.6 }))
  // A folded thigh whose knee is up, and a foot with three toes.
  const legs = both((side) => {
    const at = (x: number, y: number): Point => [side * (half + x), y]
    return (
      pen.solid(
        blob(at(-150, -60), at(-90, -240), at(10, -390), at(120, -390), at(150, -250), at(90, -70)),
        'body',
        { depth: 0.7 }
      ) +
      pen.solid(
        blob(
          at(-110, -56),
          at(60, -84),
          at(200, -50),
          at(230, 2),
          at(160, -12),
          at(130, 12),
          at(80, -10),
          at(30, 10),
          at(-30, -6),
          at(-120, 2)
        ),
        'bodyDark',
        { depth: 0.3 }
      )
    )
  })
  return {
    behind: legs,
    body: pen.solid(body, 'body', {
      depth: 1.2,
      inside: pen.flat(ellipse(0, -180, half * 0.72, 210), 'bodyLight') + hide(-half, -540, half * 2, 170)
    }),
    torso: roundTorso(body, half * 0.9, -400, 330),
    head: bulges,
    face: {
      x: 0,
      y: -716,
      eye,
      apart: half * 0.46,
      top: -716 - bulge * 1.1,
      mouth: { x: 0, y: -520, width: half * 0.84 }
    },
    crown: { x: 0, y: -730, width: 150 },
    neck: { x: 0, y: -410, width: half * 1.96 },
    shoulders: pair(half * 0.7, -320),
    hands: pair(half * 0.7, -40),
    arm: 60 * girth
  }
}
