import type { Model } from '../anatomy.ts'
import { blob, ellipse, path } from '../svg.ts'
import type { Point } from '../svg.ts'

/** The head of a bird that looks to the left: its middle and its radius. */
export interface BirdHead {
  x: number
  y: number
  radius: number
}

export type BeakKind = keyof typeof BEAKS

type Five = readonly [Point, Point, Point, Point, Point]

/**
 * Half a beak in shares of the head's radius: a point on the head, the pull of the upper edge, the tip, the pull of the
 * lower edge, and the other point on the head.
 */
interface Beak {
  upper: Five
  lower: Five
}

const BEAKS = {
  thin: {
    upper: [
      [-0.5, 0.16],
      [-1, 0.22],
      [-1.5, 0.5],
      [-0.9, 0.54],
      [-0.3, 0.54]
    ],
    lower: [
      [-0.5, 0.4],
      [-0.9, 0.52],
      [-1.28, 0.58],
      [-0.8, 0.74],
      [-0.3, 0.68]
    ]
  },
  cone: {
    upper: [
      [-0.5, 0.06],
      [-1.06, 0.1],
      [-1.36, 0.54],
      [-0.9, 0.54],
      [-0.3, 0.56]
    ],
    lower: [
      [-0.5, 0.44],
      [-0.9, 0.52],
      [-1.14, 0.6],
      [-0.8, 0.92],
      [-0.3, 0.76]
    ]
  },
  dagger: {
    upper: [
      [-0.5, 0.1],
      [-1.1, 0.16],
      [-2.2, 0.5],
      [-1.2, 0.56],
      [-0.3, 0.54]
    ],
    lower: [
      [-0.5, 0.4],
      [-1.2, 0.52],
      [-2, 0.56],
      [-1.1, 0.76],
      [-0.3, 0.68]
    ]
  },
  curved: {
    upper: [
      [-0.5, 0.1],
      [-1.7, 0.04],
      [-2.1, 1.2],
      [-1.5, 0.5],
      [-0.3, 0.54]
    ],
    lower: [
      [-0.5, 0.4],
      [-1.5, 0.4],
      [-1.98, 1.12],
      [-1.3, 0.7],
      [-0.3, 0.68]
    ]
  },
  upturned: {
    upper: [
      [-0.5, 0.14],
      [-1.3, 0.5],
      [-2.3, 0.06],
      [-1.3, 0.72],
      [-0.3, 0.54]
    ],
    lower: [
      [-0.5, 0.4],
      [-1.3, 0.7],
      [-2.1, 0.24],
      [-1.2, 0.86],
      [-0.3, 0.66]
    ]
  },
  hook: {
    upper: [
      [-0.5, 0],
      [-1.5, -0.06],
      [-1.3, 1],
      [-1.1, 0.54],
      [-0.3, 0.56]
    ],
    lower: [
      [-0.5, 0.44],
      [-0.8, 0.56],
      [-1.08, 0.68],
      [-0.8, 0.9],
      [-0.3, 0.72]
    ]
  },
  needle: {
    upper: [
      [-0.5, 0.22],
      [-1.2, 0.34],
      [-2.6, 0.36],
      [-1.2, 0.56],
      [-0.3, 0.54]
    ],
    lower: [
      [-0.5, 0.4],
      [-0.9, 0.52],
      [-1.7, 0.52],
      [-0.9, 0.66],
      [-0.3, 0.64]
    ]
  },
  eagle: {
    upper: [
      [-0.46, -0.12],
      [-1.9, -0.24],
      [-1.5, 1.18],
      [-1.26, 0.54],
      [-0.3, 0.58]
    ],
    lower: [
      [-0.5, 0.44],
      [-0.8, 0.56],
      [-1.16, 0.72],
      [-0.8, 0.98],
      [-0.3, 0.76]
    ]
  },
  parrot: {
    upper: [
      [-0.46, -0.1],
      [-1.84, -0.16],
      [-1.24, 1.16],
      [-1.1, 0.5],
      [-0.3, 0.58]
    ],
    lower: [
      [-0.5, 0.44],
      [-0.8, 0.6],
      [-1.02, 0.8],
      [-0.7, 1.14],
      [-0.24, 0.8]
    ]
  },
  gull: {
    upper: [
      [-0.5, 0.1],
      [-1.86, 0.06],
      [-1.72, 0.74],
      [-1.4, 0.52],
      [-0.3, 0.54]
    ],
    lower: [
      [-0.5, 0.4],
      [-1.2, 0.52],
      [-1.52, 0.62],
      [-1.1, 0.8],
      [-0.3, 0.7]
    ]
  },
  puffin: {
    upper: [
      [-0.4, -0.34],
      [-1.5, -0.3],
      [-1.46, 0.66],
      [-1, 0.5],
      [-0.3, 0.54]
    ],
    lower: [
      [-0.5, 0.4],
      [-1, 0.52],
      [-1.3, 0.66],
      [-0.9, 1.06],
      [-0.24, 0.8]
    ]
  },
  giant: {
    upper: [
      [-0.44, -0.34],
      [-2.5, -0.62],
      [-2.5, 0.96],
      [-1.9, 0.36],
      [-0.3, 0.56]
    ],
    lower: [
      [-0.5, 0.4],
      [-1.7, 0.4],
      [-2.24, 0.76],
      [-1.5, 1.02],
      [-0.24, 0.8]
    ]
  },
  pouch: {
    upper: [
      [-0.5, 0.1],
      [-1.3, 0.16],
      [-2.5, 0.62],
      [-1.3, 0.54],
      [-0.3, 0.54]
    ],
    lower: [
      [-0.5, 0.44],
      [-1.3, 0.5],
      [-2.36, 0.64],
      [-1.1, 1.9],
      [-0.2, 0.94]
    ]
  },
  bent: {
    upper: [
      [-0.5, 0.06],
      [-1.6, 0],
      [-1.5, 1.14],
      [-1.24, 0.56],
      [-0.3, 0.54]
    ],
    lower: [
      [-0.5, 0.4],
      [-1.2, 0.5],
      [-1.46, 1.08],
      [-0.9, 0.9],
      [-0.3, 0.72]
    ]
  }
} satisfies Record<string, Beak>

