import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each } from '../repeat.ts'
import { blob, ellipse, polar, polyline } from '../svg.ts'
import type { Point } from '../svg.ts'
import { cellOf } from './microbe-shapes.ts'
import type { Cell } from './bacteria.ts'
import { virus } from './virus.ts'

/** The y of a cell's middle. */
const CENTRE = -520

/** How many points a soft cell has around it. */
const BULGES = 9

/** A fringe of short lines all around a cell. */
function cilia({ pen }: Model, radii: readonly number[]): string {
  const lines = Array.from({ length: BULGES * 4 }, (_, index) => {
    const [turn, at] = [(index * 90) / BULGES, index / 4]
    const [low, high] = [radii[Math.floor(at)]!, radii[Math.ceil(at) % BULGES]!]
    const radius = low + (high - low) * (at % 1)
    return polyline(polar(0, CENTRE, radius * 0.86, turn), polar(0, CENTRE, radius * 1.13, turn + 5))
  })
  return pen.line(lines.join(''), 'bodyDark', 13)
}

/** What is inside of a cell, below its face: the nucleus with its core, and two small organs. */
function organs({ pen }: Model, half: number): string {
  const at = (dx: number, dy: number): Point => [dx * half, CENTRE + dy * half]
  return (
    pen.solid(ellipse(...at(0.3, 0.56), half * 0.27, half * 0.24), 'accent', {
      depth: 0.4,
      inside: pen.flat(ellipse(...at(0.34, 0.6), half * 0.1), 'accentDark')
    }) +
    each([at(-0.36, 0.62), at(-0.1, 0.84)], ([x, y], index) =>
      pen.solid(ellipse(x, y, half * 0.16, half * 0.085, index * 50 - 30), 'bodyDark', { depth: 0 })
    )
  )
}

/** The light inside of a cell, which leaves its wall around it. */
const plasma = ({ pen }: Model, radii: readonly number[]): string =>
  pen.flat(
    blob(...radii.map((radius, index) => polar(0, CENTRE, radius * 0.87, (index * 360) / BULGES))),
    'bodyLight',
    0.45
  )

/** A cell of a shape of its own. */
function shaped({ pen, head, hide }: Model, { behind, d, inside, y, apart, top, side }: Cell): Anatomy {
  return {
    behind,
    body: pen.solid(d, 'body', { depth: 1.1, inside: inside + hide(-side, y + 200, side * 2, 200) }),
    head: '',
    face: { x: 0, y, eye: apart * 0.68 * head, apart, mouth: { x: 0, y: y + 116, width: apart * 1.2 } },
    crown: { x: 0, y: top, width: 250 },
    neck: { x: 0, y: y + 240, width: 0 },
    shoulders: pair(side, y + 190),
    hands: pair(side + 80, -300),
    arm: 54
  }
}

/** A cell that no word says more of: soft, with a fringe, a wall and a nucleus. */
function softCell(model: Model): Anatomy {
  const { pen, girth, random, hide } = model
  const half = 350 * girth
  const radii = Array.from(
    { length: BULGES },
    (_, index) => half * random.between(0.96, 1.2) * (index % 2 === 0 ? 1 : 0.94)
  )
  const d = blob(...radii.map((radius, index) => polar(0, CENTRE, radius, (index * 360) / BULGES)))
  const top = (radii[0]! * 2 + radii[1]! + radii[8]!) / 4
  const inside = plasma(model, radii) + organs(model, half)
  return {
    behind: cilia(model, radii),
    body: pen.solid(d, 'body', { depth: 1.3, inside: inside + hide(-half, CENTRE + 120, half * 2, 260) }),
    head: '',
    face: {
      x: 0,
      y: CENTRE - 90,
      eye: 68 * model.head,
      apart: 118,
      mouth: { x: 0, y: CENTRE + 50, width: 124 }
    },
    crown: { x: 0, y: CENTRE - top * 0.92, width: 270 },
    neck: { x: 0, y: CENTRE + 210, width: 0 },
    shoulders: pair(half * 0.8, CENTRE + 100),
    hands: pair(half, -300),
    arm: 60
  }
}

/** Microbes: viruses, cells of a shape of their own, and soft cells. */
export function microbe(model: Model): Anatomy {
  if (/phage|virus/.test(model.words)) return virus(model)
  const cell = cellOf(model)
  return cell === undefined ? softCell(model) : shaped(model, cell)
}
