import { FRAME } from '../frame.ts'
import { around, contains, outlineOf, overlap, plainBoxOf } from './outline.ts'
import type { Box, Outline } from './outline.ts'
import { A, COUNTS, readPath, writePath } from './path-data.ts'
import type { Path } from './path-data.ts'
import type { Mark } from '../surface.ts'
import { shapesOf } from './shapes.ts'
import type { Clip, Shape } from './shapes.ts'

/** Pixels. What is smaller cannot be seen. */
const LEAST = { extent: 0.9, thickness: 0.3, light: 0.7, line: 0.4, overhang: 0.6 }

/** Shapes that one element draws. */
interface Layer {
  /** Its attributes without the path. */
  style: string
  path: Path
  boxes: Box[]
  /** The box of all. */
  box: Box
  /** Whether shapes with the turn `turn` may overlap: the result is the same as that of one after the other. */
  turn: number
}

/** What cuts shapes. */
interface Clips {
  name: string
  outlines: Map<Clip, Outline>
  /** The elements of those that cut, by their attributes and paths. */
  elements: Map<string, { id: string; attributes: string; d: string }>
}

/** A shape that is drawn. */
interface Drawn {
  style: string
  outline: Outline
  box: Box
  turn: number
}

/**
 * The SVG of a scene with few elements, in whole units of the frame: without what cannot be seen at this size, and with
 * the shapes of one style in one path. The time of a browser depends on the number of elements.
 * @param scene what small pens have drawn into `marks`, in groups
 * @param sidePixels the width and height that the scene is shown with
 * @param name the first letters of its ids, its own for each of several in one SVG
 */
export function smallSvg(scene: string, marks: readonly Mark[], sidePixels: number, name = 'c'): string {
  const unit = FRAME / sidePixels
  const clips: Clips = { name, outlines: new Map(), elements: new Map() }
  const layers: Layer[] = []
  for (const shape of shapesOf(scene, marks)) {
    for (const drawn of drawnParts(shape, unit, clips)) add(layers, drawn)
  }
  const defs = [...clips.elements.values()]
    .map(({ id, attributes, d }) => `<clipPath id="${id}"${attributes}><path d="${d}"/></clipPath>`)
    .join('')
  const paths = layers.map(({ style, path }) => `<path${style} d="${writePath(path)}"/>`).join('')
  return (
    `${defs === '' ? '' : `<defs>${defs}</defs>`}` +
    `<g fill="none" stroke-linejoin="round" stroke-linecap="round">${paths}</g>`
  )
}

/** The shape and its lit part, as far as they can be seen. */
function drawnParts({ mark, matrix, clips }: Shape, unit: number, known: Clips): Drawn[] {
  const { fill, stroke, lit, opacity = 1 } = mark
  const path = readPath(mark.d)
  const outline = outlineOf(path, matrix, LEAST.line * unit)
  const width = stroke === undefined ? 0 : Math.max(1, Math.round(stroke.width * matrix.scale))
  const box = grown(outline.box, width / 2)
  if (!isSeen(box, unit)) return []
  const clip = clipOf(outline, box, { clips, unit, known })
  if (clip === undefined) return []
  const isLit = lit !== undefined && Math.hypot(lit.dx, lit.dy) * matrix.scale >= LEAST.light * unit
  const cut = clip === '' ? '' : ` clip-path="url(#${clip})"`
  const color = lit === undefined || isLit ? fill : lit.fill
  const style = [
    cut,
    color === undefined ? '' : ` fill="${color}"`,
    opacity < 1 ? ` fill-opacity="${opacity.toFixed(2)}"` : '',
    stroke === undefined ? '' : ` stroke="${stroke.color}" stroke-width="${width}"`
  ].join('')
  const isUniform = opacity === 1 && (fill === undefined || stroke === undefined)
  const base = { style, outline, box, turn: !isUniform ? 0 : fill === undefined ? 1 : outline.turn }
  if (!isLit) return [base]
  const part = outlineOf(litPart(path, lit, width / matrix.scale / 2), matrix, LEAST.line * unit)
  return [base, { style: `${cut} fill="${lit.fill}"`, outline: part, box: part.box, turn: part.turn }]
}

/** Whether any of it is in the frame and large enough. */
function isSeen(box: Box, unit: number): boolean {
  const [width, height] = [box.right - box.left, box.bottom - box.top]
  const isLarge =
    Math.max(width, height) >= LEAST.extent * unit && Math.min(width, height) >= LEAST.thickness * unit
  return isLarge && overlap(box, { left: 0, top: 0, right: FRAME, bottom: FRAME })
}

