import { IDENTITY, moved, transformed } from './matrix.ts'
import type { Matrix } from './matrix.ts'
import type { Mark } from '../surface.ts'

/** A mark in its place in the frame. */
export interface Shape {
  mark: Mark
  matrix: Matrix
  /** What cuts it. */
  clips: readonly Clip[]
}

/** The path of a mark in its place. */
export interface Clip {
  d: string
  matrix: Matrix
}

const ELEMENT = /<(?:(\d+)|g transform="([^"]*)"|cut (\d+)|\/g)>/g

/**
 * The shapes of a scene from back to front.
 * @param scene what a small pen has drawn into `marks`, in groups
 */
export function shapesOf(scene: string, marks: readonly Mark[]): Shape[] {
  const shapes: Shape[] = []
  const stack: Array<{ matrix: Matrix; clips: readonly Clip[] }> = []
  let matrix = IDENTITY
  let clips: readonly Clip[] = []
  for (const [, index, transform, cutter] of scene.matchAll(ELEMENT)) {
    if (index !== undefined) {
      const mark = marks[Number(index)]!
      const { shift } = mark
      shapes.push({ mark, clips, matrix: shift === undefined ? matrix : moved(matrix, shift.dx, shift.dy) })
    } else if (transform !== undefined) {
      stack.push({ matrix, clips })
      matrix = transformed(matrix, transform)
    } else if (cutter !== undefined) {
      stack.push({ matrix, clips })
      clips = [...clips, { d: marks[Number(cutter)]!.d, matrix }]
    } else {
      ;({ matrix, clips } = stack.pop()!)
    }
  }
  return shapes
}
