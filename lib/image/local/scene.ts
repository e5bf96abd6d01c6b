import type { DalleDress } from '../../schemas/dress.ts'
import { arrangementOf, horizonShift } from './arrangement.ts'
import { drawBackdrop } from './backdrop.ts'
import { drawBorder } from './border.ts'
import { cameraOf } from './camera.ts'
import { drawFigure, FLOOR, measureFigure } from './figure.ts'
import { drawLamp, lampOf } from './lamp.ts'
import { drawLandmark } from './landmark/index.ts'
import { paletteOf } from './palette.ts'
import { FRAME, PICTURE_SIDE, createPen, tileOf } from './pen.ts'
import type { Light, Pen } from './pen.ts'
import { drawProp } from './props.ts'
import { createRandom } from './random.ts'
import { repeat } from './repeat.ts'
import { smallSvg } from './small/index.ts'
import { createSmallPen } from './small/pen.ts'
import type { Mark } from './small/pen.ts'
import { group, n, rectangle } from './svg.ts'
import { traitsOf } from './traits.ts'
import { soften, treatmentOf } from './treatments/index.ts'
import type { Pattern, Treatment } from './treatments/treatment.ts'

const MARGIN = 45

/** Pixels up to which a picture has few elements and no textures, which can hardly be seen in it. */
const SMALL_SIDE = 256

/**
 * The picture of a dress as SVG. It depends on the dress only.
 * @param sidePixels width and height of the SVG
 * @param detailPixels the size that details are made for: textures have tiles of whole pixels at this size, so that
 *   they are drawn quickly, and a small size has no textures and few elements
 */
export function composeScene(dress: DalleDress, sidePixels: number, detailPixels = PICTURE_SIDE): string {
  const traits = traitsOf(dress)
  const palette = paletteOf(traits)
  const treatment = treatmentOf(traits.artStyle1)
  const camera = cameraOf(traits.viewpoint)
  const arrangement = arrangementOf(traits.composition)
  const random = traits.random('scene')
  const { scale, reach } = measureFigure(traits.noun, camera.scale * FRAME)
  // The figure leaves the middle as far as the arrangement says, but not so far that the frame cuts a limb.
  const room = Math.max(0, FRAME / 2 - MARGIN - reach)
  const x = FRAME / 2 + Math.max(-room, Math.min(room, arrangement.x - FRAME / 2))
  const horizon = Math.max(400, Math.min(830, camera.horizon + horizonShift(traits.composition)))

  const lampSide = random.chance(0.5) ? -1 : 1
  const lamp = lampOf(traits.trope)
  const [lampX, lampY] = [x + lampSide * random.between(250, 330), random.between(150, 240)]
  const light = { dx: lampSide * 26, dy: -20 }
  const marks: Mark[] = []
  const isSmall = detailPixels <= SMALL_SIDE
  const penOf = (technique: Treatment, direction: Light, prefix: string) =>
    isSmall
      ? createSmallPen(palette, technique, direction, marks)
      : createPen(palette, technique, direction, prefix, detailPixels)
  const far = penOf(
    soften(treatmentOf(traits.artStyle2), 0.25 + 0.6 * traits.mixing),
    { dx: light.dx * 0.6, dy: light.dy * 0.6 },
    'b'
  )
  const pen = penOf(treatment, light, 'f')

  const landmark = group(
    drawLandmark(far, traits.place),
    `translate(${n(x - lampSide * random.between(230, 290))} ${n(horizon)}) ` +
      `scale(${random.between(0.78, 0.96).toFixed(3)})`
  )
  const land = `M-200 ${n(horizon)}H1200V1200H-200Z`
  // Rotated tiles take long to render, so tilted ground has no texture.
  const ground = camera.tilt === 0 ? far.solid(land, 'ground', { depth: 0 }) : far.flat(land, 'ground')
  const prop = group(
    drawProp(pen, traits.trope),
    `translate(${n(Math.max(165, Math.min(835, x + lampSide * 340)))} ${FLOOR + 30}) scale(0.84)`
  )
  const sky = [
    far.solid(rectangle(0, 0, FRAME, FRAME), 'sky', { depth: 0 }),
    drawBackdrop(far, traits.backStyle, horizon),
    drawLamp(far, lamp, lampX, lampY, 74),
    arrangement.behind(far, x, horizon)
  ].join('')
  const country = [
    landmark,
    ground,
    far.flat(`M-200 ${n(horizon)}H1200V${n(horizon + 12)}H-200Z`, 'groundDark'),
    arrangement.ground(far, x, horizon)
  ].join('')
  const tilt = (planes: string) =>
    camera.tilt === 0 ? planes : group(planes, `rotate(${n(camera.tilt)} 500 640)`)
  const actors = drawFigure(pen, traits, { x, scale, lightX: light.dx }) + prop
  const front = arrangement.front(pen, x) + drawBorder(pen, traits.litStyle)
  const scene = `${sky}${tilt(country)}${camera.vignette ? vignette(far) : ''}${tilt(actors)}${front}`
  const svg = (content: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="${sidePixels}" height="${sidePixels}" ` +
    `viewBox="0 0 ${FRAME} ${FRAME}">${content}</svg>`
  if (isSmall) return svg(smallSvg(scene, marks, detailPixels))
  return svg(
    `<defs>${far.defs()}${pen.defs()}${tileOf('grain', GRAIN, detailPixels)}</defs>${scene}` +
      `<rect width="${FRAME}" height="${FRAME}" fill="url(#grain)"/>`
  )
}

function vignette(pen: Pen): string {
  return pen.flat('M0 0H1000V1000H0ZM500 -60A560 560 0 1 0 500 1060A560 560 0 1 0 500 -60Z', 'ink', 0.26)
}

const GRAIN_SIDE = 160
/** Light and dark specks like the grain of paper, the same in every picture. */
const GRAIN = drawGrain()

function drawGrain(): Pattern {
  const random = createRandom('grain')
  const somewhere = () => random.between(1, GRAIN_SIDE - 1)
  const specks = (color: string, opacity: number) =>
    `<path fill="none" stroke="${color}" stroke-opacity="${opacity}" stroke-width="1.5" stroke-linecap="round" ` +
    `d="${repeat(240, () => `M${n(somewhere())} ${n(somewhere())}h.1`)}"/>`
  return { width: GRAIN_SIDE, marks: specks('#000', 0.09) + specks('#fff', 0.13) }
}
