import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each, repeat } from '../repeat.ts'
import { around, blob, curve, ellipse, path, polar, polygon, ribbon, star } from '../svg.ts'
import type { Point } from '../svg.ts'
import { headless, roundTorso } from './headless.ts'

/** A siphon: a short tube that ends in a dark mouth with lobes. */
function siphon({ pen }: Model, from: Point, to: Point, size: number): string {
  return (
    pen.solid(
      ribbon(
        [from, [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2], to],
        [size * 2.1, size * 1.7, size * 1.9]
      ),
      'body',
      {
        depth: 0.7
      }
    ) +
    pen.solid(star(to[0], to[1], size * 1.16, size * 0.86, 8), 'accent', {
      depth: 0.2,
      inside: pen.flat(ellipse(to[0], to[1], size * 0.62), 'ink')
    })
  )
}

/** Sea squirts: a bag with two siphons; a sea tulip is on a stalk, a skeleton panda has white ribs. */
export function squirt(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const name = nameOf(model)
  const isTulip = /tulip/.test(name)
  const half = 300 * girth
  const low = isTulip ? -380 : 0
  const d = blob(
    [-half * 0.5, -940],
    [half * 0.5, -920],
    [half * 1.04, -700],
    [half, low * 0.6 - 260],
    [half * 0.7, low],
    [-half * 0.7, low],
    [-half, low * 0.6 - 260],
    [-half * 1.04, -700]
  )
  const ribs = /skeleton/.test(name)
    ? pen.line(
        each([-400, -310, -220], (y) => curve([-half * 0.8, y - 40], [0, y + 30], [half * 0.8, y - 40])) +
          path`M0 -440V-150`,
        'paper',
        30
      )
    : ''
  const stalk = isTulip
    ? pen.limb(curve([0, -420], [50, -240], [0, -20]), 'bodyDark', 84) +
      pen.solid(blob([-170, -26], [170, -26], [130, 10], [-130, 10]), 'bodyDark', { depth: 0.4 })
    : pen.limb(
        each([-200, -70, 70, 200], (x) => curve([x * 0.8, -40], [x, -4])),
        'bodyDark',
        40
      )
  return headless(
    model,
    {
      behind: stalk + siphon(model, [90, -820], [290, -1010], 82),
      body:
        siphon(model, [-100, -800], [-150, -1060], 96) +
        pen.solid(d, 'body', {
          depth: 1.2,
          inside:
            pen.flat(ellipse(-half * 0.5, -560, 40, 150, 8), 'bodyLight', 0.5) +
            hide(-half, isTulip ? -560 : -440, half * 2, isTulip ? 140 : 300) +
            ribs
        }),
      torso: roundTorso(d, half, -440, isTulip ? 160 : 400)
    },
    { y: -690, apart: 100, hat: -880, neck: -480, neckWide: half * 1.9, shoulder: [half * 0.9, -450] }
  )
}

/** Moss animals: a sheet of lace with holes, or a ball of jelly with rosettes. */
export function lace(model: Model): Anatomy {
  const { pen, girth } = model
  const isLace = /lace/.test(nameOf(model))
  const half = 430 * girth
  const frill = (size: number): string =>
    blob(
      ...Array.from({ length: 20 }, (_, index): Point => {
        const [x, y] = polar(0, 0, size * (index % 2 === 0 ? 1.1 : 0.92), index * 18)
        return [x, -520 + y * 1.12]
      })
    )
  const holes = [0, 1, 2]
    .flatMap((row) =>
      Array.from({ length: 16 }, (_, index): Point => {
        const [x, y] = polar(0, 0, 240 + row * 74, index * 22.5 + row * 11)
        return [x, -520 + y * 1.12]
      })
    )
    .filter(([, y]) => y < -20)
  const inside = isLace
    ? pen.flat(
        each(holes, ([x, y]) => ellipse(x, y, 27, 21)),
        'ink'
      )
    : pen.flat(
        each(holes, ([x, y], index) => (index % 2 === 0 ? star(x, y, 76, 32, 8) : '')),
        'accent'
      )
  const d = isLace ? frill(half) : ellipse(0, -510, half * 1.06, 510)
  return headless(
    model,
    {
      behind: isLace
        ? pen.solid(blob([-260, -10], [-220, -110], [220, -110], [260, 4]), 'bodyDark', { depth: 0.4 })
        : '',
      body: pen.solid(d, 'body', { depth: 1, inside }),
      torso: roundTorso(d, half, -380, 340)
    },
    {
      y: -570,
      hat: -900,
      hatWide: 340,
      neck: -320,
      neckWide: half * 1.7,
      shoulder: [half * 0.84, -350]
    }
  )
}

/** Trichoplax: a flat plate of cells without a front, which creeps. */
export function plate(model: Model): Anatomy {
  const { pen, girth } = model
  const wide = 520 * girth
  const outline = (dx: number, dy: number, size: number): string =>
    blob(
      ...(
        [
          [-1, -0.1],
          [-0.82, -0.72],
          [-0.3, -0.86],
          [0.1, -1],
          [0.64, -0.8],
          [1.04, -0.3],
          [0.84, 0.4],
          [0.4, 0.62],
          [0, 0.9],
          [-0.56, 0.64],
          [-0.9, 0.5]
        ] as const
      ).map(([x, y]): Point => [dx + x * wide * size, dy + y * 350 * size])
    )
  const cells = repeat(7, (row) =>
    repeat(10, (column) => {
      const [x, y] = [-480 + column * 106 + (row % 2) * 53, -760 + row * 106]
      return polygon(...around(x, y, 56, 6))
    })
  )
  const lashes = repeat(20, (index) => {
    const x = (index - 9.5) * 46 * girth
    return path`M${x} -130l${x * 0.05} 126`
  })
  return headless(
    model,
    {
      behind: pen.line(lashes, 'bodyDark', 18),
      body:
        pen.solid(outline(0, -370, 1), 'bodyDark', { depth: 0.4 }) +
        pen.solid(outline(0, -430, 1), 'body', {
          depth: 0.5,
          inside:
            pen.line(cells, 'bodyDark', 8) +
            pen.flat(ellipse(0, -450, 250, 210), 'body') +
            pen.flat(
              each(
                [
                  [-360, -500],
                  [350, -540],
                  [300, -300],
                  [-300, -280]
                ],
                ([x, y]) => ellipse(x, y, 36)
              ),
              'accent'
            )
        })
    },
    {
      y: -500,
      hat: -700,
      hatWide: 320,
      neck: -250,
      neckWide: wide,
      shoulder: [wide * 0.84, -330]
    }
  )
}
