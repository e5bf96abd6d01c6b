import { nameOf } from '../anatomy.ts'
import type { Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, path, polar, polygon, polyline, star } from '../svg.ts'
import type { Point } from '../svg.ts'
import type { Cell } from './bacteria.ts'

/** Desmids: two halves that mirror each other, lobed, with a narrow waist. */
export function halves(model: Model): Cell {
  const { pen, girth } = model
  const half = 440 * girth
  const side: readonly Point[] = [
    [0.16, -1050],
    [0.3, -960],
    [0.6, -1000],
    [0.62, -880],
    [0.94, -860],
    [0.84, -740],
    [1.06, -640],
    [0.86, -580],
    [0.3, -530],
    [0.86, -480],
    [1.06, -420],
    [0.84, -320],
    [0.94, -200],
    [0.62, -180],
    [0.6, -60],
    [0.3, -100],
    [0.16, -10]
  ]
  return {
    behind: '',
    d: polygon(
      ...side.map(([x, y]): Point => [x * half, y]),
      ...side.toReversed().map(([x, y]): Point => [-x * half, y])
    ),
    inside:
      pen.flat(ellipse(0, -760, half * 0.62, 190) + ellipse(0, -290, half * 0.62, 180), 'bodyLight', 0.5) +
      pen.line(
        both((way) =>
          each([0.4, 0.7], (share) =>
            curve([0, -500], [way * half * share, -330], [way * half * share, -150])
          )
        ),
        'bodyDark',
        14
      ) +
      pen.flat(ellipse(0, -500, 60), 'accent'),
    y: -780,
    apart: 92,
    top: -960,
    side: half * 0.7
  }
}

/** Dinoflagellates: plates with a girdle and a furrow, two whips, horns if it has them; a sea sparkle is a bladder. */
export function whirler(model: Model): Cell {
  const { pen, girth } = model
  const name = nameOf(model)
  const isSparkle = /sparkle/.test(name)
  const half = 370 * girth
  const horns = /horned/.test(name)
    ? pen.limb(
        path`M0 -860V-1120` +
          both((side) => curve([side * 200, -300], [side * 330, -130], [side * 480, -150])),
        'body',
        110
      )
    : ''
  const whip = pen.line(
    curve([0, -180], [90, -90], [-60, -40], [60, 20]) +
      curve([-half, -470], [-half * 1.3, -560], [-half * 1.24, -380], [-half * 1.5, -430]),
    'bodyDark',
    22
  )
  const girdle = path`M${-half * 1.2} -480Q0 -380 ${half * 1.2} -480V-390Q0 -290 ${-half * 1.2} -390Z`
  const plates = path`M-${half} -640Q0 -560 ${half} -640M-120 -330L-170 -120M150 -330L190 -120M0 -300V-100`
  const sparks = each([0, 45, 90, 135, 180, 225, 270, 315], (turn) =>
    star(...polar(0, -520, half * 1.2, turn), 56, 16, 4)
  )
  const tentacle = curve([half * 0.3, -220], [half * 0.6, -60], [half, -70], [half * 1.2, -190])
  return {
    behind: isSparkle ? pen.limb(tentacle, 'bodyDark', 50) + pen.flat(sparks, 'accent') : horns + whip,
    d: isSparkle
      ? ellipse(0, -540, half * 1.04)
      : blob(
          [-half * 0.5, -940],
          [half * 0.5, -940],
          [half * 1.1, -640],
          [half * 1.04, -400],
          [half * 0.5, -120],
          [-half * 0.5, -120],
          [-half * 1.04, -400],
          [-half * 1.1, -640]
        ),
    inside: isSparkle
      ? pen.line(
          repeat(7, (index) =>
            curve([0, -300], polar(0, -480, 230, 60 + index * 40), polar(0, -540, 380, 60 + index * 40))
          ),
          'bodyLight',
          12
        )
      : pen.line(plates, 'bodyDark', 12) +
        pen.flat(girdle, 'bodyDark') +
        (/eyed/.test(name)
          ? pen.flat(ellipse(0, -230, 80), 'ink') + pen.flat(ellipse(-20, -250, 26), 'paper')
          : ''),
    y: isSparkle ? -600 : -700,
    apart: 96,
    top: isSparkle ? -860 : -880,
    side: half * 0.86
  }
}

