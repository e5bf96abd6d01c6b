import type { Anatomy, Model, Plan } from './anatomy.ts'
import type { Expression } from './expression.ts'
import { topOfBrows } from './eye.ts'
import { createPen } from './pen.ts'
import type { Pen } from './pen.ts'
import { contains, outlineOf } from './small/outline.ts'
import { readPath } from './small/path-data.ts'
import { shapesOf } from './small/shapes.ts'
import { createMarkSurface } from './small/surface.ts'
import type { Mark } from './surface.ts'
import type { Point } from './svg.ts'
import type { Skull } from './wardrobe/seat.ts'

/** The end of a path that is no line. */
const CLOSED = /z$/i

/** Radii of an eye that a hat stays above it: for brows, for those whose outer ends are low, and in any case. */
const ABOVE_EYES = { brows: 1.55, slant: 0.4, least: 1.16 }

/** What a plan has drawn, and into which marks. */
export interface Drawn {
  anatomy: Anatomy
  marks: readonly Mark[]
}

/** What a plan draws into marks. */
export function drawnInMarks({ palette, face }: Pen, plan: Plan, model: Model): Drawn {
  const marks: Mark[] = []
  const pen = createPen(palette, { shading: 'flat', face }, { dx: 0, dy: 0 }, createMarkSurface(marks, false))
  return { anatomy: plan({ ...model, pen, hide: () => '' }), marks }
}

/** The outlines of closed shapes. */
const outlinesOf = (content: string, marks: readonly Mark[]) =>
  shapesOf(content, marks)
    .filter(({ mark, clips }) => clips.length === 0 && CLOSED.test(mark.d))
    .map(({ mark, matrix }) => outlineOf(readPath(mark.d), matrix, 0))

/** Units of the plan's grid between two places where a shoulder is tried, and the furthest one. */
const SHOULDER_STEP = 8
const FURTHEST_SHOULDER = 200

/** The shoulders, moved inwards until they are on the body: that of some is slimmer than their plan expects. */
export function shouldersOn({ anatomy, marks }: Drawn): Anatomy['shoulders'] {
  const { shoulders, behind, body, head, front = '', arm = 60 } = anatomy
  if (shoulders === undefined) return undefined
  const outlines = outlinesOf(behind + body + head + front, marks)
  const isOn = (x: number, y: number) => outlines.some((outline) => contains(outline, x, y))
  const onBody = ([x, y]: Point, inwards: 1 | -1): Point => {
    if (isOn(x, y)) return [x, y]
    for (let away = SHOULDER_STEP; away <= FURTHEST_SHOULDER; away += SHOULDER_STEP) {
      const at = x + inwards * away
      if (!isOn(at, y)) continue
      const deep = at + inwards * arm * 0.4
      return [isOn(deep, y) ? deep : at, y]
    }
    return [x, y]
  }
  return [onBody(shoulders[0], 1), onBody(shoulders[1], -1)]
}

/**
 * What a hat sits on: the outlines of the head, without what is behind it.
 * @param eye the radius of an eye
 */
export function skullOf(pen: Pen, { anatomy, marks }: Drawn, expression: Expression, eye: number): Skull {
  const { body, crown, head, face } = anatomy
  const ofHead = outlinesOf(head, marks)
  const isOnBody = !ofHead.some((outline) => contains(outline, crown.x, crown.y + crown.width * 0.1))
  const outlines = isOnBody ? [...outlinesOf(body, marks), ...ofHead] : ofHead
  const radius = eye * expression.wide
  const free = face.y - radius * (ABOVE_EYES.brows + ABOVE_EYES.slant * Math.max(0, -expression.frown))
  const brows = topOfBrows(pen, radius, face.y, expression, -Infinity)
  return {
    outlines,
    isOnBody,
    brows: Math.round(Math.max(brows, free)),
    eyes: Math.round(face.y - radius * ABOVE_EYES.least)
  }
}
