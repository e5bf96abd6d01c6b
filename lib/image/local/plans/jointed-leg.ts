import type { Role } from '../palette.ts'
import type { Pen } from '../pen.ts'
import { ellipse, tapering } from '../svg.ts'
import type { Point } from '../svg.ts'

/**
 * A leg of a spider or a crab: a thigh up to the knee, a thinner shin from inside of it, and a foot.
 * @param bend the point that pulls the shin between knee and foot
 */
export function jointedLeg(
  pen: Pen,
  [hip, knee, bend, foot]: readonly [Point, Point, Point, Point],
  thick: number,
  role: Role
): string {
  const [x, y] = foot
  return (
    pen.solid(ellipse(x, y - thick * 0.12, thick * 0.36, thick * 0.22), role, { depth: 0.2 }) +
    pen.solid(tapering([knee, bend, foot], [thick * 0.66, thick * 0.52, thick * 0.3], 12), role, {
      depth: 0.3
    }) +
    pen.solid(tapering([hip, knee], [thick, thick * 0.78], 2), role, { depth: 0.4 })
  )
}
