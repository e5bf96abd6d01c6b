import { FRAME } from './frame.ts'
import type { Pen } from './pen.ts'
import type { Random } from './random.ts'
import { both, each, repeat } from './repeat.ts'
import { blob, curve, ellipse, group, n, path, polygon, polyline, rectangle, star } from './svg.ts'
import { match } from './traits.ts'
import type { Trait } from './traits.ts'

/** Draws the area behind all other things, from the top of the frame to the horizon. */
type Backdrop = (pen: Pen, horizon: number, random: Random) => string

const band = (pen: Pen, horizon: number, y: number, rise: number, role: 'far' | 'farDark' | 'skyLow') =>
  pen.solid(`M0 ${n(y)}Q250 ${n(y - rise)} 500 ${n(y)}T1000 ${n(y)}V${n(horizon + 60)}H0Z`, role, {
    depth: 0.4
  })

const BACKDROPS: Record<string, Backdrop> = {
  plain: (pen, horizon, random) =>
    pen.solid(
      random.pick([
        ellipse(500, horizon * 0.5, 330),
        rectangle(210, horizon * 0.5 - 290, 580, 580),
        polygon([500, horizon * 0.5 - 380], [880, horizon * 0.5 + 250], [120, horizon * 0.5 + 250])
      ]),
      'skyLow',
      { depth: 0 }
    ),
  motifs: (pen, horizon) =>
    repeat(28, (index) =>
      pen.flat(
        index % 2 === 0
          ? ellipse(70 + (index % 7) * 144, 70 + (Math.floor(index / 7) * horizon) / 4.2, 22)
          : star(70 + (index % 7) * 144, 70 + (Math.floor(index / 7) * horizon) / 4.2, 28, 12, 4),
        'skyLow'
      )
    ),
  gradient: (pen, horizon) =>
    each([0, 1, 2, 3], (index) =>
      pen.flat(rectangle(0, horizon * (0.3 + index * 0.18), FRAME, horizon), 'skyLow', 0.32)
    ),
  halo: (pen, horizon) =>
    each([430, 350, 270], (radius, index) =>
      pen.solid(ellipse(500, horizon * 0.62, radius), index === 1 ? 'sky' : 'skyLow', { depth: 0 })
    ) +
    repeat(24, (index) => {
      const angle = (index / 24) * Math.PI * 2
      return pen.flat(ellipse(500 + Math.cos(angle) * 390, horizon * 0.62 + Math.sin(angle) * 390, 12), 'far')
    }),
  checks: (pen, horizon) =>
    repeat(60, (index) =>
      (index + Math.floor(index / 10)) % 2 === 0
        ? pen.flat(
            rectangle((index % 10) * 100, (Math.floor(index / 10) * horizon) / 6, 100, horizon / 6),
            'skyLow'
          )
        : ''
    ),
  stars: (pen, horizon, random) =>
    repeat(46, () =>
      pen.flat(
        star(
          random.between(0, 1000),
          random.between(0, horizon),
          random.between(4, 15),
          3,
          4,
          random.between(0, 90)
        ),
        pen.palette.isNight ? 'paper' : 'far'
      )
    ),
  sea: (pen, horizon) =>
    each([0.66, 0.78, 0.9], (share, index) =>
      pen.solid(
        `M0 ${n(horizon * share)}${repeat(10, () => 'q50 -36 100 0')}V${n(horizon + 60)}H0Z`,
        index % 2 === 0 ? 'skyLow' : 'far',
        { depth: 0.3 }
      )
    ),
  hills: (pen, horizon, random) =>
    band(pen, horizon, horizon - 130, random.between(120, 220), 'skyLow') +
    band(pen, horizon, horizon - 60, -random.between(60, 140), 'far'),
  dunes: (pen, horizon) =>
    pen.solid(
      path`
        M0 ${horizon - 90}
        Q300 ${horizon - 260} 620 ${horizon - 60}
        T1000 ${horizon - 120}
        V${horizon + 60}
        H0Z
      `,
      'skyLow',
      { depth: 1.2 }
    ) +
    each([0, 1, 2, 3], (index) =>
      pen.line(`M${120 + index * 30} ${n(horizon - 40 - index * 24)}q160 -70 330 20`, 'far', 5)
    ),
  forest: (pen, horizon, random) =>
    repeat(9, (index) =>
      pen.solid(
        rectangle(20 + index * 118 + random.between(-20, 20), 0, random.between(28, 58), horizon + 40),
        index % 2 === 0 ? 'skyLow' : 'far',
        { depth: 0.4 }
      )
    ),
  blossoms: (pen, horizon, random) =>
    repeat(18, () => {
      const [x, y, size] = [random.between(20, 980), random.between(20, horizon - 40), random.between(22, 46)]
      return (
        each([0, 72, 144, 216, 288], (turn) =>
          pen.flat(
            ellipse(
              x + Math.sin((turn * Math.PI) / 180) * size * 0.62,
              y - Math.cos((turn * Math.PI) / 180) * size * 0.62,
              size * 0.34,
              size * 0.5,
              turn
            ),
            'skyLow'
          )
        ) + pen.flat(ellipse(x, y, size * 0.24), 'far')
      )
    }),
  curtain: (pen, horizon) =>
    repeat(10, (index) =>
      pen.solid(
        path`
          M${index * 100} 0
          H${index * 100 + 100}
          Q${index * 100 + 70} ${horizon * 0.5} ${index * 100 + 96} ${horizon + 30}
          H${index * 100 + 4}
          Q${index * 100 + 30} ${horizon * 0.5} ${index * 100} 0Z
        `,
        'skyLow',
        { depth: 1 }
      )
    ),
  lattice: (pen) =>
    each([-400, -200, 0, 200, 400, 600, 800], (x) =>
      pen.line(`M${x} 0L${x + 700} 700M${x + 700} 0L${x} 700`, 'skyLow', 20)
    ),
  shelves: (pen, horizon, random) =>
    each(
      [0, 1, 2],
      (row) =>
        repeat(17, (index) => {
          const height = random.between(0.18, 0.26) * horizon
          return pen.flat(
            rectangle(14 + index * 58, (row + 1) * horizon * 0.31 - height, 46, height, 4),
            (['skyLow', 'far', 'farDark', 'skyLow'] as const)[random.whole(0, 3)]!
          )
        }) + pen.flat(rectangle(0, (row + 1) * horizon * 0.31, FRAME, 18), 'farDark')
    ),
  clouds: (pen, horizon, random) =>
    repeat(7, () => {
      const [x, y, size] = [
        random.between(40, 960),
        random.between(40, horizon - 160),
        random.between(40, 88)
      ]
      return pen.flat(
        blob(
          [x - size * 1.9, y + size * 0.5],
          [x - size, y - size * 0.6],
          [x, y - size],
          [x + size, y - size * 0.6],
          [x + size * 1.9, y + size * 0.5]
        ),
        'skyLow'
      )
    }),
  spiral: (pen, horizon) =>
    pen.line(
      curve(
        ...Array.from({ length: 60 }, (_, index): [number, number] => [
          500 + Math.cos(index * 0.42) * index * 8,
          horizon * 0.55 + Math.sin(index * 0.42) * index * 7
        ])
      ),
      'skyLow',
      26
    ),
  rays: (pen, horizon) =>
    repeat(18, (index) =>
      index % 2 === 0
        ? pen.flat(
            polygon(
              [500, horizon],
              [
                500 + Math.cos(Math.PI + (index * Math.PI) / 17) * 1100,
                horizon + Math.sin(Math.PI + (index * Math.PI) / 17) * 1100
              ],
              [
                500 + Math.cos(Math.PI + ((index + 1) * Math.PI) / 17) * 1100,
                horizon + Math.sin(Math.PI + ((index + 1) * Math.PI) / 17) * 1100
              ]
            ),
            'skyLow'
          )
        : ''
    ),
  tiles: (pen, horizon) =>
    repeat(40, (index) => {
      const [x, y] = [62 + (index % 8) * 125, 62 + Math.floor(index / 8) * 125]
      return y < horizon
        ? pen.line(polygon([x, y - 54], [x + 54, y], [x, y + 54], [x - 54, y]), 'skyLow', 10) +
            pen.flat(ellipse(x, y, 17), 'skyLow')
        : ''
    }),
  towers: (pen, horizon, random) =>
    repeat(8, (index) => {
      const [x, width, height] = [index * 130 - 10, random.between(70, 124), random.between(120, 330)]
      return (
        pen.solid(rectangle(x, horizon - height, width, height + 60), index % 2 === 0 ? 'skyLow' : 'far', {
          depth: 0.3
        }) +
        pen.flat(
          polygon(
            [x, horizon - height],
            [x + width / 2, horizon - height - 50],
            [x + width, horizon - height]
          ),
          'skyLow'
        )
      )
    }),
  falls: (pen, horizon) =>
    repeat(13, (index) =>
      pen.line(
        path`
          M${index * 82} 0
          Q${index * 82 + 40} ${horizon * 0.4} ${index * 82 - 6} ${horizon * 0.7}
          T${index * 82 + 20} ${horizon + 40}
        `,
        index % 2 === 0 ? 'skyLow' : 'far',
        index % 3 === 0 ? 34 : 14
      )
    ),
  room: (pen, horizon) =>
    pen.flat(rectangle(0, horizon - 90, FRAME, 20), 'skyLow') +
    pen.solid(rectangle(110, 120, 230, 280), 'skyLow', { depth: 0.3 }) +
    pen.line(rectangle(110, 120, 230, 280), 'far', 16) +
    pen.solid(ellipse(225, 280, 66), 'far', { depth: 0.5 }),
  windows: (pen, horizon) =>
    each(
      [70, 300, 530, 760],
      (x) =>
        pen.solid(`M${x} ${n(horizon - 60)}V230A90 110 0 0 1 ${x + 180} 230V${n(horizon - 60)}Z`, 'skyLow', {
          depth: 0
        }) + pen.line(`M${x + 90} 130V${n(horizon - 60)}M${x} 300H${x + 180}`, 'sky', 12)
    ),
  stairs: (pen, horizon) =>
    repeat(9, (index) =>
      pen.solid(
        polygon(
          [index * 118, horizon + 40],
          [index * 118, horizon - index * 62],
          [FRAME, horizon - index * 62],
          [FRAME, horizon + 40]
        ),
        index % 2 === 0 ? 'skyLow' : 'far',
        { depth: 0.2 }
      )
    ),
  stage: (pen, horizon) =>
    pen.flat(rectangle(0, 0, FRAME, 90), 'far') +
    both((side) =>
      [0, 1, 2]
        .map((index) =>
          pen.solid(
            rectangle(side < 0 ? index * 54 - 20 : FRAME - 120 - index * 54 + 20, 0, 120, horizon + 40),
            index % 2 === 0 ? 'far' : 'skyLow',
            { depth: 0.6 }
          )
        )
        .reverse()
        .join('')
    ),
  bubbles: (pen, horizon, random) =>
    repeat(24, () =>
      pen.line(
        ellipse(random.between(20, 980), random.between(20, horizon), random.between(9, 44)),
        'skyLow',
        9
      )
    ) +
    each([80, 240, 760, 920], (x) =>
      pen.line(
        curve([x, horizon + 30], [x + 40, horizon - 140], [x - 30, horizon - 260], [x + 20, horizon - 380]),
        'far',
        26
      )
    ),
  awnings: (pen, horizon) =>
    each([0, 1, 2, 3], (index) =>
      repeat(5, (stripe) =>
        pen.flat(
          `M${index * 250 + stripe * 50} ${n(horizon - 260)}h50v110a25 25 0 0 1 -50 0Z`,
          stripe % 2 === 0 ? 'skyLow' : 'far'
        )
      )
    ) +
    repeat(12, (index) =>
      pen.flat(
        polygon(
          [index * 84, 90 + (index % 3) * 10],
          [index * 84 + 60, 90 + (index % 3) * 10],
          [index * 84 + 30, 156 + (index % 3) * 10]
        ),
        index % 2 === 0 ? 'far' : 'skyLow'
      )
    ),
  cracks: (pen, horizon, random) =>
    repeat(9, () => {
      const [x, y] = [random.between(0, 1000), random.between(0, horizon)]
      return pen.line(
        polyline(
          [x, y],
          [x + random.between(40, 120), y + random.between(-60, 60)],
          [x + random.between(120, 220), y + random.between(-40, 120)],
          [x + random.between(180, 330), y + random.between(-60, 160)]
        ),
        'skyLow',
        7
      )
    }) +
    pen.solid(ellipse(240, 220, 130), 'skyLow', { depth: 0.3 }) +
    pen.line(ellipse(240, 220, 96), 'far', 8),
  scraps: (pen, horizon, random) =>
    repeat(11, (index) => {
      const [x, y, turn] = [index * 98, (index * 137) % horizon, random.between(-24, 24)]
      const scrap = rectangle(x - 60, y - 60, random.between(120, 230), random.between(80, 170))
      return group(
        pen.flat(scrap, index % 3 === 0 ? 'far' : 'skyLow', 0.85),
        `rotate(${n(turn)} ${x} ${n(y)})`
      )
    })
}

