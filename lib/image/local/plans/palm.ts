import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { alongBend, blob, ellipse, path, polar, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { swords } from './blooms.ts'
import type { Blade } from './blooms.ts'
import { earth } from './earth.ts'
import { headless } from './headless.ts'

/** A rib with leaflets on both sides: its foot, its bend and its tip. */
export type Frond = readonly [from: Point, bend: Point, tip: Point]

function leaflets([from, bend, tip]: Frond, long: number): string {
  const count = 8
  return repeat(count, (index) => {
    const t = (index + 1) / count
    const [x, y] = alongBend(from, bend, tip, t)
    const [px, py] = alongBend(from, bend, tip, t - 0.08)
    const [dx, dy] = [x - px, y - py]
    const reach = (long * (1 - Math.abs(t - 0.45) * 1.1)) / (Math.hypot(dx, dy) || 1)
    return both(
      (side) => path`M${x} ${y}l${(dx * 0.7 - side * dy) * reach} ${(dy * 0.7 + side * dx) * reach}`
    )
  })
}

/** Fronds in two tones. Those of one tone are one path, so that there are few. @param long of the longest leaflet */
export function fronds({ pen }: Model, all: readonly Frond[], long: number): string {
  const ribs = (some: readonly Frond[]) =>
    some
      .map(([from, bend, tip]) => path`M${from[0]} ${from[1]}Q${bend[0]} ${bend[1]} ${tip[0]} ${tip[1]}`)
      .join('')
  const tone = (odd: number, role: 'bodyDark' | 'accentDark', rib: 'body' | 'accent') => {
    const some = all.filter((_, index) => index % 2 === odd)
    return pen.limb(some.map((one) => leaflets(one, long)).join(''), role, 26) + pen.line(ribs(some), rib, 15)
  }
  return tone(0, 'bodyDark', 'body') + tone(1, 'accentDark', 'accent')
}

/** A tuft of leaves like swords in all directions. */
export const tuft = (model: Model, [x, y]: Point, reach: number, turns: readonly number[]): string =>
  swords(
    model,
    turns.map((turn): Blade => [[x, y], polar(x, y, reach * 0.5, turn), polar(x, y, reach, turn * 1.06), 84])
  )

const AROUND = [-128, -92, -60, -30, 0, 30, 60, 92, 128] as const

/** Trees of the sword-leaved kind: a trunk that forks, a tuft at each end, the face in the largest. */
export function sworded(model: Model): Anatomy {
  const { pen } = model
  const isDragon = /dragon/.test(nameOf(model))
  const ends: readonly Point[] = isDragon
    ? [
        [-310, -700],
        [310, -700]
      ]
    : [
        [-350, -560],
        [340, -500]
      ]
  const boughs =
    ribbon(
      [
        [0, -680],
        [0, -320],
        [0, -4]
      ],
      [170, 190, 260]
    ) +
    ends
      .map(([x, y]) =>
        ribbon(
          [
            [0, -260],
            [x * 0.7, y * 0.66],
            [x, y]
          ],
          [130, 110, 90]
        )
      )
      .join('')
  const bark = repeat(5, (index) => path`M-120 ${-60 - index * 62}q60 -40 120 0q60 -40 120 0`)
  const radius = 200 * model.head
  const head = ellipse(0, -740, radius * 1.08, radius)
  return headless(
    model,
    {
      behind:
        each(ends, (end) => tuft(model, end, 240, AROUND)) +
        tuft(model, [0, -740], isDragon ? 420 : 440, [-104, -78, -52, -26, 0, 26, 52, 78, 104]),
      body:
        pen.solid(boughs, 'cloth', { depth: 0.7, inside: pen.line(bark, 'clothDark', 13) }) +
        earth(model, 240) +
        tuft(model, [0, -640], 330, [-150, -120, 120, 150]) +
        pen.solid(head, 'body', { depth: 1 })
    },
    {
      y: -770,
      eye: 58,
      apart: 88,
      mouth: 104,
      hat: -900,
      hatWide: 260,
      neck: -480,
      neckWide: 170,
      shoulder: [70, -330],
      arm: 44
    }
  )
}

/** Palms: a ringed trunk that leans, fronds with leaflets, nuts below the head. */
export function palm(model: Model): Anatomy {
  const { pen } = model
  const isCycad = /sago|cycad/.test(`${nameOf(model)},${model.order}`)
  const trunkTop = isCycad ? -460 : -560
  const wide = isCycad ? [230, 250, 290] : [110, 120, 200]
  const trunk = ribbon(
    [
      [0, trunkTop],
      [isCycad ? 0 : -24, trunkTop / 2],
      [0, 0]
    ],
    wide
  )
  const rings = isCycad
    ? repeat(5, (row) =>
        repeat(5, (index) => {
          const [x, y] = [(index - 2) * 70 + (row % 2) * 35, -430 + row * 92]
          return path`M${x - 35} ${y}l35 46l35 -46`
        })
      )
    : each(
        [0, 1, 2, 3, 4, 5],
        (index) => path`M-110 ${-470 + index * 84}Q0 ${-440 + index * 84} 110 ${-470 + index * 84}`
      )
  const y = isCycad ? -660 : -700
  const leaves = fronds(
    model,
    [-112, -86, -60, -32, 0, 32, 60, 86, 112].map((turn): Frond => [
      polar(0, y, 60, turn),
      polar(0, y - 60, 340, turn * 0.84),
      polar(0, y + 40, 500, turn * (isCycad ? 1 : 1.1))
    ]),
    130
  )
  const radius = 196 * model.head
  const nuts = isCycad
    ? pen.solid(
        blob([-110, y - 120], [-84, y - 380], [0, y - 450], [84, y - 380], [110, y - 120]),
        'accent',
        {
          depth: 0.6,
          inside: pen.line(
            repeat(5, (row) => path`M-110 ${y - 160 - row * 60}q55 -50 110 0q55 -50 110 0`),
            'accentDark',
            13
          )
        }
      )
    : ''
  const coconuts = isCycad
    ? ''
    : each(
        [
          [-130, y + 190],
          [120, y + 200],
          [0, y + 230]
        ],
        ([x, ny]) => pen.solid(ellipse(x, ny, 74, 80), 'accent', { depth: 0.5 })
      )
  return headless(
    model,
    {
      behind: leaves + nuts,
      body:
        pen.solid(trunk, 'cloth', { depth: 0.8, inside: pen.line(rings, 'clothDark', 13) }) +
        earth(model, isCycad ? 260 : 190) +
        coconuts +
        pen.solid(ellipse(0, y, radius * 1.06, radius), 'body', { depth: 1 })
    },
    {
      y: y - 30,
      eye: 58,
      apart: 90,
      mouth: 108,
      hat: y - radius * 0.86,
      hatWide: 250,
      neck: isCycad ? -400 : -430,
      neckWide: isCycad ? 250 : 140,
      shoulder: [isCycad ? 100 : 54, -330],
      arm: 46
    }
  )
}
