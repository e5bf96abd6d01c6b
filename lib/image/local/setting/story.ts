import type { Palette } from '../palette.ts'
import { createPen } from '../pen.ts'
import type { Light, Technique } from '../pen.ts'
import { drawProp, partOf } from '../props.ts'
import { repeat } from '../repeat.ts'
import type { Surface } from '../surface.ts'
import type { Box } from '../small/outline.ts'
import { group, n } from '../svg.ts'
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
  horizon: number
  /** The box of its face. */
  face: Box
}

/** Half the height of a thing on its own grid. */
const HALF = 75
/** The y of a thing before the figure. */
const GROUND = 985

/** The thing of the trope, in its part: behind the figure in tones of the distance, or before it in full colour. */
export function storyOf(
  kit: Kit,
  traits: Traits,
  { x, side, feet, horizon, face }: Place
): { behind: string; before: string } {
  const { at, scale } = partOf(traits.trope)
  const placed = (px: number, py: number, size: number, turn = 0) =>
    group(
      drawProp(penOf(kit, size, at === 'before' ? kit.palette : distant(kit.palette)), traits.trope),
      `translate(${n(px)} ${n(py)}) rotate(${n(turn)}) scale(${size.toFixed(2)})`
    )
  switch (at) {
    case 'before':
      return before(placed, scale, { x, side, face })
    case 'behind':
      return { behind: placed(x + side * 150, Math.min(feet - 30, horizon + 90), scale), before: '' }
    case 'aloft':
      return {
        behind: placed(
          x + side * 90,
          Math.max(300, (face.top + face.bottom) / 2) + HALF * scale,
          scale,
          side * 8
        ),
        before: ''
      }
    case 'falling': {
      const random = traits.random('story')
      return {
        behind: repeat(6, (index) => {
          const away = index % 2 === 0 ? -1 : 1
          return placed(
            x + away * random.between(230, 430),
            180 + index * 105,
            scale * random.between(0.75, 1.25),
            random.between(-30, 30)
          )
        }),
        before: ''
      }
    }
  }
}

/** A thing before the figure. It is beside the face, or as low as it has to be. */
function before(
  placed: (x: number, y: number, size: number) => string,
  scale: number,
  { x, side, face }: Pick<Place, 'x' | 'side' | 'face'>
): { behind: string; before: string } {
  const at = Math.max(170, Math.min(830, x + side * 240))
  const isBeside = at - HALF * scale > face.right || at + HALF * scale < face.left
  const most = (GROUND - face.bottom - 20) / (2 * HALF)
  return { behind: '', before: placed(at, GROUND, isBeside ? scale : Math.max(0.8, Math.min(scale, most))) }
}

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
  cloth: palette.farDark,
  clothDark: palette.farDark,
  paper: palette.skyLow,
  ink: palette.farDark,
  groundDark: palette.farDark
})
