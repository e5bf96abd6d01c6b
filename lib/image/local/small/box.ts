import type { Mark } from '../surface.ts'
import { outlineOf } from './outline.ts'
import type { Box } from './outline.ts'
import { readPath } from './path-data.ts'
import { shapesOf } from './shapes.ts'

/** The box of what a pen has drawn into `marks`. What is cut at the edge of a shape is left out. */
export function boxOf(content: string, marks: readonly Mark[]): Box {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }
  for (const { mark, matrix, clips } of shapesOf(content, marks)) {
    if (clips.length > 0) continue
    const { left, top, right, bottom } = outlineOf(readPath(mark.d), matrix, 0).box
    const half = ((mark.stroke?.width ?? 0) * matrix.scale) / 2
    box.left = Math.min(box.left, left - half)
    box.top = Math.min(box.top, top - half)
    box.right = Math.max(box.right, right + half)
    box.bottom = Math.max(box.bottom, bottom + half)
  }
  return box
}
