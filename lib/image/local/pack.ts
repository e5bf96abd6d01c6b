import type { DrawnLimb, Pack } from './anatomy.ts'
import type { Pen } from './pen.ts'
import type { Box } from './small/outline.ts'
import { ellipse, group, n, rectangle } from './svg.ts'
import type { Point } from './svg.ts'

/** How far a tool that stands on a back reaches down over the body, as a share of the body's depth. */
const SUNK = 0.5
/** How far below the back a tool hangs, in units of the plan's grid. */
const BELOW_BACK = 34

/** Where the grip of a tool is that an animal carries. @param tool its box around the grip */
export const packGrip = ({ x, y, depth }: Pack, tool: Box, isHanging: boolean): Point =>
  isHanging ? [x, y + BELOW_BACK] : [x, y + depth * SUNK - tool.bottom]

/**
 * A cushion below a tool on the back, and what ties the tool to it: a strap over one that stands, and a button that one
 * hangs from.
 */
export function drawPack(pen: Pen, { x, y, depth, body }: Pack, isHanging: boolean): DrawnLimb {
  const cushion = rectangle(x - 128, y - 60, 256, 60 + depth * SUNK * 1.1, 34)
  const under = pen.within(body, pen.solid(cushion, 'cloth', { depth: 0.4 }))
  if (isHanging) return { under, over: pen.solid(ellipse(x, y + BELOW_BACK, 26), 'accent') }
  const strap = pen.solid(rectangle(-86, -17, 172, 34, 15), 'clothDark')
  const over = strap + pen.flat(ellipse(-62, 0, 9) + ellipse(62, 0, 9), 'accent')
  return { under, over: group(over, `translate(${n(x)} ${n(y + depth * SUNK * 0.62)})`) }
}
