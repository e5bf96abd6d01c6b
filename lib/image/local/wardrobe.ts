import type { Anatomy } from './anatomy.ts'
import type { Pen } from './pen.ts'
import { both, each, repeat } from './repeat.ts'
import { blob, curve, ellipse, group, n, polygon, polyline, rectangle, ribbon, star } from './svg.ts'
import { match } from './traits.ts'
import type { Trait } from './traits.ts'
import { anyOf } from './words.ts'

type Hat = (pen: Pen, width: number) => string

/** A hat on its own grid: its brim lies on y = 0, it is as wide as the crown of the head. */
const HATS: Record<string, Hat> = {
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
      `M${n(-w * 0.5)} ${n(-w * 0.04)}Q0 ${n(w * 0.22)} ${n(w * 0.5)} ${n(-w * 0.04)}Q0 ${n(w * 0.04)} ${n(-w * 0.5)} ${n(-w * 0.04)}Z`,
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
      `M${n(-w * 0.44)} 0C${n(-w * 0.5)} ${n(-w * 0.74)} ${n(w * 0.5)} ${n(-w * 0.74)} ${n(w * 0.44)} 0Z`,
      'clothDark'
    ) +
    pen.flat(rectangle(-w * 0.43, -w * 0.16, w * 0.86, w * 0.12), 'ink') +
    pen.solid(
      `M${n(-w * 0.68)} ${n(-w * 0.08)}Q0 ${n(w * 0.2)} ${n(w * 0.68)} ${n(-w * 0.08)}Q0 ${n(w * 0.02)} ${n(-w * 0.68)} ${n(-w * 0.08)}Z`,
      'clothDark',
      { depth: 0 }
    ),
  wideBrim: (pen, w) =>
    pen.solid(
      `M${n(-w * 1.02)} ${n(-w * 0.14)}Q0 ${n(w * 0.34)} ${n(w * 1.02)} ${n(-w * 0.14)}Q0 ${n(w * 0.06)} ${n(-w * 1.02)} ${n(-w * 0.14)}Z`,
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
      `M${n(-w * 0.54)} 0C${n(-w * 0.54)} ${n(-w * 0.72)} ${n(w * 0.54)} ${n(-w * 0.72)} ${n(w * 0.54)} 0Z`,
      'cloth'
    ) +
    pen.solid(rectangle(-w * 0.58, -w * 0.14, w * 1.16, w * 0.24, w * 0.1), 'clothDark', { depth: 0.3 }) +
    pen.solid(ellipse(0, -w * 0.6, w * 0.15), 'accent', { depth: 0.4 }),
  earflaps: (pen, w) =>
    pen.solid(
      `M${n(-w * 0.56)} 0C${n(-w * 0.56)} ${n(-w * 0.66)} ${n(w * 0.56)} ${n(-w * 0.66)} ${n(w * 0.56)} 0Z`,
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
      `M${n(-w * 0.58)} ${n(w * 0.16)}C${n(-w * 0.62)} ${n(-w * 0.64)} ${n(w * 0.62)} ${n(-w * 0.64)} ${n(w * 0.58)} ${n(w * 0.16)}Q0 ${n(-w * 0.16)} ${n(-w * 0.58)} ${n(w * 0.16)}Z`,
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

const HAT_WORDS: Array<[RegExp, keyof typeof HATS]> = [
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

type Tool = (pen: Pen) => string

/** A thing held, on its own grid: the grip at 0, 0, upwards being negative, some 260 long. */
const TOOLS: Record<string, Tool> = {
  hammer: (pen) =>
    pen.limb('M0 40V-150', 'accentDark', 22) +
    pen.solid(rectangle(-66, -200, 132, 62, 10), 'ink', { depth: 0 }),
  brush: (pen) =>
    pen.limb('M0 60V-120', 'accentDark', 18) +
    pen.solid(rectangle(-20, -160, 40, 46), 'paper', { depth: 0.3 }) +
    pen.solid(blob([-24, -160], [-20, -220], [0, -260], [20, -220], [24, -160]), 'accent', { depth: 0.4 }),
  quill: (pen) =>
    pen.solid(blob([0, 40], [-36, -80], [10, -250], [70, -290], [60, -140], [14, 0]), 'paper', {
      depth: 0.5
    }) + pen.line('M-6 70L44 -250', 'accentDark', 8),
  book: (pen) =>
    pen.solid(polygon([-120, -150], [0, -120], [120, -150], [120, 20], [0, 50], [-120, 20]), 'accent', {
      depth: 0.3
    }) +
    pen.solid(polygon([-104, -158], [0, -130], [104, -158], [104, 2], [0, 32], [-104, 2]), 'paper', {
      depth: 0.3
    }) +
    pen.line('M0 -130V32M-80 -110L-24 -96M-80 -70L-24 -56M24 -96L80 -110M24 -56L80 -70', 'farDark', 7),
  ladle: (pen) =>
    pen.limb('M0 60V-170', 'ink', 16) +
    pen.solid('M-62 -180H62A62 62 0 0 1 -62 -180Z', 'ink', { depth: 0 }) +
    pen.flat(ellipse(0, -180, 62, 14), 'accent'),
  rod: (pen) =>
    pen.line('M-10 70L60 -330', 'accentDark', 14) +
    pen.line('M60 -330Q150 -260 130 -110', 'ink', 4) +
    pen.flat(ellipse(130, -100, 18), 'accent'),
  net: (pen) =>
    pen.limb('M0 70V-140', 'accentDark', 16) +
    pen.line(ellipse(0, -210, 76), 'ink', 13) +
    pen.line(
      'M-60 -250L60 -170M-70 -200L20 -140M-20 -282L70 -210M60 -250L-60 -170M70 -200L-20 -140',
      'paper',
      5
    ),
  basket: (pen) =>
    pen.line('M-80 30Q0 -150 80 30', 'accentDark', 16) +
    pen.solid(polygon([-104, 20], [104, 20], [78, 140], [-78, 140]), 'accent', {
      depth: 0.5,
      inside: pen.line('M-100 60H100M-90 100H90M-50 20L-40 140M0 20V140M50 20L40 140', 'accentDark', 8)
    }),
  lantern: (pen) =>
    pen.line('M0 0V36', 'ink', 10) +
    pen.line(ellipse(0, 30, 30), 'ink', 9) +
    pen.solid(rectangle(-52, 66, 104, 120, 14), 'ink', { depth: 0 }) +
    pen.flat(rectangle(-38, 82, 76, 88, 8), 'accent') +
    pen.flat(ellipse(0, 128, 20, 32), 'paper'),
  broom: (pen) =>
    pen.limb('M0 150V-150', 'accentDark', 18) +
    pen.solid(polygon([-36, 140], [36, 140], [84, 270], [-84, 270]), 'accent', {
      depth: 0.4,
      inside: pen.line('M-30 140L-56 270M0 140V270M30 140L56 270', 'accentDark', 8)
    }),
  shears: (pen) =>
    pen.line('M-34 60L44 -190M34 60L-44 -190', 'ink', 20) +
    pen.line(ellipse(-44, 84, 28), 'accent', 15) +
    pen.line(ellipse(44, 84, 28), 'accent', 15),
  wrench: (pen) =>
    pen.limb('M0 50V-140', 'ink', 30) +
    pen.flat('M-56 -150A60 60 0 1 1 56 -150L26 -176V-220H-26V-176Z', 'ink'),
  telescope: (pen) =>
    pen.solid(polygon([-30, 30], [30, 30], [40, -110], [-40, -110]), 'accentDark', { depth: 0.5 }) +
    pen.solid(polygon([-46, -100], [46, -100], [54, -250], [-54, -250]), 'accent', { depth: 0.5 }) +
    pen.flat(ellipse(0, -250, 54, 16), 'paper'),
  magnifier: (pen) =>
    pen.limb('M0 50V-90', 'accentDark', 24) +
    pen.flat(ellipse(0, -170, 76), 'paper', 0.6) +
    pen.line(ellipse(0, -170, 76), 'ink', 18),
  violin: (pen) =>
    pen.solid(
      blob(
        [-64, 30],
        [-74, -50],
        [-34, -80],
        [-60, -150],
        [0, -186],
        [60, -150],
        [34, -80],
        [74, -50],
        [64, 30],
        [0, 60]
      ),
      'accent',
      { depth: 0.7 }
    ) +
    pen.line('M0 -20V-310', 'ink', 22) +
    pen.line('M-110 70L120 -210', 'paper', 7),
  drum: (pen) =>
    pen.solid(rectangle(-92, -60, 184, 150), 'accent', {
      depth: 0.5,
      inside: pen.line('M-92 -60L-46 90L0 -60L46 90L92 -60', 'paper', 9)
    }) + pen.solid(ellipse(0, -60, 92, 28), 'paper', { depth: 0 }),
  horn: (pen) =>
    pen.solid(
      ribbon(
        [
          [0, 50],
          [10, -70],
          [0, -190]
        ],
        [24, 34, 120]
      ),
      'accent',
      { depth: 0.5 }
    ) + pen.flat(ellipse(0, -196, 62, 18), 'accentDark'),
  camera: (pen) =>
    pen.solid(rectangle(-96, -110, 192, 130, 18), 'ink', { depth: 0 }) +
    pen.solid(ellipse(0, -44, 48), 'accent', { depth: 0.4 }) +
    pen.flat(ellipse(0, -44, 26), 'paper') +
    pen.flat(rectangle(-34, -140, 68, 36, 8), 'ink'),
  crook: (pen) => pen.line('M0 200V-220Q0 -310 70 -300Q120 -284 100 -230', 'accentDark', 22),
  umbrella: (pen) =>
    pen.line('M0 80V-230', 'ink', 14) +
    pen.solid(
      'M-190 -190C-180 -350 180 -350 190 -190Q142 -230 95 -190Q48 -230 0 -190Q-48 -230 -95 -190Q-142 -230 -190 -190Z',
      'accent',
      { depth: 0.7 }
    ),
  saw: (pen) =>
    pen.solid(rectangle(-34, -20, 68, 90, 22), 'accentDark', { depth: 0.4 }) +
    pen.flat('M-30 -20L-30 -260L6 -260L34 -20Z', 'paper') +
    pen.line('M-30 -30V-256', 'ink', 8),
  spade: (pen) =>
    pen.limb('M0 130V-150', 'accentDark', 20) +
    pen.line('M-34 -160H34', 'accentDark', 20) +
    pen.flat(blob([-60, 120], [60, 120], [58, 210], [0, 270], [-58, 210]), 'ink'),
  can: (pen) =>
    pen.solid(rectangle(-70, 0, 130, 130, 12), 'accent', { depth: 0.5 }) +
    pen.line('M-40 0Q-6 -90 40 0', 'accentDark', 15) +
    pen.limb('M60 100L150 10', 'accent', 22) +
    pen.line('M150 -20L176 30', 'accentDark', 20),
  oar: (pen) =>
    pen.limb('M0 210V-180', 'accentDark', 18) + pen.solid(ellipse(0, -240, 42, 84), 'accent', { depth: 0.4 }),
  needle: (pen) =>
    pen.line('M0 40V-200', 'ink', 11) +
    pen.line('M0 -190Q90 -160 60 -60T130 60', 'accent', 8) +
    pen.solid(rectangle(96, 46, 70, 84, 10), 'accent', { depth: 0.4 }),
  scales: (pen) =>
    pen.line('M0 40V-170M-110 -150H110', 'accentDark', 14) +
    both(
      (side) =>
        pen.line(`M${side * 110} -150L${side * 150} -50M${side * 110} -150L${side * 70} -50`, 'ink', 5) +
        pen.flat(`M${side * 110 - 56} -50H${side * 110 + 56}A56 50 0 0 1 ${side * 110 - 56} -50Z`, 'accent')
    ),
  letter: (pen) =>
    pen.solid(rectangle(-110, -120, 220, 150, 8), 'paper', { depth: 0.3 }) +
    pen.line('M-106 -116L0 -30L106 -116', 'farDark', 9) +
    pen.flat(ellipse(0, -30, 24), 'accent'),
  bell: (pen) =>
    pen.line('M0 20V-20', 'accentDark', 26) +
    pen.solid('M-84 -30H84Q60 -60 54 -130Q40 -200 0 -204Q-40 -200 -54 -130Q-60 -60 -84 -30Z', 'accent', {
      depth: 0.6
    }) +
    pen.flat(ellipse(0, -20, 20), 'ink'),
  cup: (pen) =>
    pen.solid('M-76 -110H76L60 30H-60Z', 'paper', { depth: 0.6 }) +
    pen.line('M76 -80Q130 -70 66 -10', 'paper', 16) +
    pen.flat(ellipse(0, -110, 76, 18), 'accentDark') +
    pen.line('M-20 -150Q-44 -190 -16 -220M24 -150Q0 -190 28 -220', 'paper', 9),
  palette: (pen) =>
    pen.solid(
      blob([-130, -40], [-90, -140], [60, -150], [140, -70], [70, 10], [10, 0], [-40, 60]),
      'accentDark',
      { depth: 0.4 }
    ) +
    each(
      [
        [-70, -80, 'body'],
        [-10, -110, 'cloth'],
        [56, -90, 'paper'],
        [76, -40, 'accent']
      ],
      ([x, y, role]) => pen.flat(ellipse(x, y, 22), role)
    ),
  flag: (pen) =>
    pen.line('M0 110V-300', 'ink', 13) +
    pen.solid('M6 -296Q70 -340 130 -296T230 -300V-170Q170 -140 130 -170T6 -170Z', 'accent', { depth: 0.6 }),
  flask: (pen) =>
    pen.solid('M-24 -210H24V-110L92 40Q96 60 70 60H-70Q-96 60 -92 40L-24 -110Z', 'paper', {
      depth: 0.4,
      inside: pen.flat(rectangle(-110, -40, 220, 110), 'accent')
    }) +
    pen.flat(ellipse(-20, -10, 12), 'paper') +
    pen.flat(ellipse(26, 20, 9), 'paper'),
  pin: (pen) =>
    pen.limb('M-70 -70L70 -70', 'accent', 58) +
    pen.limb('M-130 -70L-90 -70M90 -70L130 -70', 'accentDark', 24),
  bread: (pen) =>
    pen.solid(blob([-120, -20], [-100, -110], [100, -110], [120, -20], [0, 20]), 'accent', { depth: 0.7 }) +
    pen.line('M-60 -40L-30 -92M0 -40L30 -92M60 -40L86 -84', 'paper', 11),
  axe: (pen) =>
    pen.limb('M0 110V-200', 'accentDark', 20) +
    pen.flat('M0 -210Q80 -230 110 -170V-100Q70 -90 0 -120Z', 'ink'),
  wheel: (pen) =>
    pen.line(ellipse(0, -90, 110), 'accentDark', 22) +
    each([0, 45, 90, 135], (turn) =>
      pen.line(
        `M${n(-104 * Math.cos((turn * Math.PI) / 180))} ${n(-90 - 104 * Math.sin((turn * Math.PI) / 180))}L${n(104 * Math.cos((turn * Math.PI) / 180))} ${n(-90 + 104 * Math.sin((turn * Math.PI) / 180))}`,
        'accentDark',
        10
      )
    ) +
    pen.flat(ellipse(0, -90, 24), 'accent'),
  scroll: (pen) =>
    pen.solid(rectangle(-86, -180, 172, 220), 'paper', { depth: 0.3 }) +
    pen.limb('M-100 -184H100M-100 44H100', 'accent', 30) +
    pen.line('M-54 -130Q0 -150 50 -120M-54 -80Q10 -100 54 -70M-50 -30L20 -20', 'farDark', 8),
  stethoscope: (pen) =>
    pen.line('M-60 -160Q-70 -40 0 -20Q70 -40 60 -160M0 -20Q0 70 90 60', 'ink', 13) +
    pen.flat(ellipse(104, 56, 30), 'accent'),
  suitcase: (pen) =>
    pen.line('M-40 30Q-40 -20 0 -20Q40 -20 40 30', 'accentDark', 16) +
    pen.solid(rectangle(-110, 26, 220, 150, 18), 'accent', {
      depth: 0.5,
      inside:
        pen.flat(rectangle(-70, 26, 24, 150), 'accentDark') +
        pen.flat(rectangle(46, 26, 24, 150), 'accentDark')
    }),
  microphone: (pen) =>
    pen.solid(polygon([-22, 60], [22, 60], [36, -90], [-36, -90]), 'ink', { depth: 0 }) +
    pen.solid(ellipse(0, -130, 58), 'accent', {
      depth: 0.6,
      inside: pen.line('M-60 -150H60M-60 -120H60M-20 -190V-70M20 -190V-70', 'accentDark', 6)
    })
}

const TOOL_WORDS: Array<[RegExp, keyof typeof TOOLS]> = [
  [/bread|loaf|baker|bagel/, 'bread'],
  [/rolling pin|pastry|noodle|dough|tortilla|pancake|dumpling|pizza/, 'pin'],
  [/cook|chef|soup|ladle|stew|kitchen|brew|jam\b|sauce|spoon|porridge|cheese|pickle/, 'ladle'],
  [
    anyOf(
      /hammer|\w*smith|cobbler|carpent|roof|anvil|nail|wheelwright/,
      /shoemak|blacksmith|mason|chisel|carver|sculpt|stone/
    ),
    'hammer'
  ],
  [/saw\b|joiner|cabinet|lumber|luthier|wood/, 'saw'],
  [/axe|forester|tree feller/, 'axe'],
  [/palette|artist|portrait|painter/, 'palette'],
  [/brush|paint|lacquer|glaze|gild|varnish|enamel|conservator|restor|calligraph/, 'brush'],
  [
    anyOf(/quill|scribe|poet|writer|author|novel|playwright|clerk|stenograph|journal|editor|speech|ink/),
    'quill'
  ],
  [/map|cartograph|survey|scroll|archaeolog|treaty|navigator|historian|archivist|guide\b/, 'scroll'],
  [/book|librar|professor|teacher|scholar|translator|lexico|philosoph|tutor/, 'book'],
  [/fishing|angler|fly fisher|fisher|fishmonger/, 'rod'],
  [/net\b|butterfl|entomolog|cockle|shrimp|oyster|pearl|lobster|crab/, 'net'],
  [/lantern|lamp|lighthouse|watchman|miner|caver|torch/, 'lantern'],
  [/broom|sweep|cleaner|janitor|street/, 'broom'],
  [/scissor|shears|tailor|barber|hairdress|topiar|hedge|prun|florist|shear|gardener|vine|paper/, 'shears'],
  [
    anyOf(
      /needle|sew|stitch|embroider|seamstress|lace|thread|quilt/,
      /sail|weav|loom|knit|spin|dye|tapestry|milliner|hat/
    ),
    'needle'
  ],
  [/wrench|spanner|mechanic|engineer|plumber|bicycle|machinist|turbine|robot|electric|pipe/, 'wrench'],
  [/telescope|astronom|star|observ|lookout|captain|sailor|pirate|coast/, 'telescope'],
  [
    anyOf(
      /magnif|detective|inspector|jewell|gem|watch|clock|botan/,
      /biolog|geolog|fossil|stamp|coin|forensic|palaeont/
    ),
    'magnifier'
  ],
  [/violin|cello|fiddle|luth|string|guitar|sitar|lute|harp|banjo|music|orchestra|kora/, 'violin'],
  [/drum|percussion|tabla|taiko|timpan/, 'drum'],
  [/trumpet|horn|tuba|bugle|flute|sax|trombone|herald|crier|piper|bagpipe|oboe|clarinet/, 'horn'],
  [/sing|micro|radio|announcer|comedian|host|actor|compère|sound|voice|auction/, 'microphone'],
  [/camera|photo|film|projection|director|cinema|documentar/, 'camera'],
  [/shepherd|goat|herd|drover|cowboy|sheep|llama|reindeer|goose|camel/, 'crook'],
  [/umbrella|parasol|rain|weather|meteorolog|puppet/, 'umbrella'],
  [/spade|dig|shovel|farmer|trench|clam|grave|potato|peat|salt|truffle/, 'spade'],
  [/water|plant|grower|nursery|orchard|bonsai|seed|tulip|garden/, 'can'],
  [/oar|paddle|row|gondol|ferry|raft|canoe|kayak|boat|punt/, 'oar'],
  [/scales|weigh|merchant|spice|judge|apothec|trader|banker|grocer|market/, 'scales'],
  [/letter|post|mail|courier|messenger|telegra|notary|diplomat/, 'letter'],
  [/bell|ringer|ringmaster|hotel|porter|butler|school/, 'bell'],
  [/tea|coffee|barista|waiter|waitress|café|cup|potter|ceramic|sommelier|milk/, 'cup'],
  [/flag|signal|semaphore|usher|referee|race|conductor|guard|starter/, 'flag'],
  [/flask|chemist|alchem|perfum|lab|pharma|scient|brewer|physic|micro|glass/, 'flask'],
  [/wheel|spinn|helms|wagon|cart|driver|pilot|charioteer|coach|truck|lorry|bus|tram/, 'wheel'],
  [/doctor|nurse|vet|midwife|surgeon|medic|dentist|physician|paramedic|herbal/, 'stethoscope'],
  [/basket|pick|harvest|gather|honey|bee|fruit|egg|mushroom|berry|forag/, 'basket'],
  [/luggage|travel|travelling|purser|steward|pedlar|salesman|agent|explorer/, 'suitcase']
]

type Garment = (pen: Pen, neck: Anatomy['neck'], torso: Anatomy['torso']) => string

/** Whether a garment's collar meets the neck: not where the neck is long or to one side. */
function isUnder(neck: Anatomy['neck'], torso: NonNullable<Anatomy['torso']>): boolean {
  return Math.abs(neck.x - torso.x - torso.width / 2) < torso.width * 0.25 && Math.abs(neck.y - torso.y) < 140
}

const GARMENTS: Record<string, Garment> = {
  apron: (pen, neck, torso) =>
    torso === undefined
      ? ''
      : pen.within(
          torso.d,
          pen.solid(
            blob(
              [torso.x + torso.width * 0.24, torso.y + torso.height * 0.16],
              [torso.x + torso.width * 0.76, torso.y + torso.height * 0.16],
              [torso.x + torso.width * 0.86, torso.y + torso.height * 1.04],
              [torso.x + torso.width * 0.14, torso.y + torso.height * 1.04]
            ),
            'cloth',
            { depth: 0.5 }
          ) +
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
              `M${n(torso.x)} ${n(torso.y + torso.height * 0.5)}H${n(torso.x + torso.width)}`,
              'clothDark',
              14
            )
        ) +
        (isUnder(neck, torso)
          ? both((side) =>
              pen.line(
                curve(
                  [neck.x + side * neck.width * 0.34, neck.y],
                  [neck.x + side * neck.width * 0.26, neck.y + 60]
                ),
                'clothDark',
                16
              )
            )
          : ''),
  coat: (pen, neck, torso) =>
    torso === undefined
      ? ''
      : pen.within(
          torso.d,
          both((side) =>
            pen.solid(
              polygon(
                [torso.x + torso.width / 2 + side * 8, torso.y + torso.height * 0.34],
                [torso.x + torso.width / 2 + side * torso.width * 0.24, torso.y - 20],
                [torso.x + torso.width / 2 + side * torso.width, torso.y - 20],
                [torso.x + torso.width / 2 + side * torso.width, torso.y + torso.height * 1.1],
                [torso.x + torso.width / 2 + side * 20, torso.y + torso.height * 1.1]
              ),
              'cloth',
              { depth: 0.5 }
            )
          ) +
            each([0.46, 0.62, 0.78], (share) =>
              pen.flat(ellipse(torso.x + torso.width / 2 + 34, torso.y + torso.height * share, 13), 'accent')
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
                  `M${n(torso.x + torso.width * (0.5 + side * 0.2))} ${n(torso.y + torso.height * 0.26)}L${n(torso.x + torso.width * (0.5 + side * 0.34))} ${n(torso.y - 10)}`,
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
          both((side) =>
            pen.solid(
              polygon(
                [torso.x + torso.width / 2 + side * 10, torso.y + torso.height * 0.5],
                [torso.x + torso.width / 2 + side * torso.width * 0.28, torso.y - 20],
                [torso.x + torso.width / 2 + side * torso.width * 0.44, torso.y - 20],
                [torso.x + torso.width / 2 + side * torso.width * 0.52, torso.y + torso.height * 0.66],
                [torso.x + torso.width / 2 + side * torso.width * 0.12, torso.y + torso.height * 0.72]
              ),
              'cloth',
              { depth: 0.4 }
            )
          )
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
        ) + pen.flat(star(torso.x + torso.width * 0.34, torso.y + torso.height * 0.3, 44, 22, 8), 'accent'),
  scarf: (pen, { x, y, width }) =>
    pen.solid(
      ribbon(
        [
          [x - width * 0.52, y - 6],
          [x, y + 34],
          [x + width * 0.52, y - 6]
        ],
        [62, 82, 62]
      ),
      'cloth',
      { depth: 0.4 }
    ) +
    pen.solid(
      ribbon(
        [
          [x + width * 0.2, y + 24],
          [x + width * 0.3, y + 130],
          [x + width * 0.24, y + 236]
        ],
        [62, 74, 84]
      ),
      'cloth',
      {
        depth: 0.4,
        inside: pen.line(
          `M${n(x + width * 0.3 - 60)} ${n(y + 200)}h120M${n(x + width * 0.3 - 60)} ${n(y + 168)}h120`,
          'clothDark',
          12
        )
      }
    ),
  bowTie: (pen, { x, y }) =>
    pen.solid(blob([x, y + 10], [x - 106, y - 50], [x - 106, y + 70]), 'cloth', { depth: 0.4 }) +
    pen.solid(blob([x, y + 10], [x + 106, y - 50], [x + 106, y + 70]), 'cloth', { depth: 0.4 }) +
    pen.solid(ellipse(x, y + 10, 26), 'clothDark', { depth: 0 }),
  ruff: (pen, { x, y, width }) =>
    repeat(9, (index) =>
      pen.solid(
        ellipse(x + (index - 4) * width * 0.14, y + 12 - Math.abs(index - 4) * 7, width * 0.095, 46),
        index % 2 === 0 ? 'paper' : 'cloth',
        { depth: 0.3 }
      )
    ),
  kerchief: (pen, { x, y, width }) =>
    pen.solid(
      polygon([x - width * 0.5, y - 16], [x + width * 0.5, y - 16], [x + 30, y + 128], [x - 30, y + 128]),
      'cloth',
      {
        depth: 0.5,
        inside: each(
          [
            [-0.2, 20],
            [0.16, 24],
            [0, 66]
          ],
          ([dx, dy]) => pen.flat(ellipse(x + dx * width, y + dy, 13), 'paper')
        )
      }
    )
}

const GARMENT_WORDS: Array<[RegExp, keyof typeof GARMENTS]> = [
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

export const CATALOGUE = {
  garments: Object.keys(GARMENTS),
  hats: Object.keys(HATS),
  tools: Object.keys(TOOLS)
}

/** Garments that need a neck only. */
const BANDS = ['scarf', 'bowTie', 'kerchief', 'ruff']

/** What an occupation is known by, by the words of its row. @param hasTorso whether there is something to put a garment on */
export function outfitOf(
  occupation: Trait,
  hasTorso: boolean
): { garment: string; hat: string; tool: string } {
  const garment = match(occupation, GARMENT_WORDS, [
    'apron',
    'vest',
    'scarf',
    'kerchief',
    'coat',
    'bowTie',
    'overalls'
  ])
  return {
    garment: hasTorso || BANDS.includes(garment) ? garment : occupation.random().pick(BANDS.slice(0, 3)),
    hat: match(occupation, HAT_WORDS, ['flatCap', 'bowler', 'beret', 'kerchief', 'beanie']),
    tool: match(occupation, TOOL_WORDS, ['basket', 'book', 'brush', 'bell', 'suitcase', 'scroll'])
  }
}

/** Clothes under the head, the hat on it, and the tool in the hand. */
export function dressUp(
  pen: Pen,
  occupation: Trait,
  { neck, torso, crown, hands }: Anatomy,
  hand: 0 | 1
): { garment: string; hat: string; tool: string } {
  if (occupation.name === '') return { garment: '', hat: '', tool: '' }
  const { garment, hat, tool } = outfitOf(occupation, torso !== undefined)
  const [x, y] = hands[hand]
  return {
    garment: neck.width === 0 ? '' : GARMENTS[garment]!(pen, neck, torso),
    hat: group(
      HATS[hat]!(pen, Math.max(130, crown.width)),
      `translate(${n(crown.x)} ${n(crown.y - crown.width * 0.06)}) rotate(${n(occupation.random().between(-7, 7))})`
    ),
    tool: group(
      TOOLS[tool]!(pen),
      `translate(${n(x)} ${n(y)}) rotate(${hand === 0 ? '-14) scale(-1 1' : '14'}) scale(0.94)`
    )
  }
}