/**
 * The id of what cuts a shape: empty if nothing does that can be seen. Undefined if nothing is left of the shape.
 * @param clips from the outermost to the innermost
 */
function clipOf(
  { points }: Outline,
  box: Box,
  { clips, unit, known }: { clips: readonly Clip[]; unit: number; known: Clips }
): string | undefined {
  const overhang = LEAST.overhang * unit
  const outer: Outline[] = []
  let id = ''
  for (const clip of clips) {
    const outline = known.outlines.get(clip) ?? outlineOf(readPath(clip.d), clip.matrix, LEAST.line * unit)
    known.outlines.set(clip, outline)
    if (!overlap(outline.box, box)) return undefined
    if (!isCut(points, outline, overhang)) continue
    const isInside = outer.every((each) => !isCut(outline.points, each, overhang))
    id = idOf(writePath(outline.path), isInside ? '' : id, known)
    outer.push(outline)
  }
  return id
}

/** The id of an element that cuts at a path. @param outer the id of an element that cuts too; empty if none does */
function idOf(d: string, outer: string, { name, elements }: Clips): string {
  const attributes = outer === '' ? '' : ` clip-path="url(#${outer})"`
  const key = `${attributes}${d}`
  const known = elements.get(key) ?? { id: `${name}${elements.size}`, attributes, d }
  elements.set(key, known)
  return known.id
}

/** Whether any of the positions is outside of the contours by more than `overhang`. */
function isCut(points: readonly number[], clip: Outline, overhang: number): boolean {
  const x = (clip.box.left + clip.box.right) / 2
  const y = (clip.box.top + clip.box.bottom) / 2
  for (let index = 0; index < points.length; index += 2) {
    const dx = x - points[index]!
    const dy = y - points[index + 1]!
    const share = Math.min(1, overhang / (Math.hypot(dx, dy) || 1))
    if (!contains(clip, points[index]! + dx * share, points[index + 1]! + dy * share)) return true
  }
  return false
}

/**
 * The lit part of a shape: the shape pressed towards the light, in place of the shape moved and cut at its own edge.
 * @param inset how much of the edge stays free for the outline
 */
function litPart(path: Path, { dx, dy }: { dx: number; dy: number }, inset: number): Path {
  const box = plainBoxOf(path)
  const pressX = press(box.left, box.right, dx, inset)
  const pressY = press(box.top, box.bottom, dy, inset)
  const numbers = [...path.numbers]
  let first = 0
  for (let index = 0; index < path.kinds.length; index += 1) {
    const kind = path.kinds.charCodeAt(index)
    const end = first + COUNTS[kind]!
    const from = kind === A ? end - 2 : first
    for (let at = from; at < end; at += 2) {
      numbers[at] = pressX.to(numbers[at]!)
      numbers[at + 1] = pressY.to(numbers[at + 1]!)
    }
    if (kind === A) {
      const isUpright = Math.abs(Math.sin((numbers[first + 2]! * Math.PI) / 180)) < Math.SQRT1_2
      numbers[first]! *= (isUpright ? pressX : pressY).share
      numbers[first + 1]! *= (isUpright ? pressY : pressX).share
    }
    first = end
  }
  return { kinds: path.kinds, numbers }
}

/** The least part of a length that stays lit. */
const LEAST_LIT = 0.35

function press(low: number, high: number, shift: number, inset: number) {
  const length = high - low
  const edge = Math.min(inset, length / 8)
  const free = Math.min(Math.abs(shift) + edge, length * (1 - LEAST_LIT) - edge)
  const [from, to] = shift > 0 ? [low + free, high - edge] : [low + edge, high - free]
  const share = length === 0 ? 1 : (to - from) / length
  return { share, to: (value: number) => from + (value - low) * share }
}

/** Adds a shape to a layer of its style that nothing lies on where it is drawn; else as a layer of its own. */
function add(layers: Layer[], { style, outline, box, turn }: Drawn): void {
  for (let index = layers.length - 1; index >= 0; index -= 1) {
    const layer = layers[index]!
    const touches = overlap(layer.box, box) && layer.boxes.some((other) => overlap(other, box))
    if (layer.style === style && (!touches || (turn !== 0 && layer.turn === turn))) {
      layer.path.kinds += outline.path.kinds
      for (const number of outline.path.numbers) layer.path.numbers.push(number)
      layer.boxes.push(box)
      layer.box = around(layer.box, box)
      if (layer.turn !== turn) layer.turn = 0
      return
    }
    if (touches) break
  }
  layers.push({ style, path: outline.path, boxes: [box], box, turn })
}

const grown = ({ left, top, right, bottom }: Box, by: number): Box => ({
  left: left - by,
  top: top - by,
  right: right + by,
  bottom: bottom + by
})
