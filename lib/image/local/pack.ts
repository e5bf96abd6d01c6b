import type { Pack } from './anatomy.ts'
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

/** What ties a tool to the back: a strap over one that stands, and a button that one hangs from. */
export function drawStrap(pen: Pen, { x, y, depth }: Pack, isHanging: boolean): string {
  if (isHanging) return pen.solid(ellipse(x, y + BELOW_BACK, 26), 'accent')
  const strap = rectangle(-86, -17, 172, 34, 15)
  return group(
    pen.solid(strap, 'clothDark') + pen.flat(ellipse(-62, 0, 9) + ellipse(62, 0, 9), 'accent'),
    `translate(${n(x)} ${n(y + depth * SUNK * 0.62)})`
  )
}
