import { gazeOf } from './gaze.ts'
import { FRAME } from './frame.ts'
import type { Inset } from './framing.ts'
import type { Hand } from './hands/hand.ts'
import { drawDistantMoon } from './lamp.ts'
import { layoutOf } from './layout.ts'
import type { Layout } from './layout.ts'
import { drawEdge } from './page.ts'
import type { Palette } from './palette.ts'
import { createPen } from './pen.ts'
import type { Light, Pen } from './pen.ts'
import { drawRareBack, drawRareAir } from './rarity.ts'
import type { Rarity } from './rarity.ts'
import { drawForeground, settingOf } from './setting/index.ts'
import { storyOf } from './setting/story.ts'
import { headOf, stageOf, windowIn } from './stage.ts'
import type { Box } from './small/outline.ts'
import type { Surface } from './surface.ts'
import { group, n } from './svg.ts'
import { brightness, mixedTone } from './tone.ts'
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
  /** The thing of the trope on the ground. */
  story: string
  /** What is right behind the figure: plants and stones at its sides, so that none is over its hands and feet. */
  near: string
  figure: string
  /** What the figure stands in: a flood. */
  foreground: string
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
  const isGrainy = hand.print !== undefined
  const size = (isCropped ? 0.6 : isGrainy ? 0.7 : 1) * random.pick([0.75, 0.85, 1])
  const figureLight = stand.isMirrored === true ? mirrored(light) : light
  const { figure, face } = layout.drawFigure(createPen(palette, hand.technique, figureLight, surface), stand)
  const halo = isGrainy ? drawHalo(sheet, layout, figureLight) : ''
  const lift = hand.feet === undefined ? 0 : Math.min(0, hand.feet + 26 - FRAME)
  const sky = partOf(layout.window, hand.sky?.(side))
  const moonSide = moonSideOf(traits, layout, sky)
  const story = storyOf({ palette, technique: hand.technique, light, surface }, traits, {
    x,
    side,
    taken: moonSide,
    isCropped,
    feet: Math.min(feet, 1000),
    horizon,
    face: layout.face,
    body: layout.body,
    window: windowOf(layout, hand.niche?.(side, headOf(layout).point[0]))
  })
  const stage = stageOf({
    traits,
    hand,
    palette,
    surface,
    isSmall,
    light,
    layout,
    setting,
    side: -story.side
  })
  const front = hand.front?.(stage) ?? ''
  const flat = createPen(palette, { shading: 'flat' }, light, surface)
  const moon = moonSide === undefined ? '' : drawMoon(flat, layout, sky, moonSide, setting.isIndoors)
  const isFlood = rarity === 'flood'
  const free = (FRAME + lift - layout.face.bottom) / FOREGROUND_HEIGHT
  const near = { x, size: isFlood ? 2.2 : Math.max(0.35, Math.min(size, free)), side: -story.side }
  const plants = drawForeground(
    isFlood ? pen : createPen(muted(palette), hand.technique, light, surface),
    isFlood ? { ...setting, foreground: 'waves' } : setting,
    near,
    traits
  )
  const foreground = lift === 0 ? plants : group(plants, `translate(0 ${lift})`)
  const isFramed = hand.isFramed === true
  const composed = arrangement.isFrame === true && isFramed ? '' : arrangement.front(pen, x)
  const isBehind = !isFramed || hand.isBehind === true
  const edge = isFramed
    ? isBehind
      ? ''
      : front
    : arrangement.isFrame === true
      ? ''
      : drawEdge(pen, traits.litStyle, hand.isSigned)
  return {
    back: tilted(hand.back(stage) + drawRareBack(pen, rarity, x)),
    storyBehind: tilted(moon + story.behind),
    story: story.standing,
    near:
      (isFlood ? '' : foreground) +
      drawRareAir(pen, rarity, traits, layout.face) +
      (isFramed && isBehind ? front : '') +
      tilted((isFramed ? '' : front) + halo),
    figure: tilted(figure),
    foreground: isFlood ? foreground : '',
    front: composed + edge,
    face: tilted(face)
  }
}

