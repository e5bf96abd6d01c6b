import { strokes } from '../grid/strokes.ts'
import type { Brush } from '../grid/strokes.ts'
import type { Paint } from './hand.ts'

/** How many cells a row has in which the strokes of a figure are placed. */
export const FIGURE_SIDE = 200

/** Strokes of a brush on the figure only, with the light and shade of a round thing. */
export const modelled = (brush: Brush): Paint => ({ figure: strokes(FIGURE_SIDE, brush) })
