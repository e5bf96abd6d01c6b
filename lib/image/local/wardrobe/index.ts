import type { Anatomy } from '../anatomy.ts'
import { drawingNames, drawingOf, placed } from '../drawings.ts'
import type { Palette } from '../palette.ts'
import { createPen } from '../pen.ts'
import type { Pen } from '../pen.ts'
import { boxOf } from '../small/box.ts'
import { around } from '../small/outline.ts'
import type { Box } from '../small/outline.ts'
import { createMarkSurface } from '../small/surface.ts'
import type { Mark } from '../surface.ts'
import type { Point } from '../svg.ts'
import { match } from '../traits.ts'
import type { Trait } from '../traits.ts'
import { drawBackCloth } from './back-cloth.ts'
import { GARMENT_WORDS, GARMENTS } from './garments.ts'
import { HAT_WORDS } from './hats.ts'
import { neckwearOf } from './neckwear.ts'
import { helmetOf, seatOf } from './seat.ts'
import type { Skull } from './seat.ts'
import { TOOL_WORDS } from './tools.ts'

/** The names of an occupation's things, or their SVG. */
export interface Gear {
  garment: string
  hat: string
  tool: string
}

/** The names of all garments, hats and tools. */
export const GEAR_NAMES = {
  garments: Object.keys(GARMENTS),
  hats: drawingNames('hats'),
  tools: drawingNames('tools')
}

/** Garments that a figure without a torso can wear. */
const BANDS = ['scarf', 'bowTie', 'kerchief', 'ruff']

/** Garments that go around a body without a front. */
const ROUND = [...BANDS, 'jersey', 'sash']

/** Units of a plan's grid for one of a tool's drawing: long tools have the least, small ones more. */
const TOOL_SCALE = { least: 0.94, most: 1.32 }
/** How long a tool is, unless its scale is the least or the most. */
const TOOL_LENGTH = 330

/** The names of an occupation's garment, hat and tool, found by the words of its row. */
export function gearOf(occupation: Trait, hasTorso: boolean, isRound = false): Gear {
  const garment = match(occupation, GARMENT_WORDS, [
    'apron',
    'vest',
    'scarf',
    'kerchief',
    'coat',
    'bowTie',
    'overalls'
  ])
  const fits = !hasTorso ? BANDS : isRound ? ROUND : GEAR_NAMES.garments
  return {
    garment: fits.includes(garment) ? garment : occupation.random().pick(BANDS.slice(0, 3)),
    hat: match(occupation, HAT_WORDS, ['flatCap', 'bowler', 'beret', 'kerchief', 'beanie']),
    tool: match(occupation, TOOL_WORDS, ['basket', 'book', 'brush', 'bell', 'suitcase', 'scroll'])
  }
}

/** Whether a figure with this chest wears one of the garments on its front. */
const wears = (occupation: Trait, torso: Anatomy['torso'], garments: readonly string[]): boolean =>
  occupation.name !== '' &&
  torso !== undefined &&
  torso.isBack !== true &&
  garments.includes(gearOf(occupation, true, torso.isRound).garment)

/** Whether an occupation's garment covers the arms of a figure with this chest. */
export const hasSleeves = (occupation: Trait, torso: Anatomy['torso']): boolean =>
  wears(occupation, torso, ['coat', 'jersey'])

/** Whether bare arms come out of an occupation's garment. */
export const hasArmholes = (occupation: Trait, torso: Anatomy['torso']): boolean =>
  wears(occupation, torso, ['vest'])

/** How high the hand is at least above the ground, so that a long tool stands on it. */
export function footOf(occupation: Trait): number {
  if (occupation.name === '') return 60
  const { grip, foot } = drawingOf('tools', gearOf(occupation, true).tool).anchors
  return foot === undefined || grip === undefined ? 60 : (foot.y - grip.y) * TOOL_SCALE.least
}

/** Half the width of a hand. */
const HAND = 40

const toolBoxes = new Map<string, Box>()
const toolScales = new Map<string, number>()

/** The box of what a flat pen draws. */
function boxDrawn(palette: Palette, draw: (pen: Pen) => string): Box {
  const marks: Mark[] = []
  const pen = createPen(palette, { shading: 'flat' }, { dx: 0, dy: 0 }, createMarkSurface(marks, false))
  return boxOf(draw(pen), marks)
}

/** The scale of a tool. One that stands on the ground has the height of the hand over it. */
function toolScale(palette: Palette, tool: string): number {
  const drawing = drawingOf('tools', tool)
  const known = drawing.anchors.foot === undefined ? toolScales.get(tool) : TOOL_SCALE.least
  if (known !== undefined) return known
  const { left, top, right, bottom } = boxDrawn(palette, (pen) => drawing.draw(pen))
  const wanted = TOOL_LENGTH / Math.max(right - left, bottom - top)
  const scale = Math.max(TOOL_SCALE.least, Math.min(TOOL_SCALE.most, wanted))
  toolScales.set(tool, scale)
  return scale
}

