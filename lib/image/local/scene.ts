import type { DalleDress } from '../../schemas/dress.ts'
import { drawBackdrop } from './backdrop.ts'
import { drawFigure } from './figure.ts'
import type { Stand } from './figure.ts'
import { FRAME, PICTURE_SIDE } from './frame.ts'
import { gridOf } from './grid/grid.ts'
import { brightness } from './grid/prints.ts'
import type { Hand, Stage } from './hands/hand.ts'
import { handOf } from './hands/index.ts'
import { drawLamp, lampOf } from './lamp.ts'
import { drawLandmark } from './landmark/index.ts'
import { layoutOf } from './layout.ts'
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

/** The height of the highest foreground of size 1. It stays below the face. */
const FOREGROUND_HEIGHT = 350

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
  const draft = createMarkSurface(marks, isSmall)
  const surface = isSmall || print !== undefined ? draft : createSvgSurface(detailPixels)
  const { scene, face } = drawScene({ traits, hand, palette, rarity, surface, draft, marks, isSmall })
  if (print !== undefined) {
    const set = hand.isCoarse === true ? scene + face : scene
    const over = hand.isCoarse === true ? '' : smallSvg(face, marks, detailPixels)
    return svg(print.draw(gridOf(set, marks, print.side)) + over)
  }
  if (isSmall) return svg(smallSvg(scene + face, marks, detailPixels))
  return svg(`<defs>${surface.defs()}</defs>${scene}${face}`)
}

/** What a scene is made of. */
interface Sheet {
  traits: Traits
  hand: Hand
  palette: Palette
  rarity: Rarity | undefined
  surface: Surface
  /** Where the figure is measured: on `surface`, or before it is drawn there. */
  draft: Surface
  /** What is on the draft. */
  marks: readonly Mark[]
  isSmall: boolean
}

/** What is drawn, and the face apart, which is over all. */
function drawScene(sheet: Sheet): {
  scene: string
  face: string
} {
  const { traits, hand, palette, rarity, surface, draft, marks, isSmall } = sheet
  const random = traits.random('scene')
  const side = random.chance(0.5) ? -1 : 1
  const light: Light = { dx: side * 26, dy: -20 }
  const draftPen = createPen(palette, hand.technique, light, draft)
  const layout = layoutOf({ traits, hand, rarity, light, pen: draftPen, marks })
  const { arrangement, height, isCropped, feet, x, horizon, stand, tilted } = layout
  const pen = createPen(palette, hand.technique, light, surface)
  const haze = createPen(hazed(palette), hand.technique, light, surface)
  const setting = settingOf(traits)
  const zoom = random.pick([1, 1.35, 1.7])
  const lampY = random.between(190, 300)
  const size = (isCropped ? 1.2 : 1) * random.pick([0.85, 1, 1.2])
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
  const { figure, face } = draft === surface ? layout.figure : drawFigure(pen, traits, stand)
  const front = hand.front?.(stage) ?? ''
  const twin = rarity === 'twin' ? drawTwin(sheet, stand, light) : ''
  const halo = hand.print === undefined ? '' : drawHalo(sheet, stand, light)
  const story = storyOf({ palette, technique: hand.technique, light, surface }, traits, {
    x,
    side,
    feet: Math.min(feet, 1000),
    horizon,
    face: layout.face
  })
  const lift = hand.feet === undefined ? 0 : Math.min(0, hand.feet + 26 - FRAME)
  const free = (FRAME + lift - layout.face.bottom) / FOREGROUND_HEIGHT
  const near = { x, size: rarity === 'flood' ? 5 : Math.max(0.4, Math.min(size, free)), side: -side }
  const foreground = drawForeground(
    pen,
    rarity === 'flood' ? { ...setting, foreground: 'waves' } : setting,
    near,
    traits
  )
  return {
    scene:
      tilted(
        hand.back(stage) +
          drawRareBack(pen, rarity, x) +
          story.behind +
          (hand.isFramed === true ? '' : front) +
          twin +
          halo +
          figure +
          story.before
      ) +
      (lift === 0 ? foreground : group(foreground, `translate(0 ${lift})`)) +
      arrangement.front(pen, x) +
      drawRareFront(pen, rarity, traits, layout.face) +
      (hand.isFramed === true ? front : drawEdge(pen, traits.litStyle)),
    face: tilted(face)
  }
}

/** Units of the frame that a halo is wider than the figure, on each side. */
const HALO = 22

/**
 * An edge around the figure of a print: its cells are coarse, and without one the figure runs into the ground. It is
 * light around a dark figure, and dark around a light one.
 */
function drawHalo({ traits, palette, surface }: Sheet, stand: Stand, light: Light): string {
  const isDark = brightness(palette.body) < brightness(palette.sky)
  const pen = createPen(
    inOneColor(palette, isDark ? palette.paper : palette.ink),
    { shading: 'flat', outline: { role: 'ink', width: (2 * HALO) / stand.scale } },
    light,
    surface
  )
  return drawFigure(pen, traits, stand).body
}

const inOneColor = (palette: Palette, color: string): Palette => ({
  ...palette,
  ...Object.fromEntries(
    Object.keys(palette)
      .filter((role) => role !== 'isNight')
      .map((role) => [role, color])
  )
})

/** The shadow of the figure as a second figure behind it, in one colour. */
function drawTwin({ traits, palette, surface }: Sheet, stand: Stand, light: Light): string {
  const color = palette.isNight ? palette.far : palette.farDark
  const pen = createPen(inOneColor(palette, color), { shading: 'flat' }, light, surface)
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
