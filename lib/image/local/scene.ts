import type { DalleDress } from '../../schemas/dress.ts'
import { arrangementOf, horizonShift } from './arrangement.ts'
import { drawBackdrop, isIndoors } from './backdrop.ts'
import { cameraOf } from './camera.ts'
import { drawFigure, measureFigure } from './figure.ts'
import { FRAME, PICTURE_SIDE } from './frame.ts'
import { gridOf } from './grid/grid.ts'
import type { Stage } from './hands/hand.ts'
import { handOf } from './hands/index.ts'
import { drawLamp, lampOf } from './lamp.ts'
import { drawLandmark } from './landmark/index.ts'
import { drawOrnament } from './ornament.ts'
import { drawEdge, edgeRoleOf } from './page.ts'
import { paletteOf } from './palette.ts'
import { createPen } from './pen.ts'
import type { Pen } from './pen.ts'
import { drawProp } from './props.ts'
import { smallSvg } from './small/index.ts'
import { createMarkSurface } from './small/surface.ts'
import { createSvgSurface } from './surface.ts'
import type { Mark, Surface } from './surface.ts'
import { group, n, rectangle } from './svg.ts'
import { traitsOf } from './traits.ts'
import type { Traits } from './traits.ts'

/** Pixels up to which a picture has few elements, because more can hardly be seen in it. */
const SMALL_SIDE = 256
/** Least distance of a figure from the edge, as far as the frame does not crop it. */
const MARGIN = 30
/** A figure that is higher is cropped. */
const WHOLE_HEIGHT = 1000
const TOP = 70
/** The y of the face of a cropped figure. */
const FACE_Y = 400

/**
 * The picture of a dress as SVG. It depends on the dress only.
 * @param sidePixels width and height of the SVG
 * @param detailPixels the size that details are made for: patterns have tiles of whole pixels at this size, so that
 *   they are drawn quickly, and a small size has no patterns and few elements
 */
export function composeScene(dress: DalleDress, sidePixels: number, detailPixels = PICTURE_SIDE): string {
  const traits = traitsOf(dress)
  const hand = handOf(traits.artStyle1)
  const palette = paletteOf(traits, hand.palette)
  const isSmall = detailPixels <= SMALL_SIDE
  const svg = (content: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="${sidePixels}" height="${sidePixels}" ` +
    `viewBox="0 0 ${FRAME} ${FRAME}">${content}</svg>`
  const marks: Mark[] = []
  const print = (isSmall ? hand.smallPrint : hand.print)?.(palette)
  const surface =
    isSmall || print !== undefined ? createMarkSurface(marks, isSmall) : createSvgSurface(detailPixels)
  const { scene, face } = drawScene(traits, surface, isSmall)
  if (print !== undefined) {
    const set = hand.isCoarse === true ? scene + face : scene
    const over = hand.isCoarse === true ? '' : smallSvg(face, marks, detailPixels)
    return svg(print.draw(gridOf(set, marks, print.side)) + over)
  }
  if (isSmall) return svg(smallSvg(scene + face, marks, detailPixels))
  return svg(`<defs>${surface.defs()}</defs>${scene}${face}`)
}

/** Where all things are: the camera and the composition decide. */
function layoutOf(traits: Traits) {
  const hand = handOf(traits.artStyle1)
  const camera = cameraOf(traits.viewpoint)
  const arrangement = arrangementOf(traits.composition)
  const height = camera.height * arrangement.zoom * FRAME
  const isCropped = height > WHOLE_HEIGHT
  const usualFeet = Math.min(camera.feet, hand.feet ?? Infinity)
  const feet = isCropped ? TOP + height : usualFeet
  const { scale, reach } = measureFigure(traits.noun, isCropped ? height : Math.min(height, feet - 50))
  const room = isCropped ? 110 : Math.max(0, FRAME / 2 - MARGIN - reach)
  const x = FRAME / 2 + Math.max(-room, Math.min(room, arrangement.x - FRAME / 2))
  const horizon = Math.max(200, Math.min(880, camera.horizon + horizonShift(traits.composition)))
  return {
    camera,
    arrangement,
    height,
    isCropped,
    feet,
    scale,
    reach,
    x: Math.round(x),
    horizon: Math.round(horizon)
  }
}

/** What is drawn, and the face apart, which is over all. */
function drawScene(traits: Traits, surface: Surface, isSmall: boolean): { scene: string; face: string } {
  const hand = handOf(traits.artStyle1)
  const palette = paletteOf(traits, hand.palette)
  const layout = layoutOf(traits)
  const { camera, arrangement, height, isCropped, feet, scale, reach, x, horizon } = layout
  const random = traits.random('scene')
  const side = random.chance(0.5) ? -1 : 1
  const pen = createPen(palette, hand.technique, { dx: side * 26, dy: -20 }, surface)
  const frame = edgeRoleOf(traits.litStyle)
  const lampY = random.between(150, 240)
  const away = random.between(230, 300)
  const landmark = (zoom = 1) => {
    const at = x - side * away
    const drawn = drawLandmark(pen, traits.place)
    return isIndoors(traits.backStyle)
      ? drawWindow(
          pen,
          side > 0 ? 60 : 590,
          group(drawn, `translate(${side > 0 ? 235 : 765} 470) scale(0.62)`)
        )
      : group(drawn, `translate(${n(at)} ${n(horizon + 14)}) scale(${zoom.toFixed(2)})`)
  }
  const stage: Stage = {
    pen,
    palette,
    random: traits.artStyle1.random(),
    x,
    feet: Math.min(feet, 1100),
    height,
    horizon,
    side,
    isSmall,
    frame,
    landmark,
    backdrop: () => drawBackdrop(pen, traits.backStyle, horizon),
    lamp: () =>
      isIndoors(traits.backStyle) ? '' : drawLamp(pen, lampOf(traits.trope), x + side * 300, lampY, 80),
    behind: () => arrangement.behind(pen, x, horizon),
    ornament: () => drawOrnament(pen, traits, horizon),
    paths: () => arrangement.ground(pen, x, horizon)
  }
  const tilted = (content: string) =>
    camera.tilt === 0 ? content : group(content, `rotate(${n(camera.tilt)} 500 640)`)
  const { figure, face } = drawFigure(pen, traits, {
    x,
    y: isCropped ? FACE_Y : feet,
    isCropped,
    scale,
    light: side,
    head: (hand.head ?? 1) * camera.head,
    girth: (hand.girth ?? 1) * camera.girth
  })
  const propX = Math.max(140, Math.min(860, x + side * Math.min(reach * 0.85, 330)))
  const prop = group(
    drawProp(pen, traits.trope),
    `translate(${n(propX)} ${n(isCropped ? 985 : Math.min(965, feet + 12))}) scale(${isCropped ? 1.8 : 1.4})`
  )
  const edge = hand.isFramed === true ? '' : drawEdge(pen, traits.litStyle)
  return {
    scene:
      tilted(hand.back(stage)) +
      tilted(isCropped ? prop + figure : figure + prop) +
      arrangement.front(pen, x) +
      (hand.front?.(stage) ?? '') +
      edge,
    face: tilted(face)
  }
}

/** A window in a wall, through which one sees the place. */
function drawWindow(pen: Pen, x: number, content: string): string {
  const opening = rectangle(x, 150, 350, 340)
  return (
    pen.flat(opening, pen.palette.isNight ? 'groundDark' : 'paper') +
    pen.within(opening, content) +
    pen.line(opening, 'farDark', 22) +
    pen.line(`M${x - 20} 496h390`, 'farDark', 26)
  )
}
