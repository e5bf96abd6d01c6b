import type { Anatomy, Face, Pose } from './anatomy.ts'
import { packGrip } from './pack.ts'
import type { Palette } from './palette.ts'
import type { Posture } from './posture.ts'
import type { Box } from './small/outline.ts'
import type { Point } from './svg.ts'
import type { Trait } from './traits.ts'
import { footOf, toolBox } from './wardrobe/index.ts'

/** What decides where hands are. `holding` is the one with the tool. */
interface Cause {
  palette: Palette
  pose: Pose
  posture: Posture
  force: number
  holding: 0 | 1
  /** Whether both arms come out from behind the body. */
  isBehind: boolean
}

/** The hand that an action lifts. */
export const holdingHand = (pose: Pose): 0 | 1 => (pose.hands[0][1] > pose.hands[1][1] ? 0 : 1)

/** The box of a hand that holds nothing. */
const HAND_BOX: Box = { left: -64, top: -64, right: 64, bottom: 64 }

/**
 * How far outwards from its shoulder a hand is at least: one that holds nothing, one with a tool, one with a tool on
 * the far side of the body, and one that holds nothing with an arm from behind the body.
 */
const LEAST_OUT = { free: 64, tool: 150, far: 220, behind: 130 }
/** The most that a hand with a tool goes outwards, so that the tool is beside the body. */
const MOST_OUT = 270
/** How far the tool may still reach over the body. */
const BEFORE_BODY = 70
/** The upper end of a tool that hangs from the hand, and where that hand is, upwards from its shoulder. */
const HANGING = -60
const LOW = -150
/** How far a hand with a tool is at most above the middle of the face. */
const MOST_ABOVE_FACE = 30

/**
 * The hands: the tool's goes where the action wants it, as far as the feeling lets it, holds the tool beside the body
 * and keeps it off the head; the other goes where the feeling wants it, and never across the body.
 */
export function handsOf(
  anatomy: Anatomy,
  { palette, pose, posture, force, holding, isBehind }: Cause,
  occupation: Trait
): readonly [Point, Point] {
  const { shoulders, hands, face, holds, limb, far } = anatomy
  const { least = -Infinity, most = Infinity } = posture
  const tool = toolBox(palette, occupation, holding)
  // A long tool stands on the ground, and none is below it.
  const foot = Math.max(footOf(occupation), tool.bottom)
  if (anatomy.pack !== undefined) {
    const grip = packGrip(anatomy.pack, tool, isHanging(tool))
    return [grip, grip]
  }
  if (shoulders === undefined) {
    const [x, y] = hands[holding]
    const aside: Point = [x + clawAside(anatomy, x, y, tool), y]
    return holding === 0 ? [aside, hands[1]] : [hands[0], aside]
  }
  const place = (index: 0 | 1): Point => {
    const [sx, sy] = shoulders[index]
    const side = index === 0 ? -1 : 1
    const isHolding = index === holding
    const [dx, dy] = isHolding ? pose.hands[holdingHand(pose)] : (posture.hand ?? pose.hands[index])
    const raised = isHolding ? Math.max(least, Math.min(most, dy)) : dy
    // What hangs from the hand hangs from a low one.
    const hanging = isHolding && isHanging(tool) && least < 0 ? Math.min(raised, LOW) : raised
    const high = Math.min(hanging, anatomy.raise ?? Infinity)
    // A trunk holds things beside the face, not before it.
    if (limb === 'trunk') return [sx - Math.max(230, dx), Math.min(sy - Math.min(high, -60), -foot)]
    // A wing or a fin that is raised keeps clear of the face, and a wing that holds keeps clear of the beak.
    const isFin = limb === 'fin' || limb === 'lobe'
    const isBroad = limb === 'wing' || isFin
    const clear = isBroad
      ? Math.max(0, high) * 0.5 + (isFin || holds === undefined ? 0 : far === undefined ? 120 : 40)
      : 0
    const y = sy - (isBroad ? Math.min(high, 180) : high) * (0.9 + force * 0.1)
    const free = isBehind ? LEAST_OUT.behind : LEAST_OUT.free
    const out = isHolding && occupation.name !== '' ? asideOf(anatomy, index, tool) : free
    const x = sx + side * Math.max(out, (dx + clear) * (0.9 + force * 0.1))
    const head = headBox(anatomy, posture.sink)
    if (!isHolding) return offHead([x, y], head, HAND_BOX, { foot: 60, side, isLow: false })
    const low = Math.max(y, face.y - MOST_ABOVE_FACE)
    const hand: Point = [x, Math.min(low, -foot - (limb === 'tail' ? 130 : 0))]
    return offHead(hand, head, tool, { foot, side, isLow: holds === 0 })
  }
  return [place(0), place(1)]
}

