import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each, repeat } from '../repeat.ts'
import { around, blob, curve, ellipse, path, polar, polygon, star } from '../svg.ts'
import type { Point } from '../svg.ts'
import { cellOf } from './microbe-shapes.ts'
import type { Cell } from './bacteria.ts'
import { virus } from './virus.ts'

const GEOMETRIC = /diatom|radiolar|foramin|desmid|coccolith|archaeon|silico/

/** The y of a cell's middle. */
const CENTRE = -520

/** The outline of a cell, and half its width where the arms are. */
interface Shape {
  d: string
  side: number
}

function geometricShape({ random, words }: Model, half: number, count: number): Shape {
  if (/triangle/.test(words)) {
    return { d: polygon(...around(0, CENTRE + 40, half * 1.5, 3)), side: half * 0.6 }
  }
  if (/star/.test(words)) return { d: star(0, CENTRE, half * 1.3, half * 0.8, 6), side: half * 0.6 }
  return random.pick([
    () => ({ d: blob(...around(0, CENTRE, half * 1.1, count + 2)), side: half * 0.78 }),
    () => ({ d: polygon(...around(0, CENTRE, half * 1.1, count)), side: half * 0.62 }),
    () => ({ d: ellipse(0, CENTRE, half * 0.7, 460), side: half * 0.62 })
  ])()
}

/** How many points a soft cell has around it. */
const BULGES = 9

/** A fringe of short lines all around a cell. */
function cilia({ pen }: Model, radii: readonly number[]): string {
  const lines = Array.from({ length: BULGES * 4 }, (_, index) => {
    const [turn, at] = [(index * 90) / BULGES, index / 4]
    const [low, high] = [radii[Math.floor(at)]!, radii[Math.ceil(at) % BULGES]!]
    const radius = low + (high - low) * (at % 1)
    const [from, to] = [polar(0, CENTRE, radius * 0.86, turn), polar(0, CENTRE, radius * 1.13, turn + 5)]
    return path`M${from[0]} ${from[1]}L${to[0]} ${to[1]}`
  })
  return pen.line(lines.join(''), 'bodyDark', 13)
}

/** Two long tails. */
function flagella({ pen }: Model, half: number): string {
  const right = curve(
    [half * 0.6, CENTRE - 200],
    [half * 1.2, CENTRE - 330],
    [half * 1.05, CENTRE - 480],
    [half * 1.32, CENTRE - 500]
  )
  const left = curve([-half * 0.5, CENTRE + 260], [-half * 1.1, CENTRE + 330], [-half * 1.15, CENTRE + 450])
  return pen.line(right, 'bodyDark', 22) + pen.line(left, 'bodyDark', 18)
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

/** The wall of a glass shell: ribs that lead outwards, and a row of pores. */
function ribs({ pen }: Model, half: number, count: number): string {
  const lines = Array.from({ length: count * 2 }, (_, index) => {
    const turn = (index * 180) / count
    const [from, to] = [polar(0, CENTRE, half * 0.72, turn), polar(0, CENTRE, half * 1.16, turn)]
    return path`M${from[0]} ${from[1]}L${to[0]} ${to[1]}`
  })
  return (
    pen.line(lines.join(''), 'bodyDark', 10) +
    each(around(0, CENTRE + 40, half * 0.62, count * 2, 90 / count), ([x, y]) =>
      pen.flat(ellipse(x, y, 15), 'bodyDark')
    )
  )
}

function spines({ pen }: Model, half: number): string {
  return repeat(20, (index) =>
    pen.line(
      curve(polar(0, CENTRE, half * 0.6, index * 18), polar(0, CENTRE, half * 1.22, index * 18)),
      'bodyDark',
      11
    )
  )
}

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

/** Microbes: a cell with its fringe, its wall and its nucleus; diatoms and viruses have a geometric shape. */
export function microbe(model: Model): Anatomy {
  const { pen, girth, words, random, hide } = model
  if (/phage|virus/.test(words)) return virus(model)
  const cell = cellOf(model)
  if (cell !== undefined) return shaped(model, cell)
  const isGeometric = GEOMETRIC.test(words)
  const count = random.whole(3, 8)
  const half = 350 * girth
  const radii = Array.from(
    { length: BULGES },
    (_, index) => half * random.between(0.96, 1.2) * (index % 2 === 0 ? 1 : 0.94)
  )
  const soft = blob(...radii.map((radius, index) => polar(0, CENTRE, radius, (index * 360) / BULGES)))
  const { d, side } = isGeometric ? geometricShape(model, half, count) : { d: soft, side: half * 0.8 }
  const top = isGeometric ? half * 0.95 : (radii[0]! * 2 + radii[1]! + radii[8]!) / 4
  const rim = isGeometric
    ? spines(model, half)
    : /flagell|euglena|dinofl|sparkle|choano|vibrio|spiroch/.test(words)
      ? flagella(model, half)
      : cilia(model, radii)
  const inside = isGeometric ? ribs(model, half, count) : plasma(model, radii) + organs(model, half)
  const stalk = /vorticella|stentor|choano|bell/.test(words)
    ? pen.limb(curve([0, -200], [70, -140], [-60, -70], [20, -6]), 'bodyDark', 30)
    : ''
  return {
    behind: stalk + rim,
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
    shoulders: pair(side, CENTRE + 100),
    hands: pair(half, -300),
    arm: 60
  }
}
