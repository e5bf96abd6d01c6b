import { FRAME } from '../frame.ts'
import { createKeptRandom } from '../random.ts'
import { n, polygon } from '../svg.ts'
import { shifted } from '../tone.ts'
import { areasOf, depthsOf } from './depths.ts'
import type { Grid } from './grid.ts'
import { createLayers, eachRun, sheet } from './layers.ts'

/** Sets a scene in another way: the SVG of a grid of colours. A face is set over a scene, in the cells that it has. */
export interface Print {
  side: number
  /** @param isWhole whether what lies below the cells is all of the picture, though some cells are empty */
  draw: (grid: Grid, isWhole?: boolean) => string
}

const strokeOf = (color: string) => `stroke="${color}"`

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
/** Widths of dots, in cells. The first is for dots beside an edge. */
const DOT_WIDTHS = [0.8, 1.05, 1.25, 1.45] as const

const stoneStyle = (color: string, tone: number) => `fill="${shifted(color, STONES[tone]!)}"`

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

/**
 * Dots of pure colour side by side, some of them lighter or darker than the area. The drawing lies below them and keeps
 * its edges.
 */
export function dots(side: number): Print {
  return {
    side,
    draw(grid) {
      const random = createKeptRandom('dots')
      const layers = createLayers()
      const unit = FRAME / side
      const count = side * side
      const widths = DOT_WIDTHS.length
      const styleOf = (color: string, variant: number) => {
        const tone = shifted(color, DOTS[Math.floor(variant / widths)]!)
        return `stroke="${tone}" stroke-width="${n(unit * DOT_WIDTHS[variant % widths]!)}"`
      }
      const depths = depthsOf(side, areasOf(grid))
      for (let index = 0; index < count; index += 1) {
        const at = (index * 7919) % count
        const color = grid.colors[at]!
        if (color === '') continue
        const [right, down] = [random.between(-0.3, 0.3), random.between(-0.3, 0.3)]
        const tone = random.whole(0, DOTS.length - 1)
        const width = random.whole(1, widths - 1)
        // Beside an edge of the drawing below, a dot stays inside of its area.
        const isBesideEdge = depths[at]! < 1
        const x = ((at % side) + 0.5 + (isBesideEdge ? 0 : right)) * unit
        const y = (Math.floor(at / side) + 0.5 + (isBesideEdge ? 0 : down)) * unit
        const variant = tone * widths + (isBesideEdge ? 0 : width)
        layers.add(color, variant, `M${n(x)} ${n(y)}h0`, styleOf)
      }
      return `<g fill="none" stroke-linecap="round">${layers.svg()}</g>`
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