/** Whether a tool hangs from the hand. @param tool its box around the grip */
export const isHanging = (tool: Box): boolean => tool.top > HANGING

/** The most that the grip of a hand that cannot move is off its middle. */
const MOST_OFF_GRIP = 60

/** How far a tool in a claw or at the tip of an arm is moved outwards, away from the head. */
function clawAside(anatomy: Anatomy, x: number, y: number, tool: Box): number {
  const head = headBox(anatomy, 0)
  if (y + tool.bottom < head.top) return 0
  return x < 0
    ? -Math.max(0, Math.min(MOST_OFF_GRIP, x + tool.right - head.left))
    : Math.max(0, Math.min(MOST_OFF_GRIP, head.right - x - tool.left))
}

/** How far outwards from its shoulder a hand is, so that its tool is beside the body. */
function asideOf({ shoulders, torso, far }: Anatomy, index: 0 | 1, tool: Box): number {
  const [sx] = shoulders![index]
  const isFront = torso !== undefined && torso.isBack !== true
  const edge = !isFront ? 0 : index === 0 ? sx - torso.x : torso.x + torso.width - sx
  const inner = index === 0 ? tool.right : -tool.left
  const least = index === far && !isFront ? LEAST_OUT.far : LEAST_OUT.tool
  return Math.max(least, Math.min(MOST_OUT, edge + inner - BEFORE_BODY))
}

/** How far a head reaches beyond its face, below and at its sides. */
const BELOW_FACE = 20
const BESIDE_FACE = 16

/** The box of the face and of the head up to its crown. */
function headBox({ face, crown }: Anatomy, sink: number): Box {
  const box = faceBox({ ...face, y: face.y + sink })
  const half = crown.width * 0.54
  return {
    left: Math.min(box.left, crown.x - half) - BESIDE_FACE,
    right: Math.max(box.right, crown.x + half) + BESIDE_FACE,
    top: Math.min(box.top, crown.y + sink - 60),
    bottom: box.bottom + BELOW_FACE
  }
}

/** The box of eyes, brows, mouth and beak. */
export function faceBox({ x, y, eye, apart, mouth, beakTip = Infinity }: Face): Box {
  const half = Math.max(apart, eye) + eye * 1.1
  return {
    left: Math.min(x - half, (mouth?.x ?? x) - (mouth?.width ?? 0) * 0.6, beakTip - 20),
    right: Math.max(x + half, (mouth?.x ?? x) + (mouth?.width ?? 0) * 0.6),
    top: y - eye * 1.8,
    bottom: Math.max(y + eye * 1.3, mouth === undefined ? -Infinity : mouth.y + mouth.width * 0.4)
  }
}

/** The furthest that a hand moves to get a tool off a head, down and to its side; `far` is for a tool that
 * finds no other place. */
const FURTHEST = { down: 400, aside: 215, far: 300 }

/** The same for a body that looks to the side of its hand: below the head is more room than before it. */
const LOWER = 260

/** A hand that is moved down or outwards, whichever is nearer, until what it holds is off the head. */
function offHead(
  [x, y]: Point,
  head: Box,
  tool: Box,
  { foot, side, isLow }: { foot: number; side: number; isLow: boolean }
): Point {
  const right = head.right - (x + tool.left)
  const left = x + tool.right - head.left
  const down = head.bottom - (y + tool.top)
  if (right <= 0 || left <= 0 || down <= 0 || y + tool.bottom <= head.top) return [x, y]
  const canSink = y + down <= -Math.max(60, foot)
  const aside = side > 0 ? right : left
  if (canSink && down <= (isLow ? LOWER : Math.min(FURTHEST.down, aside))) return [x, y + down]
  if (aside <= FURTHEST.aside) return [x + side * aside, y]
  if (canSink && down <= FURTHEST.down) return [x, y + down]
  return aside <= FURTHEST.far ? [x + side * aside, y] : [x, y]
}
