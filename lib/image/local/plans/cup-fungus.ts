import { nameOf, pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, path, polygon, polyline } from '../svg.ts'
import type { Point } from '../svg.ts'

/** A pale stem with deep ribs, from `y` down to the ground. */
function ribbedStem({ pen }: Model, half: number, y: number): { d: string; drawn: string } {
  const d = path`
    M${-half * 0.86} ${y}
    Q${-half * 0.8} ${y * 0.5} ${-half * 1.16} -60
    Q${-half * 1.2} 6 ${-half * 0.8} 0
    Q${-half * 0.5} -40 ${-half * 0.3} 0
    Q0 -40 ${half * 0.3} 0
    Q${half * 0.5} -40 ${half * 0.8} 0
    Q${half * 1.2} 6 ${half * 1.16} -60
    Q${half * 0.8} ${y * 0.5} ${half * 0.86} ${y}Z
  `
  const ribs = each([-0.5, -0.16, 0.18, 0.52], (share) =>
    curve([share * half, y], [share * half * 0.84, y * 0.5], [share * half * 1.16, -20])
  )
  return { d, drawn: pen.solid(d, 'paper', { depth: 0.8, inside: pen.line(ribs, 'skyLow', 22) }) }
}

/** Elfin saddles: a cap folded like a saddle, with two horns and two flaps, on a ribbed stem. */
function saddle(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const half = 390 * girth
  const stem = ribbedStem(model, 170 * girth, -560)
  const d = path`
    M${-half * 0.74} -1050
    Q${-half * 0.44} -1040 ${-half * 0.34} -930
    Q0 -830 ${half * 0.34} -930
    Q${half * 0.5} -1060 ${half * 0.8} -1030
    Q${half * 1.02} -900 ${half * 1.02} -690
    Q${half * 1.1} -500 ${half * 0.86} -420
    Q${half * 0.66} -400 ${half * 0.5} -500
    Q0 -400 ${-half * 0.46} -490
    Q${-half * 0.64} -380 ${-half * 0.9} -430
    Q${-half * 1.12} -520 ${-half * 1.02} -700
    Q${-half * 0.98} -930 ${-half * 0.74} -1050Z
  `
  const folds = path`
    M${-half * 0.66} -960Q${-half * 0.86} -740 ${-half * 0.72} -520
    M${half * 0.7} -950Q${half * 0.88} -740 ${half * 0.74} -530
  `
  const hollow = path`
    M${-half * 0.68} -1030
    Q0 -960 ${half * 0.74} -1016
    Q${half * 0.46} -850 0 -830
    Q${-half * 0.46} -850 ${-half * 0.68} -1030Z
  `
  return {
    behind: stem.drawn,
    body:
      pen.solid(d, 'body', {
        depth: 1,
        inside: hide(-half, -600, half * 2, 160) + pen.line(folds, 'bodyDark', 20)
      }) +
      pen.solid(hollow, 'accent', {
        depth: 0,
        inside: pen.flat(ellipse(0, -880, half * 0.34, 40), 'accentDark')
      }),
    torso: { d: stem.d, x: -150 * girth, y: -380, width: 300 * girth, height: 330 },
    head: '',
    face: { x: 0, y: -720, eye: 66 * model.head, apart: 112, mouth: { x: 0, y: -590, width: 124 } },
    crown: { x: 0, y: -870, width: half * 0.84 },
    neck: { x: 0, y: -400, width: 290 * girth },
    shoulders: pair(126 * girth, -360),
    hands: pair(290, -280),
    arm: 48
  }
}

/** The edge of a cup, wavy if it is like a peel. */
function rimOf(half: number, y: number, isWavy: boolean): string {
  if (!isWavy) return ellipse(0, y, half, 110)
  return blob(
    [-half * 1.04, y - 40],
    [-half * 0.7, y - 150],
    [-half * 0.2, y - 90],
    [half * 0.3, y - 160],
    [half * 0.9, y - 120],
    [half * 1.08, y + 20],
    [half * 0.6, y + 130],
    [half * 0.2, y + 70],
    [-half * 0.3, y + 130],
    [-half * 0.9, y + 90]
  )
}

/** The eggs that a bird's nest holds. */
const eggs = ({ pen }: Model, half: number, y: number): string =>
  each([-0.5, 0, 0.5], (share) =>
    pen.solid(ellipse(share * half, y + 10 + Math.abs(share) * 30, 84, 64), 'paper', { depth: 0.4 })
  )

/** Lashes all along the edge of a cup. */
const lashes = ({ pen }: Model, half: number, y: number): string =>
  pen.line(
    repeat(17, (index) => {
      const share = (index / 16) * 2 - 1
      const foot: Point = [share * half, y - 90 * (1 - share * share)]
      return polyline(foot, [foot[0] + share * 70, foot[1] - 90 + Math.abs(share) * 60])
    }),
    'ink',
    15
  )

