import { faceStyle } from './face-style.ts'
import type { FaceStyle } from './face-style.ts'
import type { Palette, Role } from './palette.ts'
import { plainBoxOf } from './small/outline.ts'
import type { Box } from './small/outline.ts'
import { readPath } from './small/path-data.ts'
import type { Pattern, Surface } from './surface.ts'
import { each } from './repeat.ts'
import { path, rectangle } from './svg.ts'
import type { Point } from './svg.ts'
import { brightness } from './tone.ts'

/** The direction of the light: how far a shape's lit part is moved, in units of the frame. */
export interface Light {
  dx: number
  dy: number
}

/** How solid shapes are drawn. */
export interface Technique {
  /**
   * `lit`: two tones, with the light from one side. `flat`: one tone. `split`: two tones that meet in a vertical line.
   * `relief`: one tone between a light edge and a dark edge. `wash`: one tone with a pool of the dark one. `hatch`: one
   * tone with cut lines on the side away from the light.
   */
  shading: 'lit' | 'flat' | 'split' | 'relief' | 'wash' | 'hatch'
  /** Factor of the usual depth of the light. */
  depth?: number
  /** A brush is thick on the side away from the light. */
  outline?: { role: Role; width: number; kind?: 'even' | 'brush' }
  /** Length of a sheet's shadow, as a share of the light's offset. Absent for no shadow. */
  drop?: number
  /** How it draws faces. */
  face?: Partial<FaceStyle>
  /** What it strews over shapes of a role. */
  pattern?: Partial<Record<Role, readonly Strewn[]>>
}

/** Marks that repeat over a shape. They are plain paths: a renderer draws patterns in scaled groups slowly. */
export interface Strewn {
  role: Role
  opacity?: number
  /** The distance of rows and columns, and where the first mark is. */
  step: number
  at: Point
  /** The path of one mark. */
  mark: (x: number, y: number) => string
}

/** The technique in which a figure is measured: its outlines and its face, without light. */
export const flatTechnique = ({ outline, face }: Technique): Technique => ({
  shading: 'flat',
  ...(outline && { outline: { ...outline, kind: 'even' } }),
  ...(face && { face })
})

export type Pen = ReturnType<typeof createPen>

/** The tone of a role on the side away from the light. */
const SHADE: Partial<Record<Role, Role>> = {
  body: 'bodyDark',
  bodyLight: 'body',
  cloth: 'clothDark',
  skin: 'skinDark',
  accent: 'accentDark',
  far: 'farDark',
  ground: 'groundDark',
  paper: 'skyLow',
  skyLow: 'far'
}

/** The brightness below which a colour is too dark for ink. */
const DARK = 0.27

/** Width of the edge of a joined shape where there are no outlines. */
export const JOINED_EDGE = 7

/** Width of the line around merged parts, of which half is seen, as a factor of the outline. */
export const MERGED_EDGE = 1.7

/** Distance and width of cut lines. */
const HATCH = { step: 15, width: 5 }

/** Slanting lines over a box. */
function hatching({ left, top, right, bottom }: Box): string {
  const high = bottom - top
  let d = ''
  for (let x = left - high; x < right; x += HATCH.step) d += path`M${x} ${bottom}l${high} ${-high}`
  return d
}

