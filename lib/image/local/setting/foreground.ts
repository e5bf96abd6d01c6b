import type { Pen } from '../pen.ts'
import type { Random } from '../random.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, ellipse, n, path, polar, polygon, rectangle } from '../svg.ts'
import type { Point } from '../svg.ts'

/** Where the figure is, and how large the things before it are: 1 is usual. */
export interface Near {
  x: number
  size: number
  /** 1 if a single thing is at the right, -1 if at the left: away from the story. */
  side: number
}

/** Draws what is before the figure: it covers the feet, and is higher at the sides than in the middle. */
type Foreground = (pen: Pen, near: Near, random: Random) => string

/** Half the width before the figure in which things are low, and their height there as a share of the usual one. */
const [CLEAR, LOW] = [200, 0.16]

/** Positions along the lower edge, with the height that keeps the figure free. */
function along(count: number, { x, size }: Near, draw: (at: number, high: number, index: number) => string) {
  return repeat(count, (index) => {
    const at = (1060 * (index + 0.5)) / count - 30
    const away = Math.max(0, Math.min(1, (Math.abs(at - x) - CLEAR) / 260))
    return draw(at, (LOW + (1 - LOW) * away) * size, index)
  })
}

/** Whether a single plant would stand before the figure. */
const isBefore = (at: number, { x }: Near) => Math.abs(at - x) < CLEAR + 40

/** A leaf as a path, from its stem at x, y. @param degrees from the top, clockwise */
function leaf(x: number, y: number, length: number, width: number, degrees: number): string {
  const [tipX, tipY] = polar(x, y, length, degrees)
  const bulge = (side: number): Point => {
    const [mx, my] = polar(x, y, length * 0.45, degrees)
    return polar(mx, my, width, degrees + side * 90)
  }
  const [[lx, ly], [rx, ry]] = [bulge(-1), bulge(1)]
  return path`M${x} ${y}Q${lx} ${ly} ${tipX} ${tipY}Q${rx} ${ry} ${x} ${y}Z`
}

/** A flower as a path: five petals, each a curve from the middle and back. */
const flower = (x: number, y: number, size: number) =>
  path`M${x} ${y}` +
  each([0, 72, 144, 216, 288], (turn) => {
    const [left, right] = [-45, 45].map((side) => polar(0, 0, size * 2.4, turn + side)) as [Point, Point]
    return path`c${left[0]} ${left[1]} ${right[0]} ${right[1]} 0 0`
  })

const wave = (y: number, width: number, shift: number) =>
  `M${n(-80 - shift)} ${n(y)}` +
  repeat(Math.ceil(1240 / width), () => `q${n(width / 2)} ${n(-width * 0.42)} ${n(width)} 0`)

const mound = (x: number, half: number, height: number) =>
  path`M${x - half} 1010Q${x - half * 0.5} ${1000 - height * 2} ${x + half} 1010Z`

