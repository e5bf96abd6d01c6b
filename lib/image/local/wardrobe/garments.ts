import type { Anatomy } from '../anatomy.ts'
import type { Pen } from '../pen.ts'
import { both, each } from '../repeat.ts'
import { ellipse, path, polygon, rectangle, star } from '../svg.ts'
import { anyOf } from '../words.ts'
import { NECKWEAR } from './neckwear.ts'
import type { Neck } from './neckwear.ts'

type Garment = (pen: Pen, neck: Neck, torso: Anatomy['torso']) => string

type Torso = NonNullable<Anatomy['torso']>

/** How far a garment goes beyond the box of a torso: around a round body it ends at the outline only. */
const beyond = ({ isRound }: Torso) => (isRound === true ? 400 : 80)

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

/** The band along the lower edge of an apron, and the ribbon around the waist. */
function hemOf(pen: Pen, { x, y, width, height }: Torso): string {
  const along = (down: number, sag: number) => path`
    M${x - width * 0.1} ${y + height * down}
    Q${x + width * 0.5} ${y + height * (down + sag)} ${x + width * 1.1} ${y + height * down}
  `
  return pen.line(along(0.86, 0.16), 'accent', height * 0.13) + pen.line(along(0.48, 0.02), 'clothDark', 18)
}

/** Points of a torso: a share of its width from the middle to a side, and a share of its height. */
const pointsOf = ({ x, y, width, height }: Torso) => ({
  across: (share: number) => x + width * (0.5 + share),
  down: (share: number) => y + height * share
})

/** A coat with a deep neck, closed in the middle. It goes around the body. */
function coatOf(torso: Torso): string {
  const { across, down } = pointsOf(torso)
  return path`
    M${across(-0.7)} ${torso.y - 40}
    H${across(-0.2)}
    L${across(0)} ${down(0.34)}
    L${across(0.2)} ${torso.y - 40}
    H${across(0.7)}
    V${down(0.88)}
    Q${across(0.3)} ${down(0.98)} ${across(0.02)} ${down(0.96)}
    L${across(0)} ${down(0.84)}
    L${across(-0.02)} ${down(0.96)}
    Q${across(-0.3)} ${down(0.98)} ${across(-0.7)} ${down(0.88)}Z
  `
}

/** One lapel of a coat, from the neck to the upper button. */
function lapel(torso: Torso, side: number): string {
  const { across, down } = pointsOf(torso)
  return polygon(
    [across(side * 0.2), torso.y - 40],
    [across(side * 0.34), torso.y - 40],
    [across(side * 0.3), down(0.16)],
    [across(side * 0.2), down(0.17)],
    [across(side * 0.01), down(0.35)]
  )
}

/** A vest with a deep neck and two points at the hem, closed in the middle. */
function vestOf(torso: Torso): string {
  const { across, down } = pointsOf(torso)
  return path`
    M${across(-0.22)} ${torso.y - 40}
    L${across(0)} ${down(0.4)}
    L${across(0.22)} ${torso.y - 40}
    H${across(0.4)}
    Q${across(0.36)} ${down(0.24)} ${across(0.7)} ${down(0.34)}
    V${down(0.64)}
    Q${across(0.3)} ${down(0.7)} ${across(0.13)} ${down(0.8)}
    L${across(0)} ${down(0.68)}
    L${across(-0.13)} ${down(0.8)}
    Q${across(-0.3)} ${down(0.7)} ${across(-0.7)} ${down(0.64)}
    V${down(0.34)}
    Q${across(-0.36)} ${down(0.24)} ${across(-0.4)} ${torso.y - 40}Z
  `
}

/** The line in which a coat or a vest is closed, and its buttons. */
function closing(pen: Pen, torso: Torso, from: number, to: number, columns: readonly number[]): string {
  const { across, down } = pointsOf(torso)
  const buttons = [0.24, 0.56, 0.88].map((share) => from + (to - from) * share)
  return (
    pen.line(path`M${across(0)} ${down(from)}V${down(to)}`, 'clothDark', 9) +
    each(buttons, (share) =>
      each(columns, (column) => pen.flat(ellipse(across(column), down(share), 14), 'accent'))
    )
  )
}

export const GARMENTS: Record<string, Garment> = {
  ...NECKWEAR,
  apron: (pen, _neck, torso) =>
    torso === undefined
      ? ''
      : pen.within(
          torso.d,
          pen.solid(apronOf(torso), 'cloth', { depth: 0.5, inside: hemOf(pen, torso) }) +
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
  coat: (pen, _neck, torso) =>
    torso === undefined
      ? ''
      : pen.within(
          torso.d,
          pen.solid(coatOf(torso), 'cloth', {
            depth: 0.5,
            inside: closing(pen, torso, 0.36, 0.84, [-0.13, 0.13])
          }) + both((side) => pen.solid(lapel(torso, side), 'clothDark', { depth: 0.2 }))
        ),
  jersey: (pen, _neck, torso) => {
    if (torso === undefined) return ''
    const { x, y, width, height } = torso
    const more = beyond(torso)
    const band = (share: number, high: number) =>
      rectangle(x - more, y + height * share, width + 2 * more, height * high)
    const stripes = each([0.06, 0.2, 0.34, 0.48, 0.62], (share) => pen.flat(band(share, 0.07), 'cloth'))
    return pen.within(torso.d, pen.solid(band(-0.02, 0.74), 'paper', { depth: 0.2, inside: stripes }))
  },
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
          pen.solid(vestOf(torso), 'cloth', { depth: 0.4, inside: closing(pen, torso, 0.42, 0.68, [0.05]) })
        ),
  sash(pen, _neck, torso) {
    if (torso === undefined) return ''
    const { x, width, height } = torso
    const more = beyond(torso)
    // Around a round body it is a belt: a slanting one would go over the face.
    const isBelt = torso.isRound === true
    const [slope, y] = isBelt ? [0, torso.y + height * 0.34] : [(height * 0.82) / width, torso.y]
    const badge = isBelt ? 0.5 : 0.36
    const band = polygon(
      [x - more, y - more * slope],
      [x + width + more, y + (width + more) * slope],
      [x + width + more, y + (width + more) * slope + 104],
      [x - more, y - more * slope + 104]
    )
    return (
      pen.within(torso.d, pen.solid(band, 'cloth', { depth: 0.4 })) +
      pen.flat(star(x + width * badge, y + width * badge * slope + 52, 44, 22, 8), 'accent')
    )
  }
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
