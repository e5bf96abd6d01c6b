import { inset } from './framing.ts'
import type { Inset } from './framing.ts'
import type { Pen } from './pen.ts'
import { both, each, repeat } from './repeat.ts'
import { ellipse, n, path, polar, polygon, rectangle, star } from './svg.ts'
import { match } from './traits.ts'
import type { Trait } from './traits.ts'

/** A composition: the position of the figure and the shapes that lead the eye. */
export interface Arrangement {
  /** The x of the middle of the figure. */
  x: number
  /** Factor of the height of the figure. Above 1.2 the frame crops it. */
  zoom: number
  /** One quiet shape between the backdrop and the figure. */
  behind: (pen: Pen, x: number, horizon: number) => string
  /** Shapes on the ground. */
  ground: (pen: Pen, x: number, horizon: number) => string
  /** How far the shapes before all other things reach into the picture. */
  inset?: Inset
  /** Shapes before all other things. */
  front: (pen: Pen, x: number) => string
  /** Whether `front` is a frame, which only a hand without one needs. */
  isFrame?: true
}

const nothing = () => ''

const CENTRED: Arrangement = { x: 500, zoom: 1, behind: nothing, ground: nothing, front: nothing }

const windingPath = (pen: Pen, x: number, horizon: number) =>
  pen.flat(
    path`
      M${x - 30} ${horizon}
      C${x + 220} ${horizon + 70} ${x - 330} ${horizon + 130} ${x - 210} 1000
      H${x + 240}
      C${x + 60} ${horizon + 140} ${x + 330} ${horizon + 60} ${x + 20} ${horizon}Z
    `,
    'skyLow',
    0.7
  )

const rails = (pen: Pen, x: number, horizon: number) =>
  each([-520, -300, -120, 120, 300, 520], (dx) =>
    pen.line(`M${n(x)} ${n(horizon)}L${n(x + dx * 1.7)} 1000`, 'groundDark', 8)
  )

const disc = (radius: number) => (pen: Pen, x: number) => pen.flat(ellipse(x, 470, radius), 'skyLow')

const ARRANGEMENTS: Array<[RegExp, Partial<Arrangement>]> = [
  [/bold foreground/, { zoom: 1.08 }],
  [
    /broken pattern|repeating pattern|rhythm of light/,
    {
      behind: (pen) =>
        pen.flat(
          repeat(5, (index) => rectangle(index * 200 + 50, 0, 100, 1000)),
          'skyLow'
        )
    }
  ],
  [/central axis|mirror symmetry/, { x: 500, zoom: 1.04 }],
  [
    /frame within|arched niche/,
    {
      behind: (pen, x) => pen.flat(`M${n(x - 340)} 1010V440A340 340 0 0 1 ${n(x + 340)} 440V1010Z`, 'skyLow')
    }
  ],
  [/golden spiral/, { x: 590 }],
  [/pyramid/, { behind: (pen, x) => pen.flat(polygon([x, 90], [x + 450, 1000], [x - 450, 1000]), 'skyLow') }],
  [
    /staircase|stepped planes|three stepped/,
    {
      ground: (pen, _x, horizon) =>
        each([0, 1, 2], (index) =>
          pen.flat(
            rectangle(0, horizon + 40 + index * 90, 1000, 1000),
            index % 2 === 0 ? 'groundDark' : 'ground'
          )
        )
    }
  ],
  [/negative space/, { x: 320, zoom: 0.88 }],
  [/seesaw|rule of thirds|lead room|asymmetrical|off-centre/, { x: 370 }],
  [/serpentine|zigzag|winding/, { ground: windingPath }],
  [/vanishing|leading lines|tunnel/, { ground: rails }],
  [/vignette/, { zoom: 0.97, behind: disc(430) }],
  [
    /strong diagonal|crossing diagonals/,
    { x: 420, behind: (pen) => pen.flat(polygon([0, 1000], [0, 560], [1000, 0], [1000, 1000]), 'skyLow') }
  ],
  [
    /tall diamond/,
    { behind: (pen, x) => pen.flat(polygon([x, 40], [x + 360, 520], [x, 1000], [x - 360, 520]), 'skyLow') }
  ],
  [
    /theatre stage/,
    {
      inset: { top: 90, left: 130, right: 130 },
      isFrame: true,
      front: (pen) =>
        both((side) =>
          each([0, 1, 2], (index) =>
            pen.solid(
              path`
                M${side < 0 ? 0 : 1000} 0
                h${-side * (190 - index * 56)}
                q${side * 60} 420 ${side * 70} 1000
                h${side * (120 - index * 56)}Z
              `,
              index % 2 === 0 ? 'front' : 'farDark',
              { depth: 0.4 }
            )
          )
        ) +
        pen.solid(`M0 0H1000V60${repeat(8, () => 'q-62 60 -125 0')}Z`, 'front', {
          depth: 0.4
        })
    }
  ],
  [/tight crop/, { zoom: 1.5 }],
  [
    /ornamental border/,
    {
      inset: inset(64),
      isFrame: true,
      front: (pen) =>
        pen.flat('M-9 -9H1009V1009H-9ZM44 44V956H956V44Z', 'front') +
        pen.line(rectangle(44, 44, 912, 912), 'accent', 12) +
        each(
          [
            [44, 44],
            [956, 44],
            [956, 956],
            [44, 956]
          ],
          ([x, y]) => pen.flat(star(x, y, 40, 18, 4), 'accent')
        )
    }
  ],
  [
    /triptych/,
    {
      behind: (pen) => pen.flat(rectangle(-9, 0, 259, 1000) + rectangle(750, 0, 259, 1000), 'skyLow')
    }
  ],
  [/encircling ring|radial|rule of odds/, { behind: disc(390) }],
  [
    /radiating/,
    {
      behind: (pen, x) =>
        pen.flat(
          repeat(9, (index) =>
            polygon([x, 560], polar(x, 560, 1300, index * 40), polar(x, 560, 1300, index * 40 + 20))
          ),
          'skyLow'
        )
    }
  ],
  [
    /horror vacui|graduated|overlapping|atmospheric/,
    {
      behind: (pen, _x, horizon) =>
        each([220, 110], (high, index) =>
          pen.flat(
            path`
              M-60 ${horizon - high}
              Q230 ${horizon - high - 90} 500 ${horizon - high}
              T1060 ${horizon - high}
              V${horizon + 40}H-60Z
            `,
            index === 0 ? 'skyLow' : 'far'
          )
        )
    }
  ],
  [/low horizon|high horizon/, {}]
]

/** The arrangement of a composition. Each row moves the figure a little, and makes it a little larger or smaller. */
export function arrangementOf(composition: Trait): Arrangement {
  const random = composition.random()
  const arrangement = { ...CENTRED, ...match(composition, ARRANGEMENTS, [{}]) }
  const isMirrored = random.chance(0.5)
  const x = Math.round(arrangement.x + random.between(-34, 34))
  const zoom = arrangement.zoom * (composition.name === '' ? 1 : random.pick([0.97, 0.985, 1, 1.02]))
  return { ...arrangement, zoom, x: isMirrored ? 1000 - x : x }
}

/** How far a composition with a low or high horizon moves the viewpoint's horizon, in units of the frame. */
export function horizonShift(composition: Trait): number {
  return /low horizon/.test(composition.words) ? 110 : /high horizon/.test(composition.words) ? -90 : 0
}
