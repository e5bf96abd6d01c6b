import { FRAME } from '../frame.ts'
import { createKeptRandom } from '../random.ts'
import { n, polygon } from '../svg.ts'
import { shifted } from '../tone.ts'
import type { Grid } from './grid.ts'

/** Sets a scene in another way: the SVG of a grid of colours. A face is set over a scene, in the cells that it has. */
export interface Print {
  side: number
  /** @param isWhole whether what lies below the cells is all of the picture, though some cells are empty */
  draw: (grid: Grid, isWhole?: boolean) => string
}

/** What lies below the cells, in one colour. */
function sheet({ side, colors }: Grid, color: string, isWhole = false): string {
  if (isWhole || !colors.includes('')) return `<path fill="${color}" d="M0 0h1000v1000h-1000z"/>`
  let d = ''
  eachRun({ side, colors: colors.map((cell) => (cell === '' ? '' : color)) }, (column, row, length) => {
    d += `M${column} ${row}h${length}v1h-${length}z`
  })
  return `<path fill="${color}" transform="scale(${FRAME / side})" d="${d}"/>`
}

const below = (grid: Grid, ground: string | undefined, isWhole?: boolean) =>
  ground === undefined ? '' : sheet(grid, ground, isWhole)

/** A path of one style. */
interface Layer {
  style: string
  d: string
}

