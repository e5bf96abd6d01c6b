import { nameOf, pair } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { both, each, repeat } from '../repeat.ts'
import { blob, curve, ellipse, polygon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { anyOf } from '../words.ts'
import { insectWings } from './insect-wings.ts'
import type { WingKind } from './insect-wings.ts'
import { jointedLeg } from './jointed-leg.ts'

/** How an insect is built. */
interface Build {
  kind: 'beetle' | 'bug' | 'bee' | 'fly' | 'ant' | 'hopper' | 'mantis' | 'stick' | 'dragonfly' | 'butterfly'
  /** Half the width of the abdomen. */
  half: number
  head: number
  wings: WingKind
}

const BEETLE: Build = { kind: 'beetle', half: 214, head: 134, wings: 'none' }

const BUILDS: Array<[RegExp, Build]> = [
  [/springtail/, { kind: 'ant', half: 280, head: 150, wings: 'none' }],
  [
    /moth fly|bee fly|owlfly|mantidfly|snakefly|scorpionfly/,
    { kind: 'fly', half: 120, head: 150, wings: 'clear' }
  ],
  [
    /ladybird|ladybug|tortoise beetle|whirligig|dung/,
    { kind: 'beetle', half: 290, head: 112, wings: 'none' }
  ],
  [
    /stag|hercules|goliath|titan|longhorn|click|tiger beetle|violin/,
    { kind: 'beetle', half: 196, head: 134, wings: 'none' }
  ],
  [
    anyOf(
      /butterfl|\bmoths?\b|hawkmoth|morpho|emperor(?! dragon)|birdwing|adonis|burnet|brimstone/,
      /swallowtail|whites and|owlet|silk/
    ),
    { kind: 'butterfly', half: 92, head: 136, wings: 'scaled' }
  ],
  [
    /dragonfl|damselfl|demoiselle|griffinfl|mayfl|darner|skimmers|antlion|stonefl|lacewing|spoonwing/,
    { kind: 'dragonfly', half: 64, head: 150, wings: 'long' }
  ],
  [/velvet ant|\bants?\b|termite/, { kind: 'ant', half: 150, head: 150, wings: 'none' }],
  [
    /\bbees?\b|bumble|honeybee|wasp|hornet|horntail|tarantula hawk|hoverfl/,
    { kind: 'bee', half: 180, head: 148, wings: 'clear' }
  ],
  [
    /\bfl(?:y|ies)\b|housefl|bluebottle|mosquito|midge|gnat|firefl|dobsonfl|caddisfl|cicada|lanternfl|blowfl/,
    { kind: 'fly', half: 130, head: 158, wings: 'clear' }
  ],
  [
    /grasshopper|cricket|locust|katydid|weta|froghopper|leafhopper|flea\b/,
    { kind: 'hopper', half: 120, head: 140, wings: 'none' }
  ],
  [/mantis|mantises/, { kind: 'mantis', half: 100, head: 136, wings: 'none' }],
  [
    /stick|jungle nymph|pond skater|tree lobster|silverfish|bristletail|water scorpion/,
    { kind: 'stick', half: 62, head: 116, wings: 'none' }
  ],
  [
    /\bbugs?\b|aphid|cochineal|cockroach|shield|leaf insect|treehopper/,
    { kind: 'bug', half: 220, head: 126, wings: 'none' }
  ]
]

const buildOf = (model: Model): Build =>
  (BUILDS.find(([of]) => of.test(nameOf(model))) ?? BUILDS.find(([of]) => of.test(model.words)))?.[1] ??
  BEETLE

/** The abdomen, which carries the garment. */
function abdomenOf({ kind }: Build, half: number): string {
  if (kind === 'bug') {
    return polygon(
      [-half * 0.6, -640],
      [half * 0.6, -640],
      [half * 1.06, -520],
      [half * 0.86, -250],
      [0, -70],
      [-half * 0.86, -250],
      [-half * 1.06, -520]
    )
  }
  if (kind === 'ant') return ellipse(0, -270, half * 1.1, 210)
  if (kind === 'dragonfly' || kind === 'stick') {
    return blob(
      [-half, -620],
      [half, -620],
      [half * 0.9, -300],
      [half * 0.8, -20],
      [-half * 0.8, -20],
      [-half * 0.9, -300]
    )
  }
  if (kind === 'beetle') {
    return blob(
      [-half * 0.96, -610],
      [half * 0.96, -610],
      [half * 1.06, -360],
      [half * 0.5, -50],
      [-half * 0.5, -50],
      [-half * 1.06, -360]
    )
  }
  // A waist, then the broad part, then a tip.
  return blob(
    [-half * 0.36, -640],
    [half * 0.36, -640],
    [half * 0.7, -540],
    [half * 1.2, -360],
    [half * 0.4, -50],
    [-half * 0.4, -50],
    [-half * 1.2, -360],
    [-half * 0.7, -540]
  )
}

/** Wing cases, bands or a shield on the abdomen. */
function marks(model: Model, { kind }: Build, half: number): string {
  const { pen, hide } = model
  const name = nameOf(model)
  switch (kind) {
    case 'beetle':
      return (
        pen.flat(polygon([-30, -60], [0, -420], [30, -60]), 'bodyDark') +
        (/ladybird|ladybug|tortoise|domino/.test(name)
          ? each([...pair(96, -470), ...pair(140, -310), ...pair(70, -180)], ([x, y]) =>
              pen.flat(ellipse(x, y, 46), 'ink')
            )
          : /jewel|chafer|tiger|harlequin|firefly|titan/.test(name)
            ? both((side) =>
                pen.line(curve([side * 60, -600], [side * half * 0.7, -360], [side * 60, -100]), 'accent', 36)
              )
            : hide(-half, -560, half * 2, 430)) +
        pen.line('M0 -640V-60', 'bodyDark', 15)
      )
    case 'bug':
      return (
        pen.flat(polygon([-half * 0.5, -650], [half * 0.5, -650], [0, -390]), 'accent') +
        hide(-half, -400, half * 2, 260)
      )
    case 'bee':
      return each([-540, -400, -260, -130], (y) =>
        pen.line(curve([-half * 1.3, y], [0, y + 50], [half * 1.3, y]), 'ink', 58)
      )
    case 'ant':
      return each([-330, -230], (y) =>
        pen.line(curve([-half * 1.2, y], [0, y + 50], [half * 1.2, y]), 'bodyDark', 22)
      )
    default:
      return (
        hide(-half, -560, half * 2, 430) +
        repeat(4, (index) => {
          const y = -500 + index * 110
          return pen.line(curve([-half * 1.2, y], [0, y + 34], [half * 1.2, y]), 'bodyDark', 20)
        })
      )
  }
}

/** The points of a leg as x and y, and how thick it is. x is measured from the edge of the abdomen. */
type Leg = [
  ...hip: [x: number, y: number],
  ...knee: [x: number, y: number],
  ...bend: [x: number, y: number],
  ...foot: [x: number, y: number],
  thick: number
]

/** The legs of one side, from the outer to the inner. */
const LEGS: Leg[] = [
  [-90, -440, 150, -500, 226, -260, 250, -20, 58],
  [-90, -300, 72, -320, 116, -160, 108, -16, 58]
]

/** The great hind legs of a hopper come last. */
const HOPPING: Leg[] = [
  [-60, -420, 130, -420, 150, -200, 100, -20, 48],
  [-80, -200, 250, -740, 240, -380, 200, -20, 110]
]

/** Jointed legs; the arms are the first pair. */
function legs({ pen }: Model, { kind }: Build, half: number): string {
  const share = kind === 'stick' || kind === 'dragonfly' ? 0.8 : 1
  return both((side) => {
    const at = (x: number, y: number): Point => [side * Math.max(half + x, 20), y]
    return each(
      kind === 'hopper' ? HOPPING : LEGS,
      ([hipX, hipY, kneeX, kneeY, bendX, bendY, footX, footY, thick]) =>
        jointedLeg(
          pen,
          [at(hipX, hipY), at(kneeX, kneeY), at(bendX, bendY), at(footX, footY)],
          thick * share,
          'bodyDark'
        )
    )
  })
}

/** Horns for the beetles that have them, else feelers. */
function feelers(model: Model, { kind }: Build, y: number, radius: number): string {
  const { pen } = model
  const name = nameOf(model)
  const at = (side: number, dx: number, dy: number): Point => [side * dx * radius, y + dy * radius]
  if (/stag|minotaur|elephant|rhinoceros|titan|earwig/.test(name)) {
    return both((side) =>
      pen.solid(
        blob(
          at(side, 0.3, -0.7),
          at(side, 1.2, -1.3),
          at(side, 1, -2.2),
          at(side, 0.3, -2),
          at(side, 0.66, -1.6),
          at(side, 0.5, -1.2),
          at(side, 0.02, -0.9)
        ),
        'bodyDark',
        { depth: 0.4 }
      )
    )
  }
  if (/hercules|goliath/.test(name)) {
    return pen.solid(
      blob(at(1, -0.36, -0.7), at(1, -0.3, -1.7), at(1, 0.5, -2.6), at(1, 0.4, -1.8), at(1, 0.36, -0.7)),
      'bodyDark',
      { depth: 0.4 }
    )
  }
  if (/weevil|mosquito|acorn/.test(name)) {
    return both((side) =>
      pen.line(curve(at(side, 0.34, -0.8), at(side, 0.9, -1.3), at(side, 1.2, -1.1)), 'ink', 16)
    )
  }
  if (kind === 'butterfly' && /moth|burnet/.test(name)) {
    return both((side) =>
      pen.solid(
        blob(at(side, 0.3, -0.8), at(side, 0.5, -1.6), at(side, 1.3, -2), at(side, 1.2, -1.3)),
        'accent',
        { depth: 0 }
      )
    )
  }
  if (kind === 'fly' || kind === 'dragonfly') {
    return both((side) =>
      pen.line(curve(at(side, 0.24, -0.9), at(side, 0.3, -1.2), at(side, 0.5, -1.34)), 'ink', 16)
    )
  }
  const long = kind === 'hopper' || kind === 'stick' || kind === 'mantis' ? 1.5 : 1.2
  const elbow = kind === 'ant' ? 1.6 : 1.4
  return both(
    (side) =>
      pen.line(curve(at(side, 0.34, -0.8), at(side, 0.5, -elbow), at(side, long, -elbow - 0.24)), 'ink', 17) +
      (kind === 'hopper' ? '' : pen.flat(ellipse(...at(side, long + 0.04, -elbow - 0.26), 27), 'accent'))
  )
}

/** The head: a triangle with eyes far apart for a mantis, else round; eyes that fill it for flies and dragonflies. */
function headOf(model: Model, build: Build, y: number, radius: number): string {
  const { pen } = model
  const skull =
    build.kind === 'mantis'
      ? blob(
          [-radius * 1.5, y - radius * 0.9],
          [radius * 1.5, y - radius * 0.9],
          [radius * 0.7, y + radius * 0.7],
          [0, y + radius * 1.5],
          [-radius * 0.7, y + radius * 0.7]
        )
      : ellipse(0, y, radius * 1.1, radius)
  const eyes =
    build.kind === 'fly' || build.kind === 'dragonfly'
      ? both((side) =>
          pen.flat(
            ellipse(side * radius * 0.62, y - radius * 0.16, radius * 0.6, radius * 0.72, side * 14),
            'accent'
          )
        )
      : ''
  return (
    feelers(model, build, y, radius) +
    pen.solid(skull, build.kind === 'bee' || build.kind === 'beetle' ? 'bodyDark' : 'body') +
    eyes
  )
}

/** The fork below the body with which a springtail jumps. */
const spring = ({ pen, words }: Model): string =>
  /springtail/.test(words)
    ? pen.limb(`M0 -240V-110${both((side) => `M0 -120Q${side * 20} -60 ${side * 96} -14`)}`, 'accent', 40)
    : ''

/** Insects from the front: three parts, six legs, and the wings, horns and bands of their order. */
export function insect(model: Model): Anatomy {
  const { pen, girth } = model
  const build = buildOf(model)
  const radius = build.head * model.head
  const headY = -1000 + radius + 90
  const half = build.half * girth
  const abdomen = abdomenOf(build, half)
  const isAnt = build.kind === 'ant'
  const thoraxHalf = isAnt
    ? 84
    : build.kind === 'beetle' || build.kind === 'bug'
      ? half * 0.8
      : half * 0.6 + 56
  const thorax =
    build.kind === 'beetle'
      ? blob(
          [-thoraxHalf * 0.66, -790],
          [thoraxHalf * 0.66, -790],
          [thoraxHalf * 1.2, -640],
          [thoraxHalf * 0.9, -540],
          [-thoraxHalf * 0.9, -540],
          [-thoraxHalf * 1.2, -640]
        )
      : ellipse(0, isAnt ? -560 : -640, thoraxHalf, isAnt ? 110 : 104)
  return {
    behind: insectWings(model, build.wings) + legs(model, build, half) + spring(model),
    body:
      (build.kind === 'beetle' || build.kind === 'bug' ? pen.solid(thorax, 'bodyDark', { depth: 0.6 }) : '') +
      pen.solid(abdomen, build.kind === 'bee' ? 'bodyLight' : 'body', {
        depth: 1.1,
        inside: marks(model, build, half)
      }) +
      (build.kind === 'beetle' || build.kind === 'bug' ? '' : pen.solid(thorax, 'bodyDark', { depth: 0.6 })),
    torso: { d: abdomen, x: -half, y: isAnt ? -470 : -600, width: half * 2, height: isAnt ? 400 : 480 },
    head: headOf(model, build, headY, radius),
    face: {
      x: 0,
      y: headY - radius * 0.1,
      eye: radius * 0.36,
      apart: radius * (build.kind === 'mantis' ? 0.84 : 0.5),
      mouth: { x: 0, y: headY + radius * 0.56, width: radius * 0.56 }
    },
    crown: { x: 0, y: headY - radius * 0.86, width: radius * 1.4 },
    neck: { x: 0, y: -700, width: Math.min(half * 1.7 + 50, radius * 2.2) },
    shoulders: pair(thoraxHalf * 0.7, -640),
    hands: pair(half + 60, -430),
    arm: build.kind === 'mantis' ? 56 : 48
  }
}
