import { nameOf } from '../anatomy.ts'
import type { Model } from '../anatomy.ts'
import type { Head } from './beast-head.ts'

/** The measures of a four-legged body that looks to the left. */
export interface Build {
  leg: number
  depth: number
  /** Half the length of the trunk. */
  half: number
  head: Head
  /** Widths of the neck at the head and at the shoulders. */
  neck: readonly [number, number]
  /** Width of a leg above the foot. */
  shin: number
  foot: 'hoof' | 'paw' | 'pad'
}

type Frame = Omit<Build, 'head'> & { x: number; y: number; radius: number; muzzle: Head['muzzle'] }

const EQUINE: Frame = {
  leg: 330,
  depth: 270,
  half: 250,
  x: -236,
  y: -800,
  radius: 140,
  muzzle: [1.14, 0.46],
  neck: [130, 260],
  shin: 58,
  foot: 'hoof'
}
const DEER: Frame = {
  leg: 320,
  depth: 220,
  half: 210,
  x: -190,
  y: -770,
  radius: 152,
  muzzle: [0.86, 0.4],
  neck: [112, 210],
  shin: 46,
  foot: 'hoof'
}
const FRAMES: Array<[RegExp, Frame]> = [
  [
    /elephant|mammoth|mastodon/,
    {
      leg: 300,
      depth: 430,
      half: 290,
      x: -170,
      y: -760,
      radius: 196,
      muzzle: [0.8, 0.5],
      neck: [300, 380],
      shin: 112,
      foot: 'pad'
    }
  ],
  [
    /giraffe/,
    {
      leg: 400,
      depth: 190,
      half: 180,
      x: -150,
      y: -860,
      radius: 126,
      muzzle: [1.1, 0.42],
      neck: [92, 210],
      shin: 48,
      foot: 'hoof'
    }
  ],
  [
    /hippo|rhino/,
    {
      leg: 190,
      depth: 400,
      half: 320,
      x: -190,
      y: -690,
      radius: 168,
      muzzle: [0.95, 0.74],
      neck: [280, 360],
      shin: 104,
      foot: 'pad'
    }
  ],
  [
    /pig|boar|hog|peccar|babirusa|tapir|capybara|hyrax/,
    {
      leg: 190,
      depth: 360,
      half: 300,
      x: -170,
      y: -710,
      radius: 182,
      muzzle: [0.72, 0.46],
      neck: [250, 330],
      shin: 72,
      foot: 'hoof'
    }
  ],
  [
    /buffalo|bison|cattle|\bgaur|\byak|\box\b|zebu|musk ox|takin|anoa|wildebeest|aurochs|kouprey/,
    {
      leg: 250,
      depth: 370,
      half: 300,
      x: -200,
      y: -730,
      radius: 156,
      muzzle: [0.9, 0.58],
      neck: [230, 350],
      shin: 78,
      foot: 'hoof'
    }
  ],
  [
    /camel|llama|alpaca|vicu|guanaco|dromedary/,
    {
      leg: 360,
      depth: 240,
      half: 220,
      x: -220,
      y: -820,
      radius: 132,
      muzzle: [1, 0.46],
      neck: [104, 190],
      shin: 54,
      foot: 'pad'
    }
  ],
  [
    /dog|fox|wolf|jackal|dingo|dhole|coyote|hyena|aardwolf/,
    {
      leg: 280,
      depth: 230,
      half: 220,
      x: -150,
      y: -770,
      radius: 168,
      muzzle: [0.66, 0.36],
      neck: [160, 230],
      shin: 60,
      foot: 'paw'
    }
  ],
  [/horse|zebra|donkey|\bass\b|kiang|onager|przewalski|quagga|okapi/, EQUINE],
  [
    /sheep|mouflon|bighorn|argali|goat|ibex|markhor|chamois|serow|aoudad/,
    {
      leg: 270,
      depth: 260,
      half: 230,
      x: -180,
      y: -740,
      radius: 138,
      muzzle: [0.86, 0.42],
      neck: [150, 240],
      shin: 52,
      foot: 'hoof'
    }
  ]
]

/** The measures of the noun's kind. */
export function buildOf(model: Model): Build {
  const { words, head, girth } = model
  const { x, y, radius, muzzle, ...frame } =
    (FRAMES.find(([of]) => of.test(nameOf(model))) ?? FRAMES.find(([of]) => of.test(words)))?.[1] ?? DEER
  return { ...frame, depth: frame.depth * girth, head: { x, y, radius: radius * head, muzzle } }
}
