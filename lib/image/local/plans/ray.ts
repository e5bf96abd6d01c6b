import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, ellipse, path, polygon, ribbon } from '../svg.ts'
import { roundTorso } from './headless.ts'

/** A whip with a sting. */
const whip = ({ pen }: Model): string =>
  both((side) =>
    pen.solid(
      blob([side * 10, -330], [side * 190, -330], [side * 220, -200], [side * 130, -150], [side * 20, -220]),
      'bodyDark',
      { depth: 0.4 }
    )
  ) +
  pen.solid(
    ribbon(
      [
        [0, -330],
        [30, -190],
        [-30, -90],
        [130, -20],
        [300, -30]
      ],
      [130, 84, 60, 40, 12]
    ),
    'bodyDark',
    { depth: 0.5 }
  )

/** The edge of a ray: wings with pointed tips, and a snout between them. */
const wings = (half: number): string => path`
  M0 -1000
  Q${half * 0.3} -1000 ${half * 0.46} -850
  Q${half * 0.7} -660 ${half * 1.16} -560
  Q${half * 1.32} -500 ${half * 1.1} -440
  Q${half * 0.6} -400 ${half * 0.34} -250
  Q0 -180 ${-half * 0.34} -250
  Q${-half * 0.6} -400 ${-half * 1.1} -440
  Q${-half * 1.32} -500 ${-half * 1.16} -560
  Q${-half * 0.7} -660 ${-half * 0.46} -850
  Q${-half * 0.3} -1000 0 -1000Z
`

/** The darker margins of the wings, with their rays. */
const margins = ({ pen }: Model, half: number): string =>
  both(
    (side) =>
      pen.flat(
        path`
        M${side * half * 1.4} -640
        Q${side * half * 0.94} -560 ${side * half * 0.62} -500
        Q${side * half * 0.5} -400 ${side * half * 0.3} -230
        L${side * half * 1.4} -300Z
      `,
        'bodyDark'
      ) +
      pen.line(
        each(
          [-560, -500, -430],
          (y) => path`M${side * half * 0.58} ${y * 0.9 - 20}L${side * half * 1.1} ${y + 60}`
        ),
        'body',
        9
      )
  )

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
    : wings(half)
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
        (isFlat ? '' : margins(model, half)) +
        pen.flat(ellipse(0, -450, isFlat ? 90 : 170, isFlat ? 260 : 170), 'bodyLight') +
        hide(-half, -640, half * 2, 280)
    }),
    torso: roundTorso(body, 170, -620, 300),
    head: '',
    face: {
      x: 0,
      y: isFlat ? -790 : -760,
      eye: 60 * model.head,
      apart: 100,
      mouth: { x: 0, y: isFlat ? -672 : -632, width: 116 }
    },
    crown: { x: 0, y: -930, width: 210 },
    neck: { x: 0, y: -600, width: 360 },
    shoulders: pair(half * 0.66, -480),
    hands: pair(half * 0.9, -490),
    arm: 96,
    limb: 'fin'
  }
}
