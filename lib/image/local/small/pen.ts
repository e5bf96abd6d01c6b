import type { Palette } from '../palette.ts'
import { SHADE } from '../pen.ts'
import type { Light, Pen } from '../pen.ts'
import type { Treatment } from '../treatments/treatment.ts'

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

/**
 * A pen that draws the same shapes as the usual one without textures. It keeps them in `marks`, because most are joined
 * or left out later. What it returns stands for them: `<1>` for a mark, and `<cut 1>…</g>` for what the path of a mark
 * cuts.
 */
export function createSmallPen(palette: Palette, treatment: Treatment, light: Light, marks: Mark[]): Pen {
  const add = (mark: Mark): string => `<${marks.push(mark) - 1}>`
  const cut = (d: string, content: string): string =>
    content === '' ? '' : `<cut ${marks.push({ d }) - 1}>${content}</g>`
  const { outline, drop } = treatment

  return {
    palette,
    defs: () => '',
    flat: (d, role, opacity = 1) => add({ d, fill: palette[role], opacity }),
    line: (d, role, width) => add({ d, stroke: { color: palette[role], width } }),

    solid(d, role, { depth = 1, inside = '' } = {}) {
      const shadow =
        drop === undefined
          ? ''
          : add({
              d,
              fill: palette.ink,
              opacity: 0.22,
              shift: { dx: -light.dx * drop, dy: Math.abs(light.dy) * drop }
            })
      const shape = add({
        d,
        fill: palette[depth === 0 ? role : (SHADE[role] ?? role)],
        ...(outline !== undefined && {
          stroke: { color: palette[outline.role], width: outline.width }
        }),
        ...(depth !== 0 && { lit: { fill: palette[role], dx: light.dx * depth, dy: light.dy * depth } })
      })
      return shadow + shape + cut(d, inside)
    },

    limb(d, role, width) {
      const stroke = (color: string, thick: number) => ({ d, stroke: { color, width: thick } })
      const edge = outline === undefined ? '' : add(stroke(palette[outline.role], width + 2 * outline.width))
      const shift = { dx: Math.sign(light.dx) * width * 0.14, dy: -width * 0.1 }
      const shade = add(stroke(palette[SHADE[role] ?? role], width))
      return edge + shade + add({ ...stroke(palette[role], width * 0.62), shift })
    },

    eye(d, inside, width) {
      return add({ d, fill: '#fff', stroke: { color: palette.ink, width } }) + cut(d, inside)
    },

    within: cut
  }
}
