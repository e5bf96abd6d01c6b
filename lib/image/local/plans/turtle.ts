import type { Anatomy, Model } from '../anatomy.ts'
import { each } from '../repeat.ts'
import { curve, ellipse, polygon, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'

/** Turtles and tortoises: a dome on four stumps. */
export function turtle(model: Model): Anatomy {
  const { pen, girth, words } = model
  const radius = 116 * model.head
  const half = 330 * girth
  const dome = `M${-half + 60} -170C${-half + 40} -640 ${half + 20} -700 ${half + 60} -170Z`
  const tiles = each(
    [
      [60, -440, 92],
      [-90, -330, 74],
      [210, -330, 74],
      [-20, -230, 60],
      [140, -230, 60]
    ],
    ([x, y, size]) =>
      pen.solid(
        polygon(
          ...[0, 60, 120, 180, 240, 300].map((turn): Point => [
            x + Math.sin((turn * Math.PI) / 180) * size,
            y - Math.cos((turn * Math.PI) / 180) * size
          ])
        ),
        'clothDark',
        { depth: 0.3 }
      )
  )
  const flipper = /sea turtle|leatherback|loggerhead|green turtle|hawksbill|archelon|ridley/.test(words)
  const leg = (x: number, lean: number) =>
    flipper
      ? pen.solid(
          ribbon(
            [
              [x, -200],
              [x + lean * 2, -110],
              [x + lean * 3.4, -12]
            ],
            [110, 90, 30]
          ),
          'bodyDark'
        )
      : pen.limb(curve([x, -200], [x + lean * 0.3, -50]), 'bodyDark', 116)
  const neck = ribbon(
    [
      [-half + 120, -260],
      [-half - 20, -420],
      [-half + 20, -620]
    ],
    [130, 116, 110]
  )
  const [headX, headY] = [-half + 30, -700]
  return {
    behind:
      leg(-150, -60) + leg(250, 60) + pen.limb(curve([half + 30, -190], [half + 120, -110]), 'body', 34),
    body:
      pen.solid(neck, 'body', { depth: 0.6 }) +
      pen.solid(dome, 'cloth', { depth: 1.3, inside: tiles }) +
      pen.solid(
        `M${-half + 20} -200H${half + 90}Q${half + 60} -110 ${half} -110` +
          `H${-half + 110}Q${-half + 40} -120 ${-half + 20} -200Z`,
        'bodyLight',
        { depth: 0.4 }
      ),
    head: pen.solid(ellipse(headX, headY, radius * 1.14, radius), 'body'),
    face: {
      x: headX,
      y: headY - radius * 0.2,
      eye: radius * 0.31,
      apart: radius * 0.5,
      mouth: { x: headX, y: headY + radius * 0.5, width: radius * 0.7 }
    },
    crown: { x: headX, y: headY - radius * 0.84, width: radius * 1.5 },
    neck: { x: -half + 4, y: -530, width: 130 },
    shoulders: [
      [-half + 80, -260],
      [-half + 200, -240]
    ],
    hands: [
      [-half - 40, -200],
      [-half + 300, -170]
    ],
    arm: 60
  }
}
