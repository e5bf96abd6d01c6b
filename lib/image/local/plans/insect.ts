import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each } from '../repeat.ts'
import { blob, curve, ellipse, ribbon } from '../svg.ts'

/** Butterflies, beetles, bees: three parts, feelers, wings behind. */
export function insect(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const radius = 136 * model.head
  const headY = -1000 + radius + 90
  const butterfly = /butterfl|moth/.test(words)
  const clear =
    /dragonfl|damselfl|bee\b|bees|wasp|fly\b|flies|cicada|mayfly|lacewing|mosquito|midge|hornet/.test(words)
  const slim = /mantis|mantid|stick|grasshopper|cricket|locust|katydid|ant\b|ants|water strider/.test(words)
  const half = (slim ? 100 : butterfly ? 92 : 170) * girth
  const abdomen = blob(
    [-half * 0.7, -560],
    [half * 0.7, -560],
    [half * 1.1, -330],
    [half * 0.3, -90],
    [-half * 0.3, -90],
    [-half * 1.1, -330]
  )
  const bands = each([0, 1, 2, 3], (index) =>
    pen.line(
      curve([-half * 1.2, -480 + index * 96], [0, -440 + index * 96], [half * 1.2, -480 + index * 96]),
      'bodyDark',
      butterfly ? 16 : 30
    )
  )
  const wings = butterfly
    ? both(
        (side) =>
          pen.solid(
            blob(
              [side * 40, -640],
              [side * 250, -960],
              [side * 500, -940],
              [side * 450, -620],
              [side * 110, -520]
            ),
            'cloth',
            {
              depth: 1.2,
              inside:
                hide(side > 0 ? 60 : -480, -900, 420, 330) +
                pen.flat(ellipse(side * 330, -780, 74), 'accent') +
                pen.flat(ellipse(side * 330, -780, 38), 'ink')
            }
          ) +
          pen.solid(
            blob(
              [side * 50, -540],
              [side * 350, -560],
              [side * 380, -300],
              [side * 250, -170],
              [side * 90, -380]
            ),
            'clothDark',
            { depth: 0.8, inside: pen.flat(ellipse(side * 240, -390, 52), 'accent') }
          )
      )
    : clear
      ? both((side) =>
          each([0, 1], (row) =>
            pen.solid(
              ribbon(
                [
                  [side * 70, -640 + row * 60],
                  [side * 270, -760 + row * 190],
                  [side * 480, -800 + row * 260]
                ],
                [40, 130, 60]
              ),
              'paper',
              {
                depth: 0.5,
                inside: pen.line(
                  curve([side * 70, -640 + row * 60], [side * 470, -800 + row * 260]),
                  'farDark',
                  6
                )
              }
            )
          )
        )
      : ''
  const elytra =
    !butterfly && !clear && !slim
      ? pen.line('M0 -600V-120', 'bodyDark', 12) +
        (/ladybird|ladybug|leaf beetle/.test(words)
          ? each(
              [
                [-80, -450],
                [80, -450],
                [-100, -290],
                [100, -290],
                [-60, -170],
                [60, -170]
              ],
              ([x, y]) => pen.flat(ellipse(x, y, 40), 'ink')
            )
          : hide(-half, -560, half * 2, 430))
      : bands
  const legs = each([0, 1], (row) =>
    both((side) =>
      pen.limb(
        curve(
          [side * half * 0.7, -460 + row * 150],
          [side * (half + 150), -470 + row * 200],
          [side * (half + 130 - row * 40), -8]
        ),
        'ink',
        22
      )
    )
  )
  const horn = /rhinoceros|hercules|stag|elephant beetle/.test(words)
    ? both((side) =>
        pen.line(
          curve(
            [side * 40, headY - radius * 0.8],
            [side * 150, headY - radius * 1.5],
            [side * 40, headY - radius * 2]
          ),
          'bodyDark',
          32
        )
      )
    : both(
        (side) =>
          pen.line(
            curve(
              [side * radius * 0.34, headY - radius * 0.8],
              [side * radius * 0.5, headY - radius * 1.5],
              [side * radius * 1.15, headY - radius * 1.7]
            ),
            'ink',
            13
          ) + pen.flat(ellipse(side * radius * 1.18, headY - radius * 1.72, 26), 'accent')
      )
  const thorax = ellipse(0, -640, half * 0.98 + 20, 110)
  return {
    behind: wings + legs,
    body:
      pen.solid(abdomen, 'body', { depth: 1.1, inside: elytra }) +
      pen.solid(thorax, 'bodyDark', { depth: 0.6 }),
    torso: { d: abdomen, x: -half, y: -600, width: half * 2, height: 480 },
    head: horn + pen.solid(ellipse(0, headY, radius * 1.1, radius), 'body'),
    face: {
      x: 0,
      y: headY - radius * 0.1,
      eye: radius * 0.34,
      apart: radius * 0.5,
      mouth: { x: 0, y: headY + radius * 0.56, width: radius * 0.5 }
    },
    crown: { x: 0, y: headY - radius * 0.86, width: radius * 1.4 },
    neck: { x: 0, y: -700, width: half * 1.7 + 50 },
    shoulders: pair(half * 0.7 + 30, -640),
    hands: pair(half + 60, -430),
    arm: 34
  }
}