export const FOREGROUNDS = {
  grass: (pen, near, random) => {
    const blades = (count: number, high: number) =>
      along(count, near, (x, share) => {
        const [h, lean] = [high * share * random.between(0.7, 1.3), random.between(-26, 26)]
        return path`
          M${x - 11} 1010Q${x - 4} ${1000 - h * 0.5} ${x + lean} ${1000 - h}
          Q${x + 9} ${1000 - h * 0.5} ${x + 13} 1010Z
        `
      })
    return pen.flat(blades(24, 150), 'groundDark') + pen.flat(blades(30, 120), 'front')
  },
  ferns: (pen, { x, size }) =>
    both((side) => {
      const [rootX, free] = [side < 0 ? -10 : 1010, side < 0 ? x : 1000 - x]
      const long = Math.min(330, free * 0.72) * size
      const turns = [8, 34, 62]
      return (
        pen.flat(
          each(turns, (turn, index) => leaf(rootX, 1010, long * (1 - index * 0.08), 46 * size, -side * turn)),
          'front'
        ) +
        pen.line(
          each(turns, (turn, index) => {
            const [tipX, tipY] = polar(rootX, 1010, long * (0.86 - index * 0.08), -side * turn)
            return path`M${rootX} 1010L${tipX} ${tipY}`
          }),
          'ground',
          5
        )
      )
    }),
  waves: (pen, { size }) => {
    const [back, front] = [wave(1000 - 66 * size, 150, 0), wave(1000 - 22 * size, 190, 70)]
    return (
      pen.flat(`${back}V1100H-200Z`, 'groundDark') +
      pen.line(back, 'paper', 8) +
      pen.flat(`${front}V1100H-200Z`, 'front') +
      pen.line(front, 'paper', 6)
    )
  },
  flowers: (pen, near, random) => {
    const heads = { paper: '', accent: '', cloth: '' }
    const roles = ['paper', 'accent', 'cloth'] as const
    const stems = along(12, near, (x, share, index) => {
      const y = 1000 - (60 + random.between(60, 190)) * share
      if (isBefore(x, near)) return ''
      const size = (15 + 17 * share) * Math.min(1.3, near.size)
      heads[roles[index % 3]!] += flower(x, y, size)
      return path`M${x} ${y}Q${x + 10} ${y + 60} ${x} 1010`
    })
    return (
      pen.line(stems, 'front', 9) +
      each(roles, (role) => pen.flat(heads[role], role)) +
      pen.flat(
        along(9, near, (x, share) => leaf(x, 1010, 120 * share, 26, x < near.x ? 24 : -24)),
        'front'
      )
    )
  },
  reeds: (pen, near, random) => {
    let tops = ''
    const stems = along(15, near, (x, share, index) => {
      const y = 1000 - (30 + random.between(120, 300)) * share
      if (isBefore(x, near)) return ''
      if (index % 2 === 0) tops += rectangle(x - 12, y - 46, 24, 84, 12)
      return path`M${x} ${y}Q${x + 8} ${y + 90} ${x} 1010`
    })
    return pen.line(stems, 'front', 9) + pen.flat(tops, 'accentDark')
  },
  fence: (pen, near) => {
    const top = 1000 - 110 * near.size
    const [left, right] = [near.x - CLEAR, near.x + CLEAR]
    return pen.flat(
      rectangle(-10, top + 34, Math.max(0, left), 18) +
        rectangle(right + 10, top + 34, Math.max(0, 1000 - right), 18) +
        repeat(11, (index) => {
          const x = index * 100 - 24
          if (isBefore(x + 24, near)) return ''
          return polygon([x, 1010], [x, top + 16], [x + 24, top - 10], [x + 48, top + 16], [x + 48, 1010])
        }),
      'front'
    )
  },
  rocks: (pen, near, random) =>
    pen.flat(
      both((side) => {
        const edge = side < 0 ? 0 : 1000
        const h = random.between(110, 170) * near.size
        return blob(
          [edge + side * 60, 1040],
          [edge + side * 40, 1000 - h],
          [edge - side * 80, 1000 - h * 0.9],
          [edge - side * 190, 1000 - h * 0.3],
          [edge - side * 280, 1040]
        )
      }) +
        along(7, near, (x, share) =>
          blob([x - 46, 1010], [x - 30, 1000 - 44 * share], [x + 26, 1000 - 50 * share], [x + 50, 1010])
        ),
      'front'
    ),
  drift: (pen, { x, size }) =>
    pen.flat(mound(x - 420, 430, 90 * size) + mound(x + 430, 420, 70 * size), 'groundDark') +
    pen.flat(mound(x - 240, 560, 44 * size) + mound(x + 330, 520, 56 * size), 'paper'),
  clouds: (pen, near) => {
    const puffs = along(8, near, (x, share) => ellipse(x, 1030, 90, 50 + 66 * share))
    return (
      pen.flat(
        along(6, near, (x, share) => ellipse(x, 1010, 110, 60 + 90 * share)),
        'skyLow'
      ) + pen.flat(puffs, 'paper')
    )
  },
  seaweed: (pen, { x, size }, random) =>
    both((side) => {
      const root = side < 0 ? 90 : 910
      const free = Math.abs(root - x) > 240 ? 1 : 0.6
      const h = random.between(190, 290) * size * free
      // Ribbons of seaweed, because branches look like a cactus.
      const ribbonOf = (dx: number, share: number, bend: number) => {
        const step = (h * share) / 3
        return (
          path`M${root + dx} 1010q${bend} ${-step / 2 - 5} 0 ${-step - 10}` +
          path`t0 ${-step}t${bend * 0.4} ${-step}`
        )
      }
      return (
        pen.line(
          ribbonOf(-64, 0.62, 34) + ribbonOf(-20, 1, -38) + ribbonOf(26, 0.8, 36) + ribbonOf(70, 0.5, -30),
          'front',
          24
        ) + pen.flat(mound(root, 170, 24 * size), 'front')
      )
    }),
  carpet: (pen, { size }) => {
    const top = 1000 - 70 * size
    return (
      pen.flat(rectangle(-10, top, 1020, 100), 'front') +
      pen.flat(rectangle(-10, top + 16, 1020, 12), 'accent')
    )
  },
  pots: (pen, { side, size }) => {
    const at = 500 + side * 380
    const leaves = [-62, -30, 0, 30, 62]
    return (
      pen.flat(
        each(leaves, (turn) => leaf(at, 900, (250 - Math.abs(turn)) * size, 34 * size, turn)),
        'front'
      ) +
      pen.solid(polygon([at - 90, 890], [at + 90, 890], [at + 66, 1010], [at - 66, 1010]), 'groundDark', {
        depth: 0.4
      }) +
      pen.flat(rectangle(at - 100, 872, 200, 36, 6), 'front')
    )
  }
} as const satisfies Record<string, Foreground>

export type ForegroundName = keyof typeof FOREGROUNDS