/** Cups, and trumpets on a long foot: a bowl that is open above, bright inside. */
function cup(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const name = nameOf(model)
  const half = 370 * girth
  const y = -880
  const isTrumpet = /chanterelle|horn of plenty/.test(name)
  const isWavy = isTrumpet || /orange peel/.test(name)
  const stem = ribbedStem(model, (isTrumpet ? 150 : 130) * girth, -420)
  const waist = isTrumpet ? 0.42 : 0.8
  const bowl = path`
    M${-half} ${y}
    Q${-half * 0.98} -620 ${-half * waist} -460
    Q${-half * 0.3} ${isTrumpet ? -330 : -290} ${isTrumpet ? -half * 0.3 : 0} ${isTrumpet ? -60 : -290}
    H${isTrumpet ? half * 0.3 : 0}
    Q${half * 0.3} ${isTrumpet ? -330 : -290} ${half * waist} -460
    Q${half * 0.98} -620 ${half} ${y}Z
  `
  const veins = isTrumpet
    ? each([-0.9, -0.6, 0.6, 0.9], (share) =>
        curve([share * half, y + 90], [share * half * 0.6, -460], [share * half * 0.24, -60])
      )
    : each([-0.84, 0.84], (share) =>
        curve([share * half, y + 130], [share * half * 0.9, -560], [share * 160, -330])
      )
  return {
    behind: stem.drawn + (/eyelash/.test(name) ? lashes(model, half, y) : ''),
    body:
      pen.solid(bowl, 'body', {
        depth: 1,
        inside: hide(-half, -480, half * 2, 160) + pen.line(veins, 'bodyDark', 16)
      }) +
      pen.solid(rimOf(half, y, isWavy), 'accent', {
        depth: 0,
        inside: pen.flat(ellipse(0, y + 30, half * 0.74, 66), 'accentDark')
      }) +
      (/nest/.test(name) ? eggs(model, half, y) : ''),
    torso: { d: stem.d, x: -120 * girth, y: -290, width: 240 * girth, height: 270 },
    head: '',
    face: { x: 0, y: -630, eye: 64 * model.head, apart: 108, mouth: { x: 0, y: -504, width: 120 } },
    crown: { x: 0, y: y - 30, width: half },
    neck: { x: 0, y: -300, width: 230 * girth },
    shoulders: isTrumpet ? pair(110 * girth, -320) : pair(half * 0.62, -420),
    hands: pair(half + 10, -290),
    arm: 48
  }
}

/** Morels: an egg of pits like a honeycomb, on a stem. */
function morel(model: Model): Anatomy {
  const { pen, girth } = model
  const half = 300 * girth
  const stem = ribbedStem(model, 170 * girth, -420)
  const cap = blob(
    [-half * 0.3, -1090],
    [half * 0.3, -1090],
    [half * 1.04, -760],
    [half * 0.96, -400],
    [half * 0.4, -330],
    [-half * 0.4, -330],
    [-half * 0.96, -400],
    [-half * 1.04, -760]
  )
  const pits = repeat(6, (row) =>
    repeat(5, (column) => {
      const [x, y] = [(column - 2) * 128 + (row % 2) * 64, -1000 + row * 118]
      const isFace = Math.abs(x) < 200 && y > -830 && y < -500
      if (isFace) return ''
      return pen.flat(
        polygon(
          [x, y - 54],
          [x + 46, y - 26],
          [x + 46, y + 28],
          [x, y + 56],
          [x - 46, y + 28],
          [x - 46, y - 26]
        ),
        'bodyDark'
      )
    })
  )
  return {
    behind: stem.drawn,
    body: pen.solid(cap, 'body', { depth: 0.9, inside: pits }),
    torso: { d: stem.d, x: -150 * girth, y: -300, width: 300 * girth, height: 270 },
    head: '',
    face: { x: 0, y: -700, eye: 64 * model.head, apart: 100, mouth: { x: 0, y: -570, width: 116 } },
    crown: { x: 0, y: -950, width: half },
    neck: { x: 0, y: -310, width: 280 * girth },
    shoulders: pair(130 * girth, -300),
    hands: pair(280, -220),
    arm: 48
  }
}

/** Which fungi are no hat on a stem. */
export const CUPS = /saddle\b|elf cup|orange peel|eyelash|nest|chanterelle|horn of plenty|morel/

/** Saddles, cups, trumpets and morels. */
export function cupFungus(model: Model): Anatomy {
  const name = nameOf(model)
  if (/morel/.test(name)) return morel(model)
  return /elfin saddle/.test(name) ? saddle(model) : cup(model)
}
