import { arrangementOf, horizonShift } from './arrangement.ts'
import { cameraOf, TOP } from './camera.ts'
import { measuredFigure, measureFigure } from './figure.ts'
import type { Stand } from './figure.ts'
import { FRAME } from './frame.ts'
import { framed, windowOf } from './framing.ts'
import type { Hand } from './hands/hand.ts'
import { edgeInset } from './page.ts'
import type { Palette } from './palette.ts'
import { createPen, flatTechnique } from './pen.ts'
import type { Light } from './pen.ts'
import { planOf } from './plans/index.ts'
import type { PlanName } from './plans/index.ts'
import type { Rarity } from './rarity.ts'
import { boxOf } from './small/box.ts'
import { IDENTITY, transformed } from './small/matrix.ts'
import { around } from './small/outline.ts'
import { createMarkSurface } from './small/surface.ts'
import type { Mark } from './surface.ts'
import { group, n } from './svg.ts'
import type { Point } from './svg.ts'
import type { Traits } from './traits.ts'

/** A figure that is higher is cropped. */
const WHOLE_HEIGHT = 1020
/** A figure that is higher fills the frame with its face. */
const MOST_HEIGHT = 1700
/** Around which point a scene is tilted. */
const [TILT_X, TILT_Y] = [500, 640]
/** The lowest y of the feet of a whole figure. */
const LOWEST_FEET = 1030
/** The plans with a head above a chest, which a frame can cut. The others are whole. */
const BUSTS: ReadonlySet<PlanName> = new Set([
  'bird',
  'figure',
  'human',
  'penguin',
  'quadruped',
  'raptor',
  'upright'
])
/** The y of the face of a cropped figure. */
const FACE_Y = 420
/** The share of its reach that a figure has inside of the frame, however far it is from the middle. */
const INSIDE = 0.8

/** What decides where things are. */
interface Cause {
  traits: Traits
  hand: Hand
  palette: Palette
  rarity: Rarity | undefined
  light: Light
}

/** A point of the scene where its tilt takes it. */
export function turned([x, y]: Point, degrees: number): Point {
  const { a, b, c, d, e, f } = transformed(IDENTITY, `rotate(${degrees} ${TILT_X} ${TILT_Y})`)
  return [a * x + c * y + e, b * x + d * y + f]
}

export type Layout = ReturnType<typeof layoutOf>

/** How far a figure is from the middle at most that has as much room on both sides. */
const IN_THE_MIDDLE = 40

/** Whether a figure faces the right. One that is not in the middle faces the empty side. */
const facesRight = (x: number, traits: Traits): boolean =>
  Math.abs(x - FRAME / 2) < IN_THE_MIDDLE ? traits.random('facing').chance(0.5) : x < FRAME / 2

/** Where all things are: the camera and the composition decide, and the frame where the head is. */
export function layoutOf({ traits, hand, palette, rarity, light }: Cause) {
  const camera = cameraOf(traits.viewpoint)
  const isUpright = hand.isUpright === true
  // A calm picture is level.
  const tilt = isUpright || traits.emotion.fields[1] === 'calm' ? 0 : camera.tilt
  const arrangement = arrangementOf(traits.composition)
  const height = rarity === 'giant' ? 2100 : Math.min(MOST_HEIGHT, camera.height * arrangement.zoom * FRAME)
  const isCropped = height > WHOLE_HEIGHT && BUSTS.has(planOf(traits.noun))
  const usualFeet = Math.min(camera.feet, hand.feet ?? Infinity, LOWEST_FEET)
  const feet = isCropped ? TOP + height : usualFeet
  const { scale, reach } = measureFigure(traits.noun, isCropped ? height : Math.min(height, feet - 40))
  const room = isCropped ? 130 : Math.max(20, FRAME / 2 - reach * INSIDE)
  const x = FRAME / 2 + Math.max(-room, Math.min(room, arrangement.x - FRAME / 2))
  const horizon = Math.max(340, Math.min(880, camera.horizon + horizonShift(traits.composition)))
  const tilted = (content: string) =>
    tilt === 0 ? content : group(content, `rotate(${n(tilt)} ${TILT_X} ${TILT_Y})`)
  const wanted: Stand = {
    x: Math.round(x),
    y: isCropped ? FACE_Y : feet,
    isCropped,
    scale,
    light: Math.sign(light.dx),
    head: (hand.head ?? 1) * camera.head,
    girth: (hand.girth ?? 1) * camera.girth,
    isUpright,
    isMirrored: facesRight(arrangement.x, traits)
  }
  const marks: Mark[] = []
  const { outline } = hand.technique
  const pen = createPen(palette, flatTechnique(hand.technique), light, createMarkSurface(marks, false))
  const figure = measuredFigure(pen, marks, outline?.width ?? 0, traits, wanted)
  const { measured } = figure
  const face = boxOf(tilted(measured.face), marks)
  const head = around(boxOf(tilted(measured.head), marks), face)
  const boxes = {
    head,
    face,
    body: around(boxOf(tilted(measured.trunk), marks), head),
    held: boxOf(tilted(measured.held), marks),
    origin: turned(measured.origin, tilt)
  }
  const edge = hand.isFramed === true ? undefined : edgeInset(traits.litStyle, hand.isSigned)
  const window = windowOf([hand.inset, arrangement.inset, edge])
  const placed = framed(wanted, boxes, window, tilt, hand.print !== undefined)
  return {
    arrangement,
    height: isCropped ? height : Math.min(height, feet),
    isCropped,
    feet: isCropped ? feet : placed.stand.y,
    x: placed.stand.x,
    horizon: Math.round(horizon),
    tilted,
    tilt,
    isTilted: tilt !== 0,
    window,
    /** Draws the figure. */
    drawFigure: figure.draw,
    ...placed
  }
}
