import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each } from '../repeat.ts'
import { blob, curve, ellipse, path } from '../svg.ts'
import { headless, roundTorso } from './headless.ts'
import { segmented } from './segments.ts'

/** Leaf-like feet with a fringe, which are its gills, in pairs along the body. */
function gills({ pen, girth }: Model): string {
  const rows = [0, 1, 2, 3, 4, 5] as const
  const leaf = (side: number, row: number): string => {
    const [y, long] = [-590 + row * 62, (350 - row * 34) * girth]
    return blob(
      [side * 90, y - 26],
      [side * long * 0.7, y - 50],
      [side * long, y + 20],
      [side * long * 0.72, y + 60],
      [side * 90, y + 30]
    )
  }
  const fringe = (side: number, row: number): string => {
    const [y, long] = [-590 + row * 62, (350 - row * 34) * girth]
    return each(
      [-40, -8, 26, 54],
      (dy) => path`M${side * long * 0.8} ${y + dy * 0.6}l${side * 84} ${dy + 18}`
    )
  }
  return (
    pen.line(
      both((side) => each(rows, (row) => fringe(side, row))),
      'accent',
      13
    ) +
    pen.solid(
      both((side) => each(rows, (row) => leaf(side, row))),
      'bodyDark',
      { depth: 0.4 }
    )
  )
}

/** Fairy, brine and tadpole shrimps: many leaf-like feet, a ringed tail that forks; the last has a shield. */
export function gillFooted(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const isShielded = /tadpole/.test(nameOf(model))
  const half = 150 * girth
  const { d, borders } = segmented(
    [
      [0, -700],
      [0, -480],
      [0, -280],
      [0, -130]
    ],
    [half * 2, half * 1.7, half * 1.1, half * 0.8],
    11,
    0.06
  )
  const tail = pen.limb(
    both((side) => curve([side * 24, -150], [side * 90, -70], [side * 190, -4])),
    'bodyDark',
    30
  )
  const stalks = isShielded
    ? ''
    : pen.limb(
        both((side) => curve([side * 110, -860], [side * 240, -930], [side * 330, -960])),
        'body',
        44
      ) + both((side) => pen.solid(ellipse(side * 350, -970, 64), 'ink', { depth: 0.2 }))
  const feelers = pen.line(
    both((side) => curve([side * 70, -940], [side * 130, -1050], [side * 230, -1090])),
    'accentDark',
    18
  )
  const wide = 330 * girth
  const shield = path`
    M${-wide * 0.8} -470
    Q${-wide * 1.3} -1030 0 -1040
    Q${wide * 1.3} -1030 ${wide * 0.8} -470
    Q${wide * 0.5} -600 0 -570
    Q${-wide * 0.5} -600 ${-wide * 0.8} -470Z
  `
  const head = isShielded
    ? pen.solid(shield, 'body', {
        depth: 1,
        inside: hide(-wide, -1020, wide * 2, 120) + pen.line(curve([0, -640], [0, -560]), 'bodyDark', 16)
      })
    : pen.solid(ellipse(0, -830, 216, 190), 'body', { depth: 0.9 })
  return headless(
    model,
    {
      behind: tail + feelers + stalks + gills(model),
      body:
        pen.solid(d, 'body', {
          depth: 0.8,
          inside: hide(-half, -560, half * 2, 400) + pen.line(borders, 'bodyDark', 13)
        }) + head,
      torso: roundTorso(d, half, -600, 420)
    },
    {
      y: isShielded ? -830 : -860,
      apart: 92,
      mouth: 106,
      hat: -990,
      hatWide: 280,
      neck: -590,
      neckWide: half * 1.9,
      shoulder: [half * 0.9, -590],
      arm: 42
    }
  )
}
