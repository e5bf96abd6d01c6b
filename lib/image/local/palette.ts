import { loadLater } from '../../load-later.ts'
import { parseHex, toHex } from '../color.ts'
import { mixedTone } from './tone.ts'
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
  /** What is before the figure. */
  front: string
  body: string
  bodyDark: string
  bodyLight: string
  cloth: string
  clothDark: string
  /** The skin of people. */
  skin: string
  skinDark: string
  /** For small things only: lamps, ribbons, cheeks. */
  accent: string
  accentDark: string
  ink: string
  paper: string
  /** The same in every picture. */
  heart: string
  tear: string
  isNight: boolean
}

export type Role = Exclude<keyof Palette, 'isNight'>

/** The lightness and the chroma of the surroundings, and the lightness of the figure that stands out from them. */
interface Ground {
  sky: readonly [l: number, c: number]
  low: readonly [l: number, c: number]
  far: readonly [l: number, c: number]
  ground: readonly [l: number, c: number]
  front: readonly [l: number, c: number]
  body: number
  /** Of a dark garment and of a light one. */
  cloth: readonly [dark: number, light: number]
}

/** Lightness of OKLCH between figure and ground. Times 116 it is about L*: 35. */
const LEAST_DIFFERENCE = 0.315

const GROUNDS = {
  pale: {
    sky: [0.92, 0.06],
    low: [0.86, 0.12],
    far: [0.8, 0.13],
    ground: [0.84, 0.11],
    front: [0.36, 0.1],
    body: 0.49,
    cloth: [0.3, 0.73]
  },
  mid: {
    sky: [0.77, 0.15],
    low: [0.84, 0.13],
    far: [0.7, 0.15],
    ground: [0.7, 0.14],
    front: [0.28, 0.09],
    body: 0.34,
    cloth: [0.5, 0.95]
  },
  deep: {
    sky: [0.42, 0.13],
    low: [0.48, 0.14],
    far: [0.35, 0.12],
    ground: [0.33, 0.11],
    front: [0.2, 0.07],
    body: 0.81,
    cloth: [0.6, 0.95]
  },
  dark: {
    sky: [0.24, 0.07],
    low: [0.36, 0.12],
    far: [0.43, 0.13],
    ground: [0.2, 0.07],
    front: [0.43, 0.13],
    body: 0.76,
    cloth: [0.52, 0.93]
  }
} as const satisfies Record<string, Ground>

export type GroundName = keyof typeof GROUNDS

/** How a hand changes the colours of a dress. */
export interface PaletteRule {
  /** The grounds that it uses. */
  grounds: readonly GroundName[]
  /** Factor of the chroma, and the most chroma. */
  chroma?: number
  most?: number
  /** The hue of the surroundings, and how far they turn to it, from 0 to 1. */
  back?: { h: number; share: number; c?: number; lift?: number }
  /** The hue of the figure and its clothes, and how far they turn to it. */
  figure?: { h: number; share: number }
  /** The colour for small things. */
  accent?: { l: number; c: number; h: number }
}

export const ANY_GROUND: PaletteRule = { grounds: ['pale', 'mid', 'deep', 'dark'] }

/** Words of a limit of colours. Without a limit there are five hues. */
const LIMITS: Array<[RegExp, number]> = [
  [/\b(?:one|1(?!\d)|single|mono)/, 1],
  [/\b(?:two|2(?!\d)|duo|couple)/, 2],
  [/\b(?:three|3(?!\d))/, 3],
  [/\b(?:four|4(?!\d))/, 4]
]

/**
 * The first colour of the dress is for the figure, the second for its clothes, the third for the surroundings. The role
 * of a colour sets its lightness, so that the figure always contrasts with the ground.
 */
