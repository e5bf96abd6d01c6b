import type { Anatomy, Face, Pose } from './anatomy.ts'
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
}

/** The hand that an action lifts. */
export const holdingHand = (pose: Pose): 0 | 1 => (pose.hands[0][1] > pose.hands[1][1] ? 0 : 1)

/**
 * The hands: the tool's goes where the action wants it, as far as the feeling lets it, and keeps the tool off the face;
 * the other goes where the feeling wants it.
 */
export function handsOf(
  { shoulders, hands, face, holds, limb }: Anatomy,
  { palette, pose, posture, force, holding }: Cause,
  occupation: Trait
): readonly [Point, Point] {
  if (shoulders === undefined) return hands
  const { least = -Infinity, most = Infinity } = posture
  const foot = footOf(occupation)
  const tool = toolBox(palette, occupation, holding)
  const place = (index: 0 | 1): Point => {
    const [sx, sy] = shoulders[index]
    const [dx, dy] = index === holding ? pose.hands[holdingHand(pose)] : (posture.hand ?? pose.hands[index])
    const high = index === holding ? Math.max(least, Math.min(most, dy)) : dy
    // A trunk holds things beside the face, not before it.
    if (limb === 'trunk') return [sx - Math.max(230, dx), Math.min(sy - Math.min(high, -60), -foot)]
    // A wing or a fin that is raised keeps clear of the face, and a wing that holds keeps clear of the beak.
    const isFin = limb === 'fin' || limb === 'lobe'
    const isBroad = limb === 'wing' || isFin
    const clear = isBroad ? Math.max(0, high) * 0.5 + (isFin || holds === undefined ? 0 : 120) : 0
    const y = sy - (isBroad ? Math.min(high, 180) : high) * (0.9 + force * 0.1)
    const hand: Point = [
      sx + (index === 0 ? -1 : 1) * (dx + clear) * (0.9 + force * 0.1),
      index === holding ? Math.min(y, -foot - (limb === 'tail' ? 130 : 0)) : y
    ]
    const sunk = { ...face, y: face.y + posture.sink }
    return index === holding ? offFace(hand, faceBox(sunk), tool, foot) : hand
  }
  return [place(0), place(1)]
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

/** The furthest that a hand moves to get a tool off a face, down and to a side. */
const FURTHEST = { down: 400, aside: 200 }

/** A hand that is moved down or to a side, whichever is nearest, until what it holds is off the face. */
function offFace([x, y]: Point, face: Box, tool: Box, foot: number): Point {
  const right = face.right - (x + tool.left)
  const left = x + tool.right - face.left
  const down = face.bottom - (y + tool.top)
  if (right <= 0 || left <= 0 || down <= 0 || y + tool.bottom <= face.top) return [x, y]
  const canSink = y + down <= -Math.max(60, foot)
  const aside = Math.min(right, left)
  if (canSink && down <= Math.min(FURTHEST.down, aside)) return [x, y + down]
  if (aside <= FURTHEST.aside) return [aside === right ? x + right : x - left, y]
  return canSink && down <= FURTHEST.down ? [x, y + down] : [x, y]
}
