import { nameOf } from '../anatomy.ts'
import type { Anatomy, Model } from '../anatomy.ts'
import { blob, curve, ellipse } from '../svg.ts'
import { anyOf } from '../words.ts'
import type { BeakKind } from './beak-shapes.ts'
import { birdHead, birdLegs, birdTail, neckRing, tailOf } from './plumage.ts'

/** A bird that perches: radius of the head, half the width of the breast, and the beak. */
interface Perch {
  head: number
  half: number
  beak: BeakKind
}

const PERCHES: Array<[RegExp, Perch]> = [
  [/toucan|hornbill|barbet|aracari/, { head: 142, half: 170, beak: 'giant' }],
  [
    anyOf(/parrot|macaw|cockato|cockatiel|parakeet|budgerigar|lorikeet|lovebird/, /kakapo|\bkea\b|lories/),
    { head: 172, half: 190, beak: 'parrot' }
  ],
  [/hummingbird/, { head: 176, half: 150, beak: 'needle' }],
  [/sunbird|wryneck/, { head: 160, half: 150, beak: 'curved' }],
  [
    /hoopoe|bee-eater|treecreeper|wallcreeper|honeyeater|huia|hornero/,
    { head: 140, half: 170, beak: 'curved' }
  ],
  [/kingfisher|kookaburra|woodpecker|jacamar|nuthatch|tody/, { head: 168, half: 180, beak: 'dagger' }],
  [
    /crow|raven|\brook\b|jay|magpie|chough|nutcracker|oropendola|coucal/,
    { head: 150, half: 200, beak: 'gull' }
  ],
  [
    /shrike|cuckoo|roadrunner|turaco|nightjar|oilbird|potoo|hoatzin|vanga|bellbird/,
    { head: 156, half: 192, beak: 'hook' }
  ],
  [
    /finch|sparrow|bunting|canary|cardinal|crossbill|weaver|junco|whydah|wax|munia|yellowhammer/,
    { head: 178, half: 190, beak: 'cone' }
  ]
]

const SMALL: Perch = { head: 184, half: 194, beak: 'thin' }

const BREASTED =
  /robin|bullfinch|bluethroat|flycatcher|redstart|oriole|waxwing|toucan|swallow|roller|pitta|trogon|quetzal/

/** Song birds, crows, parrots, woodpeckers: upright on a perch, the beak to the left and the tail to the right. */
export function bird(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const name = nameOf(model)
  const perch =
    (PERCHES.find(([of]) => of.test(name)) ?? PERCHES.find(([of]) => of.test(words)))?.[1] ?? SMALL
  const radius = perch.head * model.head
  const [x, y] = [-26, -1000 + radius + 46]
  const half = perch.half * girth
  const body = blob(
    [x - radius * 0.6, y + radius * 0.5],
    [x + radius * 0.76, y + radius * 0.3],
    [half * 1.06, -560],
    [half * 1.04, -300],
    [half * 0.5, -150],
    [-half * 0.4, -130],
    [-half * 1.06, -250],
    [-half * 1.16, -500]
  )
  const isBreasted = BREASTED.test(name)
  const breast = ellipse(-half * 0.42, isBreasted ? -480 : -330, half * 0.76, isBreasted ? 190 : 230)
  const { drawn, face, crown } = birdHead(model, { x, y, radius }, perch.beak)
  return {
    behind:
      birdTail(model, tailOf(model, 'plain'), [half * 0.5, -260]) +
      birdLegs(model, { x: 6, top: -170, thick: 20, spread: 62 }),
    body: pen.solid(body, 'body', {
      inside:
        pen.flat(breast, isBreasted ? 'accent' : 'bodyLight') +
        hide(-half * 1.1, -460, half * 2.2, 300) +
        neckRing(model, [x, y + radius * 0.92], radius * 1.7)
    }),
    torso: {
      d: body,
      x: -half * 1.02,
      y: y + radius * 0.86,
      width: half * 1.96,
      height: -140 - y - radius * 0.86
    },
    head: drawn,
    face,
    crown,
    neck: { x: -12, y: y + radius * 0.94, width: half * 1.2 },
    shoulders: [
      [-half * 0.8, -520],
      [half * 0.86, -530]
    ],
    hands: [
      [-half * 1.36, -330],
      [half * 1.36, -330]
    ],
    arm: 96 * girth,
    limb: 'wing'
  }
}

/** Penguins, auks and puffins: a torpedo on webbed feet, white before and dark behind. */
export function penguin(model: Model): Anatomy {
  const { pen, girth, words, hide } = model
  const isPuffin = /puffin/.test(words)
  const isEmperor = /emperor|\bking\b/.test(words)
  const radius = (isPuffin ? 178 : 158) * model.head
  const [x, y] = [-20, -1000 + radius + 40]
  const half = 214 * girth
  const body = blob(
    [x - radius * 0.7, y + radius * 0.3],
    [x + radius * 0.84, y + radius * 0.3],
    [half * 1.1, -520],
    [half * 1.14, -160],
    [half * 0.5, -50],
    [-half * 0.7, -50],
    [-half * 1.16, -200],
    [-half * 1.06, -560]
  )
  const belly = blob(
    [x - radius * 0.66, y + radius * 0.74],
    [x + radius * 0.3, y + radius * 0.74],
    [half * 0.66, -460],
    [half * 0.6, -130],
    [-half * 0.3, -50],
    [-half * 0.98, -200],
    [-half * 0.94, -540]
  )
  const collar = isEmperor
    ? pen.flat(ellipse(x - radius * 0.1, y + radius * 1.1, radius * 0.86, radius * 0.4), 'accent')
    : ''
  const strap = /chinstrap|african/.test(words)
    ? pen.line(curve([-half * 0.9, -420], [-half * 0.4, -620], [half * 0.5, -420]), 'bodyDark', 26)
    : ''
  const { drawn, face, crown } = birdHead(model, { x, y, radius }, isPuffin ? 'puffin' : 'thin', 'bodyDark')
  return {
    behind:
      pen.solid(
        blob([half * 0.3, -200], [half * 1.2, -90], [half * 1.5, -10], [half * 0.4, -30]),
        'bodyDark',
        {
          depth: 0.4
        }
      ) + birdLegs(model, { x: 20, top: -80, thick: 40, spread: 90, isWebbed: true }),
    body: pen.solid(body, 'bodyDark', {
      inside: pen.flat(belly, 'paper') + collar + strap + hide(-half * 0.8, -380, half * 1.4, 240)
    }),
    torso: { d: body, x: -half * 1.04, y: y + radius * 0.9, width: half * 2, height: -60 - y - radius * 0.9 },
    head: drawn,
    face,
    crown,
    neck: { x: -10, y: y + radius * 0.96, width: half * 1.2 },
    shoulders: [
      [-half * 0.9, -540],
      [half * 0.9, -540]
    ],
    hands: [
      [-half * 1.4, -330],
      [half * 1.4, -330]
    ],
    arm: 84 * girth,
    limb: 'wing'
  }
}