const through = ([from, over, tip, under, to]: Five, { x, y, radius }: BirdHead): string => {
  const at = ([dx, dy]: Point): Point => [x + dx * radius, y + dy * radius]
  const [a, b, c, d, e] = [at(from), at(over), at(tip), at(under), at(to)]
  return path`
    M${a[0]} ${a[1]}
    Q${b[0]} ${b[1]} ${c[0]} ${c[1]}
    Q${d[0]} ${d[1]} ${e[0]} ${e[1]}Z
  `
}

/** A broad bill, whose end is round. @param tip share of the radius */
function bill({ pen }: Model, { x, y, radius }: BirdHead, tip: number, end: number): string {
  const at = (dx: number, dy: number): Point => [x + dx * radius, y + dy * radius]
  return (
    pen.solid(
      blob(at(-0.4, 0.44), at(-tip, 0.5), at(-tip - 0.04, 0.76), at(-0.9, 0.86), at(-0.2, 0.8)),
      'accentDark',
      { depth: 0.3 }
    ) +
    pen.solid(
      blob(
        at(-0.3, 0.1),
        at(-0.9, 0.3),
        at(-tip, 0.24),
        at(-tip - end, 0.34),
        at(-tip - end, 0.7),
        at(-tip + 0.1, 0.66),
        at(-0.9, 0.58),
        at(-0.2, 0.66)
      ),
      'accent',
      {
        depth: 0.4,
        inside: pen.flat(ellipse(...at(-0.96, 0.4), radius * 0.07, radius * 0.045), 'accentDark')
      }
    )
  )
}

/** The two halves of a beak from the side. The mouth is drawn over them. */
export function beak(model: Model, kind: BeakKind | 'bill' | 'spoon', head: BirdHead): string {
  if (kind === 'bill') return bill(model, head, 1.4, 0.26)
  if (kind === 'spoon') return bill(model, head, 2.1, 0.5)
  const { pen } = model
  const { upper, lower } = BEAKS[kind]
  const tip = (d: string, dx: number, dy: number, size: number) =>
    pen.within(
      d,
      pen.flat(ellipse(head.x + dx * head.radius, head.y + dy * head.radius, size * head.radius), 'ink')
    )
  const d = through(upper, head)
  const ends =
    kind === 'bent'
      ? tip(d, -1.5, 1, 0.52)
      : kind === 'giant'
        ? tip(d, -2.4, 0.86, 0.5)
        : kind === 'puffin'
          ? pen.within(
              d,
              pen.line(
                path`M${head.x - head.radius * 0.72} ${head.y - head.radius * 0.6}v${head.radius * 1.6}`,
                'paper',
                head.radius * 0.14
              )
            )
          : ''
  return (
    pen.solid(through(lower, head), 'accentDark', { depth: 0.3 }) +
    pen.solid(d, 'accent', { depth: 0.4 }) +
    ends
  )
}