/** The box of a hand with an occupation's tool, around the grip. It is that of the tool's outlines, not of its file. */
export function toolBox(palette: Palette, occupation: Trait, hand: 0 | 1): Box {
  const box = { left: -HAND, top: -HAND, right: HAND, bottom: HAND }
  if (occupation.name === '') return box
  const { tool } = gearOf(occupation, true)
  const key = `${tool} ${hand}`
  const known = toolBoxes.get(key)
  if (known !== undefined) return known
  const measured = around(
    box,
    boxDrawn(palette, (pen) => drawTool(pen, tool, [0, 0], hand))
  )
  toolBoxes.set(key, measured)
  return measured
}

/** Tools that are held by a side, so that they are turned round: they are beside the hand, away from the body. */
const OUTWARDS = ['camera', 'cup']

/** A tool with its grip in a place. What has no outline has an edge. */
function drawTool(pen: Pen, tool: string, [x, y]: Point, hand: 0 | 1): string {
  const drawing = drawingOf('tools', tool)
  const place = {
    x,
    y,
    turn: toolTurn(hand, drawing.anchors.foot !== undefined),
    scale: toolScale(pen.palette, tool),
    isMirrored: (hand === 0) !== OUTWARDS.includes(tool)
  }
  const rim = placed(rimOf(pen), drawing, 'grip', place)
  return rim + placed(pen, drawing, 'grip', place)
}

/** Width of the edge around a tool on each side. */
const RIM = 8

/**
 * A pen that draws what is around a tool, so that it stands out from a body and a ground of its colour. Shapes with an
 * outline need none.
 */
function rimOf(pen: Pen): Pen {
  const rim = (d: string, width = 0) => pen.line(d, pen.hasOutline ? 'ink' : 'bodyDark', width + 2 * RIM)
  const isBare = !pen.hasOutline
  return {
    ...pen,
    flat: () => '',
    within: () => '',
    solid: (d) => (isBare ? rim(d) : ''),
    line: (d, _role, width) => rim(d, width),
    limb: (d, _role, width) => (isBare ? rim(d, width) : '')
  }
}

/** Degrees that a tool leans outwards. */
const toolTurn = (hand: 0 | 1, isStanding: boolean) => (hand === 0 ? -1 : 1) * (isStanding ? 3 : 14)

/** Where a face ends: what goes around the neck is below `lowest`. A hat sits on the skull. */
export interface FaceEdges {
  lowest: number
  /** Absent if no hat fits on the body. */
  skull: Skull | undefined
}

const NO_FACE: FaceEdges = { lowest: -Infinity, skull: undefined }

/** The SVG of the garment, of the hat on the head and of the tool in the hand. `brim` is the lowest y of the hat. */
export function drawGear(
  pen: Pen,
  occupation: Trait,
  anatomy: Anatomy,
  hand: 0 | 1,
  edges: FaceEdges = NO_FACE
): Gear & { brim?: number } {
  const { torso, hands } = anatomy
  if (occupation.name === '') return { garment: '', hat: '', tool: '' }
  const { garment, hat, tool } = gearOf(occupation, torso !== undefined, torso?.isRound)
  return {
    garment: anatomy.neck.width === 0 ? '' : drawGarment(pen, garment, anatomy, edges.lowest),
    ...drawHat(pen, occupation, hat, anatomy, edges.skull),
    tool: drawTool(pen, tool, hands[hand], hand)
  }
}

/** A hat on its seat. A diver's helmet is around a head; a body without one wears goggles. */
function drawHat(
  pen: Pen,
  occupation: Trait,
  name: string,
  anatomy: Anatomy,
  skull: Skull | undefined
): { hat: string; brim?: number } {
  if (skull === undefined) return { hat: '' }
  const helmet = name === 'bubble' ? helmetOf(anatomy, skull) : undefined
  const drawing = drawingOf('hats', name === 'bubble' && helmet === undefined ? 'flightCap' : name)
  const seat = helmet ?? seatOf(drawing, anatomy, skull)
  const turn = helmet === undefined ? occupation.random().between(-4, 4) : 0
  const hat = placed(pen, drawing, 'brim', { ...seat, turn, isMirrored: (anatomy.face.turn ?? 0) > 0 })
  return helmet === undefined ? { hat, brim: seat.y } : { hat }
}

/** A garment on a chest, or a cloth over a back. What goes around the neck is the same for both. */
function drawGarment(pen: Pen, garment: string, anatomy: Anatomy, lowest: number): string {
  const { torso } = anatomy
  const { name, neck } = neckwearOf(garment, anatomy, lowest)
  if (torso?.isBack === true && !BANDS.includes(name)) return drawBackCloth(pen, name, torso)
  return GARMENTS[name]!(pen, neck, torso)
}
