import type { Pen } from './pen.ts'
import { each } from './repeat.ts'
import { blob, curve, ellipse, group, path, polygon, rectangle, star } from './svg.ts'
import { match } from './traits.ts'
import type { Trait } from './traits.ts'

type Prop = (pen: Pen) => string

/** Where the thing of a trope is, in relation to the figure. */
export interface Part {
  /**
   * `before`: on the ground, in the figure's way. `behind`: it stands behind the figure. `aloft`: it floats behind the
   * head. `falling`: several of it fall around the figure.
   */
  at: 'before' | 'behind' | 'aloft' | 'falling'
  /** Its size: 1 is 150 units high. */
  scale: number
}

/** A small thing for each trope, on its own grid: it stands on y = 0 around x = 0 and is about 150 high. */
const PROPS: Record<string, Prop> = {
  bottle: (pen) =>
    pen.solid(
      blob([-36, 0], [-36, -90], [-14, -110], [-14, -150], [14, -150], [14, -110], [36, -90], [36, 0]),
      'cloth',
      { depth: 0.5, inside: pen.flat(rectangle(-18, -84, 36, 60), 'paper') }
    ),
  crown: (pen) =>
    pen.solid(
      polygon([-70, 0], [-80, -100], [-36, -56], [0, -120], [36, -56], [80, -100], [70, 0]),
      'accent',
      { depth: 0.5 }
    ) + each([-40, 0, 40], (x) => pen.flat(ellipse(x, -18, 10), 'paper')),
  cake: (pen) =>
    pen.solid(rectangle(-80, -60, 160, 60, 8), 'paper', { depth: 0.4 }) +
    pen.solid(rectangle(-56, -112, 112, 56, 8), 'accent', { depth: 0.4 }) +
    pen.line('M0 -112V-146', 'ink', 8) +
    pen.flat(ellipse(0, -156, 8, 13), 'paper'),
  hearts: (pen) =>
    each(
      [
        [-30, -50, 1],
        [40, -96, 0.7]
      ],
      ([x, y, size]) =>
        pen.flat(
          path`
            M${x} ${y + 44 * size}
            C${x - 70 * size} ${y - 10 * size} ${x - 34 * size} ${y - 60 * size} ${x} ${y - 24 * size}
            C${x + 34 * size} ${y - 60 * size} ${x + 70 * size} ${y - 10 * size} ${x} ${y + 44 * size}Z
          `,
          'accent'
        )
    ),
  spectacles: (pen) =>
    pen.line(ellipse(-44, -50, 36), 'ink', 10) +
    pen.line(ellipse(44, -50, 36), 'ink', 10) +
    pen.line('M-8 -54H8M-80 -56L-104 -84M80 -56L104 -84', 'ink', 9),
  banana: (pen) =>
    each([-60, -14, 34], (turn) =>
      group(
        pen.solid(blob([-14, -20], [-26, -90], [0, -130], [18, -84], [14, -20]), 'accent', { depth: 0.4 }),
        `rotate(${turn} 0 -20)`
      )
    ) + pen.flat(ellipse(0, -14, 20, 14), 'accentDark'),
  scroll: (pen) =>
    pen.solid(rectangle(-60, -130, 120, 116), 'paper', { depth: 0.3 }) +
    pen.limb('M-72 -132H72M-72 -12H72', 'accentDark', 20) +
    pen.line('M-36 -100H34M-36 -72H34M-36 -44H8', 'farDark', 7),
  drum: (pen) =>
    pen.solid(rectangle(-70, -90, 140, 90, 10), 'accent', {
      depth: 0.5,
      inside: pen.line('M-70 -90L-24 0L24 -90L70 0', 'paper', 8)
    }),
  chest: (pen) =>
    pen.solid(rectangle(-90, -70, 180, 70, 8), 'accentDark', { depth: 0.4 }) +
    pen.solid('M-90 -70A90 62 0 0 1 90 -70Z', 'accentDark', { depth: 0.4 }) +
    pen.flat(rectangle(-14, -88, 28, 40, 5), 'accent') +
    each([-60, -30, 36, 64], (x, index) => pen.flat(ellipse(x, -76 - (index % 2) * 12, 14), 'accent')),
  palm: (pen) =>
    pen.line(curve([0, 0], [-14, -70], [10, -120]), 'accentDark', 16) +
    each([-74, -34, 20, 60, 96], (turn) =>
      pen.flat(
        blob(
          [10, -120],
          [10 + Math.sin((turn * Math.PI) / 180) * 46, -140 - Math.cos((turn * Math.PI) / 180) * 20],
          [10 + Math.sin((turn * Math.PI) / 180) * 84, -104 + Math.abs(turn) * 0.3]
        ),
        'groundDark'
      )
    ),
  door: (pen) =>
    pen.solid('M-52 0V-120A52 52 0 0 1 52 -120V0Z', 'cloth', { depth: 0.4 }) +
    pen.flat(ellipse(28, -62, 9), 'accent') +
    pen.flat('M-52 0V-120A52 52 0 0 1 -20 -164L-20 0Z', 'accent', 0.85),
  mask: (pen) =>
    pen.solid(
      blob([-80, -60], [-60, -110], [60, -110], [80, -60], [30, -36], [0, -56], [-30, -36]),
      'cloth',
      { depth: 0.5 }
    ) +
    each([-34, 34], (x) => pen.flat(ellipse(x, -74, 20, 12), 'paper')) +
    pen.line('M78 -60V20', 'accentDark', 9),
  hat: (pen) =>
    pen.solid(polygon([-46, -14], [-52, -116], [52, -116], [46, -14]), 'ink', { depth: 0 }) +
    pen.flat(rectangle(-48, -48, 96, 22), 'accent') +
    pen.solid(ellipse(0, -10, 88, 15), 'ink', { depth: 0 }),
  mirror: (pen) =>
    pen.solid(ellipse(0, -96, 56, 70), 'accent', { depth: 0.4 }) +
    pen.flat(ellipse(0, -96, 42, 56), 'paper') +
    pen.line('M-20 -120L14 -70', 'skyLow', 8) +
    pen.limb('M0 -24V-2', 'accentDark', 18),
  bowl: (pen) =>
    pen.solid(ellipse(0, -60, 74, 62), 'paper', {
      depth: 0.5,
      inside: pen.flat(rectangle(-90, -62, 180, 80), 'skyLow')
    }) +
    pen.flat(blob([-30, -46], [10, -66], [40, -46], [10, -26]), 'accent') +
    pen.flat(polygon([36, -46], [58, -62], [58, -30]), 'accent'),
  daisy: (pen) =>
    pen.line('M0 0V-90', 'groundDark', 11) +
    each([0, 45, 90, 135, 180, 225, 270, 315], (turn) =>
      pen.flat(
        ellipse(
          Math.sin((turn * Math.PI) / 180) * 28,
          -110 - Math.cos((turn * Math.PI) / 180) * 28,
          12,
          24,
          turn
        ),
        'paper'
      )
    ) +
    pen.flat(ellipse(0, -110, 17), 'accent'),
  ghost: (pen) =>
    pen.solid('M-56 0V-90C-56 -170 56 -170 56 -90V0L28 -22L0 0L-28 -22Z', 'paper', { depth: 0.6 }) +
    each([-18, 22], (x) => pen.flat(ellipse(x, -94, 9, 13), 'ink')),
  signpost: (pen) =>
    pen.limb('M0 0V-150', 'accentDark', 15) +
    pen.solid(polygon([-10, -150], [70, -150], [96, -130], [70, -108], [-10, -108]), 'accent', {
      depth: 0.2
    }) +
    pen.solid(polygon([10, -98], [-66, -98], [-92, -78], [-66, -58], [10, -58]), 'paper', { depth: 0.2 }),
  key: (pen) =>
    pen.line(ellipse(-40, -40, 30), 'accent', 17) +
    pen.line('M-10 -40H88M60 -40V-14M84 -40V-10', 'accent', 17),
  lamp: (pen) =>
    pen.solid(
      blob([-80, -40], [-20, -74], [60, -66], [104, -100], [80, -30], [20, -10], [-40, -10]),
      'accent',
      { depth: 0.5 }
    ) +
    pen.line(ellipse(-86, -46, 22), 'accentDark', 10) +
    pen.line('M104 -104Q84 -140 116 -160', 'paper', 11),
  suitcase: (pen) =>
    pen.line('M-26 -92Q-26 -124 0 -124Q26 -124 26 -92', 'accentDark', 12) +
    pen.solid(rectangle(-76, -94, 152, 94, 12), 'accent', {
      depth: 0.5,
      inside:
        pen.flat(rectangle(-50, -94, 16, 94), 'accentDark') +
        pen.flat(rectangle(34, -94, 16, 94), 'accentDark')
    }),
  gears: (pen) =>
    each(
      [
        [-30, -60, 54],
        [52, -34, 34]
      ],
      ([x, y, size]) =>
        pen.solid(star(x, y, size, size * 0.76, 9), 'accentDark', { depth: 0.3 }) +
        pen.flat(ellipse(x, y, size * 0.3), 'paper')
    ),
  herring: (pen) =>
    pen.solid(blob([-80, -50], [-20, -92], [60, -60], [60, -44], [-20, -10]), 'accent', { depth: 0.6 }) +
    pen.solid(polygon([54, -52], [108, -90], [108, -14]), 'accentDark', { depth: 0.3 }) +
    pen.flat(ellipse(-46, -58, 8), 'ink'),
  letter: (pen) =>
    pen.solid(rectangle(-76, -100, 152, 100, 6), 'paper', { depth: 0.3 }) +
    pen.line('M-72 -96L0 -40L72 -96', 'farDark', 7) +
    pen.flat(ellipse(0, -40, 15), 'accent'),
  candle: (pen) =>
    pen.solid(rectangle(-22, -90, 44, 90, 8), 'paper', { depth: 0.4 }) +
    pen.flat(ellipse(0, -116, 13, 26), 'accent') +
    pen.solid(ellipse(0, -2, 56, 12), 'accentDark', { depth: 0 }),
  train: (pen) =>
    pen.solid(rectangle(-90, -84, 120, 60, 10), 'accent', { depth: 0.4 }) +
    pen.solid(rectangle(20, -124, 70, 100, 8), 'accentDark', { depth: 0.3 }) +
    pen.flat(rectangle(-74, -116, 26, 36), 'ink') +
    each([-60, -6, 54], (x) => pen.flat(ellipse(x, -20, 22), 'ink')),
  flute: (pen) =>
    pen.solid(
      blob(
        [-34, 0],
        [-40, -50],
        [-16, -70],
        [-30, -110],
        [0, -136],
        [30, -110],
        [16, -70],
        [40, -50],
        [34, 0]
      ),
      'accent',
      { depth: 0.5 }
    ) + pen.line('M0 -40V-190', 'ink', 13),
  sword: (pen) =>
    pen.solid(blob([-90, 0], [-70, -60], [0, -80], [76, -54], [96, 0]), 'farDark', { depth: 0.6 }) +
    pen.line('M0 -70V-150', 'paper', 18) +
    pen.line('M-36 -152H36', 'accent', 15) +
    pen.line('M0 -156V-194', 'accentDark', 15),
  moustache: (pen) =>
    pen.flat(blob([0, -60], [-50, -86], [-110, -40], [-60, -30], [0, -44]), 'ink') +
    pen.flat(blob([0, -60], [50, -86], [110, -40], [60, -30], [0, -44]), 'ink'),
  dice: (pen) =>
    pen.solid(rectangle(-80, -84, 84, 84, 14), 'paper', { depth: 0.4 }) +
    pen.solid(rectangle(14, -66, 66, 66, 12), 'accent', { depth: 0.4 }) +
    each(
      [
        [-58, -62],
        [-38, -42],
        [-18, -22]
      ],
      ([x, y]) => pen.flat(ellipse(x, y, 8), 'ink')
    ) +
    pen.flat(ellipse(47, -33, 9), 'paper'),
  wheel: (pen) =>
    pen.line(ellipse(0, -70, 66), 'accentDark', 14) +
    each([0, 45, 90, 135], (turn) =>
      pen.line(
        path`
          M${-62 * Math.cos((turn * Math.PI) / 180)} ${-70 - 62 * Math.sin((turn * Math.PI) / 180)}
          L${62 * Math.cos((turn * Math.PI) / 180)} ${-70 + 62 * Math.sin((turn * Math.PI) / 180)}
        `,
        'accent',
        8
      )
    ),
  trophy: (pen) =>
    pen.solid('M-52 -140H52Q52 -60 0 -54Q-52 -60 -52 -140Z', 'accent', { depth: 0.5 }) +
    pen.line('M-52 -126Q-92 -116 -46 -80M52 -126Q92 -116 46 -80', 'accent', 11) +
    pen.solid(polygon([-12, -60], [12, -60], [40, 0], [-40, 0]), 'accentDark', { depth: 0.3 }),
  umbrella: (pen) =>
    pen.line('M0 -6V-130Q0 -6 -26 -6', 'ink', 9) +
    pen.solid(
      'M-100 -96C-94 -180 94 -180 100 -96Q75 -116 50 -96Q25 -116 0 -96Q-25 -116 -50 -96Q-75 -116 -100 -96Z',
      'accent',
      { depth: 0.5 }
    ),
  books: (pen) =>
    pen.solid(polygon([-84, -40], [0, -20], [84, -40], [84, -4], [0, 16], [-84, -4]), 'paper', {
      depth: 0.3
    }) +
    pen.solid(rectangle(-56, -84, 112, 34, 4), 'accent', { depth: 0.2 }) +
    pen.solid(rectangle(-44, -116, 88, 30, 4), 'cloth', { depth: 0.2 }),
  eye: (pen) =>
    pen.line(ellipse(0, -70, 60), 'accent', 12) +
    pen.flat(ellipse(0, -70, 26, 16), 'paper') +
    pen.flat(ellipse(0, -70, 11), 'ink') +
    pen.line('M0 -150V-166M70 -110L82 -120M-70 -110L-82 -120M80 -70H96M-80 -70H-96', 'accent', 8)
}

