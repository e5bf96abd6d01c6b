import { curve, n, onward, path, polyline, sidesOf } from '../svg.ts'
import type { Point } from '../svg.ts'

/** A body of rings along a line: its outline bulges at each of them. */
export interface Segmented {
  d: string
  /** Lines between the rings. */
  borders: string
  left: Point[]
  right: Point[]
}

const middle = (one: Point, other: Point, share: number): Point => [
  one[0] + (other[0] - one[0]) * share,
  one[1] + (other[1] - one[1]) * share
]

/** How far the round end of a body is out at most. */
const MOST_TIP = 52

/** The point that pulls the first end of a body out, so that it is round. */
function tipOf([x, y]: Point, [ox, oy]: Point): Point {
  const width = Math.hypot(x - ox, y - oy) || 1
  const out = Math.min(width, MOST_TIP) / width
  return [(x + ox) / 2 - (y - oy) * out, (y + oy) / 2 + (x - ox) * out]
}

/** A body that bulges less is smooth. */
const LEAST_BULGE = 0.03

/** @param bulge how far the outline is out between two borders, as a share of the width */
export function segmented(
  points: readonly Point[],
  widths: readonly number[],
  count: number,
  bulge: number
): Segmented {
  const { left, right } = sidesOf(points, widths, count)
  const bulges = (edge: readonly Point[], other: readonly Point[]) => {
    if (bulge < LEAST_BULGE) return onward(curve(...edge))
    let d = ''
    for (let index = 1; index < edge.length; index += 1) {
      const way = middle(
        middle(other[index - 1]!, other[index]!, 0.5),
        middle(edge[index - 1]!, edge[index]!, 0.5),
        1 + bulge
      )
      const [x, y] = edge[index]!
      d += path`Q${way[0]} ${way[1]} ${x} ${y}`
    }
    return d
  }
  const [x, y] = left[0]!
  const last = right.at(-1)!
  const tip = tipOf([x, y], right[0]!)
  const d =
    `M${n(x)} ${n(y)}${bulges(left, right)}L${n(last[0])} ${n(last[1])}` +
    `${bulges(right.toReversed(), left.toReversed())}${path`Q${tip[0]} ${tip[1]} ${x} ${y}`}Z`
  const borders = left
    .slice(1, -1)
    .map((point, index) => polyline(point, right[index + 1]!))
    .join('')
  return { d, borders, left, right }
}

/** The point that is `out` units outside of an edge, and `along` units to its side. */
export function outside([x, y]: Point, [ox, oy]: Point, out: number, along = 0): Point {
  const length = Math.hypot(x - ox, y - oy) || 1
  const [dx, dy] = [(x - ox) / length, (y - oy) / length]
  return [x + dx * out - dy * along, y + dy * out + dx * along]
}
