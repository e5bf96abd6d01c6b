import type { Anatomy } from '../anatomy.ts'
import type { Pen } from '../pen.ts'
import { both, each } from '../repeat.ts'
import { ellipse, path, polygon, rectangle, star } from '../svg.ts'
import { anyOf } from '../words.ts'
import { NECKWEAR } from './neckwear.ts'
import type { Neck } from './neckwear.ts'

type Garment = (pen: Pen, neck: Neck, torso: Anatomy['torso']) => string

/** Whether the neck is directly above the torso. A collar does not fit a long neck or one at the side. */
function isUnder(neck: Neck, torso: NonNullable<Anatomy['torso']>): boolean {
  return Math.abs(neck.x - torso.x - torso.width / 2) < torso.width * 0.25 && Math.abs(neck.y - torso.y) < 140
}

type Torso = NonNullable<Anatomy['torso']>

/** A bib and a skirt that goes around the body, so that no edge of it hangs before the body. */
function apronOf({ x, y, width, height }: Torso): string {
  const [across, down] = [(share: number) => x + width * share, (share: number) => y + height * share]
  return path`
    M${across(0.3)} ${down(0.13)}
    Q${across(0.5)} ${down(0.18)} ${across(0.7)} ${down(0.13)}
    Q${across(0.72)} ${down(0.42)} ${across(1.08)} ${down(0.5)}
    V${down(0.86)}
    Q${across(0.5)} ${down(1.02)} ${across(-0.08)} ${down(0.86)}
    V${down(0.5)}
    Q${across(0.28)} ${down(0.42)} ${across(0.3)} ${down(0.13)}Z
  `
}

/** One half of an open coat. Its front edge swings away from the belly. */
function coatFront({ x, y, width, height }: Torso, side: number): string {
  const [across, down] = [
    (share: number) => x + width / 2 + side * width * share,
    (share: number) => y + height * share
  ]
  return path`
    M${across(0.03)} ${down(0.36)}
    Q${across(0.12)} ${down(0.12)} ${across(0.24)} ${y - 20}
    H${across(1)}
    V${down(1.1)}
    H${across(0.34)}
    Q${across(0.04)} ${down(0.86)} ${across(0.03)} ${down(0.36)}Z
  `
}

/** One half of a vest, with a point at the hem. */
function vestFront({ x, y, width, height }: Torso, side: number): string {
  const [across, down] = [
    (share: number) => x + width / 2 + side * width * share,
    (share: number) => y + height * share
  ]
  return path`
    M${across(0.03)} ${down(0.42)}
    Q${across(0.14)} ${down(0.16)} ${across(0.24)} ${y - 20}
    H${across(0.42)}
    Q${across(0.38)} ${down(0.26)} ${across(0.56)} ${down(0.36)}
    V${down(0.68)}
    Q${across(0.3)} ${down(0.76)} ${across(0.14)} ${down(0.84)}
    Q${across(0.04)} ${down(0.74)} ${across(0.03)} ${down(0.42)}Z
  `
}

