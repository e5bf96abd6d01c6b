import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { band, blob, curve, ellipse, path, polar, polyline, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { cucumber, flat, plated } from './sea-worm.ts'
import { headless, roundTorso } from './headless.ts'
import { segmented } from './segments.ts'

/** A line that rises from its tail on the ground to its head, in one bow. */
const RISING: readonly Point[] = [
  [500, -60],
  [330, -40],
  [90, -60],
  [-110, -190],
  [-120, -400],
  [20, -560],
  [60, -740],
  [-10, -980]
]

/** Earthworms and leeches: many rings; an earthworm has a broad pale saddle, a leech a sucker at both ends. */
function ringed(model: Model): Anatomy {
  const { pen, girth } = model
  const isLeech = /leech/.test(nameOf(model))
  const widths = isLeech ? [150, 210, 260, 280, 260, 240, 240, 170] : [40, 150, 200, 216, 220, 224, 250, 190]
  const { d, left, right, borders } = segmented(
    RISING,
    widths.map((width) => width * girth),
    22,
    0.03
  )
  const stripe = (share: number) =>
    curve(
      ...left.map(([x, y], index): Point => [
        x + (right[index]![0] - x) * share,
        y + (right[index]![1] - y) * share
      ])
    )
  const saddle = band(left.slice(11, 15), right.slice(11, 15))
  const edges = polyline(left[11]!, right[11]!) + polyline(left[14]!, right[14]!)
  const rings = pen.line(borders, 'bodyDark', 13)
  return headless(
    model,
    {
      behind: isLeech ? pen.solid(ellipse(500, -50, 84, 60), 'bodyDark', { depth: 0.3 }) : '',
      body:
        pen.solid(d, 'body', {
          depth: 0.9,
          inside: isLeech
            ? pen.line(each([0.3, 0.7], stripe), 'accent', 18) + rings
            : rings + pen.flat(saddle, 'bodyLight') + pen.line(edges, 'bodyDark', 10)
        }) + pen.solid(ellipse(20, -850, 158, 150), 'body', { depth: 0.8 }),
      torso: { d, x: -150, y: -640, width: 320, height: 200, isRound: true }
    },
    {
      x: 26,
      y: -830,
      eye: 58,
      apart: 66,
      mouth: 100,
      smile: 84,
      hat: -960,
      hatWide: 210,
      neck: -640,
      neckWide: 210,
      shoulder: [70, -600],
      arm: 40
    }
  )
}

/** Roundworms: smooth, without rings, pointed at both ends, in the shape of an S. */
function smooth(model: Model): Anatomy {
  const { pen, girth } = model
  const isRibbon = /ribbon worm/.test(model.order)
  const spine: Point[] = [
    [540, -330],
    [440, -120],
    [250, -50],
    [70, -150],
    [-60, -330],
    [-190, -470],
    [-120, -640],
    [40, -730],
    [70, -900],
    [20, -1040]
  ]
  const widths = isRibbon
    ? [70, 130, 150, 160, 170, 180, 200, 250, 260, 150]
    : [6, 110, 190, 220, 230, 230, 230, 240, 230, 90]
  const d = ribbon(
    spine,
    widths.map((width) => width * girth),
    40
  )
  const shine = curve(
    [420, -150],
    [250, -96],
    [100, -200],
    [-60, -390],
    [-170, -500],
    [-110, -620],
    [10, -690]
  )
  const loops = isRibbon
    ? pen.limb(
        curve(
          [500, -300],
          [560, -60],
          [330, 0],
          [60, -30],
          [-200, -20],
          [-420, -40],
          [-500, -160],
          [-400, -260],
          [-290, -190]
        ),
        'bodyDark',
        110
      )
    : ''
  return headless(
    model,
    {
      behind: loops,
      body:
        pen.solid(d, 'body', {
          depth: 0.9,
          inside: isRibbon ? pen.line(curve(...spine), 'bodyDark', 30) : pen.line(shine, 'bodyLight', 40)
        }) + pen.solid(ellipse(52, -880, 150, 160), 'body', { depth: 0.8 }),
      torso: { d, x: -240, y: -660, width: 300, height: 200, isRound: true }
    },
    {
      x: 56,
      y: -850,
      eye: 54,
      apart: 64,
      mouth: 92,
      smile: 76,
      hat: -980,
      hatWide: 190,
      neck: -690,
      neckWide: 230,
      shoulder: [-10, -650],
      arm: 40
    }
  )
}

/** Mud dragons: eleven plates with spines, a neck with rings of hooks, which comes out of them. */
function dragon(model: Model): Anatomy {
  const { pen, girth } = model
  const spine: Point[] = [
    [0, -700],
    [0, -480],
    [0, -260],
    [0, -60]
  ]
  const { d, borders, left, right } = segmented(
    spine,
    [300, 400, 380, 220].map((width) => width * girth),
    9,
    0.08
  )
  const spines = [...left, ...right]
    .map(([x, y]) => path`M${x * 0.9} ${y}L${x + Math.sign(x) * 96} ${y + 66}`)
    .join('')
  const tails = pen.limb(path`M-60 -80L-110 6M60 -80L110 6`, 'bodyDark', 26)
  const hooks = each([0, 1, 2], (row) =>
    repeat(11, (index) => {
      const turn = (index - 5) * (24 - row)
      return polyline(polar(0, -840, 150, turn), polar(0, -840, 300 - row * 46, turn + row * 9))
    })
  )
  const rings =
    pen.solid(ellipse(0, -700, 200, 70), 'accent', { depth: 0.3 }) +
    pen.solid(ellipse(0, -640, 214, 66), 'accentDark', { depth: 0.3 })
  return headless(
    model,
    {
      behind: tails + pen.limb(spines, 'bodyDark', 22) + pen.limb(hooks, 'accent', 24),
      body:
        pen.solid(d, 'body', { depth: 1, inside: pen.line(borders, 'bodyDark', 18) }) +
        rings +
        pen.solid(ellipse(0, -840, 206, 190), 'body', { depth: 0.8 }),
      torso: roundTorso(d, 200, -560, 460)
    },
    {
      y: -870,
      apart: 88,
      mouth: 104,
      hat: -1000,
      hatWide: 270,
      neck: -580,
      neckWide: 370,
      shoulder: [170, -540]
    }
  )
}

/** Arrow worms: a clear dart with side fins, and bristles like hooks at both sides of the head. */
function dart(model: Model): Anatomy {
  const { pen, girth } = model
  const d = ribbon(
    [
      [0, -800],
      [0, -560],
      [0, -300],
      [0, -90]
    ],
    [260, 270, 230, 120].map((width) => width * girth)
  )
  const fins = both(
    (side) =>
      pen.solid(
        blob([side * 90, -560], [side * 290, -470], [side * 280, -360], [side * 90, -330]),
        'bodyLight',
        { depth: 0.3 }
      ) +
      pen.solid(
        blob([side * 70, -320], [side * 250, -240], [side * 230, -150], [side * 60, -130]),
        'bodyLight',
        { depth: 0.3 }
      )
  )
  const tail = pen.solid(
    blob([-40, -140], [-250, -30], [-160, 10], [0, -40], [160, 10], [250, -30], [40, -140]),
    'bodyLight',
    { depth: 0.3 }
  )
  const hooks = pen.limb(
    both((side) =>
      each([0, 1, 2, 3], (index) =>
        curve(
          [side * 150, -830 + index * 36],
          [side * (330 - index * 20), -960 + index * 60],
          [side * (290 - index * 10), -760 + index * 50]
        )
      )
    ),
    'accent',
    22
  )
  return headless(
    model,
    {
      behind: fins + tail + hooks,
      body:
        pen.solid(d, 'body', { depth: 0.9, inside: pen.line(path`M0 -640V-160`, 'accent', 34) }) +
        pen.solid(ellipse(0, -860, 216, 200), 'body', { depth: 0.8 }),
      torso: roundTorso(d, 130, -640, 420)
    },
    {
      y: -890,
      apart: 90,
      mouth: 106,
      hat: -1020,
      hatWide: 270,
      neck: -650,
      neckWide: 250,
      shoulder: [110, -620]
    }
  )
}

const KINDS: ReadonlyArray<readonly [RegExp, (model: Model) => Anatomy]> = [
  [/scale worm|sea mouse/, plated],
  [/saddle-bearing/, ringed],
  [/roundworm|ribbon worm/, smooth],
  [/ring-necked/, dragon],
  [/bristle-jawed/, dart],
  [/flatworm/, flat],
  [/sea cucumber/, cucumber]
]

/** How a worm or its kin is drawn that has neither bristles nor legs. */
export const softWormOf = (model: Model): ((model: Model) => Anatomy) | undefined =>
  KINDS.find(([of]) => of.test(`${nameOf(model)},${model.order}`))?.[1]
