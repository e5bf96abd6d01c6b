import type { Model, Plan } from './anatomy.ts'
import { topOfBrows } from './eye.ts'
import { createPen } from './pen.ts'
import type { Pen } from './pen.ts'
import { contains, outlineOf } from './small/outline.ts'
import { readPath } from './small/path-data.ts'
import { shapesOf } from './small/shapes.ts'
import { createMarkSurface } from './small/surface.ts'
import type { Mark } from './surface.ts'
import type { Skull } from './wardrobe/seat.ts'

/** Radii of an eye that a hat stays above it: for brows, for those whose outer ends are low, and in any case. */
const ABOVE_EYES = { brows: 1.55, slant: 0.4, least: 1.16 }

/**
 * What a hat sits on: the outlines of the head, without what is behind it.
 * @param eye the radius of an eye
 */
export function skullOf({ palette, face: style }: Pen, plan: Plan, model: Model, eye: number): Skull {
  const marks: Mark[] = []
  const technique = { shading: 'flat', face: style } as const
  const pen = createPen(palette, technique, { dx: 0, dy: 0 }, createMarkSurface(marks, false))
  const { body, crown, head, face } = plan({ ...model, pen, hide: () => '' })
  const outlinesOf = (content: string) =>
    shapesOf(content, marks)
      .filter(({ mark, clips }) => clips.length === 0 && mark.stroke === undefined)
      .map(({ mark, matrix }) => outlineOf(readPath(mark.d), matrix, 0))
  const ofHead = outlinesOf(head)
  const isOnBody = !ofHead.some((outline) => contains(outline, crown.x, crown.y + crown.width * 0.1))
  const outlines = isOnBody ? [...outlinesOf(body), ...ofHead] : ofHead
  const radius = eye * model.expression.wide
  const free = face.y - radius * (ABOVE_EYES.brows + ABOVE_EYES.slant * Math.max(0, -model.expression.frown))
  const brows = topOfBrows(pen, radius, face.y, model.expression, -Infinity)
  return {
    outlines,
    isOnBody,
    brows: Math.round(Math.max(brows, free)),
    eyes: Math.round(face.y - radius * ABOVE_EYES.least)
  }
}
