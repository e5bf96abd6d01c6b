import type { Grid } from './grid.ts'

/**
 * How far the middle of each cell is from the edge of its area, in cells: 0.5 beside an edge, and 0 for an empty cell.
 * Distances are measured in steps to the eight neighbours. An area goes on beyond the frame.
 * @param areas the number of the area of each cell; 0 for an empty cell
 */
export function depthsOf(side: number, areas: Int32Array): Float32Array {
  const depths = new Float32Array(side * side)
  const last = side - 1
  // The way to an edge comes from above or from the left, or in the second pass from below or from the right.
  for (let at = 0; at < depths.length; at += 1) {
    const area = areas[at]!
    if (area === 0) continue
    const column = at % side
    let depth = side
    if (column > 0) depth = nearer(depth, areas[at - 1] === area, depths[at - 1]!, 1)
    if (at >= side) {
      const above = at - side
      depth = nearer(depth, areas[above] === area, depths[above]!, 1)
      if (column > 0) depth = nearer(depth, areas[above - 1] === area, depths[above - 1]!, Math.SQRT2)
      if (column < last) depth = nearer(depth, areas[above + 1] === area, depths[above + 1]!, Math.SQRT2)
    }
    depths[at] = depth
  }
  for (let at = depths.length - 1; at >= 0; at -= 1) {
    const area = areas[at]!
    if (area === 0) continue
    const column = at % side
    let depth = depths[at]!
    if (column < last) depth = nearer(depth, areas[at + 1] === area, depths[at + 1]!, 1)
    if (at + side < depths.length) {
      const below = at + side
      depth = nearer(depth, areas[below] === area, depths[below]!, 1)
      if (column > 0) depth = nearer(depth, areas[below - 1] === area, depths[below - 1]!, Math.SQRT2)
      if (column < last) depth = nearer(depth, areas[below + 1] === area, depths[below + 1]!, Math.SQRT2)
    }
    depths[at] = depth
  }
  return depths
}

/** The shorter way to an edge: the one that is known, or the one by way of a neighbour. */
function nearer(depth: number, isSameArea: boolean, depthOfOther: number, step: number): number {
  const other = isSameArea ? depthOfOther + step : step / 2
  return other < depth ? other : depth
}

/** A number for each colour of a grid, which is compared faster than its text. Empty cells have 0. */
export function areasOf({ colors }: Grid): Int32Array {
  const numbers = new Map([['', 0]])
  const areas = new Int32Array(colors.length)
  let color = ''
  let area = 0
  for (let at = 0; at < colors.length; at += 1) {
    const next = colors[at]!
    if (next !== color) {
      color = next
      area = numbers.get(color) ?? numbers.size
      numbers.set(color, area)
    }
    areas[at] = area
  }
  return areas
}