/** Collared flagellates: a rosette of cells, each with a collar of fine rods around its whip. */
export function collared(model: Model): Cell {
  const { pen, girth } = model
  const places = [-110, -66, -22, 22, 66, 110] as const
  const collars = each(places, (turn) => {
    const foot = polar(0, -470, 330, turn)
    const rods = each([-26, -13, 0, 13, 26], (aside) => polyline(foot, polar(...foot, 190, turn + aside)))
    const whip = polyline(foot, polar(...foot, 270, turn))
    return pen.line(rods, 'accent', 13) + pen.line(whip, 'bodyDark', 17)
  })
  return {
    behind:
      collars +
      each(places, (turn) =>
        pen.solid(ellipse(...polar(0, -470, 290, turn), 110, 130, turn), 'bodyDark', { depth: 0.6 })
      ) +
      pen.limb(curve([0, -260], [40, -120], [0, -6]), 'bodyDark', 34),
    d: ellipse(0, -480, 270 * girth),
    inside: '',
    y: -550,
    apart: 90,
    top: -740,
    side: 220 * girth
  }
}

/** Euglenas: a spindle with one long whip in front and a red eye spot. Trichonymphas: a pear in a coat of hairs. */
export function spindle(model: Model): Cell {
  const { pen, girth } = model
  const isHairy = /trichonympha/.test(nameOf(model))
  const half = 300 * girth
  const hairs = repeat(17, (index) => {
    const share = (index / 16) * 2 - 1
    return curve(
      [share * half * 0.5, -900],
      [share * half * 1.6, -640],
      [share * half * 1.9, -160 - Math.abs(share) * 60]
    )
  })
  return {
    behind: isHairy
      ? pen.line(hairs, 'bodyDark', 16)
      : pen.limb(curve([0, -960], [110, -1060], [260, -960], [330, -1080], [470, -1000]), 'bodyDark', 28),
    d: isHairy
      ? blob(
          [-90, -1040],
          [90, -1040],
          [half * 0.7, -820],
          [half * 1.1, -460],
          [half * 0.8, -60],
          [-half * 0.8, -60],
          [-half * 1.1, -460],
          [-half * 0.7, -820]
        )
      : path`
        M0 -1020Q${half * 1.3} -860 ${half * 0.9} -440Q${half * 0.6} -160 60 0
        Q${-half * 0.6} -160 ${-half * 0.9} -440Q${-half * 1.3} -860 0 -1020Z
      `,
    inside: isHairy
      ? pen.line(
          each([-0.8, -0.4, 0, 0.4, 0.8], (share) =>
            curve([share * 90, -1000], [share * half, -420], [share * half, -120])
          ),
          'bodyDark',
          10
        )
      : pen.flat(ellipse(-120, -890, 54), 'heart') +
        pen.flat(
          each(
            [
              [-90, -380],
              [80, -400],
              [-30, -280],
              [110, -290],
              [-10, -170]
            ],
            ([x, y]) => ellipse(x, y, 50, 34)
          ),
          'accent'
        ),
    y: isHairy ? -640 : -690,
    apart: 84,
    top: -900,
    side: half * 0.8
  }
}

/** A swan-necked ciliate: a drop with a neck that is longer than itself. A square archaeon: a thin tile of salt. */
export function necked(model: Model): Cell {
  const { pen, girth } = model
  if (/square/.test(nameOf(model))) {
    const half = 430 * girth
    return {
      behind: '',
      d: path`M${-half} -960H${half}V-80H${-half}Z`,
      inside:
        pen.flat(path`M${-half + 50} -910H${half - 50}V-130H${-half + 50}Z`, 'bodyLight', 0.4) +
        pen.flat(
          each(
            [
              [-300, -300, 60],
              [-180, -220, 40],
              [260, -290, 66],
              [120, -200, 44],
              [330, -820, 44],
              [-330, -800, 50]
            ],
            ([x, y, size]) => ellipse(x, y, size)
          ),
          'accent'
        ),
      y: -620,
      apart: 104,
      top: -900,
      side: half * 0.94
    }
  }
  const neck: readonly Point[] = [
    [120, -620],
    [330, -760],
    [470, -980],
    [330, -1080],
    [180, -1010]
  ]
  const lashes = repeat(16, (index) => {
    return polyline(polar(0, -430, 330, index * 22.5), polar(0, -430, 400, index * 22.5 + 6))
  })
  return {
    behind:
      pen.line(lashes, 'bodyDark', 14) +
      pen.limb(curve(...neck), 'body', 84) +
      pen.flat(ellipse(160, -1010, 40, 30), 'ink'),
    d: blob(
      [-260, -700],
      [60, -790],
      [300, -640],
      [350, -400],
      [240, -140],
      [0, -20],
      [-240, -140],
      [-350, -430]
    ),
    inside: pen.solid(ellipse(90, -270, 100, 70), 'accent', { depth: 0.3 }),
    y: -530,
    apart: 92,
    top: -720,
    side: 270 * girth
  }
}
