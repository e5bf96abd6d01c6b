import { pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each, repeat } from '../repeat.ts'
import { around, blob, curve, ellipse, polar, polygon } from '../svg.ts'
import { virus } from './virus.ts'

const GEOMETRIC = /diatom|radiolar|foramin|desmid|coccolith|archaeon|silico/

/** The y of a cell's middle. */
const CENTRE = -520

function geometricShape({ random }: Model, half: number, count: number): string {
  return random.pick([
    () => blob(...around(0, CENTRE, half, count + 2)),
    () => polygon(...around(0, CENTRE, half * 1.1, count)),
    () => ellipse(0, CENTRE, half * 0.62, 460)
  ])()
}

function softShape({ random }: Model, half: number): string {
  const bulge = (index: number) => half * random.between(0.92, 1.22) * (index % 2 === 0 ? 1 : 0.94)
  return blob(...Array.from({ length: 9 }, (_, index) => polar(0, CENTRE, bulge(index), index * 40)))
}

/** Lines that lead outwards from the cell, all around it. */
interface Lashes {
  count: number
  /** Degrees from one line to the next. */
  step: number
  /** Distances of a line's ends from the middle. */
  from: number
  to: number
  /** Degrees between the two ends of a line. */
  bend: number
  width: number
}

function lashes({ pen }: Model, { count, step, from, to, bend, width }: Lashes): string {
  return repeat(count, (index) => {
    const turn = index * step
    return pen.line(curve(polar(0, CENTRE, from, turn), polar(0, CENTRE, to, turn + bend)), 'bodyDark', width)
  })
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

function organs({ pen }: Model, half: number): string {
  return each(
    [
      [-0.5, 0.52, 60, 'accent'],
      [0.5, 0.4, 80, 'cloth'],
      [0.12, 0.74, 46, 'bodyLight'],
      [-0.62, -0.3, 40, 'accent'],
      [0.62, -0.46, 50, 'cloth']
    ],
    ([dx, dy, size, role]) => pen.solid(ellipse(dx * half, CENTRE + dy * half, size), role, { depth: 0.4 })
  )
}

function ribs({ pen }: Model, half: number, count: number): string {
  return repeat(count * 2, (index) => {
    const turn = (index * 180) / count
    const rib = curve(polar(0, CENTRE, half * 0.5, turn), polar(0, CENTRE, half * 1.1, turn))
    return pen.line(rib, 'bodyDark', 8)
  })
}

/** Microbes: a cell with its lashes and organs; diatoms and viruses have a geometric shape. */
export function microbe(model: Model): Anatomy {
  const { pen, girth, words, random, hide } = model
  if (/phage|virus/.test(words)) return virus(model)
  const isGeometric = GEOMETRIC.test(words)
  const count = random.whole(3, 8)
  const half = 360 * girth
  const shape = isGeometric ? geometricShape(model, half, count) : softShape(model, half)
  const rim = isGeometric
    ? lashes(model, { count: 20, step: 18, from: half * 0.8, to: half * 1.22, bend: 0, width: 11 })
    : /flagell|euglena|dinofl|sparkle|choano|vibrio|spiroch/.test(words)
      ? flagella(model, half)
      : lashes(model, { count: 26, step: 13.8, from: half * 0.95, to: half * 1.24, bend: 7, width: 13 })
  // The organs count among the pen's shapes in a geometric cell as well, so they are part of the picture's bytes.
  const cell = organs(model, half)
  const inside = isGeometric ? ribs(model, half, count) : cell
  const stalk = /vorticella|stentor|choano|bell/.test(words)
    ? pen.limb(curve([0, -200], [70, -140], [-60, -70], [20, -6]), 'bodyDark', 30)
    : ''
  return {
    behind: stalk + rim,
    body: pen.solid(shape, 'body', { depth: 1.3, inside: inside + hide(-half, CENTRE + 120, half * 2, 260) }),
    head: '',
    face: {
      x: 0,
      y: CENTRE - 90,
      eye: 68 * model.head,
      apart: 118,
      mouth: { x: 0, y: CENTRE + 50, width: 124 }
    },
    crown: { x: 0, y: CENTRE - half * 0.9, width: 260 },
    neck: { x: 0, y: CENTRE + 210, width: 0 },
    shoulders: pair(half * 0.8, CENTRE + 90),
    hands: pair(half, -300),
    arm: 40
  }
}
