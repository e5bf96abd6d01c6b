import { inset } from './framing.ts'
import type { Inset } from './framing.ts'
import type { Pen } from './pen.ts'
import { both, each, repeat } from './repeat.ts'
import { ellipse, group, n, path, polygon, rectangle, star } from './svg.ts'
import { match } from './traits.ts'
import type { Trait } from './traits.ts'

/** A composition: the position of the figure and the shapes that lead the eye. */
export interface Arrangement {
  /** The x of the middle of the figure. */
  x: number
  /** Factor of the height of the figure. Above 1.2 the frame crops it. */
  zoom: number
  /** Shapes between the backdrop and the figure. */
  behind: (pen: Pen, x: number, horizon: number) => string
  /** Shapes on the ground. */
  ground: (pen: Pen, x: number, horizon: number) => string
  /** How far the shapes before all other things reach into the picture. */
  inset?: Inset
  /** Shapes before all other things. */
  front: (pen: Pen, x: number) => string
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

const ARRANGEMENTS: Array<[RegExp, Partial<Arrangement>]> = [
  [
    /bold foreground/,
    {
      front: (pen) =>
        each(
          [
            [-20, 1010, 190, -24],
            [70, 1030, 150, 8],
            [960, 1020, 170, 20]
          ],
          ([x, y, size, turn]) =>
            pen.solid(ellipse(x, y, size * 0.36, size, turn), 'groundDark', { depth: 0.8 })
        )
    }
  ],
  [
    /broken pattern|repeating pattern|rhythm of light/,
    {
      behind: (pen, x) =>
        repeat(9, (index) =>
          Math.abs(index * 125 - x) < 70
            ? ''
            : pen.flat(rectangle(index * 125 - 24, 0, 48, 1000), 'skyLow', 0.5)
        )
    }
  ],
  [
    /central axis|mirror symmetry/,
    {
      behind: (pen, _x, horizon) =>
        each([110, 890], (x) =>
          pen.solid(polygon([x - 46, horizon + 30], [x, horizon - 330], [x + 46, horizon + 30]), 'farDark', {
            depth: 0.6
          })
        )
    }
  ],
  [
    /frame within|arched niche/,
    {
      behind: (pen, x) =>
        pen.flat(`M${n(x - 360)} 1010V440A360 360 0 0 1 ${n(x + 360)} 440V1010Z`, 'skyLow') +
        pen.line(`M${n(x - 360)} 1010V440A360 360 0 0 1 ${n(x + 360)} 440V1010`, 'farDark', 26)
    }
  ],
  [
    /golden spiral/,
    {
      x: 560,
      behind: (pen, x) =>
        pen.line(
          path`
            M${x - 480} 1000
            A520 520 0 0 1 ${x + 40} 330
            A260 260 0 0 1 ${x + 280} 590
            A150 150 0 0 1 ${x + 130} 740
            A90 90 0 0 1 ${x + 50} 650
          `,
          'skyLow',
          18
        )
    }
  ],
  [
    /pyramid/,
    { behind: (pen, x) => pen.flat(polygon([x, 120], [x + 430, 1000], [x - 430, 1000]), 'skyLow', 0.75) }
  ],
  [
    /staircase|stepped planes|three stepped/,
    {
      ground: (pen, _x, horizon) =>
        each([0, 1, 2], (index) =>
          pen.solid(
            rectangle(0, horizon + 40 + index * 90, 1000, 1000),
            index % 2 === 0 ? 'groundDark' : 'ground',
            { depth: 0.2 }
          )
        )
    }
  ],
  [/negative space/, { x: 340, zoom: 0.78 }],
  [/seesaw|rule of thirds|lead room|asymmetrical|off-centre/, { x: 370 }],
  [/serpentine|zigzag|winding/, { ground: windingPath }],
  [
    /vanishing|leading lines|tunnel/,
    {
      ground: rails,
      behind: (pen, x, horizon) =>
        each([440, 330, 220], (radius) => pen.line(ellipse(x, horizon - 40, radius), 'skyLow', 12))
    }
  ],
  [
    /vignette/,
    {
      ground: (pen) =>
        pen.flat('M0 0H1000V1000H0ZM500 20A480 480 0 1 0 500 980A480 480 0 1 0 500 20Z', 'farDark', 0.34)
    }
  ],
  [
    /strong diagonal|crossing diagonals/,
    { x: 420, behind: (pen) => pen.flat(polygon([0, 900], [0, 640], [1000, 60], [1000, 320]), 'skyLow', 0.8) }
  ],
  [
    /tall diamond/,
    {
      behind: (pen, x) => pen.flat(polygon([x, 70], [x + 330, 520], [x, 990], [x - 330, 520]), 'skyLow', 0.8)
    }
  ],
  [
    /theatre stage/,
    {
      inset: { top: 90, left: 130, right: 130 },
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
              index % 2 === 0 ? 'cloth' : 'clothDark',
              { depth: 0.4 }
            )
          )
        ) +
        pen.solid(`M0 0H1000V60${repeat(8, () => 'q-62 60 -125 0')}Z`, 'clothDark', {
          depth: 0.4
        })
    }
  ],
  [/tight crop/, { zoom: 1.5 }],
  [
    /ornamental border/,
    {
      inset: inset(64),
      front: (pen) =>
        pen.line(rectangle(44, 44, 912, 912), 'accent', 18) +
        each(
          [
            [44, 44],
            [956, 44],
            [956, 956],
            [44, 956]
          ],
          ([x, y]) => pen.flat(star(x, y, 46, 20, 4), 'accent')
        )
    }
  ],
  [
    /triptych/,
    {
      behind: (pen) =>
        pen.flat(rectangle(0, 0, 250, 1000), 'skyLow') +
        pen.flat(rectangle(750, 0, 250, 1000), 'skyLow') +
        pen.line('M250 -20V1020M750 -20V1020', 'paper', 22)
    }
  ],
  [
    /encircling ring|radial|rule of odds/,
    {
      behind: (pen, x) =>
        each([420, 330], (radius, index) =>
          pen.line(ellipse(x, 560, radius), index === 0 ? 'skyLow' : 'far', 30 - index * 12)
        )
    }
  ],
  [
    /radiating/,
    {
      behind: (pen, x) =>
        repeat(24, (index) =>
          group(
            pen.flat(polygon([x - 9, 180], [x + 9, 180], [x, -200]), 'far'),
            `rotate(${index * 15} ${n(x)} 560)`
          )
        )
    }
  ],
  [
    /horror vacui|graduated|overlapping|atmospheric/,
    {
      behind: (pen, _x, horizon) =>
        [90, 60, 36]
          .map((step, row) =>
            repeat(Math.ceil(1000 / step) + 1, (index) =>
              pen.flat(
                ellipse(index * step, horizon - 20 - row * 90, step * 0.44),
                row % 2 === 0 ? 'skyLow' : 'far',
                0.8
              )
            )
          )
          .reverse()
          .join('')
    }
  ],
  [/low horizon|high horizon/, {}]
]

export function arrangementOf(composition: Trait): Arrangement {
  const random = composition.random()
  const arrangement = { ...CENTRED, ...match(composition, ARRANGEMENTS, [{}]) }
  return random.chance(0.5) ? { ...arrangement, x: 1000 - arrangement.x } : arrangement
}

/** How far a composition with a low or high horizon moves the viewpoint's horizon, in units of the frame. */
export function horizonShift(composition: Trait): number {
  return /low horizon/.test(composition.words) ? 110 : /high horizon/.test(composition.words) ? -130 : 0
}
