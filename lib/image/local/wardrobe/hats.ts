import type { Pen } from '../pen.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, n, path, polygon, polyline, rectangle, ribbon, star } from '../svg.ts'
import { anyOf } from '../words.ts'

type Hat = (pen: Pen, width: number) => string

/** Each hat on its own grid: its brim is on y = 0, and `w` is the width of the head. */
export const HATS: Record<string, Hat> = {
  toque: (pen, w) =>
    pen.solid(
      blob(
        [-w * 0.5, -w * 0.3],
        [-w * 0.66, -w * 0.86],
        [-w * 0.1, -w * 1.1],
        [w * 0.6, -w * 0.9],
        [w * 0.5, -w * 0.3]
      ),
      'paper',
      { depth: 0.7 }
    ) + pen.solid(rectangle(-w * 0.46, -w * 0.36, w * 0.92, w * 0.4), 'paper', { depth: 0.5 }),
  topHat: (pen, w) =>
    pen.solid(polygon([-w * 0.42, 0], [-w * 0.48, -w * 0.9], [w * 0.48, -w * 0.9], [w * 0.42, 0]), 'ink', {
      depth: 0
    }) +
    pen.flat(rectangle(-w * 0.43, -w * 0.24, w * 0.86, w * 0.16), 'accent') +
    pen.solid(ellipse(0, 0, w * 0.74, w * 0.11), 'ink', { depth: 0 }),
  flatCap: (pen, w) =>
    pen.solid(
      blob(
        [-w * 0.6, 0],
        [-w * 0.6, -w * 0.42],
        [w * 0.1, -w * 0.56],
        [w * 0.64, -w * 0.2],
        [w * 0.5, w * 0.04]
      ),
      'cloth',
      { depth: 0.6 }
    ) + pen.solid(ellipse(w * 0.26, 0, w * 0.46, w * 0.09, 4), 'clothDark', { depth: 0 }),
  peakedCap: (pen, w) =>
    pen.solid(
      blob(
        [-w * 0.66, -w * 0.3],
        [-w * 0.3, -w * 0.62],
        [w * 0.3, -w * 0.62],
        [w * 0.66, -w * 0.3],
        [w * 0.46, -w * 0.08],
        [-w * 0.46, -w * 0.08]
      ),
      'cloth',
      { depth: 0.7 }
    ) +
    pen.flat(rectangle(-w * 0.48, -w * 0.2, w * 0.96, w * 0.18), 'clothDark') +
    pen.flat(star(0, -w * 0.34, w * 0.13, w * 0.06, 5), 'accent') +
    pen.flat(
      path`
        M${-w * 0.5} ${-w * 0.04}
        Q0 ${w * 0.22} ${w * 0.5} ${-w * 0.04}
        Q0 ${w * 0.04} ${-w * 0.5} ${-w * 0.04}Z
      `,
      'ink'
    ),
  straw: (pen, w) =>
    pen.solid(ellipse(0, 0, w * 0.95, w * 0.17), 'accent', { depth: 0.4 }) +
    pen.solid(blob([-w * 0.5, 0], [-w * 0.42, -w * 0.52], [w * 0.42, -w * 0.52], [w * 0.5, 0]), 'accent', {
      depth: 0.6
    }) +
    pen.flat(rectangle(-w * 0.46, -w * 0.2, w * 0.92, w * 0.13), 'cloth'),
  conical: (pen, w) =>
    pen.solid(polygon([0, -w * 0.7], [w * 0.95, w * 0.1], [-w * 0.95, w * 0.1]), 'accent', {
      depth: 0.8,
      inside: each([0.25, 0.5, 0.75], (share) =>
        pen.line(
          `M${n(-w * share)} ${n(-w * 0.66 + w * 0.8 * share)}H${n(w * share)}`,
          'accentDark',
          w * 0.03
        )
      )
    }),
  hardHat: (pen, w) =>
    pen.solid(`M${n(-w * 0.54)} 0A${n(w * 0.54)} ${n(w * 0.56)} 0 0 1 ${n(w * 0.54)} 0Z`, 'accent') +
    pen.flat(rectangle(-w * 0.09, -w * 0.58, w * 0.18, w * 0.56, w * 0.06), 'accentDark') +
    pen.solid(ellipse(0, 0, w * 0.7, w * 0.09), 'accent', { depth: 0 }),
  beret: (pen, w) =>
    pen.solid(
      blob(
        [-w * 0.7, -w * 0.1],
        [-w * 0.4, -w * 0.5],
        [w * 0.4, -w * 0.46],
        [w * 0.7, -w * 0.02],
        [0, w * 0.06]
      ),
      'cloth',
      { depth: 0.8 }
    ) + pen.line(`M${n(w * 0.06)} ${n(-w * 0.4)}v${n(-w * 0.16)}`, 'clothDark', w * 0.07),
  bowler: (pen, w) =>
    pen.solid(
      path`
        M${-w * 0.44} 0
        C${-w * 0.5} ${-w * 0.74} ${w * 0.5} ${-w * 0.74} ${w * 0.44} 0Z
      `,
      'clothDark'
    ) +
    pen.flat(rectangle(-w * 0.43, -w * 0.16, w * 0.86, w * 0.12), 'ink') +
    pen.solid(
      path`
        M${-w * 0.68} ${-w * 0.08}
        Q0 ${w * 0.2} ${w * 0.68} ${-w * 0.08}
        Q0 ${w * 0.02} ${-w * 0.68} ${-w * 0.08}Z
      `,
      'clothDark',
      { depth: 0 }
    ),
  wideBrim: (pen, w) =>
    pen.solid(
      path`
        M${-w * 1.02} ${-w * 0.14}
        Q0 ${w * 0.34} ${w * 1.02} ${-w * 0.14}
        Q0 ${w * 0.06} ${-w * 1.02} ${-w * 0.14}Z
      `,
      'clothDark',
      { depth: 0.3 }
    ) +
    pen.solid(
      blob([-w * 0.46, 0], [-w * 0.36, -w * 0.64], [0, -w * 0.5], [w * 0.36, -w * 0.64], [w * 0.46, 0]),
      'cloth',
      { depth: 0.6 }
    ) +
    pen.flat(rectangle(-w * 0.42, -w * 0.16, w * 0.84, w * 0.12), 'accent'),
  kerchief: (pen, w) =>
    pen.solid(
      blob(
        [-w * 0.58, w * 0.08],
        [-w * 0.5, -w * 0.4],
        [w * 0.5, -w * 0.4],
        [w * 0.58, w * 0.08],
        [0, -w * 0.06]
      ),
      'cloth',
      { depth: 0.6 }
    ) +
    pen.solid(polygon([w * 0.5, 0], [w * 0.86, -w * 0.14], [w * 0.8, w * 0.2]), 'clothDark', { depth: 0.3 }) +
    each([-0.3, 0, 0.3], (x) => pen.flat(ellipse(x * w, -w * 0.2, w * 0.05), 'paper')),
  beanie: (pen, w) =>
    pen.solid(
      path`
        M${-w * 0.54} 0
        C${-w * 0.54} ${-w * 0.72} ${w * 0.54} ${-w * 0.72} ${w * 0.54} 0Z
      `,
      'cloth'
    ) +
    pen.solid(rectangle(-w * 0.58, -w * 0.14, w * 1.16, w * 0.24, w * 0.1), 'clothDark', { depth: 0.3 }) +
    pen.solid(ellipse(0, -w * 0.6, w * 0.15), 'accent', { depth: 0.4 }),
  earflaps: (pen, w) =>
    pen.solid(
      path`
        M${-w * 0.56} 0
        C${-w * 0.56} ${-w * 0.66} ${w * 0.56} ${-w * 0.66} ${w * 0.56} 0Z
      `,
      'cloth'
    ) +
    both((side) =>
      pen.solid(
        ribbon(
          [
            [side * w * 0.52, -w * 0.06],
            [side * w * 0.66, w * 0.42]
          ],
          [w * 0.28, w * 0.24]
        ),
        'clothDark',
        { depth: 0.4 }
      )
    ) +
    pen.solid(rectangle(-w * 0.5, -w * 0.26, w, w * 0.26, w * 0.1), 'paper', { depth: 0.4 }),
  headlamp: (pen, w) =>
    pen.flat(rectangle(-w * 0.54, -w * 0.08, w * 1.08, w * 0.15), 'clothDark') +
    pen.solid(ellipse(0, -w * 0.02, w * 0.2), 'ink', { depth: 0 }) +
    pen.flat(ellipse(0, -w * 0.02, w * 0.14), 'paper') +
    pen.flat(
      polygon([-w * 0.1, -w * 0.12], [w * 0.1, -w * 0.12], [w * 0.44, -w * 0.9], [-w * 0.44, -w * 0.9]),
      'paper',
      0.3
    ),
  mortarboard: (pen, w) =>
    pen.solid(rectangle(-w * 0.38, -w * 0.26, w * 0.76, w * 0.3), 'clothDark', { depth: 0 }) +
    pen.solid(polygon([0, -w * 0.56], [w * 0.84, -w * 0.3], [0, -w * 0.06], [-w * 0.84, -w * 0.3]), 'ink', {
      depth: 0
    }) +
    pen.line(polyline([0, -w * 0.32], [w * 0.6, -w * 0.24], [w * 0.62, w * 0.1]), 'accent', w * 0.05),
  flightCap: (pen, w) =>
    pen.solid(
      path`
        M${-w * 0.58} ${w * 0.16}
        C${-w * 0.62} ${-w * 0.64} ${w * 0.62} ${-w * 0.64} ${w * 0.58} ${w * 0.16}
        Q0 ${-w * 0.16} ${-w * 0.58} ${w * 0.16}Z
      `,
      'clothDark',
      { depth: 0.6 }
    ) +
    both(
      (side) =>
        pen.solid(ellipse(side * w * 0.24, -w * 0.22, w * 0.21, w * 0.16), 'accent', { depth: 0 }) +
        pen.flat(ellipse(side * w * 0.24, -w * 0.22, w * 0.14, w * 0.1), 'paper')
    ),
  laurel: (pen, w) =>
    repeat(9, (index) =>
      pen.solid(
        ellipse(
          -w * 0.48 + index * w * 0.12,
          -w * 0.1 - Math.sin((index / 8) * Math.PI) * w * 0.14,
          w * 0.07,
          w * 0.17,
          -40 + index * 10
        ),
        index % 2 === 0 ? 'accent' : 'accentDark',
        { depth: 0 }
      )
    ),
  bubble: (pen, w) =>
    pen.line(ellipse(0, w * 0.42, w * 0.98), 'paper', w * 0.09) +
    pen.line(curve([-w * 0.66, w * 0.16], [-w * 0.5, -w * 0.3], [-w * 0.1, -w * 0.4]), 'paper', w * 0.07) +
    pen.flat(ellipse(0, w * 0.42, w * 0.96), 'paper', 0.16)
}

