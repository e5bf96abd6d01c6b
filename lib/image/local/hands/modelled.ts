import { asDrawn } from '../grid/prints.ts'
import { strokes } from '../grid/strokes.ts'
import type { Brush } from '../grid/strokes.ts'
import type { Hand } from './hand.ts'

/** How many cells a row has in which the strokes of a figure are placed. */
export const FIGURE_SIDE = 200

/** A figure in strokes of a brush, with light and shade of a round thing, before a ground and with a face without. */
export const modelled = (brush: Brush): Pick<Hand, 'print' | 'finePrints' | 'isPainted'> => ({
  print: () => asDrawn,
  finePrints: () => ({ figure: strokes(FIGURE_SIDE, brush), face: asDrawn }),
  isPainted: true
})