/** The light in a group that is mirrored, so that it comes from the same side of the picture. */
const mirrored = ({ dx, dy }: Light): Light => ({ dx: -dx, dy })

/** How far the colours of what is at the sides of the figure turn to that of the ground, by day and by night. */
const MUTED = { day: 0.62, night: 0.3 }

/** Colours of what is right behind the figure: they are those of the ground, so that its legs stand out. */
function muted(palette: Palette): Palette {
  const share = palette.isNight ? MUTED.night : MUTED.day
  const turned = (color: string, by = share) => mixedTone(color, palette.ground, by)
  return {
    ...palette,
    front: turned(palette.front),
    cloth: turned(palette.cloth, 0.3),
    accent: turned(palette.accent, 0.3),
    accentDark: turned(palette.accentDark, 0.4),
    paper: turned(palette.paper, 0.4)
  }
}

/** What walls and leaves of the hand leave of the window. */
const partOf = (window: Box, hidden: Inset = {}): Box => ({
  left: Math.max(window.left, hidden.left ?? 0),
  top: Math.max(window.top, hidden.top ?? 0),
  right: Math.min(window.right, FRAME - (hidden.right ?? 0)),
  bottom: window.bottom
})

/** Units beside the figure that the least thing of a trope needs. */
const LEAST_ROOM = 100

/** Where the thing of the trope stands: in the niche, or before its wall where the figure fills the niche. */
function windowOf({ window, body }: Layout, inset: Inset | undefined): Box {
  const niche = partOf(window, inset)
  return Math.max(body.left - niche.left, niche.right - body.right) < LEAST_ROOM ? window : niche
}

const moonX = (sky: Box, side: number) => (side > 0 ? sky.right - 130 : sky.left + 130)

/** The far moon, which one sees through the window of a room. */
function drawMoon(pen: Pen, layout: Layout, sky: Box, side: number, isIndoors: boolean): string {
  if (!isIndoors) return drawDistantMoon(pen, moonX(sky, side), sky.top + 140)
  const { x, y, size } = windowIn(layout, side)
  return group(drawDistantMoon(pen, 0, -10), `translate(${n(x)} ${n(y)}) scale(${size.toFixed(2)})`)
}

/** The side of the far moon of a longing figure: the one to which it looks if there is room. */
function moonSideOf({ emotion, gaze }: Traits, { head }: Layout, sky: Box): number | undefined {
  if (emotion.fields[1] !== 'longing') return undefined
  const sides = gazeOf(gaze).dx < 0 ? [-1, 1] : [1, -1]
  return sides.find((side) => (side > 0 ? moonX(sky, 1) - 80 > head.right : moonX(sky, -1) + 80 < head.left))
}

/** Units of the frame that a halo is wider than the figure, on each side, and its colour's share of the sky. */
const HALO = { coarse: { width: 22, sky: 0 }, fine: { width: 13, sky: 0.3 } }

/**
 * An edge around the figure of a print: without one the figure runs into the ground. It is light around a dark figure,
 * and dark around a light one. In large cells the outline of the figure is dark enough.
 */
function drawHalo({ hand, palette, surface }: Sheet, { stand, drawFigure }: Layout, light: Light): string {
  const isDark = brightness(palette.body) < brightness(palette.sky)
  const isCoarse = hand.isCoarse === true
  if (isCoarse && !isDark) return ''
  const { width, sky } = isCoarse ? HALO.coarse : HALO.fine
  const color = mixedTone(isDark ? palette.paper : palette.ink, palette.sky, sky)
  const pen = createPen(
    inOneColor(palette, color),
    { shading: 'flat', outline: { role: 'ink', width: (2 * width) / stand.scale } },
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
