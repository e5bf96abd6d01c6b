import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, polygon, rectangle } from '../svg.ts'
import { mountain } from './shapes.ts'
import type { Landmark } from './shapes.ts'

/** Each landmark on its own grid: it stands on y = 0 around x = 0 and is about 340 high. */
export const NATURE = {
  mountains: (pen) =>
    mountain(pen, -150, 230, 300) + mountain(pen, 120, 290, 410) + mountain(pen, 330, 170, 210),
  volcano: (pen) =>
    pen.solid(ellipse(16, -430, 54, 40), 'paper', { depth: 0.4 }) +
    pen.solid(ellipse(66, -490, 72, 52), 'paper', { depth: 0.4 }) +
    pen.solid('M-330 20Q-120 -70 -60 -340H60Q120 -70 330 20Z', 'far', { depth: 1.4 }) +
    pen.flat('M-60 -340H60L40 -270L10 -310L-16 -250L-40 -300Z', 'accent'),
  rocks: (pen) =>
    each(
      [
        [-210, 120, 240],
        [-60, 96, 380],
        [90, 130, 300],
        [250, 90, 200]
      ],
      ([x, width, height]) =>
        pen.solid(
          blob(
            [x - width * 0.5, 20],
            [x - width * 0.56, -height * 0.5],
            [x - width * 0.3, -height],
            [x + width * 0.34, -height],
            [x + width * 0.5, -height * 0.4],
            [x + width * 0.56, 20]
          ),
          'far',
          { depth: 1.2 }
        )
    ),
  canyon: (pen) =>
    both((side) =>
      pen.solid(
        polygon(
          [side * 440, 20],
          [side * 440, -350],
          [side * 230, -330],
          [side * 220, -230],
          [side * 150, -220],
          [side * 140, -110],
          [side * 80, -96],
          [side * 60, 20]
        ),
        'far',
        {
          inside: each([-280, -180, -80], (y) => pen.line(`M${side * 60} ${y}H${side * 440}`, 'farDark', 13))
        }
      )
    ),
  waterfall: (pen) =>
    pen.solid(polygon([-320, 20], [-300, -330], [300, -330], [320, 20]), 'far', { depth: 0.6 }) +
    pen.solid('M-90 -336H90L120 10H-120Z', 'paper', {
      depth: 0,
      inside: each([-60, -20, 24, 64], (x) => pen.line(`M${x} -330L${x * 1.3} 10`, 'skyLow', 14))
    }) +
    each([-120, -40, 50, 130], (x) => pen.flat(ellipse(x, 6, 60, 26), 'paper')),
  dunes: (pen) =>
    pen.solid('M-470 20Q-260 -210 -60 -60Q140 -300 470 20Z', 'far', { depth: 1.5 }) +
    pen.solid('M-470 20Q-180 -90 30 -20Q240 -130 470 20Z', 'farDark', { depth: 1 }),
  island: (pen) =>
    pen.solid(blob([-290, 20], [-220, -80], [0, -120], [220, -70], [290, 20]), 'far') +
    pen.limb(curve([30, -80], [20, -210], [90, -320]), 'farDark', 24) +
    each([-80, -40, 6, 44, 86], (turn) =>
      pen.solid(
        blob(
          [90, -320],
          [90 + Math.sin((turn * Math.PI) / 180) * 90, -360 - Math.cos((turn * Math.PI) / 180) * 40],
          [90 + Math.sin((turn * Math.PI) / 180) * 170, -300 + Math.abs(turn) * 0.6]
        ),
        'far',
        { depth: 0.4 }
      )
    ),
  waves: (pen) =>
    each([0, 1, 2], (row) =>
      pen.solid(
        `M-480 ${-90 + row * 44}${repeat(8, () => 'q60 -60 120 0')}V60H-480Z`,
        row % 2 === 0 ? 'far' : 'farDark',
        { depth: 0.4 }
      )
    ) +
    pen.solid(polygon([-60, -120], [150, -120], [110, -60], [-20, -60]), 'farDark', { depth: 0 }) +
    pen.solid(polygon([40, -330], [40, -134], [170, -134]), 'paper', { depth: 0.4 }) +
    pen.solid(polygon([26, -290], [26, -134], [-60, -134]), 'far', { depth: 0.3 }),
  forest: (pen) =>
    each([-300, -200, -110, -10, 90, 190, 290], (x, index) =>
      pen.solid(
        index % 2 === 0
          ? polygon([x, -330 + index * 8], [x + 80, 10], [x - 80, 10])
          : blob([x - 70, -90], [x, -290], [x + 70, -90], [x, 10]),
        index % 3 === 0 ? 'farDark' : 'far',
        { depth: 0.8 }
      )
    ),
  garden: (pen) =>
    pen.solid(rectangle(-330, -70, 660, 90), 'farDark', { depth: 0.3 }) +
    each([-240, -80, 80, 240], (x, index) =>
      pen.solid(
        index % 2 === 0 ? ellipse(x, -150, 76) : polygon([x, -330], [x + 60, -60], [x - 60, -60]),
        'far'
      )
    ),
  stones: (pen) =>
    each([-250, -90, 80, 240], (x, index) =>
      pen.solid(rectangle(x - 36, -220 + index * 12, 72, 240, 12), 'far')
    ) +
    pen.solid(rectangle(-300, -270, 270, 56, 12), 'farDark', { depth: 0.3 }) +
    pen.solid(rectangle(30, -246, 270, 56, 12), 'farDark', { depth: 0.3 }),
  ice: (pen) =>
    each(
      [
        [-230, 150, 210],
        [-20, 180, 340],
        [220, 160, 250]
      ],
      ([x, half, height]) =>
        pen.solid(
          polygon(
            [x - half, 20],
            [x - half * 0.6, -height * 0.5],
            [x - half * 0.1, -height],
            [x + half * 0.4, -height * 0.56],
            [x + half, 20]
          ),
          'paper',
          { depth: 1.6 }
        )
    ),
  cave: (pen) =>
    pen.solid(blob([-430, 20], [-370, -260], [-90, -370], [190, -350], [410, -190], [430, 20]), 'far', {
      depth: 1.2
    }) + pen.flat('M-130 30V-90Q-60 -250 60 -200Q150 -150 140 30Z', 'farDark')
} satisfies Record<string, Landmark>
