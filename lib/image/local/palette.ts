import { loadLater } from '../../load-later.ts'
import { parseHex, toHex } from '../color.ts'
import type { Trait, Traits } from './traits.ts'

const culori = loadLater<typeof import('culori')>('culori')

/** A colour in Björn Ottosson's OKLCH: lightness (0 to 1), chroma (0 to about 0.3) and hue (degrees). */
interface Tone {
  l: number
  c: number
  h: number
}

/** The colours of a picture as `#rrggbb`: five hues at most, each with a tone for the shade and one for the light. */
export interface Palette {
  /** The area furthest back. */
  sky: string
  skyLow: string
  /** The landmark in the distance. */
  far: string
  farDark: string
  /** The ground that the figure stands on. */
  ground: string
  groundDark: string
  body: string
  bodyDark: string
  bodyLight: string
  cloth: string
  clothDark: string
  /** For small things only: lamps, ribbons, cheeks. */
  accent: string
  accentDark: string
  ink: string
  paper: string
  isNight: boolean
}

export type Role = Exclude<keyof Palette, 'isNight'>

/** Words of a limit of colours. Without a limit there are five hues. */
const LIMITS: Array<[RegExp, number]> = [
  [/\b(?:one|1|single|mono)/, 1],
  [/\b(?:two|2|duo|couple)/, 2],
  [/\b(?:three|3)/, 3],
  [/\b(?:four|4)/, 4]
]

/**
 * The first colour of the dress is for the figure, the second for its clothes, the third for the background. The role
 * of a colour sets its lightness, so that the figure always contrasts with the background. Chroma stays in the range
 * of printed inks.
 */
export function paletteOf(traits: Traits): Palette {
  const hues = LIMITS.find(([words]) => words.test(traits.colorLimit))?.[1] ?? 5
  const [first, second, third] = [toneOf(traits.color1), toneOf(traits.color2), toneOf(traits.color3)]
  const figure = first
  const dress = hues === 1 ? first : hues === 2 ? third : apartFrom(second, first)
  const back = hues === 1 ? first : third
  const sparkHue = hues >= 4 ? warmOpposite(figure, back) : hues === 3 ? dress : figure
  const isNight = third.l < 0.42 || (third.l < 0.62 && traits.random('night').chance(0.35))

  const tone = (color: Tone, l: number, most: number, least = 0) =>
    hex({ l, c: color.c < 0.02 ? color.c : Math.min(most, Math.max(least, color.c)), h: color.h })
  const bright = figure.l > 0.7
  const bodyL = isNight ? (bright ? 0.84 : 0.7) : bright ? 0.6 : figure.l < 0.35 ? 0.43 : 0.52
  const clothL = isNight ? (bodyL > 0.78 ? 0.56 : 0.9) : bodyL >= 0.6 ? 0.34 : bodyL < 0.5 ? 0.72 : 0.84
  const sky = isNight ? 0.29 : 0.92
  const ground = isNight ? 0.2 : 0.77
  return {
    sky: tone(back, sky, isNight ? 0.07 : 0.05, 0.02),
    skyLow: tone(back, isNight ? 0.38 : 0.86, isNight ? 0.09 : 0.08, 0.03),
    far: tone(back, isNight ? 0.46 : 0.77, 0.09, 0.04),
    farDark: tone(back, isNight ? 0.4 : 0.69, 0.1, 0.04),
    ground: tone(hues <= 2 ? back : mixed(back, dress), ground, 0.08, 0.03),
    groundDark: tone(hues <= 2 ? back : mixed(back, dress), ground - 0.09, 0.09, 0.03),
    body: tone(figure, bodyL, 0.15, 0.09),
    bodyDark: tone(figure, bodyL - 0.13, 0.14, 0.08),
    bodyLight: tone(figure, Math.min(0.95, bodyL + 0.25), 0.07, 0.03),
    cloth: tone(dress, clothL, 0.15, 0.07),
    clothDark: tone(dress, clothL - 0.13, 0.14, 0.07),
    accent: tone(sparkHue, isNight ? 0.8 : 0.68, 0.18, 0.14),
    accentDark: tone(sparkHue, isNight ? 0.66 : 0.54, 0.17, 0.12),
    ink: tone(figure, isNight ? 0.14 : 0.19, 0.04),
    paper: tone(back, 0.975, 0.014),
    isNight
  }
}

/** The colour of a row, read from its code. A row without a code gets a colour from its own random numbers. */
function toneOf(trait: Trait): Tone {
  const rgb = trait.fields.map(parseHex).find((color) => color !== undefined)
  const toOklch = culori().converter('oklch')
  const { l, c, h } = toOklch(
    rgb === undefined ? { mode: 'oklch', l: 0.6, c: 0.12, h: trait.random().between(0, 360) } : toHex(rgb)
  )!
  return { l, c, h: h ?? 0 }
}

const MIN_HUE_DEGREES = 32

/** The colour with its hue moved away from another colour's hue, so that cloth and body differ. */
function apartFrom(color: Tone, other: Tone): Tone {
  const away = ((color.h - other.h + 540) % 360) - 180
  if (color.c < 0.02 || other.c < 0.02 || Math.abs(away) >= MIN_HUE_DEGREES) return color
  return { ...color, h: other.h + (away < 0 ? -MIN_HUE_DEGREES : MIN_HUE_DEGREES) }
}

function mixed(a: Tone, b: Tone): Tone {
  const turn = ((b.h - a.h + 540) % 360) - 180
  return { l: (a.l + b.l) / 2, c: Math.min(a.c, b.c), h: a.h + turn * 0.3 }
}

/** A contrasting hue: of three hues opposite the figure's, the one nearest to amber, which suits lamps and beaks. */
function warmOpposite(figure: Tone, back: Tone): Tone {
  const base = figure.c < 0.02 ? back.h : figure.h
  const distance = (hue: number) => Math.abs(((hue - 65 + 540) % 360) - 180)
  const hue = [base + 125, base - 125, base + 180].sort((a, b) => distance(a) - distance(b))[0]!
  return { l: 0.7, c: 0.16, h: hue }
}

function hex({ l, c, h }: Tone): string {
  const { clampChroma, formatHex } = culori()
  return formatHex(
    clampChroma({ mode: 'oklch', l: Math.max(0.1, Math.min(0.99, l)), c, h: (h + 720) % 360 }, 'oklch')
  )
}
