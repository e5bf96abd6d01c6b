import { FRAME } from '../frame.ts'
import type { Grid } from './grid.ts'

/** What lies below the cells, in one colour. */
export function sheet({ side, colors }: Grid, color: string, isWhole = false): string {
  if (isWhole || !colors.includes('')) return `<path fill="${color}" d="M0 0h1000v1000h-1000z"/>`
  let d = ''
  eachRun({ side, colors: colors.map((cell) => (cell === '' ? '' : color)) }, (column, row, length) => {
    d += `M${column} ${row}h${length}v1h-${length}z`
  })
  return `<path fill="${color}" transform="scale(${FRAME / side})" d="${d}"/>`
}

/** A path of one style. */
interface Layer {
  style: string
  d: string
}

/** Paths by their attributes, so that each style is one element. */
export function createLayers() {
  const layers = new Map<string, Layer>()
  /** The layers of each colour: to make the style of each cell anew takes as long as the rest. */
  const variants = new Map<string, Layer[]>()

  function layerOf(style: string): Layer {
    const known = layers.get(style)
    if (known !== undefined) return known
    const layer = { style, d: '' }
    layers.set(style, layer)
    return layer
  }

  return {
    /**
     * Adds to the path of a colour's style.
     * @param variant a small number, the same for the same style of the colour
     */
    add(color: string, variant: number, d: string, styleOf: (color: string, variant: number) => string) {
      let known = variants.get(color)
      if (known === undefined) variants.set(color, (known = []))
      const layer = (known[variant] ??= layerOf(styleOf(color, variant)))
      layer.d += d
    },
    svg: () => [...layers.values()].map(({ style, d }) => `<path ${style} d="${d}"/>`).join('')
  }
}

/** Calls `visit` for each run of cells of one colour in a row. Empty cells have no colour. */
export function eachRun(
  { side, colors }: Grid,
  visit: (column: number, row: number, length: number, color: string) => void
): void {
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side;) {
      const color = colors[row * side + column]!
      let end = column + 1
      while (end < side && colors[row * side + end] === color) end += 1
      if (color !== '') visit(column, row, end - column, color)
      column = end
    }
  }
}
