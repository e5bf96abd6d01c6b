import { FRAME, PICTURE_SIDE } from './frame.ts'
import { n } from './svg.ts'

/** A shape as a pen draws it, before the transforms of the groups around it. */
export interface Mark {
  /** The text of its path. */
  d: string
  /** Absent for a line. */
  fill?: string
  opacity?: number
  stroke?: { color: string; width: number }
  /** Where it is moved. */
  shift?: { dx: number; dy: number }
  /** The lit part of a solid shape: its colour, and how far the light moves it. */
  lit?: { fill: string; dx: number; dy: number }
}

/** A tile that repeats over a surface; its sides are whole numbers. */
export interface Pattern {
  width: number
  height?: number
  /** Degrees, clockwise. */
  turn?: number
  marks: string
}

/** What a pen draws on. */
export interface Surface {
  /** The text that stands for a mark. */
  add: (mark: Mark) => string
  /** Content that is cut at the edge of a path. */
  cut: (d: string, content: string) => string
  /** A shape that is covered with a pattern. @param name the same for the same pattern */
  cover: (d: string, name: string, pattern: () => Pattern | undefined) => string
  /** Whether it is for a small picture, in which few elements count more than exact ones. */
  isSmall: boolean
  /** The SVG definitions that the marks so far refer to. */
  defs: () => string
}

/**
 * A pattern's definition. The renderer draws a tile of a whole number of pixels once and copies it. It draws any other
 * tile again at each repetition, which takes thirty times as long. So the tile gets a scale that makes it whole pixels.
 * @param texturePixels the size of the picture that the tile is made for
 */
export function tileOf(
  id: string,
  { width, height = width, turn = 0, marks }: Pattern,
  texturePixels: number
): string {
  const scaleOf = (side: number) => {
    const pixels = Math.max(1, Math.round((side * texturePixels) / PICTURE_SIDE))
    return (pixels / side) * (FRAME / texturePixels)
  }
  const [x, y] = [scaleOf(width), scaleOf(height)]
  return (
    `<pattern id="${id}" width="${width}" height="${height}" patternUnits="userSpaceOnUse" ` +
    `patternTransform="scale(${x === y ? x : `${x} ${y}`})${turn === 0 ? '' : ` rotate(${turn})`}">${marks}</pattern>`
  )
}

const opacityOf = (opacity: number | undefined) =>
  opacity === undefined || opacity >= 1 ? '' : ` opacity="${opacity.toFixed(2)}"`

/**
 * A surface whose marks are elements of SVG.
 * @param texturePixels the size of the picture that patterns are made for
 */
export function createSvgSurface(texturePixels = PICTURE_SIDE): Surface {
  const defs: string[] = []
  const patterns = new Map<string, string | undefined>()
  let clips = 0

  function clip(d: string): string {
    clips += 1
    defs.push(`<clipPath id="c${clips}"><path d="${d}"/></clipPath>`)
    return `c${clips}`
  }

  return {
    isSmall: false,
    defs: () => defs.join(''),

    add({ d, fill = 'none', opacity, stroke, shift, lit }) {
      const move = shift === undefined ? '' : ` transform="translate(${n(shift.dx)} ${n(shift.dy)})"`
      const edge =
        stroke === undefined
          ? ''
          : ` stroke="${stroke.color}" stroke-width="${n(stroke.width)}" stroke-linecap="round" stroke-linejoin="round"`
      const shape = (attributes: string) => `<path d="${d}"${attributes}${opacityOf(opacity)}/>`
      if (lit === undefined) return shape(` fill="${fill}"${edge}${move}`)
      return (
        shape(` fill="${fill}"${move}`) +
        `<g clip-path="url(#${clip(d)})"><path d="${d}" fill="${lit.fill}" ` +
        `transform="translate(${n(lit.dx)} ${n(lit.dy)})"/></g>` +
        (stroke === undefined ? '' : shape(` fill="none"${edge}`))
      )
    },

    cut: (d, content) => (content === '' ? '' : `<g clip-path="url(#${clip(d)})">${content}</g>`),

    cover(d, name, pattern) {
      if (!patterns.has(name)) {
        const tile = pattern()
        if (tile !== undefined) defs.push(tileOf(`t${name}`, tile, texturePixels))
        patterns.set(name, tile === undefined ? undefined : `t${name}`)
      }
      const id = patterns.get(name)
      return id === undefined ? '' : `<path d="${d}" fill="url(#${id})"/>`
    }
  }
}
