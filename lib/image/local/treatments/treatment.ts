import type { Palette, Role } from '../palette.ts'
import type { Random } from '../random.ts'
import { n } from '../svg.ts'

/** A tile that repeats over a surface; its sides are whole numbers. */
export interface Pattern {
  width: number
  height?: number
  /** Degrees, clockwise. */
  turn?: number
  marks: string
}

/** How surfaces are worked: what lies on them, how their edges are drawn, whether they cast a shadow. */
export interface Treatment {
  name: string
  /** The tile for a surface. @param shade the tone beside the surface's own */
  texture?: (shade: string, palette: Palette) => Pattern
  outline?: { role: Role; width: number }
  /** How far the shadow of a cut sheet falls, as a share of the light's way. */
  drop?: number
}

/** Makes a treatment. */
export type Technique = (random: Random) => Treatment

export const fill = (d: string, color: string, opacity = 1) =>
  `<path d="${d}" fill="${color}"${opacity < 1 ? ` fill-opacity="${opacity.toFixed(2)}"` : ''}/>`

export const stroke = (d: string, color: string, width: number, opacity = 1) =>
  `<path d="${d}" fill="none" stroke="${color}" stroke-width="${n(width)}" stroke-linecap="round"` +
  `${opacity < 1 ? ` stroke-opacity="${opacity.toFixed(2)}"` : ''}/>`