/** Turns shapes into marks on a surface in one technique. */
export function createPen(palette: Palette, technique: Technique, light: Light, surface: Surface) {
  const { shading, outline, drop, pattern, depth: strength = 1 } = technique
  const shadeOf = (role: Role) => palette[SHADE[role] ?? role]

  /** What lies below a shape: its shadow, and the edge of a brush. */
  function below(d: string): string {
    const shadow =
      drop === undefined
        ? ''
        : surface.add({
            d,
            fill: palette.ink,
            opacity: 0.3,
            shift: { dx: -light.dx * drop, dy: Math.abs(light.dy) * drop }
          })
    if (outline?.kind !== 'brush') return shadow
    const color = palette[outline.role]
    const shift = { dx: -Math.sign(light.dx) * outline.width * 0.55, dy: outline.width * 0.5 }
    return shadow + surface.add({ d, fill: color, stroke: { color, width: outline.width }, shift })
  }

  function tones(d: string, role: Role, depth: number, isEdged = true): string {
    const fill = palette[role]
    const stroke =
      outline === undefined || !isEdged
        ? undefined
        : {
            color: palette[outline.role],
            width: outline.kind === 'brush' ? outline.width * 0.4 : outline.width
          }
    const edge = stroke && { stroke }
    // Two halves break a small form up.
    const isPlain = shading === 'flat' || (shading === 'split' && depth < 0.45)
    if (depth === 0 || isPlain) return surface.add({ d, fill, ...edge })
    if (shading === 'lit' || (shading === 'hatch' && surface.isSmall)) {
      const lit = { fill, dx: light.dx * depth * strength, dy: light.dy * depth * strength }
      return surface.add({ d, fill: shadeOf(role), ...edge, lit })
    }
    if (shading === 'relief') {
      const step = 7 * Math.min(1, depth)
      return (
        surface.add({ d, fill: palette.farDark, shift: { dx: -Math.sign(light.dx) * step, dy: step } }) +
        surface.add({ d, fill: palette.paper, shift: { dx: Math.sign(light.dx) * step, dy: -step } }) +
        surface.add({ d, fill, ...edge })
      )
    }
    const box = plainBoxOf(readPath(d))
    const { left, top, right, bottom } = box
    if (shading === 'hatch') {
      const shift = { dx: light.dx * depth * strength, dy: light.dy * depth * strength }
      const cut = surface.add({ d: hatching(box), stroke: { color: palette.ink, width: HATCH.width } })
      const lit = surface.add({ d, fill, shift })
      return surface.add({ d, fill }) + surface.cut(d, cut + lit) + (stroke ? surface.add({ d, stroke }) : '')
    }
    const share = shading === 'split' ? 0.5 : 0.66
    if (surface.isSmall) {
      if (shading === 'wash') return surface.add({ d, fill, ...edge })
      const lit = { fill, dx: Math.sign(light.dx) * (right - left) * (1 - share), dy: 0 }
      return surface.add({ d, fill: shadeOf(role), ...edge, lit })
    }
    const from = light.dx > 0 ? left - 9 : left + (right - left) * share
    const half = rectangle(from, top - 9, (right - left) * (1 - share) + 9, bottom - top + 18)
    const part = surface.add({ d: half, fill: shadeOf(role), ...(shading === 'wash' && { opacity: 0.45 }) })
    return surface.add({ d, fill }) + surface.cut(d, part) + (stroke ? surface.add({ d, stroke }) : '')
  }

  /** What the technique strews over a shape of a role. */
  function cover(d: string, role: Role): string {
    const strewn = pattern?.[role]
    if (strewn === undefined || surface.isSmall) return ''
    const { left, top, right, bottom } = plainBoxOf(readPath(d))
    return each(strewn, ({ role: color, opacity = 1, step, at: [dx, dy], mark }) => {
      let marks = ''
      for (let y = Math.floor(top / step) * step + dy; y < bottom + step; y += step) {
        for (let x = Math.floor(left / step) * step + dx; x < right + step; x += step) marks += mark(x, y)
      }
      return pen.flat(marks, color, opacity)
    })
  }

  const pen = {
    palette,
    face: faceStyle(technique.face),

    /** Whether the technique draws outlines around shapes. */
    hasOutline: outline !== undefined,

    /** Whether ink can hardly be seen on a colour. */
    isDark: (role: Role): boolean => brightness(palette[role]) < DARK,

    /** A shape in one tone. */
    flat: (d: string, role: Role, opacity = 1): string =>
      surface.add({ d, fill: palette[role], ...(opacity < 1 && { opacity }) }),

    /**
     * A texture over an area of the scene. It is no part of a group with a scale, in which tiles are drawn slowly.
     * @param name the same for the same texture
     */
    texture: (d: string, name: string, tile: Pattern): string => surface.cover(d, name, () => tile),

    /** A line. @param width in units of the frame */
    line: (d: string, role: Role, width: number): string =>
      surface.add({ d, stroke: { color: palette[role], width } }),

    /**
     * A shape with light from one side, and with the outline of the technique.
     * @param depth how round it is: 0 is flat, 1 is usual
     * @param inside what is drawn on the shape and cut at its edge
     */
    solid(
      d: string,
      role: Role,
      { depth = 1, inside = '' }: { depth?: number; inside?: string } = {}
    ): string {
      return below(d) + tones(d, role, depth) + surface.cut(d, cover(d, role) + inside)
    },

    /**
     * A shape that grows out of another one: it has an outline along `edge` only, so that both have one outline.
     * @param edge an open path along the shape
     */
    joined(d: string, edge: string, role: Role, { depth = 1, inside = '' } = {}): string {
      const width = (outline?.kind === 'brush' ? 0.8 : 1) * (outline?.width ?? 0)
      // Where shapes have no outline, one over another of its colour has an edge in its dark tone.
      const line =
        outline === undefined
          ? pen.line(edge, SHADE[role] ?? role, JOINED_EDGE)
          : pen.line(edge, outline.role, width)
      const shadow = outline?.kind === 'brush' ? '' : below(d)
      return shadow + tones(d, role, depth, false) + surface.cut(d, cover(d, role) + inside) + line
    },

    /**
     * A shape of parts that overlap, with one light and one outline around all of it. The parts are drawn clockwise:
     * where one is drawn the other way, their overlap is a hole.
     */
    merged(parts: readonly string[], role: Role, { depth = 1, inside = '' } = {}): string {
      const d = parts.join('')
      const color = outline && palette[outline.role]
      // The fill covers the lines inside, and the inner half of the outline.
      const edge =
        outline === undefined || color === undefined
          ? ''
          : surface.add({
              d,
              stroke: { color, width: (outline.kind === 'brush' ? 0.6 : 1) * outline.width * MERGED_EDGE }
            })
      return below(d) + edge + tones(d, role, depth, false) + surface.cut(d, cover(d, role) + inside)
    },

    /** A limb: a thick rounded line with the light on its upper edge. */
    limb(d: string, role: Role, width: number): string {
      const stroke = (color: string, thick: number) => ({ d, stroke: { color, width: thick } })
      const border = (outline?.kind === 'brush' ? 1.4 : 1) * (outline?.width ?? 0)
      const edge = outline === undefined ? undefined : palette[outline.role]
      // Where the edge has the colour of the limb, it only makes it thicker.
      if (edge === palette[role]) return surface.add(stroke(edge, width + border))
      const rim = edge === undefined ? '' : surface.add(stroke(edge, width + border))
      if (shading === 'flat' || shading === 'wash') return rim + surface.add(stroke(palette[role], width))
      const shift = { dx: Math.sign(light.dx) * width * 0.14, dy: -width * 0.1 }
      return (
        rim +
        surface.add(stroke(shadeOf(role), width)) +
        surface.add({ ...stroke(palette[role], width * 0.62), shift })
      )
    },

    /** The white of an eye with what is in it. @param width of its edge */
    eye: (d: string, inside: string, width: number): string =>
      surface.add({
        d,
        fill: palette.paper,
        ...(width > 0 && { stroke: { color: palette[pen.face.rimRole], width } })
      }) + surface.cut(d, inside),

    /** Cuts content at a shape's edge. */
    within: (d: string, content: string): string => surface.cut(d, content)
  }
  return pen
}
