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

/** What a pen draws on. */
export interface Surface {
  /** The text that stands for a mark. */
  add: (mark: Mark) => string
  /** Content that is cut at the edge of a path. */
  cut: (d: string, content: string) => string
  /** Whether it is for a small picture, in which few elements count more than exact ones. */
  isSmall: boolean
  /** The SVG definitions that the marks so far refer to. */
  defs: () => string
}

const opacityOf = (opacity: number | undefined) =>
  opacity === undefined || opacity >= 1 ? '' : ` opacity="${opacity.toFixed(2)}"`

/** A surface whose marks are elements of SVG. */
export function createSvgSurface(): Surface {
  const defs: string[] = []
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

    cut: (d, content) => (content === '' ? '' : `<g clip-path="url(#${clip(d)})">${content}</g>`)
  }
}