export const HAT_WORDS: Array<[RegExp, keyof typeof HATS]> = [
  [/toque|chef|cook\b|baker|pastry|confection|pancake|pizza|noodle|dumpling/, 'toque'],
  [/top hat|conjur|magician|ringmaster|undertaker|chimney|impresario/, 'topHat'],
  [
    anyOf(
      /captain|pilot|purser|conductor|station|porter|admiral|bellhop|chauffeur|peaked|customs/,
      /coastguard|ferryman|steward|policeman|usher|postman|postal|doorman|ticket|driver|mate\b|helms/
    ),
    'peakedCap'
  ],
  [/conical|rice|paddy|tea picker/, 'conical'],
  [
    anyOf(
      /straw|farmer|gardener|beekeeper|picker|grower|gondol/,
      /shepherd|vintner|orchard|planter|florist|honey/
    ),
    'straw'
  ],
  [
    anyOf(
      /hard hat|builder|engineer|miner|welder|crane|construction|bridge/,
      /dam\b|scaffold|surveyor|helmet|steeplejack|turbine|electrician|fire/
    ),
    'hardHat'
  ],
  [/astronaut|diver|cosmonaut|space|spaceship|aquanaut|bathyscaph/, 'bubble'],
  [
    anyOf(
      /beret|painter|artist|sculptor|printmaker|ceramic/,
      /onion|mime|cartoonist|illustrat|muralist|engraver/
    ),
    'beret'
  ],
  [
    anyOf(
      /bowler|bank|clerk|butler|accountant|detective/,
      /inspector|tailor|hatter|auctioneer|notary|barber/
    ),
    'bowler'
  ],
  [
    anyOf(
      /cowboy|gaucho|drover|rancher|prospector|ranger|archaeolog|palaeont/,
      /explorer|safari|geolog|naturalist|wide-brimmed|sombrero|vaquero|guide/
    ),
    'wideBrim'
  ],
  [
    anyOf(
      /fisher|sailor|docker|trawler|oyster|lobster|whaler|skier/,
      /sherpa|ski\b|snow|dock|rigger|warehouse|skateboard|graffiti/
    ),
    'beanie'
  ],
  [/fur|ice|arctic|polar|reindeer|mitten|earflap|glaciolog|sled|husky|trapper/, 'earflaps'],
  [/headlamp|head torch|caver|spelunk|potholer|lamp on|coal/, 'headlamp'],
  [
    anyOf(
      /professor|teacher|scholar|librarian|historian|philosoph|mathemat/,
      /linguist|lexico|translator|archivist|judge|tutor|astronom/
    ),
    'mortarboard'
  ],
  [/goggle|aviator|balloon|racing|motor|glider|stunt|inventor|airship|aeronaut/, 'flightCap'],
  [/poet|singer|dancer|musician|athlete|orator|composer|actor|gymnast|herald|bard/, 'laurel'],
  [
    anyOf(
      /kerchief|laundress|weaver|washer|seamstress|spinner/,
      /bandan|pirate|milkmaid|cleaner|maid\b|dyer|potter/
    ),
    'kerchief'
  ],
  [
    anyOf(
      /cap\b|mechanic|newspaper|caddie|coach|groom|jockey|cobbler/,
      /\w*smith|plumber|printer|projection|street|sweeper|cooper/
    ),
    'flatCap'
  ]
]
