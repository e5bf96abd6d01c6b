import { nameOf, pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, path, polar, polyline } from '../svg.ts'
import type { Point } from '../svg.ts'

/** Where the middle of the rosette is. */
const Y = -590

/** How many lobes are around a rosette. */
const LOBES = 11

/** The edge of a rosette of round leaf lobes with narrow notches. @param share of its size */
const rosette = (half: number, share: number): string =>
  blob(
    ...Array.from({ length: LOBES }, (_, index): Point[] => {
      const [turn, step] = [(index * 360) / LOBES, 360 / LOBES]
      const size = half * share * (index % 2 === 0 ? 1.2 : 1.1)
      const notch = polar(0, Y, half * share * 0.78, turn - step / 2)
      return [notch, notch, polar(0, Y, size, turn - step * 0.44), polar(0, Y, size, turn + step * 0.44)]
    }).flat()
  )

/** The stone that it grows on, with cracks and small crusts. */
function stone({ pen }: Model, half: number): string {
  const d = blob(
    [-half * 1.1, -420],
    [-half * 0.6, -620],
    [half * 0.6, -620],
    [half * 1.16, -380],
    [half * 1.3, -20],
    [half * 0.8, 4],
    [-half * 0.8, 4],
    [-half * 1.3, -30]
  )
  const spots = each(
    [
      [-0.86, -150, 70],
      [-0.56, -74, 40],
      [0.9, -190, 56],
      [0.62, -80, 78]
    ],
    ([share, y, size]) =>
      pen.flat(
        blob(
          [share * half - size, y],
          [share * half, y - size * 0.7],
          [share * half + size, y],
          [share * half, y + size * 0.6]
        ),
        'body'
      )
  )
  return pen.solid(d, 'cloth', {
    depth: 0.9,
    inside:
      pen.line(path`M${half * 0.1} -20l40 -70l-30 -60M${-half * 0.3} -10l-50 -60`, 'clothDark', 14) + spots
  })
}

/** What stands on the rosette: goblets, stalks with red heads, branches. */
function growth(model: Model, half: number): string {
  const { pen } = model
  const name = nameOf(model)
  const stalks: readonly Point[] = [
    [-0.8, -900],
    [-0.46, -1000],
    [0.5, -990],
    [0.84, -890]
  ]
  if (/pixie cup/.test(name)) {
    return each(stalks, ([share, y]) => {
      const x = share * half
      return (
        pen.limb(path`M${x * 0.8} ${Y - 40}L${x} ${y + 90}`, 'bodyDark', 36) +
        pen.solid(
          path`M${x - 84} ${y - 20}L${x + 84} ${y - 20}L${x + 26} ${y + 120}L${x - 26} ${y + 120}Z`,
          'body',
          { depth: 0.4 }
        ) +
        pen.solid(ellipse(x, y - 20, 84, 28), 'bodyLight', { depth: 0 })
      )
    })
  }
  if (/soldier/.test(name)) {
    return each(stalks, ([share, y]) => {
      const x = share * half
      return (
        pen.limb(path`M${x * 0.8} ${Y - 40}L${x} ${y}`, 'bodyDark', 44) +
        pen.solid(ellipse(x, y - 10, 62, 54), 'heart', { depth: 0.5 })
      )
    })
  }
  if (/reindeer/.test(name)) {
    return pen.limb(
      each([-1, 1], (side) =>
        each(
          [
            [0.3, -1010],
            [0.62, -960],
            [0.96, -840],
            [1.16, -680]
          ],
          ([share, y]) => {
            const [x, fx] = [side * share * half, side * share * half * 0.7]
            const [mx, my] = [(x + fx) / 2, (Y + y) / 2]
            return path`
              M${fx} ${Y}Q${fx} ${my} ${x} ${y}
              M${mx} ${my - 30}l${side * 70} -60
              M${mx} ${my - 60}l${-side * 50} -70
              M${x} ${y}l50 -50M${x} ${y}l-46 -56
            `
          }
        )
      ),
      'bodyLight',
      26
    )
  }
  return ''
}

/** A lichen that hangs from a branch. */
function beard({ pen, random }: Model, half: number): string {
  const threads = repeat(15, (index) => {
    const x = (index - 7) * half * 0.15
    const end = -40 - Math.abs(index - 7) * 34 - random.between(0, 60)
    return pen.limb(
      curve([x, -680], [x + 40, -480], [x - 46, -300], [x + 10, end]),
      index % 2 === 0 ? 'body' : 'bodyDark',
      30
    )
  })
  return threads
}

/** Lichens: a crust of leaf lobes with small cups, on a stone; one hangs from a branch. */
export function lichen(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const half = 330 * girth
  const isBeard = /beard/.test(nameOf(model))
  const face = { x: 0, y: Y - 40, eye: 62 * model.head, apart: 98, mouth: { x: 0, y: Y + 74, width: 114 } }
  const cups = repeat(LOBES, (index) => {
    const [x, y] = polar(0, Y, half * 0.86, index * (360 / LOBES) + 8)
    return pen.solid(ellipse(x, y, 40, 34), 'accent', {
      depth: 0,
      inside: pen.flat(ellipse(x, y, 20, 16), 'accentDark')
    })
  })
  const veins = repeat(LOBES, (index) => {
    const turn = index * (360 / LOBES) + 360 / LOBES / 2
    return polyline(polar(0, Y, half * 0.66, turn), polar(0, Y, half * 0.9, turn))
  })
  const ground = isBeard
    ? pen.solid(
        blob(
          [-560, -800],
          [-300, -720],
          [0, -760],
          [320, -700],
          [560, -780],
          [560, -680],
          [300, -600],
          [0, -650],
          [-300, -610],
          [-560, -700]
        ),
        'farDark',
        { depth: 0.5 }
      ) + pen.solid(blob([-60, -30], [60, -30], [90, 4], [-90, 4]), 'farDark', { depth: 0.3 })
    : stone(model, half)
  return {
    behind: ground,
    body:
      (isBeard ? beard(model, half) : growth(model, half)) +
      pen.solid(rosette(half, 1), 'body', {
        depth: 0.8,
        inside:
          pen.flat(rosette(half, 0.66), 'bodyLight', 0.5) +
          hide(-half, Y + 120, half * 2, 160) +
          pen.line(veins, 'bodyDark', 14) +
          cups
      }),
    head: '',
    face,
    crown: { x: 0, y: Y - half * 0.74, width: 260 },
    neck: { x: 0, y: Y + 200, width: 0 },
    shoulders: pair(half * 0.74, Y + 130),
    hands: pair(half + 60, -330),
    arm: 52
  }
}
