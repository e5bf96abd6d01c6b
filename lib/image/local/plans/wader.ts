import type { Anatomy, Model } from '../anatomy.ts'
import { repeat } from '../repeat.ts'
import { blob, ellipse, ribbon } from '../svg.ts'
import type { Point } from '../svg.ts'
import { anyOf } from '../words.ts'
import type { BeakKind } from './beak-shapes.ts'
import { birdHead, birdLegs, foldedWing } from './plumage.ts'

const BEAKS: Array<[RegExp, BeakKind | 'bill' | 'spoon']> = [
  [/flamingo/, 'bent'],
  [/spoon/, 'spoon'],
  [/shoebill|boat-billed|terror bird/, 'parrot'],
  [/ibis|curlew|kiwi/, 'curved'],
  [/avocet|godwit/, 'upturned'],
  [/heron|stork|crane|egret|bittern|stilt|hamerkop|sunbittern|marabou|turnstone|sandpiper/, 'dagger'],
  [/ostrich|emu|rhea|moa|elephant bird/, 'bill']
]

const STOUT = anyOf(/ostrich|emu\b|emus|rhea|cassowar|moa\b|moas|elephant bird|terror bird|gastornis|bustard/)

const trunk = (half: number, high: number, low: number): string =>
  blob(
    [-half * 0.94, high + 60],
    [-half * 0.3, high - 16],
    [half * 0.8, high + 20],
    [half * 1.5, high + 150],
    [half * 0.8, low + 8],
    [-half * 0.3, low + 10],
    [-half * 1.06, low - 70]
  )

/** The long feathers over the tail. */
function plumes({ pen }: Model, half: number, high: number, count: number): string {
  return repeat(count, (index) =>
    pen.solid(
      ellipse(half * (1.04 + index * 0.08), high + 90 + index * 44, 130, 44, 16 + index * 14),
      index % 2 === 1 ? 'bodyLight' : 'bodyDark',
      { depth: 0.4 }
    )
  )
}

/** Herons, flamingos, ostriches: a small body high on stilts, a long neck in an S. */
export function wader(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const isStout = STOUT.test(words)
  const isRound = /kiwi|sandpiper|ruff\b|turnstone|jacana|ibisbill|sunbittern/.test(words)
  const radius = (isRound ? 132 : 112) * model.head
  const half = (isStout ? 250 : isRound ? 236 : 210) * girth
  const [x, y] = [isStout ? -190 : isRound ? -180 : -130, isRound ? -850 : -1000 + radius + 24]
  // A flamingo stands on the longest legs; a heron draws its neck in.
  const isTall = /flamingo|stilt|stork|secretary/.test(words)
  const high = isRound ? -640 : isTall ? -680 : -600
  const low = isStout ? -270 : isRound ? -250 : isTall ? -450 : -320
  const body = trunk(half, high, low)
  const spine: Point[] = isStout
    ? [
        [-half * 0.4, high + 130],
        [-half * 0.86, high - 40],
        [x - 20, y + 160],
        [x, y]
      ]
    : [
        [-half * 0.46, high + 120],
        [-half * 1.1, high - 20],
        [-half * 0.7, (high + y) / 2 + 10],
        [x + 96, y + 60],
        [x, y]
      ]
  const neck = isStout ? [200, 116, 92, 88] : isRound ? [180, 130, 116, 110] : [150, 88, 72, 68, 70]
  const bare = isStout && /ostrich|emu|rhea|cassowar/.test(words)
  const { drawn, face, crown } = birdHead(
    model,
    { x, y, radius },
    BEAKS.find(([of]) => of.test(words))?.[1] ?? 'thin',
    bare ? 'bodyLight' : 'body'
  )
  return {
    behind:
      plumes(model, half, high, isStout ? 4 : 2) +
      birdLegs(model, { x: 20, top: low - 40, thick: isStout ? 34 : 22, spread: isStout ? 80 : 56 }),
    body:
      pen.solid(
        ribbon(isRound ? spine.filter((_, index) => index !== 1 && index !== 3) : spine, neck),
        bare ? 'bodyLight' : 'body',
        { depth: 0.5 }
      ) +
      pen.solid(body, bare ? 'bodyDark' : 'body', {
        inside:
          (isStout ? '' : pen.flat(ellipse(-half * 0.2, low, half, 90), 'bodyLight')) +
          hide(-half, high, half * 2.2, 260)
      }),
    head: drawn,
    front: foldedWing(model, [-half * 0.4, high + 70], [half * 1.3, high + 130], (low - high) * 0.5),
    face,
    crown,
    neck: { x: -half * 0.74, y: high + 20, width: neck[0]! * 0.9 },
    shoulders: [
      [-half * 0.8, high + 110],
      [half * 0.4, high]
    ],
    hands: [
      [-half - 130, high + 60],
      [half, high]
    ],
    arm: 84,
    limb: 'wing',
    far: 0,
    holds: 0
  }
}
