import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, path, polar, ribbon, star } from '../svg.ts'
import type { Point } from '../svg.ts'
import { headless } from './headless.ts'

/** Mosses: a cushion of small leafy stars, with capsules on thin stalks; liverworts: flat lobes with umbrellas. */
export function moss(model: Model): Anatomy {
  const { pen, girth } = model
  const name = nameOf(model)
  const isLiverwort = /liverwort/.test(name)
  const isUmbrella = isLiverwort || /umbrella/.test(name)
  const half = 440 * girth
  const places: readonly Point[] = [
    [-330, -930],
    [-150, -1060],
    [160, -1070],
    [340, -920]
  ]
  const stalks = pen.line(
    each(places, ([x, y]) => curve([x * 0.6, -420], [x * 0.8, -700], [x, y])),
    'accentDark',
    22
  )
  const capsules = each(places, ([x, y]) =>
    isUmbrella
      ? pen.solid(
          isLiverwort
            ? star(x, y, 100, 44, 9)
            : path`
              M${x - 100} ${y + 20}Q${x - 80} ${y - 90} ${x} ${y - 90}
              Q${x + 80} ${y - 90} ${x + 100} ${y + 20}Q${x} ${y - 20} ${x - 100} ${y + 20}Z
            `,
          'accent',
          { depth: 0.4 }
        )
      : pen.solid(ellipse(x, y, 54, 72), 'accent', { depth: 0.4 }) +
        pen.solid(path`M${x - 44} ${y - 44}Q${x} ${y - 150} ${x + 44} ${y - 44}Z`, 'accentDark', {
          depth: 0.2
        })
  )
  const d = isLiverwort
    ? blob(
        [-half * 0.4, -560],
        [0, -700],
        [half * 0.4, -560],
        [half * 0.9, -560],
        [half * 0.8, -330],
        [half * 1.24, -190],
        [half, 0],
        [-half, 0],
        [-half * 1.24, -190],
        [-half * 0.8, -330],
        [-half * 0.9, -560]
      )
    : path`M${-half} -10C${-half * 1.2} -900 ${half * 1.2} -900 ${half} -10Q0 30 ${-half} -10Z`
  const stars = repeat(6, (row) =>
    repeat(7, (index) => {
      const [x, y] = [(index - 3) * 136 + (row % 2) * 68, -640 + row * 118]
      return Math.abs(x) < 240 && y > -560 && y < -250 ? '' : star(x, y, 58, 17, 6)
    })
  )
  const tips = repeat(15, (index) =>
    star(...polar(0, -60, half * (0.97 + (index % 2) * 0.04), -96 + index * 13.7), 56, 26, 6)
  )
  return headless(
    model,
    {
      behind: stalks + capsules + (isLiverwort ? '' : pen.flat(tips, 'bodyDark')),
      body: pen.solid(d, 'body', {
        depth: 1.1,
        inside: isLiverwort
          ? pen.line(
              both(
                (side) =>
                  curve([side * 40, -60], [side * half * 0.5, -260], [side * half * 0.7, -500]) +
                  curve([side * 60, -60], [side * half * 0.8, -110])
              ),
              'bodyDark',
              18
            )
          : pen.flat(stars, 'bodyDark')
      })
    },
    {
      y: -430,
      apart: 102,
      hat: -610,
      hatWide: 320,
      neck: -210,
      neckWide: half * 1.6,
      shoulder: [half * 0.9, -240]
    }
  )
}

/** Welwitschias: a low woody cup with cones, and two leaves that split and lie on the ground. */
export function welwitschia(model: Model): Anatomy {
  const { pen, girth } = model
  const half = 300 * girth
  const leaf = (side: number) =>
    each([0, 1, 2, 3], (index) =>
      pen.solid(
        ribbon(
          [
            [side * 120, -330 - index * 24],
            [side * (360 + index * 20), -560 + index * 110],
            [side * (480 + index * 16), -300 + index * 80],
            [side * (540 - index * 40), -20]
          ],
          [120, 110, 90, 14]
        ),
        index % 2 === 0 ? 'accentDark' : 'bodyDark',
        { depth: 0.4 }
      )
    )
  const cone = (x: number, y: number) =>
    pen.limb(path`M${x * 0.6} -640L${x} ${y + 60}`, 'clothDark', 24) +
    pen.solid(ellipse(x, y, 66, 100, x * 0.06), 'accent', {
      depth: 0.5,
      inside: pen.line(
        each([-50, 0, 50], (dy) => path`M${x - 70} ${y + dy}q35 -40 70 0q35 -40 70 0`),
        'accentDark',
        12
      )
    })
  const d = path`
    M${-half} -640Q0 -740 ${half} -640Q${half * 1.1} -260 ${half * 0.5} -10
    H${-half * 0.5}Q${-half * 1.1} -260 ${-half} -640Z
  `
  return headless(
    model,
    {
      behind: each(
        [
          [-230, -860],
          [-80, -930],
          [80, -930],
          [230, -860]
        ],
        ([x, y]) => cone(x, y)
      ),
      body:
        pen.solid(d, 'body', {
          depth: 1,
          inside: pen.line(
            each([-0.5, 0, 0.5], (share) => curve([share * half, -240], [share * half * 0.6, 0])),
            'bodyDark',
            18
          )
        }) + both(leaf)
    },
    {
      y: -500,
      apart: 98,
      hat: -670,
      hatWide: 320,
      neck: -290,
      neckWide: half * 1.6,
      shoulder: [half * 0.86, -330]
    }
  )
}