export function paletteOf(traits: Traits, rule: PaletteRule = ANY_GROUND): Palette {
  const hues = LIMITS.find(([words]) => words.test(traits.colorLimit))?.[1] ?? 5
  const [first, second, third] = [toneOf(traits.color1), toneOf(traits.color2), toneOf(traits.color3)]
  const turned = (color: Tone, to?: { h: number; share: number }) =>
    to === undefined ? color : { ...color, h: color.h + degreesBetween(color.h, to.h) * to.share }
  const back = hues === 1 ? turned(first, rule.figure) : turned(third, rule.back)
  const figure = turned(first, rule.figure)
  const dress = hues === 1 ? figure : hues === 2 ? back : turned(apartFrom(second, first), rule.figure)
  const sparkHue =
    rule.accent !== undefined && hues >= 3
      ? rule.accent
      : hues >= 4
        ? warmOpposite(figure, back)
        : hues === 3
          ? dress
          : figure
  const name = groundOf(traits, rule, figure, third)
  const { sky, low, far, ground, front, body, cloth } = GROUNDS[name]
  const other = otherHues(traits, { back, dress, hues }, rule)
  const isNight = name === 'dark' || name === 'deep'
  const isFree = hues > 2 && (rule.back?.share ?? 0) < 0.5
  const floorHue = isNight && isFree ? besideSky(other.ground, back.h) : other.ground
  const { chroma = 1, most: limit = 0.3 } = rule

  const tone = (color: Tone, l: number, most: number, least = 0) =>
    hex({
      l,
      c: color.c < 0.02 ? color.c : Math.min(limit, Math.min(most, Math.max(least, color.c)) * chroma),
      h: color.h
    })
  const lift = rule.back?.lift ?? 0
  const around = ([l, c]: readonly [number, number], hue: number, shade = 0) => {
    const most = rule.back?.c === undefined ? c : (rule.back.c * (1 + c / sky[1])) / 2
    const h = l > 0.62 || hues <= 2 ? hue : withoutMud(hue)
    const sunny = isYellowish(h) && l > 0.62 && l < 0.83 ? 0.09 : 0
    const isGrey = back.c < 0.02 && rule.back === undefined && (hues <= 2 || hue === back.h)
    return hex({
      l: l + shade + lift + sunny,
      c: isGrey ? back.c : Math.min(limit, Math.min(most, Math.max(back.c, most * 0.8)) * chroma),
      h
    })
  }
  const isYellow = isYellowish(figure.h)
  // On a pale ground the figure is dark enough to stand out, even where a hand darkens the ground.
  const brightest = ground[0] + lift - LEAST_DIFFERENCE
  const usualL = name !== 'pale' ? body : isYellow ? 0.58 : figure.l < 0.4 ? 0.42 : body
  const bodyL = name === 'pale' ? Math.min(usualL, brightest) : usualL
  const bodyTone = name === 'pale' && isYellow && hues > 2 ? { ...figure, h: 58 } : figure
  const sparkL = isNight || isYellowish(sparkHue.h) ? 0.82 : name === 'mid' ? 0.56 : 0.66
  const clothL = cloth[dress.l > 0.55 || isYellowish(dress.h) ? 1 : 0]
  return {
    sky: around(sky, back.h),
    skyLow: around(low, other.shape),
    far: around(far, other.shape),
    farDark: around(far, other.shape, -0.09),
    ground: around(ground, floorHue),
    groundDark: around(ground, floorHue, name === 'dark' ? 0.11 : name === 'deep' ? -0.075 : -0.085),
    front: around(front, floorHue),
    body: tone(bodyTone, bodyL, 0.19, 0.13),
    bodyDark: tone(bodyTone, bodyL - 0.13, 0.17, 0.1),
    bodyLight: tone(bodyTone, Math.min(0.95, bodyL + 0.26), 0.09, 0.04),
    cloth: tone(dress, clothL, 0.17, 0.1),
    clothDark: tone(dress, clothL - 0.13, 0.16, 0.09),
    ...skinOf(first, isNight, chroma),
    ...(sparkHue === rule.accent
      ? { accent: hex(sparkHue), accentDark: hex({ ...sparkHue, l: sparkHue.l - 0.15 }) }
      : {
          accent: tone(sparkHue, sparkL, 0.19, 0.15),
          accentDark: tone(sparkHue, sparkL - 0.15, 0.17, 0.13)
        }),
    ink: tone(figure, isNight ? 0.13 : 0.12, 0.03),
    paper: tone(back, 0.975, 0.016),
    heart: '#d8243c',
    tear: '#bfe6ff',
    isNight
  }
}

/** How far the colours of what is furthest away turn to that of the sky, and those of the landmark. */
const HAZE = { night: 0.62, day: 0.45, landmark: 0.3 }

/** The colours of some roles mixed with that of the sky. */
const towardsSky = (palette: Palette, shares: Partial<Record<Role, number>>): Palette => ({
  ...palette,
  ...Object.fromEntries(
    Object.entries(shares).map(([role, share]) => [
      role,
      mixedTone(palette[role as Role], palette.sky, share)
    ])
  )
})

