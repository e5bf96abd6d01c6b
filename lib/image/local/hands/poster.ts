import type { Palette, Role } from '../palette.ts'
import type { Pen } from '../pen.ts'
import { each } from '../repeat.ts'
import { ellipse, polar, polygon, ribbon } from '../svg.ts'
import { brightness } from '../tone.ts'
import { plane, WHOLE } from './country.ts'
import type { Hand } from './hand.ts'
import { modelled } from './modelled.ts'

/** The colour of a shape behind the figure: the first before which the figure stands out. */
export const boldRole = (palette: Palette, roles: readonly Role[]): Role =>
  roles.find((role) => Math.abs(brightness(palette[role]) - brightness(palette.body)) > 0.2) ?? 'far'

/** A sheet cut as a seaweed: round lobes along a bent stalk. @param turn degrees of the stalk, from the top */
function seaweed(
  pen: Pen,
  [x, y, length, turn]: readonly [number, number, number, number],
  role: Role
): string {
  const joints = Array.from({ length: 6 }, (_, index) => {
    const share = 0.1 + index * 0.17
    return { at: polar(x, y, length * share, turn + share * 26), bend: turn + share * 52, share }
  })
  const lobes = each(joints, ({ at: [jointX, jointY], bend, share }) => {
    const long = length * (0.3 - share * 0.14)
    return each([-62, 62], (side) => {
      const [cx, cy] = polar(jointX, jointY, long * 0.62, bend + side)
      return ellipse(cx, cy, long * 0.26, long * 0.62, bend + side)
    })
  })
  const stalk = ribbon([[x, y], ...joints.map(({ at }) => at)], [length * 0.14, length * 0.1, length * 0.07])
  const tip = joints.at(-1)!
  return (
    pen.flat(lobes + ellipse(...tip.at, length * 0.07, length * 0.16, tip.bend), role) + pen.flat(stalk, role)
  )
}

/** Modernism: few flat colours, two huge shapes that meet behind the head, and cut seaweeds beside them. */
export const poster: Hand = {
  name: 'poster',
  technique: { shading: 'flat', face: { rim: 0, pupil: 'plain', stroke: 'block', weight: 1.1 } },
  palette: { grounds: ['mid', 'deep', 'dark', 'mid', 'pale'], chroma: 1.4 },
  head: 1.08,
  sky: () => ({ left: 160, right: 160 }),
  motif: (pen, x, y, radius, role) => pen.flat(ellipse(x, y, radius * 0.8), role),
  back: (stage) => {
    const { pen, x, side, random, head, palette } = stage
    const [cx, cy] = [head[0] + side * 60, head[1]]
    const free = head[0] < 500 ? 1 : -1
    const corner = free > 0 ? 930 : 70
    const bold = boldRole(palette, ['accent', 'far', 'front'])
    return (
      pen.flat(WHOLE, 'sky') +
      random.pick([
        pen.flat(polygon([-60, 1060], [-60, 540], [1060, -60], [1060, 1060]), 'skyLow') +
          pen.flat(ellipse(cx, cy, 350), bold),
        pen.flat(ellipse(500 - side * 500, 200, 620), 'skyLow') + pen.flat(ellipse(cx, cy, 350), bold),
        pen.flat(ellipse(x, 1060, 760), 'skyLow') + pen.flat(ellipse(x, 1060, 590), bold)
      ]) +
      stage.ornament() +
      stage.landmark(1.2) +
      each(
        [
          [corner, 640, 560, free * -22, 'accent'],
          [1000 - corner, 300, 330, free * 30, 'heart']
        ] as const,
        ([from, y, length, turn, role]) => seaweed(pen, [from, y, length, turn], role)
      ) +
      plane(stage) +
      stage.paths()
    )
  },
  paint: modelled({ spacing: 2, reach: 1.7, half: 0.9, shade: 0.4, roundness: 2, spread: 0.6 })
}
