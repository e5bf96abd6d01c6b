import { nameOf } from '../anatomy.ts'
import type { Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { around, curve, ellipse, path, polar, polygon, polyline } from '../svg.ts'
import type { Point } from '../svg.ts'
import type { Cell } from './bacteria.ts'
import { collared, halves, necked, spindle, whirler } from './whip-cells.ts'

/** Rows of dots along a shell, except where the face is. */
const dotted = (places: readonly Point[], size: number): string =>
  each(places, ([x, y]) => (Math.abs(x) < 230 && y > -860 && y < -520 ? '' : ellipse(x, y, size)))

/** Places in rings around a point, for rows of dots. */
const rings = (y: number, radii: readonly number[], count: number, flat = 1): Point[] =>
  radii.flatMap((radius, row) =>
    Array.from({ length: count }, (_, index): Point => {
      const [px, py] = polar(0, 0, radius, ((index + (row % 2) / 2) * 360) / count)
      return [px, y + py * flat]
    })
  )

/** Drum-shaped diatoms: a round box with spokes and rows of dots like a web. Triangles have horns at their corners. */
function drum(model: Model): Cell {
  const { pen, girth } = model
  const isTriangle = /triangle/.test(nameOf(model))
  const half = (isTriangle ? 520 : 430) * girth
  const y = -600
  const corners = around(0, y + 60, half, 3)
  const lid = isTriangle ? polygon(...corners) : ellipse(0, y, half, half * 0.9)
  const side = isTriangle
    ? polygon(...corners.map(([x, cy]): Point => [x, cy + 130]))
    : path`M${-half} ${y}V${y + 150}A${half} ${half * 0.9} 0 0 0 ${half} ${y + 150}V${y}Z`
  const spokes = repeat(isTriangle ? 3 : 12, (index) => {
    const turn = index * (isTriangle ? 120 : 30)
    return polyline(polar(0, y, 250, turn), polar(0, y + (isTriangle ? 60 : 0), half, turn))
  })
  const web = isTriangle
    ? polygon(...around(0, y + 60, half * 0.8, 3))
    : each([0.64, 0.8, 0.94], (share) => ellipse(0, y, half * share, half * share * 0.9))
  const horns = isTriangle
    ? each(corners, ([x, cy]) => pen.solid(ellipse(x, cy + 20, 74, 70), 'accent', { depth: 0.4 }))
    : ''
  const dots = isTriangle ? rings(y + 60, [290, 350], 15) : rings(y, [half * 0.72, half * 0.88], 24, 0.9)
  return {
    behind: pen.solid(side, 'bodyDark', { depth: 0.6 }) + horns,
    d: lid,
    inside: pen.line(spokes + web, 'bodyDark', 12) + pen.flat(dotted(dots, 17), 'accent'),
    y: y - 60,
    apart: 92,
    top: y - half * (isTriangle ? 0.5 : 0.76),
    side: half * (isTriangle ? 0.5 : 0.84)
  }
}

/** Diatoms like a boat, a saddle or a fan, and those that stick together as a star or as a folding rule. */
function pennate(model: Model): Cell {
  const { pen, girth } = model
  const name = nameOf(model)
  const isFan = /fan/.test(name)
  const isStar = /star/.test(name)
  const isRule = /rule/.test(name)
  const isSaddle = /saddle/.test(name)
  const wide = (isSaddle ? 370 : isFan ? 500 : isRule || isStar ? 200 : 250) * girth
  const d = isFan
    ? path`
      M-60 -40Q${-wide * 0.9} -500 ${-wide} -800Q${-wide * 0.6} -1050 0 -1060
      Q${wide * 0.6} -1050 ${wide} -800Q${wide * 0.9} -500 60 -40Z
    `
    : isSaddle
      ? path`
        M${-wide} -900Q0 -640 ${wide} -900Q${wide * 1.14} -500 ${wide * 0.8} -150
        Q0 -330 ${-wide * 0.8} -150Q${-wide * 1.14} -500 ${-wide} -900Z
      `
      : path`
        M0 -1060Q${wide * 1.2} -900 ${wide} -540Q${wide * 0.9} -160 0 -20
        Q${-wide * 0.9} -160 ${-wide} -540Q${-wide * 1.2} -900 0 -1060Z
      `
  const rows = repeat(17, (index) => {
    const y = -1010 + index * 60
    return y > -880 && y < -470
      ? both((side) => path`M${side * wide} ${y}L${side * 190} ${y}`)
      : path`M${-wide} ${y}H-40M40 ${y}H${wide}`
  })
  const fanRows = repeat(17, (index) => {
    const turn = (index - 8) * 7
    return polyline(polar(0, -40, 340, turn), polar(0, -40, 1060, turn))
  })
  // Along both edges of a boat.
  const pores = repeat(8, (index) => {
    const y = -930 + index * 112
    const x = wide * 0.74 * Math.sqrt(1 - ((y + 540) / 520) ** 2)
    return both((side) => ellipse(side * x, y, 22))
  })
  const sisters = isRule
    ? each([-2, -1, 1, 2], (step) =>
        pen.solid(path`M${step * 190 - 90} ${-900 + step * 70}h180v${700}h-180Z`, 'bodyDark', {
          depth: 0.5,
          inside: pen.line(
            repeat(10, (row) => path`M${step * 190 - 90} ${-860 + step * 70 + row * 66}h180`),
            'body',
            10
          )
        })
      )
    : isStar
      ? each([45, 90, 135, 225, 270, 315], (turn) => {
          const [x, y] = polar(0, -540, 330, turn)
          return pen.solid(ellipse(x, y, 74, 210, turn), 'bodyDark', {
            depth: 0.5,
            inside: pen.flat(
              each([-0.6, -0.3, 0, 0.3, 0.6], (share) => ellipse(...polar(x, y, share * 210, turn), 17)),
              'accent'
            )
          })
        })
      : ''
  return {
    behind: sisters,
    d,
    inside:
      pen.line(isFan ? fanRows : rows, 'bodyDark', 12) +
      pen.line(isFan ? path`M0 -300V-60` : path`M0 -440V-60M0 -900V-1040`, 'bodyDark', 20) +
      pen.flat(ellipse(0, -400, 50, 60) + (isFan || isSaddle ? '' : pores), 'accent'),
    y: -700,
    apart: isFan || isSaddle ? 96 : 80,
    top: isSaddle ? -760 : -960,
    side: wide * 0.84
  }
}

/** Coccolithophores: a ball of plates like wheels. */
function wheels(model: Model): Cell {
  const { pen, girth } = model
  const half = 410 * girth
  const places = around(0, -500, half * 0.86, 10)
  const wheel = ([x, y]: Point): string =>
    pen.solid(ellipse(x, y, 150, 140), 'paper', {
      depth: 0.4,
      inside:
        pen.line(
          each(around(x, y, 140, 8), (end) => polyline([x, y], end)) + ellipse(x, y, 100, 92),
          'skyLow',
          13
        ) + pen.flat(ellipse(x, y, 44, 40), 'body')
    })
  return {
    behind: each(places, wheel),
    d: ellipse(0, -500, half * 0.76),
    inside: pen.line(ellipse(0, -500, half * 0.66), 'bodyDark', 12),
    y: -580,
    apart: 96,
    top: -880,
    side: half * 0.66
  }
}

/** Radiolarians: a lattice of glass with long spines, or a bell of it on feet. */
function lattice(model: Model): Cell {
  const { pen, girth } = model
  const isBell = /bell/.test(nameOf(model))
  const half = 340 * girth
  const d = isBell
    ? path`
      M0 -1060Q${half * 0.7} -980 ${half * 0.8} -700Q${half} -420 ${half * 1.1} -260
      H${-half * 1.1}Q${-half} -420 ${-half * 0.8} -700Q${-half * 0.7} -980 0 -1060Z
    `
    : ellipse(0, -520, half)
  const holes = isBell ? rings(-640, [280, 350, 420], 16, 1.1) : rings(-520, [270, 325], 18)
  const spines = isBell
    ? both((side) => curve([side * half * 0.7, -300], [side * half * 1.1, -150], [side * half * 1.3, 0])) +
      path`M0 -300V0M0 -1040V-1140`
    : repeat(12, (index) => {
        return polyline(
          polar(0, -520, half * 0.9, index * 30 + 15),
          polar(0, -520, half * (index % 2 === 0 ? 1.6 : 1.36), index * 30 + 15)
        )
      })
  return {
    behind: pen.limb(spines, 'bodyDark', 26),
    d,
    inside:
      pen.flat(dotted(holes, 30), 'ink') +
      (isBell ? '' : pen.line(ellipse(0, -520, half * 0.66), 'bodyDark', 10)),
    y: isBell ? -690 : -600,
    apart: 88,
    top: isBell ? -960 : -520 - half * 0.84,
    side: half * 0.8
  }
}

/** Foraminifers: chambers that get larger in a spiral, with fine threads all around; a star sand has blunt arms. */
function chambers(model: Model): Cell {
  const { pen, girth } = model
  const g = girth
  const threads = pen.line(
    repeat(28, (index) => {
      const [fx, fy] = polar(0, -520, 330, index * 12.86)
      const [mx, my] = polar(0, -520, 450, index * 12.86 + 4)
      const [tx, ty] = polar(0, -520, 560, index * 12.86 - 3)
      return curve([fx, fy], [mx, my], [tx, Math.min(ty, -4)])
    }),
    'bodyDark',
    9
  )
  const arms = each([0, 60, 120, 180, 240, 300], (turn) => {
    const [x, y] = polar(0, -520, 340, turn + 30)
    return pen.solid(ellipse(x, y, 96, 170, turn + 30), 'bodyDark', { depth: 0.6 })
  })
  const sizes = [60, 84, 104, 122, 140, 156, 170] as const
  const spiral = each(sizes, (size, index) => {
    const [x, y] = polar(0, -480, 300 + index * 6, 150 + index * 48)
    return pen.solid(ellipse(x * g, y, size, size * 0.96), 'body', {
      depth: 0.7,
      inside: pen.flat(
        rings(y, [size * 0.55], 7)
          .map(([px, py]) => ellipse(px + x * g, py, 12))
          .join(''),
        'bodyDark'
      )
    })
  })
  return {
    behind: threads + arms + spiral,
    d: ellipse(0, -520, 290 * g, 280),
    inside: pen.line(ellipse(0, -520, 250 * g, 240), 'bodyDark', 10),
    y: -590,
    apart: 88,
    top: -760,
    side: 250 * g
  }
}

/** Single cells with a shell, a collar or a shape that nothing else has. */
export const GLASS: ReadonlyArray<readonly [RegExp, (model: Model) => Cell]> = [
  [/spiderweb|triangle diatom/, drum],
  [/diatom/, pennate],
  [/coccolith/, wheels],
  [/radiolarian/, lattice],
  [/foraminifer/, chambers],
  [/desmid/, halves],
  [/dinoflagellate|sea sparkle/, whirler],
  [/choanoflagellate/, collared],
  [/euglena|trichonympha/, spindle],
  [/swan-necked|square/, necked]
]
