import { FRAME } from '../frame.ts'
import type { Role } from '../palette.ts'
import { each, repeat } from '../repeat.ts'
import { n, path, rectangle } from '../svg.ts'
import type { Stage } from './hand.ts'

/** The whole scene. It is larger than the frame, so that it covers the corners of a tilted one. */
export const WHOLE = rectangle(-200, -200, FRAME + 400, FRAME + 400)

/** The ground from the horizon down, with its pattern. */
export const plane = ({ pen, horizon, floor }: Stage, role: Role = 'ground') =>
  pen.flat(`M-200 ${n(horizon)}H1200V1200H-200Z`, role) + floor()

/** What stands behind the figure, from back to front. */
export const scenery = (stage: Stage, scale = 1.1) =>
  stage.backdrop() + stage.ornament() + stage.behind() + stage.landmark(scale)

/** The same for a hand that has a large shape or a pattern of its own behind the figure. */
export const sparse = (stage: Stage, scale = 1.1) => stage.ornament() + stage.landmark(scale)

/** A sky that gets lighter or darker in even steps towards the horizon. */
export const gradedSky = ({ pen, horizon }: Stage, from: Role, to: Role, steps = 6) =>
  pen.flat(WHOLE, from) +
  repeat(steps, (index) =>
    pen.flat(rectangle(-200, (horizon * (index + 1)) / (steps + 1), 1400, 1400), to, 0.24)
  )

/** The same band on all four sides. @param draw draws it along the upper side, from x = 0 to 1000 */
export const onFourSides = (draw: () => string) =>
  each([0, 90, 180, 270], (turn) => `<g transform="rotate(${turn} 500 500)">${draw()}</g>`)

/** The upper half of a circle, as a line. */
export const arc = (x: number, y: number, radius: number) =>
  path`M${x - radius} ${y}A${radius} ${radius} 0 0 1 ${x + radius} ${y}`
