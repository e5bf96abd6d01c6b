import type { Palette, Role } from './palette.ts'
import { n } from './svg.ts'
import type { Pattern, Treatment } from './treatments/treatment.ts'

/** The direction of the light: how far a shape's lit part is moved, in units of the frame. */
export interface Light {
  dx: number
  dy: number
}

export type Pen = ReturnType<typeof createPen>

/** Side of the square of a scene in units; the SVG scales to any size in pixels. */
export const FRAME = 1000
/** Pixels of the side of a picture. In a picture of this size, a unit of a tile is a pixel. */
export const PICTURE_SIDE = 1024

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

/** The tone of a role on the side away from the light. */
export const SHADE: Partial<Record<Role, Role>> = {
  body: 'bodyDark',
  bodyLight: 'body',
  cloth: 'clothDark',
  accent: 'accentDark',
  far: 'farDark',
  ground: 'groundDark',
  paper: 'bodyLight',
  skyLow: 'far'
}

/** The attributes of a stroke with round ends. */
const strokeOf = (color: string, width: number, caps: 'ends' | 'joins' = 'ends'): string =>
  `fill="none" stroke="${color}" stroke-width="${n(width)}"` +
  `${caps === 'ends' ? ' stroke-linecap="round"' : ''} stroke-linejoin="round"`

/**
 * Turns shapes into SVG in one style: each solid shape has two tones with the light from one side, and has the texture
 * and the outline of its treatment.
 * @param prefix of the ids in `defs()`, so that two pens can draw in one picture
 * @param texturePixels the size of the picture that textures are made for
 */
export function createPen(
  palette: Palette,
  treatment: Treatment,
  light: Light,
  prefix: string,
  texturePixels = PICTURE_SIDE
) {
  const defs: string[] = []
  const textures = new Map<Role, string | undefined>()
  let clips = 0

  function texture(role: Role): string | undefined {
    if (!textures.has(role)) {
      const id = `${prefix}-${role}`
      const pattern = treatment.texture?.(palette[SHADE[role] ?? role], palette)
      if (pattern !== undefined) {
        defs.push(tileOf(id, pattern, texturePixels))
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

    /** The SVG definitions that the shapes drawn so far refer to. */
    defs: () => defs.join(''),

    /** A shape in one tone. */
    flat(d: string, role: Role, opacity = 1): string {
      return `<path d="${d}" fill="${palette[role]}"${opacity < 1 ? ` fill-opacity="${opacity.toFixed(2)}"` : ''}/>`
    },

    /** A line. @param width in units of the frame */
    line(d: string, role: Role, width: number): string {
      return `<path d="${d}" ${strokeOf(palette[role], width)}/>`
    },

    /**
     * A shape with light from one side, and with the texture and the outline of the treatment.
     * @param depth how round it is: 0 is flat, 1 is usual
     * @param inside SVG drawn on the shape and cut at its edge
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
          : `<path d="${d}" fill="${palette.ink}" opacity="0.22" ` +
            `transform="translate(${n(-light.dx * treatment.drop)} ${n(Math.abs(light.dy) * treatment.drop)})"/>`
      const tones =
        depth === 0
          ? `<path d="${d}" fill="${palette[role]}"/>`
          : `<path d="${d}" fill="${shade}"/><g clip-path="url(#${id})">` +
            `<path d="${d}" fill="${palette[role]}" transform="translate(${dx} ${dy})"/></g>`
      const cover = marks === undefined ? '' : `<path d="${d}" fill="url(#${marks})"/>`
      const outline =
        treatment.outline === undefined
          ? ''
          : `<path d="${d}" ${strokeOf(palette[treatment.outline.role], treatment.outline.width, 'joins')}/>`
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
          : `<path d="${d}" ${strokeOf(palette[treatment.outline.role], width + 2 * treatment.outline.width)}/>`
      const stroke = (color: string, thick: number, transform = '') =>
        `<path d="${d}" ${strokeOf(color, thick)}${transform}/>`
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

    /** The white of an eye with what is in it. @param width of its edge */
    eye(d: string, inside: string, width: number): string {
      return (
        `<path d="${d}" fill="#fff"/>${pen.within(d, inside)}` +
        `<path d="${d}" fill="none" stroke="${palette.ink}" stroke-width="${n(width)}"/>`
      )
    },

    /** Cuts content at a shape's edge. */
    within(d: string, content: string): string {
      return `<g clip-path="url(#${clip(d)})">${content}</g>`
    }
  }
  return pen
}
