import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, path, polar } from '../svg.ts'
import type { Point } from '../svg.ts'
import { headless, roundTorso } from './headless.ts'
import { lace, plate, squirt } from './squirt.ts'

/** The holes of a sponge. */
const PORES: ReadonlyArray<readonly [share: number, y: number, size: number]> = [
  [-0.82, -780, 26],
  [0.8, -800, 30],
  [-0.9, -560, 22],
  [0.9, -600, 22],
  [-0.66, -400, 34],
  [-0.2, -440, 24],
  [0.34, -420, 32],
  [0.8, -380, 24],
  [-0.86, -260, 28],
  [-0.4, -270, 38],
  [0.1, -300, 26],
  [0.56, -240, 40],
  [-0.66, -120, 30],
  [-0.14, -130, 34],
  [0.3, -110, 24],
  [0.82, -130, 28]
]

const pores = ({ pen }: Model, half: number): string =>
  pen.flat(
    each(PORES, ([share, y, size]) => ellipse(share * half, y, size, size * 0.84)),
    'bodyDark'
  )

/** Barrels with ribs and one wide opening; bath sponges as a loaf with several. */
function barrel(model: Model): Anatomy {
  const { pen, girth } = model
  const isBath = /bath/.test(nameOf(model))
  const half = (isBath ? 380 : 330) * girth
  const y = isBath ? -800 : -960
  const d = isBath
    ? blob(
        [-half * 1.1, -640],
        [-half * 0.9, -880],
        [-half * 0.4, -810],
        [0, -900],
        [half * 0.5, -820],
        [half * 0.96, -880],
        [half * 1.1, -600],
        [half * 1.16, -300],
        [half, -10],
        [-half, -10],
        [-half * 1.2, -300]
      )
    : path`
        M${-half * 0.86} ${y}
        Q${-half * 1.4} -640 ${-half * 1.2} -330
        Q${-half * 1.1} -100 ${-half * 0.8} 0
        Q0 30 ${half * 0.8} 0
        Q${half * 1.1} -100 ${half * 1.2} -330
        Q${half * 1.4} -640 ${half * 0.86} ${y}Z
      `
  const ribs = isBath
    ? ''
    : both((side) =>
        each([0.5, 0.86], (share) =>
          curve(
            [side * half * share * 0.86, y],
            [side * half * share * 1.36, -560],
            [side * half * share * 0.9, 0]
          )
        )
      )
  const openings: ReadonlyArray<readonly [number, number, number]> = isBath
    ? [
        [-0.5, -800, 96],
        [0.52, -810, 104]
      ]
    : [[0, y, half * 0.86]]
  const mouths = each(openings, ([share, top, size]) =>
    pen.solid(ellipse(share * half, top, size, size * 0.34), 'bodyLight', {
      depth: 0.2,
      inside: pen.flat(ellipse(share * half, top + 8, size * 0.74, size * 0.22), 'ink')
    })
  )
  return headless(
    model,
    {
      behind: '',
      body:
        pen.solid(d, 'body', { depth: 1.2, inside: pen.line(ribs, 'bodyDark', 22) + pores(model, half) }) +
        mouths,
      torso: roundTorso(d, half, -420, 400)
    },
    {
      y: isBath ? -620 : -700,
      apart: 100,
      hat: y + 20,
      hatWide: half * 1.1,
      neck: isBath ? -420 : -480,
      neckWide: half * 2.2,
      shoulder: [half * 1.02, -400]
    }
  )
}

/** Harp sponges: rows of strings on arms. Ping-pong tree sponges: balls on thin stalks. */
function stalked(model: Model): Anatomy {
  const { pen, girth } = model
  const isHarp = /harp/.test(nameOf(model))
  const half = 180 * girth
  const d = blob(
    [-half * 0.7, -880],
    [half * 0.7, -880],
    [half * 1.2, -660],
    [half * 0.9, -400],
    [half * 0.8, -40],
    [-half * 0.8, -40],
    [-half * 0.9, -400],
    [-half * 1.2, -660]
  )
  const ends: Point[] = isHarp
    ? [-460, -350, -240, 240, 350, 460].map((x): Point => [x, -900])
    : [
        [-430, -560],
        [-440, -830],
        [-230, -1010],
        [230, -1020],
        [440, -840],
        [430, -560]
      ]
  const stalks = isHarp
    ? pen.limb(
        both((side) => curve([side * 60, -160], [side * 260, -250], [side * 480, -220])),
        'body',
        60
      ) +
      pen.limb(
        each(ends, ([x, y]) => path`M${x} -230V${y}`),
        'bodyLight',
        26
      )
    : pen.limb(
        each(ends, ([x, y]) => curve([0, -300], [x * 0.6, -400], [x, y])),
        'bodyDark',
        28
      )
  const balls = each(ends, ([x, y]) => {
    const size = isHarp ? 42 : 92
    return pen.solid(ellipse(x, y, size), 'accent', {
      depth: 0.5,
      inside: pen.flat(
        each([-0.4, 0.1, 0.5], (share) => ellipse(x + share * size, y + share * share * size, size * 0.12)),
        'accentDark'
      )
    })
  })
  const root = pen.limb(
    each([-190, -70, 70, 190], (x) => curve([x * 0.3, -60], [x * 0.8, -30], [x, -6])),
    'bodyDark',
    34
  )
  return headless(
    model,
    {
      behind: stalks + balls + root,
      body: pen.solid(d, 'body', { depth: 0.9, inside: pores(model, half) }),
      torso: roundTorso(d, half, -440, 360)
    },
    {
      y: -700,
      eye: 56,
      apart: 82,
      hat: -850,
      hatWide: 240,
      neck: -460,
      neckWide: half * 1.8,
      shoulder: [half * 0.84, -430]
    }
  )
}

