import type { Anatomy } from '../anatomy.ts'
import type { Drawing } from '../drawing-file.ts'
import { contains } from '../small/outline.ts'
import type { Outline } from '../small/outline.ts'

/** What a hat sits on, and where it ends. */
export interface Skull {
  /** The outlines of the head, or of a body that has no head. */
  outlines: readonly Outline[]
  /** Whether it is the body, which stays when the face turns. */
  isOnBody: boolean
  /** The y that a hat reaches at most, so that brows are free below it, and the upper end of the eyes. */
  brows: number
  eyes: number
}

/** Where the brim of a hat is, and the scale of the hat. */
export interface Seat {
  x: number
  y: number
  scale: number
}

/** The width of a hat's head as a factor of the crown's, and the width of the head that hats are drawn for. */
const HEAD = { apart: 1.2, onBody: 1.06 }
const HAT_WIDTH = 240
/** How deep a hat is on a head, and how deep if it covers brows there, as shares of the crown's width. */
const DEPTH = 0.24
const LEAST_DEPTH = 0.2
/** How wide a head is below its crest, as a share of the crown's width. */
const BELOW_CREST = 0.4
/** The least scale of a hat as a share of the usual one. */
const LEAST_SCALE = 0.6
/** How far the sides of a hat are outside of the head, as a share of the head's width. */
const OUTSIDE = 1.06
const STEP = 6

/**
 * Where a hat sits: as deep as the brows let it, at most so deep that its sides are at those of the head. On a head
 * that is narrow there it is smaller.
 */
export function seatOf(
  { anchors }: Drawing,
  anatomy: Anatomy,
  { outlines, isOnBody, brows, eyes }: Skull
): Seat {
  const { crown } = anatomy
  const usual = (crown.width * (isOnBody ? HEAD.onBody : HEAD.apart)) / HAT_WIDTH
  const brim = anchors.brim!
  const [half, sag] = [anchors.side!.x - brim.x, anchors.side!.y - brim.y]
  const reach = crown.width * 0.8
  const rowAt = (y: number) => {
    const [from, to] = spanAt(outlines, crown.x, y) ?? [crown.x, crown.x]
    const [left, right] = [Math.max(from, crown.x - reach), Math.min(to, crown.x + reach)]
    return { middle: (left + right) / 2, width: right - left }
  }
  let top = Math.min(brows, ...outlines.map(({ box }) => box.top))
  while (top < crown.y && rowAt(top).width < crown.width * BELOW_CREST) top += STEP
  const lowest = Math.max(brows, Math.min(eyes, top + crown.width * LEAST_DEPTH))
  // The highest place at which the head is as wide as the hat, or a deeper one.
  for (let y = Math.min(lowest, top + crown.width * DEPTH); y < lowest; y += STEP) {
    const { middle, width } = rowAt(y + sag * usual)
    if (width * OUTSIDE >= 2 * half * usual) return { x: middle, y, scale: usual }
  }
  let scale = usual
  for (let round = 0; round < 4; round += 1) {
    const fit = (rowAt(lowest + sag * scale).width * OUTSIDE) / (2 * half)
    scale = Math.max(usual * LEAST_SCALE, Math.min(usual, (scale + fit) / 2))
  }
  return { x: rowAt(lowest + sag * scale).middle, y: lowest, scale }
}

/** The radius of a diver's helmet in its drawing. */
const HELMET = 235
/** The radius of a usual helmet, as a factor of the crown's width. */
const USUAL_HELMET = 0.86
/** The largest helmet, as a factor of the usual one. Ears and a bun have room in it, antlers have not. */
const MOST_REACH = 1.6
/** How far the glass is from what is in it. */
const GLASS = 8

/** Where a helmet of glass is around the head. Undefined if there is no head apart from the body. */
export function helmetOf(anatomy: Anatomy, { outlines, isOnBody }: Skull): Seat | undefined {
  const { crown, face } = anatomy
  if (isOnBody) return undefined
  const head = outlines.filter((outline) => contains(outline, face.x, face.y))
  const radius = crown.width * USUAL_HELMET
  // A beak or a snout would go through the glass.
  if (face.beakTip !== undefined && face.beakTip < crown.x - radius) return undefined
  const top = Math.min(crown.y, ...head.map(({ box }) => box.top))
  const y = Math.max(top, crown.y - 40) + radius * 0.86
  const reach = reachOf(outlines, crown.x, y) + GLASS
  if (reach > radius * MOST_REACH) return undefined
  return { x: crown.x, y, scale: Math.max(radius, reach) / HELMET }
}

/** How far outlines are from a place at most. What lies below it, such as a neck, does not count. */
function reachOf(outlines: readonly Outline[], x: number, y: number): number {
  let most = 0
  for (const { points } of outlines) {
    for (let index = 0; index < points.length; index += 2) {
      const [dx, dy] = [points[index]! - x, points[index + 1]! - y]
      if (dy <= Math.abs(dx)) most = Math.max(most, Math.hypot(dx, dy))
    }
  }
  return most
}

/** From where to where outlines that touch each other reach beside a place that one of them has inside. */
export function spanAt(
  outlines: readonly Outline[],
  x: number,
  y: number
): readonly [number, number] | undefined {
  const spans = outlines.flatMap((outline) => spansAt(outline, y)).sort(([one], [other]) => one - other)
  let known: readonly [number, number] | undefined
  for (const [from, to] of spans) {
    if (known !== undefined && from <= known[1] + 2) known = [known[0], Math.max(known[1], to)]
    else if (known !== undefined && known[0] <= x && x <= known[1]) return known
    else known = [from, to]
  }
  return known !== undefined && known[0] <= x && x <= known[1] ? known : undefined
}

/** The spans of a row that an outline has inside. */
function spansAt({ points, starts, box }: Outline, y: number): Array<readonly [number, number]> {
  if (y <= box.top || y >= box.bottom) return []
  const crossings: number[] = []
  starts.forEach((start, index) => {
    const end = starts[index + 1] ?? points.length
    for (let at = start, last = end - 2; at < end; last = at, at += 2) {
      const [x1, y1, x2, y2] = [points[at]!, points[at + 1]!, points[last]!, points[last + 1]!]
      if (y1 > y !== y2 > y) crossings.push(((x2 - x1) * (y - y1)) / (y2 - y1) + x1)
    }
  })
  crossings.sort((one, other) => one - other)
  return Array.from({ length: crossings.length >> 1 }, (_, pair) => [
    crossings[pair * 2]!,
    crossings[pair * 2 + 1]!
  ])
}
