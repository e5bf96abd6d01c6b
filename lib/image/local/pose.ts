import type { Pose } from './anatomy.ts'
import type { Point } from './svg.ts'
import { match } from './traits.ts'
import type { Trait } from './traits.ts'
import { anyOf } from './words.ts'

const DOWN: Point = [70, -230]
const UP: Point = [130, 250]
const OUT: Point = [210, 20]
const FRONT: Point = [20, -110]
const HIGH: Point = [60, 300]
const CHEST: Point = [-30, -60]
const HIP: Point = [70, -120]

const POSES: Array<[RegExp, Partial<Pose>]> = [
  [
    /sleep|napping|dozing|snooz|yawn|dream|meditat|resting|lounging|sunbath/,
    { hands: [FRONT, FRONT], lean: 4 }
  ],
  [
    anyOf(
      /jump|leap|hop|skip|bounc|vault|trampolin|somersault|cartwheel/,
      /levitat|flying|parachut|paraglid|hang glid|swinging|rope/
    ),
    { hands: [UP, UP], hop: 46, moving: true }
  ],
  [
    anyOf(
      /danc|waltz|tango|jig|pirouett|twirl|spinning on/,
      /salsa|flamenco|hula|ballet|limbo|conga|polka|samba/
    ),
    { hands: [UP, OUT], lean: 6, hop: 18, moving: true }
  ],
  [
    anyOf(
      /run|sprint|race|racing|chas|rushing|march|hik|walk|climb|trek|strid|jogg|skat/,
      /ski|surf|cycl|bicycl|scoot|sled|sail|row|paddl|canoe|riding|driv|pilot/
    ),
    { hands: [OUT, HIP], lean: 7, moving: true }
  ],
  [
    anyOf(
      /throw|bowl|pitch|hurl|serv|swing|bat\b|batting|golf|tennis|cricket/,
      /fenc|archer|fish|casting|hammer|chop|forg|whip|crack|conduct|wav/,
      /signal|salut|hail|toast|cheer|greet|beckon|hanging|reach|pick|pluck/
    ),
    { hands: [HIP, HIGH], lean: -4, moving: true }
  ],
  [/lift|carry|balanc|juggl|hold|hoist|rais|stack|catch|push|pull|tug|heav/, { hands: [UP, UP] }],
  [
    anyOf(
      /play|drum|strum|pluck|blow|sing|whistl|humm|recit|read|writ|draw|paint|sketch/,
      /knit|sew|stitch|weav|cook|bak|stir|knead|peel|pour|mix|carv|whittl|fold|type/,
      /typing|polish|wash|sharpen|solder|mend|repair|build|count|sort|count/
    ),
    { hands: [FRONT, CHEST] }
  ],
  [
    anyOf(
      /bow|curts|kneel|digg|plant|weed|sweep|mop|rak|scrub|pack/,
      /crouch|crawl|sneak|tiptoe|hid|search|look|watch|wait|listen/
    ),
    { hands: [HIP, DOWN], lean: 5 }
  ]
]

const STANDING: Pose = { hands: [DOWN, FRONT], lean: 0, hop: 0, moving: false }

/** The pose of an action. The row's random numbers decide which hand does what. */
export function poseOf(action: Trait): Pose {
  const random = action.random()
  const pose = {
    ...STANDING,
    ...match(action, POSES, [
      { hands: [HIP, HIGH] },
      { hands: [OUT, HIP] },
      { hands: [FRONT, FRONT] }
    ] as Array<Partial<Pose>>)
  }
  const jitter = ([x, y]: Point): Point => [x + random.between(-22, 22), y + random.between(-26, 26)]
  const [left, right] = [jitter(pose.hands[0]), jitter(pose.hands[1])]
  const isMirrored = random.chance(0.5)
  return {
    ...pose,
    hands: isMirrored ? [right, left] : [left, right],
    lean: (isMirrored ? -1 : 1) * pose.lean
  }
}