/** Venus' flower baskets: a tube of glass threads that cross, with a sieve above. */
function basket(model: Model): Anatomy {
  const { pen, girth } = model
  const half = 240 * girth
  const d = path`
    M${-half * 1.06} -1000
    Q${-half * 1.2} -500 ${-half * 0.7} -120
    H${half * 0.7}
    Q${half * 1.2} -500 ${half * 1.06} -1000Z
  `
  const grid =
    repeat(8, (row) => path`M${-half * 1.2} ${-940 + row * 112}H${half * 1.2}`) +
    each([-0.8, -0.4, 0, 0.4, 0.8], (share) => path`M${share * half * 1.2} -1000L${share * half * 0.8} -120`)
  const sieve =
    each([-0.6, -0.2, 0.2, 0.6], (share) => path`M${share * half} -1060V-940`) + path`M${-half} -1000H${half}`
  const beard = pen.line(
    repeat(9, (index) => curve([(index - 4) * 34, -140], [(index - 4) * 44, -70], [(index - 4) * 60, -4])),
    'bodyLight',
    20
  )
  return headless(
    model,
    {
      behind: beard,
      body:
        pen.solid(d, 'bodyLight', {
          depth: 1,
          inside: pen.line(grid, 'bodyDark', 20) + pen.flat(ellipse(0, -660, half * 0.96, 190), 'bodyLight')
        }) +
        pen.solid(ellipse(0, -1000, half * 1.06, 62), 'body', {
          depth: 0.2,
          inside: pen.line(sieve, 'bodyDark', 14)
        }),
      torso: roundTorso(d, half, -420, 300)
    },
    { y: -720, hat: -970, neck: -430, neckWide: half * 1.9, shoulder: [half * 0.94, -420] }
  )
}

/** Stalked jellies: a goblet that stands on a stalk, with eight arms that end in tufts. */
export function goblet(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const half = 330 * girth
  const d = path`
    M${-half} -760
    Q${-half * 0.9} -470 ${-half * 0.22} -330
    L${-half * 0.2} -120
    Q${-half * 0.3} -40 ${-half * 0.6} -14
    Q0 24 ${half * 0.6} -14
    Q${half * 0.3} -40 ${half * 0.2} -120
    L${half * 0.22} -330
    Q${half * 0.9} -470 ${half} -760
    Q0 -880 ${-half} -760Z
  `
  const ends: Point[] = [-1.5, -1.12, -0.66, -0.22, 0.22, 0.66, 1.12, 1.5].map((share): Point => [
    share * half,
    -1060 + share * share * 120
  ])
  const arms = pen.limb(
    each(ends, ([x, y]) => curve([x * 0.6, -760], [x * 0.86, -860], [x, y])),
    'body',
    48
  )
  const tufts = pen.flat(
    each(ends, ([x, y]) =>
      repeat(7, (index) => ellipse(...polar(x, y, 44, index * 51), 18)).concat(ellipse(x, y, 22))
    ),
    'accent'
  )
  return headless(
    model,
    {
      behind: arms + tufts,
      body: pen.solid(d, 'body', {
        depth: 1,
        inside:
          hide(-half, -440, half * 2, 200) +
          pen.line(
            both((side) => curve([side * half * 0.78, -790], [side * half * 0.6, -540], [side * 40, -330])),
            'accent',
            26
          )
      })
    },
    {
      y: -640,
      apart: 98,
      mouth: 106,
      hat: -810,
      hatWide: half,
      neck: -350,
      neckWide: 200,
      shoulder: [half * 0.56, -470]
    }
  )
}

/** Sponges, sea squirts, moss animals and the flat animal. */
export function sponge(model: Model): Anatomy {
  const { order } = model
  if (/sea squirt/.test(order)) return squirt(model)
  if (/moss animal/.test(order)) return lace(model)
  if (/flat animal/.test(order)) return plate(model)
  if (/glass sponge/.test(order)) return basket(model)
  return /harp|ping-pong/.test(nameOf(model)) ? stalked(model) : barrel(model)
}
