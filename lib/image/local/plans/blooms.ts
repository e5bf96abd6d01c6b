import type { Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, path, polar, polygon } from '../svg.ts'
import type { Point } from '../svg.ts'

/** Where the middle of a bloom is. */
export const MIDDLE = -760

/** A leaf like a sword, from its foot to its tip. */
export type Blade = readonly [from: Point, bend: Point, tip: Point, wide: number]

function sword([[x, y], [bx, by], [tx, ty], wide]: Blade): string {
  const long = Math.hypot(tx - x, ty - y) || 1
  const [nx, ny] = [(-(ty - y) / long) * wide * 0.5, ((tx - x) / long) * wide * 0.5]
  return path`
    M${x + nx * 0.5} ${y + ny * 0.5}
    Q${bx + nx * 1.5} ${by + ny * 1.5} ${tx} ${ty}
    Q${bx - nx * 1.5} ${by - ny * 1.5} ${x - nx * 0.5} ${y - ny * 0.5}Z
  `
}

const veinOf = ([[x, y], [bx, by], [tx, ty]]: Blade): string => path`M${x} ${y}Q${bx} ${by} ${tx} ${ty}`

/** Leaves like swords with a vein each, in two tones. Those of one tone are one path, so that there are few. */
export function swords({ pen }: Model, blades: readonly Blade[]): string {
  const tone = (odd: number, role: 'bodyDark' | 'accentDark', vein: 'body' | 'accent') => {
    const some = blades.filter((_, index) => index % 2 === odd)
    if (some.length === 0) return ''
    return (
      pen.solid(some.map(sword).join(''), role, { depth: 0.4 }) +
      pen.line(some.map(veinOf).join(''), vein, 10)
    )
  }
  return tone(1, 'accentDark', 'accent') + tone(0, 'bodyDark', 'body')
}

/** Long leaves in a fan, which all grow from the foot of the stem; those of an orchid lie low. */
export function straps(model: Model, isLow = false): string {
  const tips = [
    [-1, 330, -400],
    [1, 350, -440],
    [1, 190, -600],
    [-1, 180, -640],
    [-1, 440, -180],
    [1, 440, -190]
  ] as const
  return swords(
    model,
    tips
      .slice(isLow ? 4 : 0)
      .map(([side, x, y]): Blade => [
        [side * 16, -10],
        [side * x * 0.3, y * 0.76],
        [side * x, y],
        isLow ? 170 : 130
      ])
  )
}

/** Six petals in two rings of three, and the trumpet of a daffodil around the face. */
export function sixfold({ pen }: Model, radius: number, isTrumpet: boolean): string {
  const petal = (turn: number, role: 'cloth' | 'clothDark') => {
    const tip = polar(0, MIDDLE, radius * 2.1, turn)
    const left = polar(0, MIDDLE, radius * 1.5, turn - 27)
    const right = polar(0, MIDDLE, radius * 1.5, turn + 27)
    const middle = polar(0, MIDDLE, radius * 0.6, turn)
    return pen.solid(
      path`
        M${middle[0]} ${middle[1]}
        Q${left[0]} ${left[1]} ${tip[0]} ${tip[1]}
        Q${right[0]} ${right[1]} ${middle[0]} ${middle[1]}Z
      `,
      role,
      { depth: 0.4 }
    )
  }
  const frill = isTrumpet
    ? pen.solid(
        blob(
          ...Array.from({ length: 24 }, (_, index) =>
            polar(0, MIDDLE, radius * (index % 2 === 0 ? 1.34 : 1.12), index * 15)
          )
        ),
        'accent',
        { depth: 0.4 }
      )
    : ''
  return (
    each([60, 180, 300], (turn) => petal(turn, 'clothDark')) +
    each([0, 120, 240], (turn) => petal(turn, 'cloth')) +
    frill
  )
}