const WORDS: Array<[RegExp, keyof typeof PROPS]> = [
  [/message in a bottle/, 'bottle'],
  [/first sight|love triangle|star-crossed/, 'hearts'],
  [/admirer/, 'letter'],
  [/serenade/, 'flute'],
  [/mistaken identity|chosen one/, 'crown'],
  [/sibling/, 'cake'],
  [/absent-minded/, 'spectacles'],
  [/banana/, 'banana'],
  [/bargain|prophecy/, 'scroll'],
  [/siege/, 'drum'],
  [/treasure/, 'chest'],
  [/desert island/, 'palm'],
  [/door|other world|another world/, 'door'],
  [/double life/, 'mask'],
  [/duel/, 'hat'],
  [/mirror/, 'mirror'],
  [/fish out/, 'bowl'],
  [/gentle giant/, 'daisy'],
  [/haunted/, 'ghost'],
  [/hero's journey|impossible quest|long way/, 'signpost'],
  [/locked room/, 'key'],
  [/magic lamp/, 'lamp'],
  [/road trip|reluctant/, 'suitcase'],
  [/machine|plan gone/, 'gears'],
  [/red herring/, 'herring'],
  [/second chance/, 'train'],
  [/sword/, 'sword'],
  [/disguise/, 'moustache'],
  [/trickster|rogue/, 'dice'],
  [/fortune/, 'wheel'],
  [/underdog/, 'trophy'],
  [/alliance/, 'umbrella'],
  [/mentor|narrator/, 'books'],
  [/secret society/, 'eye'],
  [/odd couple/, 'candle']
]

/** The part of each thing in the story. The others stand in the figure's way. */
const PARTS: Record<string, Part> = {
  crown: { at: 'aloft', scale: 4 },
  hearts: { at: 'falling', scale: 1.5 },
  spectacles: { at: 'aloft', scale: 4.6 },
  scroll: { at: 'behind', scale: 5 },
  palm: { at: 'behind', scale: 6 },
  door: { at: 'behind', scale: 5.4 },
  mask: { at: 'aloft', scale: 4.6 },
  hat: { at: 'aloft', scale: 4.2 },
  mirror: { at: 'behind', scale: 5.2 },
  daisy: { at: 'behind', scale: 6 },
  ghost: { at: 'behind', scale: 5.8 },
  signpost: { at: 'behind', scale: 5.4 },
  key: { at: 'aloft', scale: 4.6 },
  gears: { at: 'aloft', scale: 5.4 },
  herring: { at: 'aloft', scale: 4.4 },
  letter: { at: 'falling', scale: 1.2 },
  train: { at: 'behind', scale: 4.4 },
  sword: { at: 'behind', scale: 4.4 },
  moustache: { at: 'aloft', scale: 4.2 },
  wheel: { at: 'aloft', scale: 5.6 },
  umbrella: { at: 'aloft', scale: 4.8 },
  eye: { at: 'aloft', scale: 5 },
  dice: { at: 'falling', scale: 1.2 }
}

export const PROP_NAMES = Object.keys(PROPS)

/** The name of a trope's thing, found by its words. */
export function propOf(trope: Trait): string {
  return match(trope, WORDS, PROP_NAMES)
}

export const partOf = (trope: Trait): Part => PARTS[propOf(trope)] ?? { at: 'before', scale: 2.3 }

export function drawProp(pen: Pen, trope: Trait): string {
  return trope.name === '' ? '' : PROPS[propOf(trope)]!(pen)
}
