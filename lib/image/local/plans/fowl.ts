import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { blob, ellipse, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { anyOf } from '../words.ts'
import type { BeakKind } from './beak-shapes.ts'
import { birdHead, birdLegs, birdTail, foldedWing, neckRing, tailOf } from './plumage.ts'
import type { TailKind } from './plumage.ts'

/** The measures of a bird whose body lies level and looks to the left. */
interface Build {
  head: number
  x: number
  y: number
  /** Widths of the neck at the head and at the breast. */
  neck: readonly [number, number]
  half: number
  depth: number
  leg: number
  beak: BeakKind | 'bill'
  tail: TailKind
  isWebbed?: true
  /** How far the neck bends to the right between breast and head. */
  bend?: number
}

const DUCK: Build = {
  head: 176,
  x: -200,
  y: -806,
  neck: [190, 240],
  half: 320,
  depth: 400,
  leg: 130,
  beak: 'bill',
  tail: 'up',
  isWebbed: true
}
const GULL: Build = {
  head: 164,
  x: -176,
  y: -820,
  neck: [190, 270],
  half: 300,
  depth: 350,
  leg: 180,
  beak: 'gull',
  tail: 'short',
  isWebbed: true
}
const HEN: Build = {
  head: 150,
  x: -200,
  y: -830,
  neck: [170, 320],
  half: 290,
  depth: 420,
  leg: 170,
  beak: 'cone',
  tail: 'up'
}

const BUILDS: Array<[RegExp, Build]> = [
  [
    /swan\b/,
    { ...DUCK, head: 124, x: -270, y: -874, neck: [104, 170], half: 330, depth: 360, leg: 90, bend: 170 }
  ],
  [
    /goose|geese/,
    { ...DUCK, head: 142, x: -220, y: -850, neck: [116, 220], half: 310, depth: 380, bend: 40 }
  ],
  [/duck|mallard|eider|shoveler|smew|teal/, DUCK],
  [
    /pelican/,
    {
      ...GULL,
      head: 132,
      x: -150,
      y: -862,
      neck: [110, 200],
      half: 320,
      depth: 400,
      leg: 110,
      beak: 'pouch',
      bend: 130
    }
  ],
  [
    /cormorant|anhinga|booby|gannet|frigatebird|tropicbird|\bdiver\b|grebe|hesperornis/,
    {
      ...GULL,
      head: 138,
      x: -186,
      y: -850,
      neck: [120, 240],
      half: 300,
      leg: 110,
      beak: 'dagger',
      bend: 70
    }
  ],
  [/albatross|petrel|shearwater|fulmar|skua|pelagornis/, { ...GULL, beak: 'gull', half: 320, leg: 120 }],
  [
    /oystercatcher|skimmer|\btern\b|tropicbird|wrybill|limpkin|water rail|hoopoe/,
    { ...GULL, head: 150, beak: 'dagger', leg: 230, depth: 320 }
  ],
  [/\bgull\b|sheathbill|plover|lapwing/, GULL],
  [
    /dodo/,
    { ...HEN, head: 180, x: -190, y: -800, half: 320, depth: 440, leg: 150, beak: 'hook', tail: 'short' }
  ],
  [
    /dove|pigeon|sandgrouse|mesite/,
    {
      ...HEN,
      head: 136,
      x: -150,
      y: -846,
      neck: [150, 330],
      half: 300,
      depth: 400,
      leg: 150,
      beak: 'thin',
      tail: 'plain'
    }
  ],
  [
    /peacock|peafowl/,
    {
      ...HEN,
      head: 122,
      x: -210,
      y: -868,
      neck: [110, 260],
      half: 260,
      depth: 340,
      leg: 210,
      beak: 'thin',
      tail: 'train'
    }
  ],
  [/turkey/, { ...HEN, head: 116, x: -216, y: -850, neck: [104, 300], half: 310, depth: 430, tail: 'fan' }],
  [/capercaillie/, { ...HEN, tail: 'fan' }],
  [/\bhen\b|partridge|quail|ptarmigan|malleefowl|guineafowl/, HEN],
  [/pheasant|monal|tragopan|curassow/, { ...HEN, head: 136, depth: 350, leg: 210, tail: 'long' }]
]

/** The build of a name, or of its family. */
const buildOf = (model: Model): Build =>
  (BUILDS.find(([of]) => of.test(nameOf(model))) ?? BUILDS.find(([of]) => of.test(model.words)))?.[1] ?? HEN

const PIED = anyOf(
  /lapwing|oystercatcher|\btern\b|goose|eider|shearwater|gannet|skua|penguin|fulmar|ptarmigan/
)

/** The trunk: a boat with the breast to the left and the tail to the right. */
function trunk({ half, depth, leg }: Build): string {
  const [low, high] = [-leg, -leg - depth]
  return blob(
    [-half * 0.5, high + 20],
    [half * 0.3, high - 16],
    [half * 1.06, high + depth * 0.12],
    [half * 1.26, high + depth * 0.3],
    [half * 0.9, low - depth * 0.16],
    [half * 0.2, low + 26],
    [-half * 0.66, low + 16],
    [-half * 1.2, low - depth * 0.28],
    [-half * 1.06, high + depth * 0.24]
  )
}

/** The line of a neck from the breast to the head: an S if it is long. */
function neckOf(
  { x, y, half, depth, leg, bend = 0 }: Build,
  base: Point,
  middle: Point,
  radius: number
): Point[] {
  if (bend <= 100) return [base, middle, [x + radius * 0.14, y + radius * 0.1]]
  const high = -leg - depth
  return [
    base,
    [-half * 0.96, high - 10],
    [x + bend * 0.9, (y + high) / 2 - 20],
    [x + bend * 0.5, y - 30],
    [x, y]
  ]
}

/** Ducks, geese, swans, gulls, fowl and pigeons: the body from the side, the head turned to the front. */
export function fowl(model: Model): Anatomy {
  const { pen, girth, hide } = model
  const isPale = PIED.test(nameOf(model))
  const build = buildOf(model)
  const { x, y, depth, leg, neck, bend = 0 } = build
  const half = build.half * girth
  const radius = build.head * model.head
  const body = trunk({ ...build, half })
  const high = -leg - depth
  const base: Point = [-half * 0.56, high + depth * 0.42]
  const middle: Point = [(x + base[0]) / 2 - 20 + bend * 0.2, (y + base[1]) / 2]
  const spine = neckOf({ ...build, half }, base, middle, radius)
  const { drawn, face, crown } = birdHead(model, { x, y, radius }, build.beak)
  const tail = tailOf(model, build.tail)
  const isFanned = tail === 'train' || tail === 'fan'
  return {
    behind:
      birdTail(
        model,
        tail,
        [half * (isFanned ? 0.5 : 0.94), high + depth * (isFanned ? 0.5 : 0.3)],
        half / 280
      ) +
      birdLegs(model, {
        x: half * 0.1,
        top: -leg - 50,
        thick: build.isWebbed === true ? 26 : 22,
        spread: half * 0.26,
        ...(build.isWebbed === true && { isWebbed: true })
      }),
    body:
      pen.solid(ribbon(spine, [neck[1], (neck[0] + neck[1]) / 2, neck[0]]), 'body', { depth: 0.4 }) +
      pen.solid(body, 'body', {
        inside:
          pen.flat(
            ellipse(-half * 0.3, -leg - 10, half * 1.1, depth * (isPale ? 0.5 : 0.3)),
            isPale ? 'paper' : 'bodyLight'
          ) + hide(-half, high + depth * 0.2, half * 2, depth * 0.6)
      }) +
      neckRing(model, [middle[0], middle[1]], (neck[0] + neck[1]) / 2 - 20),
    front: foldedWing(
      model,
      [-half * 0.42, high + depth * 0.42],
      [half * 1.18, high + depth * 0.34],
      depth * 0.42
    ),
    head: drawn,
    face,
    crown,
    neck:
      bend > 100
        ? { x: -half * 0.84, y: high + 10, width: neck[1] * 1.06 }
        : { x: middle[0], y: middle[1] + 10, width: (neck[0] + neck[1]) * 0.5 },
    shoulders: [
      [-half * 0.86, high + depth * 0.44],
      [half * 0.4, high + depth * 0.3]
    ],
    hands: [
      [-half - 140, high + 60],
      [half, high]
    ],
    arm: 90 * girth,
    limb: 'wing',
    far: 0,
    holds: 0
  }
}
