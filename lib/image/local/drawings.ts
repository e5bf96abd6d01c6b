import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../package.ts'
import { parseDrawing } from './drawing-file.ts'
import type { Drawing } from './drawing-file.ts'
import type { Pen } from './pen.ts'
import { group, n } from './svg.ts'

/** The folder of the drawings: a folder for each kind, and in it a file for each name. */
export const DRAWINGS_FOLDER = join(PACKAGE_ROOT, 'lib/image/local/drawings')

// All are read once, when the artist is loaded. So a faulty file shows then and not in some picture.
const drawings = new Map<string, ReadonlyMap<string, Drawing>>(
  readdirSync(DRAWINGS_FOLDER)
    .sort()
    .map((kind) => [kind, readKind(kind)])
)

function readKind(kind: string): ReadonlyMap<string, Drawing> {
  const folder = join(DRAWINGS_FOLDER, kind)
  return new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.svg'))
      .sort()
      .map((file) => [
        file.slice(0, -'.svg'.length),
        parseDrawing(readFileSync(join(folder, file), 'utf8'), `${kind}/${file}`)
      ])
  )
}

/** The drawing of a kind and a name, such as `tools` and `hammer`. */
export function drawingOf(kind: string, name: string): Drawing {
  const drawing = drawings.get(kind)?.get(name)
  if (drawing === undefined) throw new Error(`There is no drawing ${kind}/${name}.svg`)
  return drawing
}

/** The names of all drawings of a kind. */
export const drawingNames = (kind: string): string[] => [...(drawings.get(kind)?.keys() ?? [])]

/** Where a drawing goes, and how it is turned. */
export interface Placement {
  x: number
  y: number
  /** Degrees, clockwise from the top, in which the anchor points; an anchor without an angle points to the top. */
  turn?: number
  scale?: number
  isMirrored?: boolean
}

/** The SVG of a drawing whose anchor is in a place. */
export function placed(
  pen: Pen,
  { draw, anchors }: Drawing,
  anchor: string,
  { x, y, turn = 0, scale = 1, isMirrored = false }: Placement
): string {
  const at = anchors[anchor]
  if (at === undefined) throw new Error(`There is no anchor "${anchor}"`)
  const degrees = turn - (isMirrored ? -1 : 1) * (at.angle ?? 0)
  const moves = [
    `translate(${n(x)} ${n(y)})`,
    ...(degrees === 0 ? [] : [`rotate(${n(degrees)})`]),
    ...(scale === 1 && !isMirrored
      ? []
      : [`scale(${(isMirrored ? -scale : scale).toFixed(3)} ${scale.toFixed(3)})`]),
    ...(at.x === 0 && at.y === 0 ? [] : [`translate(${n(-at.x)} ${n(-at.y)})`])
  ]
  return group(draw(pen), moves.join(' '))
}