/** A bell that hangs from a stalk over it, in one colour with the head. */
export function nodding({ pen, hide }: Model, radius: number): { behind: string; head: string } {
  const r = radius
  const at = (dx: number, dy: number): Point => [dx * r, MIDDLE + dy * r]
  const stalk = pen.limb(
    curve(at(0, -1.3), at(0.1, -2), at(1.6, -2.1), at(1.9, -0.6), at(1.5, 1.6), [20, -300], [0, -20]),
    'bodyDark',
    46
  )
  const stamens = pen.limb(
    each([-0.4, 0, 0.4], (share) => path`M${share * r} ${MIDDLE + r}L${share * r * 1.3} ${MIDDLE + r * 1.9}`),
    'accent',
    24
  )
  const d = path`
    M${at(0, -1.5)[0]} ${at(0, -1.5)[1]}
    Q${at(1, -1.4)[0]} ${at(1, -1.4)[1]} ${at(1.16, -0.3)[0]} ${at(1.16, -0.3)[1]}
    Q${at(1.2, 0.8)[0]} ${at(1.2, 0.8)[1]} ${at(1.7, 1.5)[0]} ${at(1.7, 1.5)[1]}
    Q${at(1.1, 1.4)[0]} ${at(1.1, 1.4)[1]} ${at(0.74, 1.1)[0]} ${at(0.74, 1.1)[1]}
    L${at(0, 1.75)[0]} ${at(0, 1.75)[1]}
    L${at(-0.74, 1.1)[0]} ${at(-0.74, 1.1)[1]}
    Q${at(-1.1, 1.4)[0]} ${at(-1.1, 1.4)[1]} ${at(-1.7, 1.5)[0]} ${at(-1.7, 1.5)[1]}
    Q${at(-1.2, 0.8)[0]} ${at(-1.2, 0.8)[1]} ${at(-1.16, -0.3)[0]} ${at(-1.16, -0.3)[1]}
    Q${at(-1, -1.4)[0]} ${at(-1, -1.4)[1]} ${at(0, -1.5)[0]} ${at(0, -1.5)[1]}Z
  `
  const seams = both((side) => curve(at(side * 0.5, -1.4), at(side * 0.96, 0), at(side * 0.74, 1.1)))
  const calyx = pen.solid(
    blob(
      at(-0.6, -1.3),
      at(0, -1.66),
      at(0.6, -1.3),
      at(0.8, -0.86),
      at(0.2, -1.14),
      at(-0.2, -1.14),
      at(-0.8, -0.86)
    ),
    'bodyDark',
    { depth: 0.3 }
  )
  return {
    behind: stalk + stamens,
    head:
      pen.solid(d, 'body', {
        depth: 0.9,
        inside: hide(-r, MIDDLE + r * 0.9, r * 2, r * 0.6) + pen.line(seams, 'bodyDark', 13)
      }) + calyx
  }
}

/** A jug with a ribbed rim and a lid, which catches insects. */
export function pitcher(
  { pen, hide }: Model,
  radius: number,
  isHood: boolean
): { behind: string; head: string } {
  const r = radius
  const y = MIDDLE
  const d = path`
    M${-r * 1.06} ${y - r * 0.9}
    Q${-r * 0.9} ${y + r * 0.2} ${-r * 1.2} ${y + r * 0.9}
    Q${-r * 1.3} ${y + r * 2} 0 ${y + r * 2.1}
    Q${r * 1.3} ${y + r * 2} ${r * 1.2} ${y + r * 0.9}
    Q${r * 0.9} ${y + r * 0.2} ${r * 1.06} ${y - r * 0.9}Z
  `
  const lid = isHood
    ? blob(
        [-r * 1.1, y - r * 0.8],
        [-r * 1.3, y - r * 1.9],
        [0, y - r * 2.2],
        [r * 1.3, y - r * 1.9],
        [r * 1.1, y - r * 0.8]
      )
    : path`
        M${r * 0.9} ${y - r * 0.9}
        Q${r * 1.7} ${y - r * 1.3} ${r * 1.2} ${y - r * 1.7}
        Q${r * 0.2} ${y - r * 2.3} ${-r * 0.9} ${y - r * 1.6}
        Q0 ${y - r * 1.2} ${r * 0.9} ${y - r * 0.9}Z
      `
  const rim = ellipse(0, y - r * 0.92, r * 1.16, r * 0.3)
  const ribs = repeat(9, (index) => path`M${(index - 4) * r * 0.29} ${y - r * 1.3}v${r * 0.8}`)
  return {
    behind: pen.solid(lid, 'cloth', {
      depth: 0.6,
      inside: pen.line(
        each([-0.5, 0, 0.5], (share) => curve([share * r * 0.4, y - r * 0.9], [share * r * 1.2, y - r * 2])),
        'clothDark',
        14
      )
    }),
    head:
      pen.solid(d, 'body', {
        depth: 1,
        inside:
          hide(-r, y + r * 1.1, r * 2, r) +
          pen.line(
            both((side) => curve([side * r * 0.7, y - r * 0.7], [side * r, y + r * 1.4])),
            'bodyDark',
            14
          )
      }) +
      pen.solid(rim, 'accent', {
        depth: 0.2,
        inside:
          pen.line(ribs, 'accentDark', 14) + pen.flat(ellipse(0, y - r * 0.94, r * 0.82, r * 0.14), 'ink')
      })
  }
}

/** The trap of a flytrap: two lobes with teeth, the face between them. */
export function trap({ pen }: Model, radius: number): string {
  const r = radius
  const y = MIDDLE
  return both((side) => {
    const edge = Array.from({ length: 9 }, (_, index) =>
      polar(side * r * 0.5, y, r * 1.5, side * (10 + index * 20))
    )
    const teeth = edge
      .map(([x, ty], index) => {
        const [ox, oy] = polar(side * r * 0.5, y, r * 2.1, side * (6 + index * 21))
        return path`M${x} ${ty}L${ox} ${oy}`
      })
      .join('')
    return (
      pen.limb(teeth, 'bodyDark', 24) +
      pen.solid(blob([side * r * 0.1, y + r * 1.5], [side * r * 0.1, y - r * 1.5], ...edge), 'body', {
        depth: 0.4,
        inside: pen.flat(ellipse(side * r * 0.9, y, r * 0.9, r * 1.2), 'cloth')
      })
    )
  })
}

