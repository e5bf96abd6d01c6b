import type { DalleDress } from '../../schemas/dress.ts'
import { arrangementOf, horizonShift } from './arrangement.ts'
import { drawBackdrop } from './backdrop.ts'
import { cameraOf, TOP } from './camera.ts'
import { drawFigure, measureFigure } from './figure.ts'
import type { Stand } from './figure.ts'
import { FRAME, PICTURE_SIDE } from './frame.ts'
import { gridOf } from './grid/grid.ts'
import type { Hand, Stage } from './hands/hand.ts'
import { handOf } from './hands/index.ts'
import { drawLamp, lampOf } from './lamp.ts'
import { drawLandmark } from './landmark/index.ts'
import { drawOrnament } from './ornament.ts'
import { drawEdge, edgeRoleOf } from './page.ts'
import { hazed, paletteOf } from './palette.ts'
import type { Palette } from './palette.ts'
import { createPen } from './pen.ts'
import type { Light, Pen } from './pen.ts'
import { drawRareBack, drawRareFront, rareRule, rarityOf } from './rarity.ts'
import type { Rarity } from './rarity.ts'
import { drawFloor, drawForeground, settingOf } from './setting/index.ts'
import { storyOf } from './setting/story.ts'
import { smallSvg } from './small/index.ts'
import { createMarkSurface } from './small/surface.ts'
import { createSvgSurface } from './surface.ts'
import type { Mark, Surface } from './surface.ts'
import { ellipse, group, n, path, rectangle } from './svg.ts'
import { traitsOf } from './traits.ts'
import type { Traits } from './traits.ts'

/** Pixels up to which a picture has few elements, because more can hardly be seen in it. */
const SMALL_SIDE = 256
/** A figure that is higher is cropped. */
const WHOLE_HEIGHT = 1020
/** The y of the face of a cropped figure. */
const FACE_Y = 420
/** The share of its reach that a figure has inside of the frame, however far it is from the middle. */
const INSIDE = 0.8

/**
 * The picture of a dress as SVG. It depends on the dress only.
 * @param sidePixels width and height of the SVG
 * @param detailPixels the size that details are made for: patterns have tiles of whole pixels at this size, so that
 *   they are drawn quickly, and a small size has no patterns and few elements
 */
