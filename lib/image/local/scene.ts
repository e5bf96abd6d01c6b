import type { DalleDress } from '../../schemas/dress.ts'
import { drawFigure } from './figure.ts'
import type { Stand } from './figure.ts'
import { FRAME, PICTURE_SIDE } from './frame.ts'
import { gridOf } from './grid/grid.ts'
import type { Hand } from './hands/hand.ts'
import { handOf } from './hands/index.ts'
import { layoutOf } from './layout.ts'
import { drawEdge } from './page.ts'
import { paletteOf } from './palette.ts'
import type { Palette } from './palette.ts'
import { createPen } from './pen.ts'
import type { Light } from './pen.ts'
import { drawRareBack, drawRareFront, rareRule, rarityOf } from './rarity.ts'
import type { Rarity } from './rarity.ts'
import { drawForeground, settingOf } from './setting/index.ts'
import { storyOf } from './setting/story.ts'
import { stageOf } from './stage.ts'
import { smallSvg } from './small/index.ts'
import { createMarkSurface } from './small/surface.ts'
import { createSvgSurface } from './surface.ts'
import type { Mark, Surface } from './surface.ts'
import { group } from './svg.ts'
import { traitsOf } from './traits.ts'
import { brightness } from './tone.ts'
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
  const surface =
    isSmall || print !== undefined ? createMarkSurface(marks, isSmall) : createSvgSurface(detailPixels)
  const { scene, face } = drawScene({ traits, hand, palette, rarity, surface, isSmall })
  if (print !== undefined) {
    const finePrint = isSmall ? undefined : hand.facePrint?.(palette)
    const set = hand.isCoarse === true ? scene + face : scene
    const over =
      hand.isCoarse === true
        ? ''
        : finePrint === undefined
          ? smallSvg(face, marks, detailPixels)
          : finePrint.draw(gridOf(face, marks, finePrint.side, false))
    return svg(print.draw(gridOf(set, marks, print.side, hand.isCoarse === true)) + over)
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
  isSmall: boolean
}

/** What is drawn, and the face apart, which is over all. */
function drawScene(sheet: Sheet): {
  scene: string
  face: string
} {
  const { traits, hand, palette, rarity, surface, isSmall } = sheet
  const random = traits.random('scene')
  const side = random.chance(0.5) ? -1 : 1
  const light: Light = { dx: side * 26, dy: -20 }
  const layout = layoutOf({ traits, hand, palette, rarity, light })
  const { arrangement, isCropped, feet, x, horizon, stand, tilted } = layout
  const pen = createPen(palette, hand.technique, light, surface)
  const setting = settingOf(traits)
  const size = (isCropped ? 1.1 : 1) * random.pick([0.75, 0.85, 1])
  const stage = stageOf({ traits, hand, palette, surface, isSmall, light, layout, setting })
  const { figure, face } = drawFigure(pen, traits, stand)
  const front = hand.front?.(stage) ?? ''
  const twin = rarity === 'twin' ? drawTwin(sheet, stand, light) : ''
  const halo = hand.isCoarse === true ? drawHalo(sheet, stand, light) : ''
  const lift = hand.feet === undefined ? 0 : Math.min(0, hand.feet + 26 - FRAME)
  const story = storyOf({ palette, technique: hand.technique, light, surface }, traits, {
    x,
    side,
    feet: Math.min(feet, 1000),
    ground: isCropped || feet > 960 ? 975 + lift : feet + 16,
    horizon,
    face: layout.face
  })
  const free = (FRAME + lift - layout.face.bottom) / FOREGROUND_HEIGHT
  const near = { x, size: rarity === 'flood' ? 3 : Math.max(0.4, Math.min(size, free)), side: -side }
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
          figure
      ) +
      (lift === 0 ? foreground : group(foreground, `translate(0 ${lift})`)) +
      story.before +
      (arrangement.isFrame === true && hand.isFramed === true ? '' : arrangement.front(pen, x)) +
      drawRareFront(pen, rarity, traits, layout.face) +
      (hand.isFramed === true ? front : arrangement.isFrame === true ? '' : drawEdge(pen, traits.litStyle)),
    face: tilted(face)
  }
}

/** Units of the frame that a halo is wider than the figure, on each side. */
const HALO = 22

/**
 * An edge around the figure of a coarse print: without one the figure runs into the ground. It is light around a dark
 * figure, and dark around a light one.
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
