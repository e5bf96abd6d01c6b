import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each } from '../repeat.ts'
import { blob, curve, ellipse, polygon } from '../svg.ts'

/** Eagles, falcons, owls: broad shoulders, hooked beak, talons. */
export function raptor(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const owl = /owl/.test(words)
  const radius = (owl ? 188 : 146) * model.head
  const headY = -1000 + radius + 60
  const half = 220 * girth
  const top = headY + radius * 0.6
  const body = blob(
    [-half, top],
    [half, top],
    [half * 1.06, -460],
    [half * 0.5, -140],
    [-half * 0.5, -140],
    [-half * 1.06, -460]
  )
  const chest = pen.solid(
    blob([-half * 0.6, top + 40], [half * 0.6, top + 40], [half * 0.5, -280], [0, -150], [-half * 0.5, -280]),
    'bodyLight',
    { depth: 0.4, inside: hide(-half * 0.6, top + 60, half * 1.2, -200 - top) }
  )
  const cape = both((side) =>
    pen.solid(
      blob(
        [side * half * 0.4, top - 10],
        [side * half * 1.24, top + 50],
        [side * half * 1.42, -330],
        [side * half * 0.9, -70],
        [side * half * 0.72, -300]
      ),
      'bodyDark',
      {
        inside: each([0.4, 0.55, 0.7, 0.85], (share) =>
          pen.line(
            curve(
              [side * half * 0.7, top + (-100 - top) * share],
              [side * half * 1.1, top + (-60 - top) * share],
              [side * half * 1.4, top + (-150 - top) * share]
            ),
            'ink',
            5
          )
        )
      }
    )
  )
  const talons = both(
    (side) =>
      pen.limb(curve([side * 78, -170], [side * 80, -40]), 'accent', 40) +
      each([-34, 0, 34], (dx) => pen.limb(curve([side * 80, -34], [side * 80 + dx, -8]), 'accentDark', 22))
  )
  const disc = owl
    ? both((side) =>
        pen.flat(ellipse(side * radius * 0.46, headY - radius * 0.06, radius * 0.52), 'bodyLight')
      )
    : ''
  const tufts = owl
    ? both((side) =>
        pen.solid(
          polygon(
            [side * radius * 0.3, headY - radius * 0.72],
            [side * radius * 0.96, headY - radius * 1.38],
            [side * radius * 0.98, headY - radius * 0.4]
          ),
          'bodyDark',
          { depth: 0.3 }
        )
      )
    : ''
  const pale = /bald|osprey|vulture|secretary|caracara|kite|condor/.test(words)
  const hook = pen.solid(
    blob(
      [-radius * 0.27, headY + radius * 0.06],
      [radius * 0.27, headY + radius * 0.06],
      [radius * 0.2, headY + radius * 0.44],
      [radius * 0.02, headY + radius * 0.84],
      [-radius * 0.2, headY + radius * 0.44]
    ),
    'accent',
    { depth: 0.4 }
  )
  return {
    behind:
      pen.solid(polygon([-90, -220], [90, -220], [120, -30], [0, -60], [-120, -30]), 'bodyDark', {
        depth: 0.4
      }) + talons,
    body: pen.solid(body, 'body', { inside: chest }),
    torso: { d: body, x: -half * 0.9, y: top, width: half * 1.8, height: -150 - top },
    head:
      tufts +
      pen.solid(ellipse(0, headY, radius * 1.06, radius), pale ? 'bodyLight' : 'body', { inside: disc }),
    front: cape,
    face: {
      x: 0,
      y: headY - radius * (owl ? 0.06 : 0.16),
      eye: radius * (owl ? 0.31 : 0.26),
      apart: radius * 0.45,
      mouth: { x: 0, y: headY + radius * 0.5, width: radius * 0.72 },
      beak: hook
    },
    crown: { x: 0, y: headY - radius * 0.82, width: radius * 1.5 },
    neck: { x: 0, y: top + 26, width: half * 1.3 },
    hands: pair(half * 1.16, -150)
  }
}