export function composeScene(dress: DalleDress, sidePixels: number, detailPixels = PICTURE_SIDE): string {
  const traits = traitsOf(dress)
  const hand = handOf(traits.artStyle1)
  const rarity = rarityOf(traits)
  const palette = paletteOf(traits, rareRule(hand.palette, rarity))
  const isSmall = detailPixels <= SMALL_SIDE
  const svg = (content: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="${sidePixels}" height="${sidePixels}" ` +
    `viewBox="0 0 ${FRAME} ${FRAME}">${content}</svg>`
  const marks: Mark[] = []
  const print = (isSmall ? hand.smallPrint : hand.print)?.(palette)
  const surface =
    isSmall || print !== undefined ? createMarkSurface(marks, isSmall) : createSvgSurface(detailPixels)
  const { scene, face } = drawScene({ traits, hand, palette, rarity, surface, isSmall })
  if (print !== undefined) {
    const set = hand.isCoarse === true ? scene + face : scene
    const over = hand.isCoarse === true ? '' : smallSvg(face, marks, detailPixels)
    return svg(print.draw(gridOf(set, marks, print.side)) + over)
  }
  if (isSmall) return svg(smallSvg(scene + face, marks, detailPixels))
  return svg(`<defs>${surface.defs()}</defs>${scene}${face}`)
}

/** Where all things are: the camera and the composition decide. */
function layoutOf(traits: Traits, hand: Hand, rarity: Rarity | undefined) {
  const camera = cameraOf(traits.viewpoint)
  const arrangement = arrangementOf(traits.composition)
  const height = rarity === 'giant' ? 2100 : camera.height * arrangement.zoom * FRAME
  const isCropped = height > WHOLE_HEIGHT
  const usualFeet = Math.min(camera.feet, hand.feet ?? Infinity)
  const feet = isCropped ? TOP + height : usualFeet
  const { scale, reach } = measureFigure(traits.noun, isCropped ? height : Math.min(height, feet - 40))
  const room = isCropped ? 130 : Math.max(20, FRAME / 2 - reach * INSIDE)
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

/** What a scene is made of. */
interface Sheet {
  traits: Traits
  hand: Hand
  palette: Palette
  rarity: Rarity | undefined
  surface: Surface
  isSmall: boolean
}

/** What is drawn, and the face apart, which is over all. */
function drawScene({ traits, hand, palette, rarity, surface, isSmall }: Sheet): {
  scene: string
  face: string
} {
  const layout = layoutOf(traits, hand, rarity)
  const { camera, arrangement, height, isCropped, feet, scale, reach, x, horizon } = layout
  const random = traits.random('scene')
  const side = random.chance(0.5) ? -1 : 1
  const light: Light = { dx: side * 26, dy: -20 }
  const pen = createPen(palette, hand.technique, light, surface)
  const haze = createPen(hazed(palette), hand.technique, light, surface)
  const setting = settingOf(traits)
  const zoom = random.pick([1, 1.35, 1.7])
  const lampY = random.between(190, 300)
  const size = (isCropped ? 1.5 : 1) * random.pick([0.85, 1, 1.25])
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
    frame: edgeRoleOf(traits.litStyle),
    landmark: (factor = 1) => {
      const drawn = drawLandmark(pen, traits.place)
      if (setting.isIndoors) return drawWindow(pen, x - side * 210, drawn, traits.place.random().whole(0, 2))
      const at = x - side * (190 + 50 * zoom)
      return group(drawn, `translate(${n(at)} ${n(horizon + 14)}) scale(${(zoom * factor).toFixed(2)})`)
    },
    backdrop: () => drawBackdrop(haze, traits.backStyle, horizon),
    lamp: () => (setting.isIndoors ? '' : drawLamp(pen, lampOf(traits.trope), x + side * 270, lampY, 125)),
    behind: () => arrangement.behind(pen, x, horizon),
    ornament: () => drawOrnament(haze, traits, horizon),
    floor: () => drawFloor(pen, setting, { horizon, x }, traits),
    paths: () => arrangement.ground(pen, x, horizon)
  }
  const tilted = (content: string) =>
    camera.tilt === 0 ? content : group(content, `rotate(${n(camera.tilt)} 500 640)`)
  const stand: Stand = {
    x,
    y: isCropped ? FACE_Y : feet,
    isCropped,
    scale,
    light: side,
    head: (hand.head ?? 1) * camera.head,
    girth: (hand.girth ?? 1) * camera.girth
  }
  const { figure, face } = drawFigure(pen, traits, stand)
  const twin =
    rarity === 'twin' ? drawTwin({ traits, hand, palette, rarity, surface, isSmall }, stand, light) : ''
  const story = storyOf({ palette, technique: hand.technique, light, surface }, traits, {
    x,
    side,
    feet: Math.min(feet, 1000),
    horizon,
    reach,
    head: isCropped ? FACE_Y : feet - height * 0.72
  })
  const near = { x, size: rarity === 'flood' ? 5 : size, side: -side }
  const lift = hand.feet === undefined ? 0 : Math.min(0, hand.feet + 26 - FRAME)
  const foreground = drawForeground(
    pen,
    rarity === 'flood' ? { ...setting, foreground: 'waves' } : setting,
    near,
    traits
  )
  return {
    scene:
      tilted(hand.back(stage) + drawRareBack(pen, rarity, x) + story.behind + twin + figure + story.before) +
      (lift === 0 ? foreground : group(foreground, `translate(0 ${lift})`)) +
      arrangement.front(pen, x) +
      drawRareFront(pen, rarity, traits) +
      (hand.front?.(stage) ?? '') +
      (hand.isFramed === true ? '' : drawEdge(pen, traits.litStyle)),
    face: tilted(face)
  }
}

/** The shadow of the figure as a second figure behind it, in one colour. */
function drawTwin({ traits, palette, surface }: Sheet, stand: Stand, light: Light): string {
  const color = palette.isNight ? palette.far : palette.farDark
  const shades = Object.fromEntries(Object.keys(palette).map((role) => [role, color]))
  const pen = createPen({ ...palette, ...shades }, { shading: 'flat' }, light, surface)
  const away = stand.x > 500 ? -190 : 190
  return drawFigure(pen, traits, { ...stand, x: stand.x + away, y: stand.y - 10, scale: stand.scale * 1.12 })
    .figure
}

/** A window in a wall, through which one sees the place. @param kind round, an arch or a square */
function drawWindow(pen: Pen, middle: number, content: string, kind: number): string {
  const x = Math.max(250, Math.min(750, middle))
  const opening =
    kind === 0
      ? ellipse(x, 370, 270)
      : kind === 1
        ? path`M${x - 220} 600V330A220 220 0 0 1 ${x + 220} 330V600Z`
        : rectangle(x - 250, 120, 500, 470)
  return (
    pen.flat(opening, pen.palette.isNight ? 'farDark' : 'paper') +
    pen.within(
      opening,
      group(content, `translate(${n(x)} 560) scale(0.95)`) +
        pen.flat(`M${n(x - 280)} 560h560v200h-560Z`, 'ground')
    ) +
    pen.line(opening, 'front', 26)
  )
}