/** The palette of what is furthest away: its colours are between those of the distance and that of the sky. */
export function hazed(palette: Palette): Palette {
  const haze = palette.isNight ? HAZE.night : HAZE.day
  return towardsSky(palette, {
    skyLow: haze,
    far: haze,
    farDark: haze,
    accent: 0.3,
    cloth: haze,
    paper: palette.isNight ? 0.6 : 0.35
  })
}

/** The palette of the landmark: calm tones of the distance, so that the figure before it stands out. */
export function distant(palette: Palette): Palette {
  const tones = towardsSky(palette, {
    far: HAZE.landmark,
    farDark: HAZE.landmark,
    accent: 0.5,
    accentDark: 0.5,
    paper: 0.6,
    front: 0.3
  })
  return { ...tones, ink: tones.farDark, cloth: tones.far, clothDark: tones.farDark, body: tones.far }
}

/**
 * Two more hues of the surroundings, for the large shape behind the figure and for the ground. They are near the hue of
 * the sky, or they are that of the clothes.
 */
function otherHues(
  traits: Traits,
  { back, dress, hues }: { back: Tone; dress: Tone; hues: number },
  rule: PaletteRule
): { shape: number; ground: number } {
  if (hues <= 2) return { shape: back.h, ground: back.h }
  const random = traits.random('surroundings')
  const second = dress.c < 0.02 ? back.h + 60 : dress.h
  const near = back.h + random.pick([-44, 44])
  const [shape, ground] =
    hues === 3
      ? random.pick([
          [second, back.h],
          [back.h, second],
          [second, second]
        ])
      : random.pick([
          [second, near],
          [near, second],
          [second, back.h],
          [near, back.h],
          [back.h, second]
        ])
  const share = (rule.back?.share ?? 0) * 0.6
  const pulled = (hue: number) => hue + degreesBetween(hue, rule.back?.h ?? hue) * share
  return { shape: pulled(shape!), ground: pulled(ground!) }
}

/** The ground that suits the figure: a yellow one needs a dark ground, a light figure no mid one. */
function groundOf(traits: Traits, rule: PaletteRule, figure: Tone, back: Tone): GroundName {
  const random = traits.random('ground')
  const isLight = figure.l > 0.8 || (isYellowish(figure.h) && figure.c > 0.05)
  const suits = (name: GroundName) =>
    name === 'mid' ? !isLight : name === 'pale' ? !isLight || figure.c > 0.05 : true
  const names = rule.grounds.filter(suits)
  const usual = names.length === 0 ? rule.grounds : names
  const wanted: GroundName = back.l < 0.4 ? 'dark' : back.c > 0.13 ? (back.l < 0.62 ? 'deep' : 'mid') : 'pale'
  return usual.includes(wanted) && random.chance(wanted === 'dark' ? 0.85 : 0.5) ? wanted : random.pick(usual)
}

/** A skin of the range of people, as dark as the colour of the figure. */
function skinOf({ l }: Tone, isNight: boolean, chroma: number): Pick<Palette, 'skin' | 'skinDark'> {
  const [low, high] = isNight ? [0.64, 0.86] : [0.42, 0.72]
  const lightness = low + (high - low) * Math.max(0, Math.min(1, (l - 0.25) / 0.6))
  const c = Math.min(1, chroma) * 0.085
  return {
    skin: hex({ l: lightness, c, h: 58 }),
    skinDark: hex({ l: lightness - 0.12, c: c * 1.1, h: 50 })
  }
}

/** Whether a hue looks like mud when it is dark. */
const isYellowish = (hue: number) => hue > 60 && hue < 118

/** Whether a hue from 0 to 360 is brown or olive when it is dark. */
const isMud = (hue: number) => hue >= 36 && hue <= 118

/** The hue of a dark surface: in place of brown and olive a crimson or a bottle green. */
function withoutMud(hue: number): number {
  const h = (hue + 360) % 360
  return !isMud(h) ? h : h < 78 ? 20 : 155
}

/**
 * The hue of a dark ground: one that looks like the dark sky above it becomes another one, but no mud. Sums of hues
 * differ in their last bits between versions of Node, so none is compared with itself.
 */
export function besideSky(hue: number, sky: number): number {
  const above = withoutMud(sky)
  if (Math.abs(degreesBetween(above, withoutMud(hue))) > ALIKE_DEGREES) return hue
  const turned = (above + 290) % 360
  return isMud(turned) ? (above + 70) % 360 : turned
}

const ALIKE_DEGREES = 28

/** The turn from one hue to another, from -180 to 180 degrees. */
const degreesBetween = (from: number, to: number) => ((to - from + 540) % 360) - 180

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
