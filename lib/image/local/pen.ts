import type { Palette, Role } from './palette.ts'
import { n } from './svg.ts'
import type { Pattern, Treatment } from './treatments/treatment.ts'

/** Where the light comes from: how far a shape's lit part is moved, in units of the frame. */
export interface Light {
  dx: number
  dy: number
}

export type Pen = ReturnType<typeof createPen>

// A tile of a whole number of pixels is rendered once and copied; any other is drawn anew wherever it lies, thirty times as slowly.
// At this scale a tile of whole units is one of whole pixels when a frame of 1000 units has 1024 of them.
const WHOLE_PIXELS = 1000 / 1024

/** A pattern's definition. */
export function tileOf(id: string, { width, height = width, turn = 0, marks }: Pattern): string {
  return `<pattern id="${id}" width="${width}" height="${height}" patternUnits="userSpaceOnUse" patternTransform="scale(${WHOLE_PIXELS})${turn === 0 ? '' : ` rotate(${turn})`}">${marks}</pattern>`
}

/** The tone of a role on the side away from the light. */
const SHADE: Partial<Record<Role, Role>> = {
  body: 'bodyDark',
  bodyLight: 'body',
  cloth: 'clothDark',
  accent: 'accentDark',
  far: 'farDark',
  ground: 'groundDark',
  paper: 'bodyLight',
  skyLow: 'far'
}

/**
 * Turns shapes into SVG in one hand: every solid shape has two tones with the light from one side, carries the texture and the outline of
 * its treatment, and all lines are of one system.
 */
export function createPen(palette: Palette, treatment: Treatment, light: Light, prefix: string) {
  const defs: string[] = []
  const textures = new Map<Role, string | undefined>()
  let clips = 0

  function texture(role: Role): string | undefined {
    if (!textures.has(role)) {
      const id = `${prefix}-${role}`
      const pattern = treatment.texture?.(palette[SHADE[role] ?? role], palette)
      if (pattern !== undefined) {
        defs.push(tileOf(id, pattern))
      }
      textures.set(role, pattern === undefined ? undefined : id)
    }
    return textures.get(role)
  }

  function clip(d: string): string {
    clips += 1
    const id = `${prefix}${clips}`
    defs.push(`<clipPath id="${id}"><path d="${d}"/></clipPath>`)
    return id
  }

  const pen = {
    palette,

    /** The definitions that the shapes drawn so far refer to. */
    defs: () => defs.join(''),

    /** A shape in one tone. */
    flat(d: string, role: Role, opacity = 1): string {
      return `<path d="${d}" fill="${palette[role]}"${opacity < 1 ? ` fill-opacity="${opacity.toFixed(2)}"` : ''}/>`
    },

    /** A line. @param width in units of the frame */
    line(d: string, role: Role, width: number): string {
      return `<path d="${d}" fill="none" stroke="${palette[role]}" stroke-width="${n(width)}" stroke-linecap="round" stroke-linejoin="round"/>`
    },

    /**
     * A shape of some size: lit from one side, textured, outlined as the treatment wants it.
     * @param depth how round it is: 0 is flat, 1 as usual
     * @param inside what is drawn on it and cut at its edge
     */
    solid(
      d: string,
      role: Role,
      { depth = 1, inside = '' }: { depth?: number; inside?: string } = {}
    ): string {
      const id = clip(d)
      const marks = texture(role)
      const shade = palette[SHADE[role] ?? role]
      const [dx, dy] = [n(light.dx * depth), n(light.dy * depth)]
      const drop =
        treatment.drop === undefined
          ? ''
          : `<path d="${d}" fill="${palette.ink}" opacity="0.22" transform="translate(${n(-light.dx * treatment.drop)} ${n(Math.abs(light.dy) * treatment.drop)})"/>`
      const tones =
        depth === 0
          ? `<path d="${d}" fill="${palette[role]}"/>`
          : `<path d="${d}" fill="${shade}"/><g clip-path="url(#${id})"><path d="${d}" fill="${palette[role]}" transform="translate(${dx} ${dy})"/></g>`
      const cover = marks === undefined ? '' : `<path d="${d}" fill="url(#${marks})"/>`
      const outline =
        treatment.outline === undefined
          ? ''
          : `<path d="${d}" fill="none" stroke="${palette[treatment.outline.role]}" stroke-width="${n(treatment.outline.width)}" stroke-linejoin="round"/>`
      return (
        drop + tones + cover + (inside === '' ? '' : `<g clip-path="url(#${id})">${inside}</g>`) + outline
      )
    },

    /** A limb: a thick rounded line with the light on its upper edge. */
    limb(d: string, role: Role, width: number): string {
      const shade = palette[SHADE[role] ?? role]
      const outline =
        treatment.outline === undefined
          ? ''
          : `<path d="${d}" fill="none" stroke="${palette[treatment.outline.role]}" stroke-width="${n(width + 2 * treatment.outline.width)}" stroke-linecap="round" stroke-linejoin="round"/>`
      const stroke = (color: string, thick: number, transform = '') =>
        `<path d="${d}" fill="none" stroke="${color}" stroke-width="${n(thick)}" stroke-linecap="round" stroke-linejoin="round"${transform}/>`
      return (
        outline +
        stroke(shade, width) +
        stroke(
          palette[role],
          width * 0.62,
          ` transform="translate(${n(Math.sign(light.dx) * width * 0.14)} ${n(-width * 0.1)})"`
        )
      )
    },

    /** What is drawn inside a shape only. */
    within(d: string, content: string): string {
      return `<g clip-path="url(#${clip(d)})">${content}</g>`
    }
  }
  return pen
}
