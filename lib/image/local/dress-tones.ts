import { loadLater } from '../../load-later.ts'
import { parseHex, toHex } from '../color.ts'
import type { Trait, Traits } from './traits.ts'

const culori = loadLater<typeof import('culori')>('culori')

/** A colour in Björn Ottosson's OKLCH: lightness (0 to 1), chroma (0 to about 0.3) and hue (degrees). */
export interface Tone {
  l: number
  c: number
  h: number
  /** Whether it was a grey, however much chroma it has now. */
  isGrey?: boolean
}

/** Whether a hue looks like mud when it is dark. */
export const isYellowish = (hue: number) => hue > 60 && hue < 118

/** The turn from one hue to another, from -180 to 180 degrees. */
export const degreesBetween = (from: number, to: number) => ((to - from + 540) % 360) - 180

/** Chroma below which a colour is a grey, and the chroma that it has in a picture. */
const [GREY, LIVELY_GREY] = [0.02, 0.042]

export const isGrey = (color: Tone) => color.isGrey ?? color.c < GREY

/** Whether a colour is orange or yellow. */
export const isWarm = (color: Tone) => !isGrey(color) && color.h > 32 && color.h < 118

/**
 * The three colours of a dress. A grey is a slate, or a mauve beside blue. A ground that is grey, or that
 * has the hue of the figure, changes its part with the clothes if their hue is another one.
 */
export function tonesOf(traits: Traits, hues: number, isFree: boolean) {
  const [first, second, third] = [toneOf(traits.color1), toneOf(traits.color2), toneOf(traits.color3)]
  const near = (one: Tone, other: Tone, degrees: number) =>
    !isGrey(one) && !isGrey(other) && Math.abs(degreesBetween(one.h, other.h)) < degrees
  const isOneHue =
    hues > 2 &&
    isFree &&
    (near(first, third, 35) || isGrey(third)) &&
    !isGrey(second) &&
    !near(first, second, 70)
  const [cloth, ground] = isOneHue ? [third, second] : [second, third]
  const figure = lively(first, isGrey(ground) ? cloth : ground)
  return { first: figure, second: lively(cloth, figure), third: lively(ground, figure) }
}

/** A grey with a hue that is not that of another colour: a slate, or a mauve beside blue. Other colours stay. */
function lively(color: Tone, beside: Tone): Tone {
  if (color.c >= GREY) return color
  const isBlue = !isGrey(beside) && Math.abs(degreesBetween(beside.h, SLATE)) < 60
  return { l: color.l, c: LIVELY_GREY, h: isBlue ? MAUVE : SLATE, isGrey: true }
}

const [SLATE, MAUVE] = [252, 325]

/** The lightness of a figure that is not on a pale ground: a white one is white, and a black one black. */
export function darkGroundLightness(figure: Tone, usual: number, isNight: boolean): number {
  if (!isNight) return usual
  // A yellow that is darker than it is strong is ochre.
  if (!isGrey(figure)) return Math.max(usual, Math.min(BRIGHTEST, strongestLightness(figure.h)))
  return figure.l > 0.8 ? 0.93 : Math.max(0.74, usual)
}

/** The most lightness of a figure with a colour. */
const BRIGHTEST = 0.87

/** Below this lightness, a grey figure without more chroma than this looks like mud. */
const [MID_GREY, DARK_GREY] = [0.6, 0.078]

/** The colour of a figure for its lightness in the picture: a dark grey has more colour. */
export const withoutDullGrey = (figure: Tone, lightness: number): Tone =>
  isGrey(figure) && lightness < MID_GREY ? { ...figure, c: Math.max(figure.c, DARK_GREY) } : figure

/** The colour of a belly: a tint of the clothes if that of the figure is dull, and on every second figure. */
export function bellyOf(figure: Tone, dress: Tone, hues: number, traits: Traits): Tone {
  if (hues <= 2 || isGrey(dress)) return figure
  const isDull = isGrey(figure) || (figure.h > 30 && figure.h < 75 && figure.l < 0.6)
  return isDull || traits.random('belly').chance(0.5) ? dress : figure
}

/** The lightness at which each hue is strongest, every 30 degrees from 0. */
const STRONGEST = [0.64, 0.66, 0.76, 0.87, 0.88, 0.82, 0.8, 0.76, 0.68, 0.58, 0.6, 0.64]

/** The lightness at which a hue is strongest. */
function strongestLightness(hue: number): number {
  const turn = ((hue + 720) % 360) / 30
  const at = Math.floor(turn)
  const [one, other] = [STRONGEST[at % 12]!, STRONGEST[(at + 1) % 12]!]
  return one + (other - one) * (turn - at)
}

/** The lightness of clothes: where their hue is strong, apart from that of the body. */
export function clothLightness(dress: Tone, [dark, light]: readonly [number, number], body: number): number {
  if (isGrey(dress)) {
    const wanted = dress.l > 0.75 ? 0.96 : dress.l < 0.4 ? Math.min(0.32, dark) : 0.62
    return Math.abs(wanted - body) >= APART ? wanted : body > 0.6 ? body - 0.2 : body + 0.26
  }
  const strongest = strongestLightness(dress.h)
  const wanted = Math.max(
    dark,
    Math.min(light, strongest + (dress.l > 0.75 ? 0.06 : dress.l < 0.45 ? -0.08 : 0))
  )
  if (Math.abs(wanted - body) >= APART) return wanted
  return isYellowish(dress.h)
    ? Math.min(0.95, body + APART)
    : body - APART > 0.26
      ? body - APART
      : body + APART
}

/** The least difference of the lightness of clothes and body. */
const APART = 0.14

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
export function apartFrom(color: Tone, other: Tone): Tone {
  const away = ((color.h - other.h + 540) % 360) - 180
  if (isGrey(color) || isGrey(other) || Math.abs(away) >= MIN_HUE_DEGREES) return color
  return { ...color, h: other.h + (away < 0 ? -MIN_HUE_DEGREES : MIN_HUE_DEGREES) }
}