/** Paths by their attributes, so that each style is one element. */
function createLayers() {
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

const strokeOf = (color: string) => `stroke="${color}"`

/** Calls `visit` for each run of cells of one colour in a row. Empty cells have no colour. */
function eachRun(
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

/** How cells are drawn as strokes along their rows. Lengths are in cells. */
interface Thread {
  width: number
  /** The part of a cell that is drawn, and the gap after it. */
  dash?: readonly [number, number]
  cap?: 'round'
  ground?: string
}

/** Cells as strokes: those of one colour are one path, and each run in a row is one line of it. */
function threads(side: number, { width, dash, cap, ground }: Thread): Print {
  return {
    side,
    draw(grid, isWhole) {
      const layers = createLayers()
      const inset = dash === undefined ? 0 : dash[1] / 2
      eachRun(grid, (column, row, length, color) =>
        layers.add(color, 0, `M${column} ${row}h${length}`, strokeOf)
      )
      const style =
        (cap === undefined ? '' : ` stroke-linecap="${cap}"`) +
        (dash === undefined ? ' shape-rendering="crispEdges"' : ` stroke-dasharray="${dash[0]} ${dash[1]}"`)
      return (
        (ground === undefined ? '' : sheet(grid, ground, isWhole)) +
        `<g fill="none" stroke-width="${width}"${style} ` +
        `transform="scale(${FRAME / side}) translate(${inset} .5)">${layers.svg()}</g>`
      )
    }
  }
}

/** Square pixels. */
export const pixels = (side: number): Print => threads(side, { width: 1 })

/** Prints of small pictures, in which single strokes cannot be seen. */
export const smallTesserae = (mortar: string): Print =>
  threads(44, { width: 0.86, dash: [0.86, 0.14], ground: mortar })
export const smallCrosses = (linen: string): Print =>
  threads(48, { width: 0.94, dash: [0.94, 0.06], ground: linen })
export const smallDots = (ground: string): Print =>
  threads(44, { width: 1.2, dash: [0.01, 0.99], cap: 'round', ground })
export const smallDabs = (): Print => threads(46, { width: 1.3, dash: [1.4, 0.1], cap: 'round' })

/** How much lighter or darker stones and dots are than the area. */
const STONES = [-15, 0, 15] as const
const DOTS = [-20, -8, 0, 0, 10, 24] as const
/** The same for the channels of a dab: shade is cooler, and light is warmer. */
const DABS: ReadonlyArray<readonly [red: number, green: number, blue: number]> = [
  [-18, -13, 2],
  [-9, -6, 4],
  [0, 0, 0],
  [2, -3, -5],
  [10, 7, -1],
  [20, 13, 2]
]
/** Widths of dots, in cells. */
const DOT_WIDTHS = [1.05, 1.25, 1.45] as const

const stoneStyle = (color: string, tone: number) => `fill="${shifted(color, STONES[tone]!)}"`
const dabStyle = (color: string, tone: number) => `fill="${shifted(color, ...DABS[tone]!)}"`

/**
 * Tesserae: uneven stones in three tones of each colour, set in dark mortar.
 * @param most the widest gap beside a stone, in cells
 */
export function tesserae(side: number, mortar: string, most = 0.1): Print {
  return {
    side,
    draw(grid, isWhole) {
      const random = createKeptRandom('tesserae')
      const layers = createLayers()
      const unit = FRAME / side
      grid.colors.forEach((color, at) => {
        if (color === '') return
        const [x, y] = [(at % side) * unit, Math.floor(at / side) * unit]
        const gap = () => unit * random.between(0.01, most)
        const [left, top, right, bottom] = [x + gap(), y + gap(), x + unit - gap(), y + unit - gap()]
        const slant = unit * random.between(-0.06, 0.06)
        const d = polygon(
          [left, top + slant],
          [right + slant, top],
          [right, bottom - slant],
          [left - slant, bottom]
        )
        layers.add(color, random.whole(0, STONES.length - 1), d, stoneStyle)
      })
      return sheet(grid, mortar, isWhole) + layers.svg()
    }
  }
}

/** Dots of pure colour side by side, some of them warmer, cooler, lighter or darker than the area. */
export function dots(side: number, ground?: string): Print {
  return {
    side,
    draw(grid, isWhole) {
      const random = createKeptRandom('dots')
      const layers = createLayers()
      const unit = FRAME / side
      const count = side * side
      const widths = DOT_WIDTHS.length
      const styleOf = (color: string, variant: number) => {
        const tone = shifted(color, DOTS[Math.floor(variant / widths)]!)
        return `stroke="${tone}" stroke-width="${n(unit * DOT_WIDTHS[variant % widths]!)}"`
      }
      for (let index = 0; index < count; index += 1) {
        const at = (index * 7919) % count
        const color = grid.colors[at]!
        if (color === '') continue
        const x = ((at % side) + 0.5) * unit + random.between(-0.3, 0.3) * unit
        const y = (Math.floor(at / side) + 0.5) * unit + random.between(-0.3, 0.3) * unit
        const variant = random.whole(0, DOTS.length - 1) * widths + random.whole(0, widths - 1)
        layers.add(color, variant, `M${n(x)} ${n(y)}h0`, styleOf)
      }
      return below(grid, ground, isWhole) + `<g fill="none" stroke-linecap="round">${layers.svg()}</g>`
    }
  }
}

/**
 * A stroke with straight ends as an area, which a renderer fills much faster than it draws lines.
 * @param reach half its length and `rise` half its height, to the right and downwards from its middle
 */
function bar(x: number, y: number, reach: number, rise: number, half: number): string {
  const length = Math.hypot(reach, rise)
  const [dx, dy] = [(-rise / length) * half, (reach / length) * half]
  return (
    `M${n(x - reach + dx)} ${n(y - rise + dy)}L${n(x + reach + dx)} ${n(y + rise + dy)}` +
    `L${n(x + reach - dx)} ${n(y + rise - dy)}L${n(x - reach - dx)} ${n(y - rise - dy)}Z`
  )
}

/**
 * Strokes of a broad brush that follow the edges of shapes and slant in the areas between them.
 * @param long the length of a stroke, in cells
 */
export function dabs(side: number, long: number, ground?: string): Print {
  return {
    side,
    draw(grid, isWhole) {
      const random = createKeptRandom('dabs')
      const layers = createLayers()
      const unit = FRAME / side
      eachRun(grid, (column, row, length, color) => {
        for (let at = 0; at < length; at += long) {
          const x = (column + at + (long - 1) / 2) * unit + random.between(-0.4, 0.4) * unit
          const y = (row + 0.5) * unit + random.between(-0.4, 0.4) * unit
          const isInner = at > 0 && at < length - long
          const reach = unit * (isInner ? random.between(0.8, 1.5) : 0.35)
          const rise = unit * (isInner ? random.between(-0.9, 0.3) : random.between(-0.5, 0.5))
          const d = bar(x, y, reach + unit * (long / 2 - 0.5), rise, unit * (isInner ? 0.85 : 0.7))
          layers.add(color, random.whole(0, DABS.length - 1), d, dabStyle)
        }
      })
      return below(grid, ground, isWhole) + layers.svg()
    }
  }
}

/** The thread on top, or the darker one below it. */
const threadStyle = (color: string, thread: number) => strokeOf(thread === 0 ? color : shifted(color, -12))

/** Cross-stitches on linen: two threads a cell. */
export function crosses(side: number, linen: string): Print {
  return {
    side,
    draw(grid, isWhole) {
      const layers = createLayers()
      const unit = FRAME / side
      eachRun(grid, (column, row, length, color) => {
        for (let at = 0; at < length; at += 1) {
          const [x, y] = [(column + at) * unit + unit * 0.08, row * unit + unit * 0.08]
          const w = n(unit * 0.84)
          layers.add(color, 1, `M${n(x)} ${n(y)}l${w} ${w}`, threadStyle)
          layers.add(color, 0, `M${n(x)} ${n(y + unit * 0.84)}l${w} -${w}`, threadStyle)
        }
      })
      return (
        sheet(grid, linen, isWhole) + `<g fill="none" stroke-width="${n(unit * 0.5)}">${layers.svg()}</g>`
      )
    }
  }
}
