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

/** How surfaces are drawn: their texture, their outline, their shadow. */
export interface Treatment {
  name: string
  /** The tile for a surface. @param shade the darker tone of the surface */
  texture?: (shade: string, palette: Palette) => Pattern
  outline?: { role: Role; width: number }
  /** Length of a sheet's shadow, as a share of the light's offset. Absent for no shadow. */
  drop?: number
}

/** Creates a treatment; `random` is seeded with the row of the art style. */
export type Technique = (random: Random) => Treatment

export const fill = (d: string, color: string, opacity = 1) =>
  `<path d="${d}" fill="${color}"${opacity < 1 ? ` fill-opacity="${opacity.toFixed(2)}"` : ''}/>`

export const stroke = (d: string, color: string, width: number, opacity = 1) =>
  `<path d="${d}" fill="none" stroke="${color}" stroke-width="${n(width)}" stroke-linecap="round"` +
  `${opacity < 1 ? ` stroke-opacity="${opacity.toFixed(2)}"` : ''}/>`
