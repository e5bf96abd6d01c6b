import { FRAME } from './frame.ts'
import type { Hand } from './hands/hand.ts'
import { layoutOf } from './layout.ts'
import type { Layout } from './layout.ts'
import { drawEdge } from './page.ts'
import type { Palette } from './palette.ts'
import { createPen } from './pen.ts'
import type { Light } from './pen.ts'
import { drawRareBack, drawRareFront } from './rarity.ts'
import type { Rarity } from './rarity.ts'
import { drawForeground, settingOf } from './setting/index.ts'
import { storyOf } from './setting/story.ts'
import { stageOf } from './stage.ts'
import type { Surface } from './surface.ts'
import { group } from './svg.ts'
import { brightness } from './tone.ts'
import type { Traits } from './traits.ts'

/** The height of the highest foreground of size 1. It stays below the face. */
const FOREGROUND_HEIGHT = 350

/** What a scene is made of. */
export interface Sheet {
  traits: Traits
  hand: Hand
  palette: Palette
  rarity: Rarity | undefined
  surface: Surface
  isSmall: boolean
}

/** The parts of a scene from back to front. Nothing is over the face. */
export interface Parts {
  back: string
  storyBehind: string
  /** What is right behind the figure. */
  near: string
  figure: string
  foreground: string
  story: string
  front: string
  face: string
}

export function drawParts(sheet: Sheet): Parts {
  const { traits, hand, palette, rarity, surface, isSmall } = sheet
  const random = traits.random('scene')
  const side = random.chance(0.5) ? -1 : 1
  const light: Light = { dx: side * 26, dy: -20 }
  const layout = layoutOf({ traits, hand, palette, rarity, light })
  const { arrangement, isCropped, feet, x, horizon, stand, tilted } = layout
  const pen = createPen(palette, hand.technique, light, surface)
  const setting = settingOf(traits)
  const size = (isCropped ? 0.6 : 1) * random.pick([0.75, 0.85, 1])
  const stage = stageOf({ traits, hand, palette, surface, isSmall, light, layout, setting })
  const { figure, face } = layout.drawFigure(pen, stand)
  const front = hand.front?.(stage) ?? ''
  const twin = rarity === 'twin' ? drawTwin(sheet, layout, light) : ''
  const halo = hand.isCoarse === true ? drawHalo(sheet, layout, light) : ''
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
  const near = { x, size: rarity === 'flood' ? 2.2 : Math.max(0.35, Math.min(size, free)), side: -side }
  const foreground = drawForeground(
    pen,
    rarity === 'flood' ? { ...setting, foreground: 'waves' } : setting,
    near,
    traits
  )
  const isFramed = hand.isFramed === true
  const composed = arrangement.isFrame === true && isFramed ? '' : arrangement.front(pen, x)
  const edge = isFramed ? front : arrangement.isFrame === true ? '' : drawEdge(pen, traits.litStyle)
  return {
    back: tilted(hand.back(stage) + drawRareBack(pen, rarity, x)),
    storyBehind: tilted(story.behind),
    near: tilted((isFramed ? '' : front) + twin + halo),
    figure: tilted(figure),
    foreground: lift === 0 ? foreground : group(foreground, `translate(0 ${lift})`),
    story: story.before,
    front: composed + drawRareFront(pen, rarity, traits, layout.face) + edge,
    face: tilted(face)
  }
}

/** Units of the frame that a halo is wider than the figure, on each side. */
const HALO = 22

/**
 * An edge around the figure of a coarse print: without one the figure runs into the ground. It is light around a dark
 * figure, and dark around a light one.
 */
function drawHalo({ palette, surface }: Sheet, { stand, drawFigure }: Layout, light: Light): string {
  const isDark = brightness(palette.body) < brightness(palette.sky)
  const pen = createPen(
    inOneColor(palette, isDark ? palette.paper : palette.ink),
    { shading: 'flat', outline: { role: 'ink', width: (2 * HALO) / stand.scale } },
    light,
    surface
  )
  return drawFigure(pen, stand).body
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
function drawTwin({ palette, surface }: Sheet, { stand, drawFigure }: Layout, light: Light): string {
  const color = palette.isNight ? palette.far : palette.farDark
  const pen = createPen(inOneColor(palette, color), { shading: 'flat' }, light, surface)
  const away = stand.x > 500 ? -190 : 190
  return drawFigure(pen, { ...stand, x: stand.x + away, y: stand.y - 10, scale: stand.scale * 1.12 }).figure
}
