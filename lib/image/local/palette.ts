import type { DalleDress } from '../../schemas/dress.ts'
import { BLACK, WHITE, contrast, luminance, mix, parseHex, toHex } from '../color.ts'
import type { Rgb } from '../color.ts'
import type { Random } from './random.ts'

/** The colours of a scene as `#rrggbb`. */
export interface Palette {
  skyTop: string
  skyLow: string
  sun: string
  far: string
  middle: string
  near: string
  body: string
  bodyShade: string
  bodyLight: string
  accent: string
  ink: string
  paper: string
}

const MIN_FIGURE_CONTRAST = 1.9

/** Colours from the dress' three: the first for the figure, the second for the land, the third for the sky. */
export function paletteOf (dress: DalleDress, random: Random): Palette {
  const [first, second, third] = ['color1', 'color2', 'color3'].map((name) => colorOf(dress, name) ?? anyColor(random)) as [Rgb, Rgb, Rgb]
  const skyLow = mix(third, WHITE, luminance(third) < 0.35 ? 0.45 : 0.7)
  const land = mix(second, skyLow, 0.12)
  const body = apartFrom(first, mix(skyLow, land, 0.35))
  const ink = mix(BLACK, body, 0.12)
  return {
    skyTop: toHex(mix(third, skyLow, 0.3)),
    skyLow: toHex(skyLow),
    sun: toHex(mix(mix(first, WHITE, 0.55), skyLow, 0.15)),
    far: toHex(mix(land, skyLow, 0.55)),
    middle: toHex(mix(land, skyLow, 0.25)),
    near: toHex(mix(land, BLACK, 0.22)),
    body: toHex(body),
    bodyShade: toHex(mix(body, ink, 0.28)),
    bodyLight: toHex(mix(body, WHITE, 0.5)),
    accent: toHex(mix(second, luminance(body) > 0.4 ? BLACK : WHITE, 0.35)),
    ink: toHex(ink),
    paper: toHex(mix(WHITE, third, 0.06))
  }
}

function colorOf (dress: DalleDress, name: string): Rgb | undefined {
  const row = dress.attributes.find((attribute) => attribute.name === name)?.value ?? ''
  return row.split(',').map((field) => parseHex(field.trim())).find((color) => color !== undefined)
}

function anyColor (random: Random): Rgb {
  return [random.whole(30, 225), random.whole(30, 225), random.whole(30, 225)]
}

/** The colour, made darker or lighter until it stands out from what is behind it. */
function apartFrom (color: Rgb, behind: Rgb): Rgb {
  const towards = luminance(behind) > 0.3 ? BLACK : WHITE
  let apart = color
  for (let share = 0; share < 0.8 && contrast(apart, behind) < MIN_FIGURE_CONTRAST; share += 0.08) apart = mix(color, towards, share)
  return apart
}
