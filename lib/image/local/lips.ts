import { mouthHalf } from './mouth.ts'
import type { Role } from './palette.ts'
import type { Pen } from './pen.ts'
import type { Drawn } from './skull.ts'
import { contains, outlineOf } from './small/outline.ts'
import { readPath } from './small/path-data.ts'
import { shapesOf } from './small/shapes.ts'
import type { Shape } from './small/shapes.ts'
import { brightness } from './tone.ts'

/** Where the colour under a mouth is read, as shares of its half width. Large eyes move a mouth down. */
const PLACES = [-0.6, 0, 0.6].flatMap((right) => [0, 0.5].map((down) => ({ right, down })))

/** How much the brightness of lips differs from that of what they are on. */
const LEAST_CONTRAST = 0.2
/** Paper is seen on what is darker than this, and ink hardly. */
const DARK = 0.25

/** The colour of the lips: ink, or a light colour on what is too dark for ink. */
export function lipsOf({ palette }: Pen, { anatomy, marks }: Drawn): Role {
  const { mouth } = anatomy.face
  if (mouth === undefined) return 'ink'
  const shapes = shapesOf(anatomy.body + anatomy.head, marks).toReversed()
  const half = mouthHalf(mouth)
  const under = PLACES.map(({ right, down }) =>
    brightness(fillAt(shapes, mouth.x + right * half, mouth.y + down * half) ?? palette.body)
  )
  const isSeen = (role: Role) =>
    under.every((ground) => Math.abs(brightness(palette[role]) - ground) >= LEAST_CONTRAST)
  return (
    (['ink', 'bodyLight'] as const).find(isSeen) ?? (under.some((ground) => ground < DARK) ? 'paper' : 'ink')
  )
}

/** The fill of the first of the shapes that has a point in it. */
function fillAt(shapes: readonly Shape[], x: number, y: number): string | undefined {
  const has = (d: string, matrix: Shape['matrix']) => contains(outlineOf(readPath(d), matrix, 0), x, y)
  return shapes.find(
    ({ mark, matrix, clips }) =>
      mark.fill !== undefined &&
      (mark.opacity ?? 1) === 1 &&
      has(mark.d, matrix) &&
      clips.every((clip) => has(clip.d, clip.matrix))
  )?.mark.fill
}