const WORDS: Array<[RegExp, keyof typeof BACKDROPS]> = [
  [/halo/, 'halo'],
  [/spiral/, 'spiral'],
  [/checker/, 'checks'],
  [/night sky|starry/, 'stars'],
  [/sea of|quiet sea|shore/, 'sea'],
  [/desert|dune/, 'dunes'],
  [/forest|trunk/, 'forest'],
  [/blossom|garden/, 'blossoms'],
  [/curtain|hanging|woven/, 'curtain'],
  [/lattice|screen/, 'lattice'],
  [/library|book/, 'shelves'],
  [/cloud|mist|swirl/, 'clouds'],
  [/sunburst|rays/, 'rays'],
  [/tile|courtyard/, 'tiles'],
  [/skyline|twilight|rooftop|towers/, 'towers'],
  [/waterfall|ribbon|rainy|reflection/, 'falls'],
  [/room|framed/, 'room'],
  [/windows|shop/, 'windows'],
  [/stair/, 'stairs'],
  [/stage/, 'stage'],
  [/reef|underwater|bubble/, 'bubbles'],
  [/market|awning/, 'awnings'],
  [/glaze|plaster|crack|chalk|cave/, 'cracks'],
  [/paper|scrap|map/, 'scraps'],
  [/hills|meadow|valley|snow/, 'hills'],
  [/gradient/, 'gradient'],
  [/flat field|motif/, 'motifs'],
  [/plain/, 'plain']
]

/** Backdrops that leave most of the sky empty. */
const CALM = new Set(['plain', 'gradient', 'hills', 'dunes', 'sea', 'room', 'towers', 'stage', 'stairs'])

export const isCalm = (backStyle: Trait): boolean => CALM.has(backdropOf(backStyle))

export const BACKDROP_NAMES = Object.keys(BACKDROPS)

/** The name of a back style's backdrop, found by its words. */
export function backdropOf(backStyle: Trait): string {
  return match(backStyle, WORDS, BACKDROP_NAMES)
}

export function drawBackdrop(pen: Pen, backStyle: Trait, horizon: number): string {
  return BACKDROPS[backdropOf(backStyle)]!(pen, horizon, backStyle.random())
}
