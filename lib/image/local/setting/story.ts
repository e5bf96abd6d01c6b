import type { Palette } from '../palette.ts'
import { createPen } from '../pen.ts'
import type { Light, Technique } from '../pen.ts'
import { drawProp, partOf } from '../props.ts'
import { each } from '../repeat.ts'
import type { Surface } from '../surface.ts'
import type { Box } from '../small/outline.ts'
import { ellipse, group, n } from '../svg.ts'
import type { Traits } from '../traits.ts'

/** What a pen is made of. */
interface Kit {
  palette: Palette
  technique: Technique
  light: Light
  surface: Surface
}

/** Where the figure is. */
interface Place {
  x: number
  side: number
  feet: number
  /** The y of the ground before the figure. */
  ground: number
  horizon: number
  /** The box of its face. */
  face: Box
}

/** Half the width of a thing on its own grid, and its height. */
const HALF = 75
const HEIGHT = 150

/** The thing of the trope, in its part: behind the figure in tones of the distance, or before it in full colour. */
export function storyOf(
  kit: Kit,
  traits: Traits,
  { x, side, feet, ground, horizon, face }: Place
): { behind: string; before: string } {
  const { at, scale } = partOf(traits.trope)
  const pens = at === 'before' ? kit.palette : distant(kit.palette)
  const placed = (px: number, py: number, size: number, turn = 0) =>
    group(
      drawProp(penOf(kit, size, pens), traits.trope),
      `translate(${n(px)} ${n(py)}) rotate(${n(turn)}) scale(${size.toFixed(2)})`
    )
  const beside = (away: number, size: number) =>
    Math.max(HALF * size + 40, Math.min(1000 - HALF * size - 40, x + side * away))
  if (at === 'behind') {
    return { behind: placed(beside(330, scale), Math.min(feet - 40, horizon + 70), scale), before: '' }
  }
  if (at === 'aloft') {
    const y = Math.max(300, (face.top + face.bottom) / 2) + (HEIGHT / 2) * scale
    return { behind: placed(beside(320, scale), y, scale, side * 8), before: '' }
  }
  if (at === 'falling') {
    return {
      behind: each(FALLING, ([away, y, size, turn]) => placed(x + away, y, scale * size, turn)),
      before: ''
    }
  }
  // It is beside the face, or as low as it has to be.
  const px = beside(350, scale)
  const isBeside = px - HALF * scale > face.right || px + HALF * scale < face.left
  const most = (ground - face.bottom - 20) / HEIGHT
  const size = isBeside ? scale : Math.max(0.8, Math.min(scale, most))
  const pen = createPen(kit.palette, { shading: 'flat' }, kit.light, kit.surface)
  const shadow = pen.flat(ellipse(px, ground, HALF * size * 1.1, 15), 'ink', 0.28)
  return { behind: '', before: shadow + placed(px, ground, size) }
}

/** Where things fall: away from the middle of the figure, downwards, size and turn. */
const FALLING = [
  [-370, 250, 1, -18],
  [330, 200, 0.8, 14],
  [-290, 470, 0.7, 12],
  [400, 430, 1.1, -10]
] as const

/** A pen whose outline and light stay as they are in a group of this scale. */
function penOf({ technique, light, surface }: Kit, scale: number, palette: Palette) {
  const { outline } = technique
  return createPen(
    palette,
    outline === undefined
      ? technique
      : { ...technique, outline: { ...outline, width: (outline.width / scale) * 1.2 } },
    { dx: light.dx / 2, dy: light.dy / 2 },
    surface
  )
}

/** The colours of things behind the figure, from which it stands out. */
const distant = (palette: Palette): Palette => ({
  ...palette,
  accent: palette.far,
  accentDark: palette.farDark,
  cloth: palette.far,
  clothDark: palette.farDark,
  paper: palette.skyLow,
  ink: palette.farDark,
  groundDark: palette.farDark
})