/** Florets in rows that get narrower to the tip: a spike, or the torch of a red-hot poker with tubes that hang. */
export function spike({ pen }: Model, radius: number, isTorch: boolean): string {
  const florets = { accent: '', cloth: '', clothDark: '' }
  for (let row = 0; row < 8; row += 1) {
    const [y, wide, count] = [-470 - row * 86, radius * (1.62 - row * 0.17), row > 5 ? 3 : 5]
    for (let index = 0; index < count; index += 1) {
      const share = (index / (count - 1)) * 2 - 1
      const [x, size] = [share * wide, radius * (0.36 - row * 0.02)]
      const role = row < (isTorch ? 3 : 0) ? 'accent' : (index + row) % 2 === 0 ? 'cloth' : 'clothDark'
      florets[role] += isTorch
        ? ellipse(x * 0.9, y + Math.abs(share) * 40, size * 0.7, size * 1.5, share * -26)
        : ellipse(x, y + Math.abs(share) * 30, size * 1.1, size * 0.9, share * -30)
    }
  }
  return each(['clothDark', 'cloth', 'accent'] as const, (role) =>
    florets[role] === '' ? '' : pen.solid(florets[role], role, { depth: 0.4 })
  )
}

/** A titan arum: one large pleated sheath, and a club as high as the flower above the face. */
export function arum({ pen }: Model, radius: number): string {
  const r = radius
  const y = MIDDLE
  const sheath = path`
    M0 ${y + r * 2.2}
    Q${-r * 1.2} ${y + r * 1.4} ${-r * 1.5} ${y}
    Q${-r * 1.9} ${y - r * 0.7} ${-r * 2.3} ${y - r * 0.7}
    Q${-r} ${y - r * 0.5} 0 ${y - r * 0.6}
    Q${r} ${y - r * 0.5} ${r * 2.3} ${y - r * 0.7}
    Q${r * 1.9} ${y - r * 0.7} ${r * 1.5} ${y}
    Q${r * 1.2} ${y + r * 1.4} 0 ${y + r * 2.2}Z
  `
  const pleats = each([-1.2, -0.8, 0.8, 1.2], (share) =>
    curve([share * r * 1.3, y - r * 0.5], [share * r * 0.9, y + r * 0.6], [0, y + r * 2.1])
  )
  const club = blob(
    [-r * 0.66, y],
    [-r * 0.6, y - r * 1.6],
    [0, y - r * 2.1],
    [r * 0.6, y - r * 1.6],
    [r * 0.66, y]
  )
  return (
    pen.solid(club, 'accent', { depth: 0.8 }) +
    pen.solid(sheath, 'cloth', { depth: 0.8, inside: pen.line(pleats, 'clothDark', 16) })
  )
}

/** A bird of paradise: a beak of green to the left, and a crest of pointed petals above. */
export function crane({ pen }: Model, radius: number): string {
  const r = radius
  const y = MIDDLE
  const petal = (turn: number, long: number, role: 'cloth' | 'accent') => {
    const tip = polar(0, y, r * long, turn)
    const [ax, ay] = polar(0, y, r * 1.1, turn - 20)
    const [bx, by] = polar(0, y, r * 1.1, turn + 20)
    return pen.solid(polygon([0, y], [ax, ay], tip, [bx, by]), role, { depth: 0.4 })
  }
  return (
    pen.solid(
      path`
        M${r * 0.4} ${y + r * 1.1}Q${-r * 1.4} ${y + r * 1.2} ${-r * 2.7} ${y + r * 0.3}
        Q${-r * 1.6} ${y} ${-r * 0.6} ${y - r * 0.5}Z
      `,
      'bodyDark',
      { depth: 0.5 }
    ) +
    each([-34, 0, 34, 66], (turn, index) =>
      petal(turn, 2.2 - index * 0.08, index % 2 === 0 ? 'cloth' : 'accent')
    )
  )
}

/** A bat flower: two wide dark wings, and whiskers down to the ground. */
export function bat({ pen }: Model, radius: number): string {
  const r = radius
  const y = MIDDLE
  const whiskers = both((side) =>
    each([0.5, 0.9, 1.3], (share) =>
      curve(
        [side * r * share * 0.6, y],
        [side * r * share * 1.6, y + r * 1.6],
        [side * r * share * 1.5, y + r * 3]
      )
    )
  )
  const wings = both((side) =>
    pen.solid(
      blob(
        [0, y + r * 0.8],
        [side * r * 0.4, y - r * 1.3],
        [side * r * 1.6, y - r * 2],
        [side * r * 2.6, y - r * 0.9],
        [side * r * 1.8, y + r * 0.4]
      ),
      'clothDark',
      {
        depth: 0.5,
        inside: pen.line(
          each([0.2, 0.5, 0.8], (share) => curve([0, y], [side * r * 2.6, y - r * 2.2 * share])),
          'cloth',
          13
        )
      }
    )
  )
  return pen.line(whiskers, 'bodyDark', 15) + wings
}
