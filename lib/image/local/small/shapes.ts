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

const GROUP = '<g transform="'
const CUT = '<cut '
const [SLASH, SMALL_C, SMALL_G] = [47, 99, 103] as const

/**
 * The shapes of a scene from back to front.
 * @param scene what a small pen has drawn into `marks`, in groups
 */
export function shapesOf(scene: string, marks: readonly Mark[]): Shape[] {
  const shapes: Shape[] = []
  const stack: Array<{ matrix: Matrix; clips: readonly Clip[] }> = []
  let matrix = IDENTITY
  let clips: readonly Clip[] = []
  for (let at = scene.indexOf('<'); at !== -1; at = scene.indexOf('<', at + 1)) {
    const code = scene.charCodeAt(at + 1)
    if (code === SLASH) {
      ;({ matrix, clips } = stack.pop()!)
    } else if (code === SMALL_G) {
      stack.push({ matrix, clips })
      const start = at + GROUP.length
      matrix = transformed(matrix, scene.slice(start, scene.indexOf('"', start)))
    } else if (code === SMALL_C) {
      stack.push({ matrix, clips })
      clips = [...clips, { d: marks[numberAt(scene, at + CUT.length)]!.d, matrix }]
    } else {
      const mark = marks[numberAt(scene, at + 1)]!
      const { shift } = mark
      shapes.push({ mark, clips, matrix: shift === undefined ? matrix : moved(matrix, shift.dx, shift.dy) })
    }
  }
  return shapes
}

/** The whole number that begins at a place of a text. */
function numberAt(text: string, start: number): number {
  let number = 0
  for (let at = start; ; at += 1) {
    const digit = text.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9)) return number
    number = number * 10 + digit
  }
}