export const GARMENTS: Record<string, Garment> = {
  ...NECKWEAR,
  apron: (pen, _neck, torso) =>
    torso === undefined
      ? ''
      : pen.within(
          torso.d,
          pen.solid(apronOf(torso), 'cloth', { depth: 0.5 }) +
            pen.solid(
              rectangle(
                torso.x + torso.width * 0.36,
                torso.y + torso.height * 0.56,
                torso.width * 0.28,
                torso.height * 0.2,
                12
              ),
              'clothDark',
              { depth: 0.2 }
            ) +
            pen.line(
              path`
                M${torso.x + torso.width * 0.33} ${torso.y + torso.height * 0.16}
                L${torso.x + torso.width * 0.24} ${torso.y - 60}
                M${torso.x + torso.width * 0.67} ${torso.y + torso.height * 0.16}
                L${torso.x + torso.width * 0.76} ${torso.y - 60}
              `,
              'clothDark',
              20
            )
        ),
  coat: (pen, neck, torso) =>
    torso === undefined
      ? ''
      : pen.within(
          torso.d,
          both((side) => pen.solid(coatFront(torso, side), 'cloth', { depth: 0.5 })) +
            each([0.44, 0.57, 0.7], (share) =>
              pen.flat(
                ellipse(
                  torso.x + torso.width * (0.58 + (share - 0.44) * 0.3),
                  torso.y + torso.height * share,
                  13
                ),
                'accent'
              )
            )
        ) +
        each(!isUnder(neck, torso) ? [] : [-1, 1], (side) =>
          pen.solid(
            polygon(
              [neck.x, neck.y + 70],
              [neck.x + side * neck.width * 0.16, neck.y - 26],
              [neck.x + side * neck.width * 0.5, neck.y - 10],
              [neck.x + side * neck.width * 0.36, neck.y + 74]
            ),
            'clothDark',
            { depth: 0.2 }
          )
        ),
  jersey: (pen, _neck, torso) =>
    torso === undefined
      ? ''
      : pen.within(
          torso.d,
          pen.flat(rectangle(torso.x - 20, torso.y, torso.width + 40, torso.height * 0.7), 'paper') +
            each([0, 1, 2, 3, 4], (index) =>
              pen.flat(
                rectangle(
                  torso.x - 20,
                  torso.y + torso.height * (0.08 + index * 0.14),
                  torso.width + 40,
                  torso.height * 0.065
                ),
                'cloth'
              )
            )
        ),
  overalls: (pen, _neck, torso) =>
    torso === undefined
      ? ''
      : pen.within(
          torso.d,
          pen.solid(
            rectangle(torso.x - 20, torso.y + torso.height * 0.5, torso.width + 40, torso.height * 0.7),
            'cloth',
            { depth: 0.5 }
          ) +
            pen.solid(
              rectangle(
                torso.x + torso.width * 0.24,
                torso.y + torso.height * 0.22,
                torso.width * 0.52,
                torso.height * 0.34,
                10
              ),
              'cloth',
              { depth: 0.3 }
            ) +
            pen.solid(
              rectangle(
                torso.x + torso.width * 0.36,
                torso.y + torso.height * 0.3,
                torso.width * 0.28,
                torso.height * 0.14,
                8
              ),
              'clothDark',
              { depth: 0 }
            ) +
            both(
              (side) =>
                pen.line(
                  path`
                    M${torso.x + torso.width * (0.5 + side * 0.2)} ${torso.y + torso.height * 0.26}
                    L${torso.x + torso.width * (0.5 + side * 0.34)} ${torso.y - 10}
                  `,
                  'clothDark',
                  26
                ) +
                pen.flat(
                  ellipse(torso.x + torso.width * (0.5 + side * 0.2), torso.y + torso.height * 0.27, 15),
                  'accent'
                )
            )
        ),
  vest: (pen, _neck, torso) =>
    torso === undefined
      ? ''
      : pen.within(
          torso.d,
          both((side) => pen.solid(vestFront(torso, side), 'cloth', { depth: 0.4 }))
        ),
  sash: (pen, _neck, torso) =>
    torso === undefined
      ? ''
      : pen.within(
          torso.d,
          pen.solid(
            polygon(
              [torso.x - 20, torso.y + 6],
              [torso.x + torso.width * 0.2, torso.y - 20],
              [torso.x + torso.width + 30, torso.y + torso.height * 0.72],
              [torso.x + torso.width * 0.86, torso.y + torso.height * 0.9]
            ),
            'cloth',
            { depth: 0.4 }
          )
        ) + pen.flat(star(torso.x + torso.width * 0.34, torso.y + torso.height * 0.3, 44, 22, 8), 'accent')
}

export const GARMENT_WORDS: Array<[RegExp, keyof typeof GARMENTS]> = [
  [
    anyOf(
      /apron|baker|cook|chef|\w*smith|potter|cobbler|barista|butcher|brew/,
      /fishmonger|glass|soap|candle|waiter|maker|luthier|carpenter|confection/
    ),
    'apron'
  ],
  [
    anyOf(
      /overall|dungaree|farmer|mechanic|plumber|painter/,
      /gardener|engineer|builder|miner|electrician|bib|waders/
    ),
    'overalls'
  ],
  [/striped|jersey|gondol|sailor|mime|fisher|onion|oyster/, 'jersey'],
  [
    anyOf(
      /coat|doctor|scient|chemist|vet|professor|captain|pilot|astronom/,
      /conductor|judge|gown|tunic|robe|suit|lab|curator|detective|tailcoat/
    ),
    'coat'
  ],
  [
    anyOf(/waistcoat|vest|tailor|banker|clerk|barber|watch|cowboy|gaucho|drover|croupier|weaver|conjur/),
    'vest'
  ],
  [/sash|ambassador|diplomat|belt|champion|dancer|herald|crier|guard|mayor|wrestler/, 'sash'],
  [
    anyOf(
      /bow tie|magician|butler|waiter|singer|pianist|violin/,
      /musician|comedian|host|organ|maître|usher|auction/
    ),
    'bowTie'
  ],
  [/ruff|clown|jester|actor|pierrot|puppet|poet|scribe|acrobat|juggler|mask/, 'ruff'],
  [/scarf|arctic|ski|mountain|balloon|aviator|reindeer|glaciolog|poet|snow|ice|sled|artist/, 'scarf']
]
