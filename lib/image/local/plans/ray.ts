import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, repeat } from '../repeat.ts'
import { blob, curve, ellipse, polygon, ribbon } from '../svg.ts'

/** A whip with a sting. */
const whip = ({ pen }: Model): string =>
  pen.limb(curve([0, -290], [70, -150], [-90, -90], [110, -16]), 'bodyDark', 40) +
  pen.flat(polygon([40, -90], [150, -120], [70, -50]), 'accent')

/** The tail and the fringe of a flatfish. */
function fringe({ pen, girth }: Model): string {
  const edge = both((side) =>
    pen.solid(
      ribbon(
        [
          [side * 60, -930],
          [side * 330 * girth, -760],
          [side * 370 * girth, -480],
          [side * 90, -190]
        ],
        [40, 120, 120, 60]
      ),
      'bodyDark',
      { depth: 0.4 }
    )
  )
  return (
    edge +
    pen.solid(blob([-40, -220], [40, -220], [170, -40], [130, 8], [-130, 8], [-170, -40]), 'bodyDark', {
      depth: 0.4
    })
  )
}

/** The saw of a sawfish, which lies before its head. */
function saw({ pen, words }: Model): string {
  if (!/sawfish/.test(words)) return ''
  return (
    repeat(6, (index) =>
      pen.flat(polygon([-64, -1010 - index * 26], [0, -1024 - index * 26], [64, -1010 - index * 26]), 'paper')
    ) + pen.solid(blob([-44, -900], [44, -900], [34, -1180], [-34, -1180]), 'bodyDark', { depth: 0.4 })
  )
}

/** Rays: a kite with a whip. Flatfishes: a leaf with a fringe. */
export function ray(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const isFlat = /flounder|\bsole|turbot|plaice|halibut/.test(words)
  const half = (isFlat ? 330 : 430) * girth
  const body = isFlat
    ? blob(
        [-90, -980],
        [90, -980],
        [half, -760],
        [half * 0.96, -420],
        [70, -180],
        [-70, -180],
        [-half * 0.96, -420],
        [-half, -760]
      )
    : blob(
        [-90, -980],
        [90, -980],
        [half, -560],
        [half * 1.06, -400],
        [120, -280],
        [-120, -280],
        [-half * 1.06, -400],
        [-half, -560]
      )
  const horns = /manta|devil/.test(words)
    ? both((side) =>
        pen.solid(
          blob([side * 60, -900], [side * 190, -920], [side * 160, -1080], [side * 96, -1040]),
          'bodyDark'
        )
      )
    : ''
  return {
    behind: (isFlat ? fringe(model) : whip(model)) + horns + saw(model),
    body: pen.solid(body, 'body', {
      inside:
        pen.flat(ellipse(0, -480, isFlat ? 90 : 150, isFlat ? 260 : 190), 'bodyLight') +
        hide(-half, -640, half * 2, 280)
    }),
    torso: { d: body, x: -170, y: -620, width: 340, height: 300 },
    head: '',
    face: { x: 0, y: -790, eye: 56 * model.head, apart: 96, mouth: { x: 0, y: -672, width: 110 } },
    crown: { x: 0, y: -930, width: 210 },
    neck: { x: 0, y: -600, width: 360 },
    shoulders: pair(half * 0.66, -480),
    hands: pair(half * 0.9, -490),
    arm: 96,
    limb: 'fin'
  }
}
