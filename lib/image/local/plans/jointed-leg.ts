import type { Role } from '../palette.ts'
import type { Pen } from '../pen.ts'
import { tapering } from '../svg.ts'
import type { Point } from '../svg.ts'

/**
 * A leg of an insect, a spider or a crab: a thigh that is broad in its middle, a slim shin, and a foot that points away
 * from the body.
 * @param bend the point that pulls the shin between knee and foot
 */
export function jointedLeg(
  pen: Pen,
  [hip, knee, bend, foot]: readonly [Point, Point, Point, Point],
  thick: number,
  role: Role
): string {
  const middle: Point = [(hip[0] + knee[0]) / 2, (hip[1] + knee[1]) / 2]
  const toe: Point = [foot[0] + Math.sign(foot[0]) * thick, foot[1] + thick * 0.1]
  const widths = (shares: number[]) => shares.map((share) => share * thick)
  return (
    pen.solid(tapering([knee, bend, foot, toe], widths([0.66, 0.5, 0.3, 0.18])), role, { depth: 0.3 }) +
    pen.solid(tapering([hip, middle, knee], widths([0.8, 1.46, 0.6]), 8), role, { depth: 0.5 })
  )
}
