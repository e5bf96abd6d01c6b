import type { Anatomy, Model } from '../anatomy.ts'
import { repeat } from '../repeat.ts'
import { blob, curve, ellipse, polygon, ribbon } from '../svg.ts'

/** Sea horses and sea dragons. */
export function seahorse(model: Model): Anatomy {
  const { pen, girth } = model
  const body = ribbon(
    [
      [-60, -860],
      [70, -700],
      [110, -480],
      [-10, -260],
      [-60, -110],
      [60, -60],
      [110, -140],
      [40, -170]
    ],
    [150 * girth, 190 * girth, 220 * girth, 150, 90, 60, 40, 24]
  )
  const ridges = repeat(9, (index) =>
    pen.line(
      curve([-40 + index * 4, -730 + index * 60], [200 - index * 14, -720 + index * 60]),
      'bodyDark',
      9
    )
  )
  const radius = 118 * model.head
  // A tube that widens at its end.
  const snout = curve(
    [-90, -846],
    [-190, -822],
    [-256, -834],
    [-290, -800],
    [-276, -752],
    [-236, -764],
    [-150, -762],
    [-90, -772]
  )
  return {
    behind: pen.solid(blob([150, -600], [300, -560], [290, -430], [170, -400]), 'accent', { depth: 0.5 }),
    body: pen.solid(body, 'body', { inside: ridges }),
    torso: { d: body, x: -40, y: -660, width: 280, height: 330, isRound: true },
    head:
      pen.solid(
        polygon([-90, -1000], [-50, -930], [0, -1010], [40, -930], [90, -990], [80, -880], [-90, -880]),
        'accent',
        { depth: 0.3 }
      ) +
      pen.solid(ellipse(-20, -860, radius * 1.1, radius), 'body') +
      pen.joined(`${snout}Z`, snout, 'body', { depth: 0.4 }),
    face: {
      x: -30,
      y: -876,
      eye: radius * 0.34,
      apart: radius * 0.46,
      mouth: { x: -20, y: -790, width: 50 },
      beakTip: -280
    },
    crown: { x: -10, y: -950, width: 190 },
    neck: { x: 60, y: -690, width: 210 },
    hands: [
      [-60, -520],
      [220, -520]
    ],
    shoulders: [
      [0, -600],
      [180, -600]
    ],
    arm: 46
  }
}
