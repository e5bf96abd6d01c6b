import { loadLater } from '../../load-later.ts'
import {
  apartFrom,
  bellyOf,
  clothLightness,
  degreesBetween,
  isGrey,
  isWarm,
  isYellowish,
  darkGroundLightness,
  tonesOf,
  withoutDullGrey
} from './dress-tones.ts'
import type { Tone } from './dress-tones.ts'
import type { Traits } from './traits.ts'

const culori = loadLater<typeof import('culori')>('culori')

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
    sky: [0.93, 0.055],
    low: [0.83, 0.15],
    far: [0.8, 0.14],
    ground: [0.84, 0.11],
    front: [0.36, 0.1],
    body: 0.49,
    cloth: [0.3, 0.73]
  },
  mid: {
    sky: [0.8, 0.14],
    low: [0.89, 0.12],
    far: [0.74, 0.14],
    ground: [0.765, 0.13],
    front: [0.3, 0.1],
    body: 0.415,
    cloth: [0.58, 0.95]
  },
  deep: {
    sky: [0.37, 0.12],
    low: [0.49, 0.16],
    far: [0.31, 0.11],
    ground: [0.29, 0.1],
    front: [0.2, 0.07],
    body: 0.81,
    cloth: [0.6, 0.95]
  },
  dark: {
    sky: [0.23, 0.07],
    low: [0.41, 0.14],
    far: [0.38, 0.12],
    ground: [0.19, 0.07],
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
  const { first, second, third } = tonesOf(traits, hues, rule.back === undefined)
  const turned = (color: Tone, to?: { h: number; share: number }) =>
    to === undefined ? color : { ...color, h: color.h + degreesBetween(color.h, to.h) * to.share }
  const figure = isGrey(first) ? first : turned(first, rule.figure)
  const back = hues === 1 ? figure : apartInDark(turned(third, rule.back), figure, rule)
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
  const other = otherHues(traits, { figure, back, dress, hues }, rule)
  const isNight = name === 'dark' || name === 'deep'
  const isFree = hues > 2 && (rule.back?.share ?? 0) < 0.5
  const floorHue = isNight && isFree ? besideSky(other.ground, back.h) : other.ground
  const { chroma = 1, most: limit = 0.3 } = rule

  const tone = (color: Tone, l: number, most: number, least = 0) =>
    hex({
      l,
      c: isGrey(color)
        ? color.c * Math.min(1, chroma)
        : Math.min(limit, Math.min(most, Math.max(least, color.c)) * chroma),
      h: color.h
    })
  // An orange figure on a pale ground is not brown, because the ground is paler.
  const lift = (rule.back?.lift ?? 0) + (name === 'pale' && isWarm(figure) ? PALER : 0)
  const around = ([l, c]: readonly [number, number], hue: number, shade = 0) => {
    const most = rule.back?.c === undefined ? c : (rule.back.c * (1 + c / sky[1])) / 2
    const h = l > 0.62 || hues <= 2 ? hue : withoutMud(hue)
    const sunny = isYellowish(h) && l > 0.62 && l < 0.83 ? 0.09 : 0
    const isDull = isGrey(back) && rule.back === undefined && (hues <= 2 || hue === back.h)
    const loud = isYellowish(h) && l > 0.62 ? LOUD.yellow : LOUD.other
    return hex({
      l: Math.min(0.965, l + shade + lift + sunny),
      c: isDull ? back.c : Math.min(limit, loud, Math.min(most, Math.max(back.c, most * 0.8)) * chroma),
      h
    })
  }
  // On a pale ground the figure is dark enough to stand out, even where a hand darkens the ground.
  const brightest = ground[0] + lift - LEAST_DIFFERENCE
  const bodyL =
    name !== 'pale'
      ? darkGroundLightness(figure, body, isNight)
      : Math.min(isWarm(figure) ? 0.6 : figure.l < 0.4 ? (isGrey(figure) ? 0.34 : 0.42) : body, brightest)
  const bodyTone =
    name === 'pale' && isWarm(figure) && hues > 2
      ? { ...figure, h: Math.min(figure.h, MOST_ORANGE) }
      : withoutDullGrey(figure, isNight ? 1 : bodyL)
  const belly = bellyOf(bodyTone, dress, hues, traits)
  const sparkL = isNight || isYellowish(sparkHue.h) ? 0.82 : name === 'mid' ? 0.56 : 0.66
  const clothL = clothLightness(dress, cloth, bodyL)
  return {
    sky: around(sky, back.h),
    skyLow: around(low, other.shape),
    far: around(far, other.shape),
    farDark: around(far, shadeOf(other.shape), -0.09),
    ground: around(ground, floorHue),
    groundDark: around(ground, shadeOf(floorHue), name === 'dark' ? 0.11 : name === 'deep' ? -0.075 : -0.085),
    front: around(front, floorHue),
    body: tone(bodyTone, bodyL, 0.2, 0.14),
    bodyDark: tone(shaded(bodyTone), bodyL - 0.13, 0.18, 0.11),
    bodyLight: tone(belly, Math.min(0.95, bodyL + 0.26), 0.1, 0.06),
    cloth: tone(dress, clothL, 0.19, 0.13),
    clothDark: tone(shaded(dress), clothL - 0.13, 0.17, 0.11),
    ...skinOf(first, isNight, chroma),
    ...(sparkHue === rule.accent
      ? { accent: hex(sparkHue), accentDark: hex({ ...shaded(sparkHue), l: sparkHue.l - 0.15 }) }
      : {
          accent: tone(sparkHue, sparkL, 0.19, 0.15),
          accentDark: tone(shaded(sparkHue), sparkL - 0.15, 0.17, 0.13)
        }),
    ink: tone(figure, isNight ? 0.13 : 0.12, 0.03),
    paper: tone(back, 0.975, 0.016),
    heart: '#d8243c',
    tear: '#bfe6ff',
    isNight
  }
}

/** The colour of a brown dark behind a brown figure: a dark teal, as old portraits have it. */
const apartInDark = (back: Tone, figure: Tone, { back: to, grounds }: PaletteRule): Tone =>
  to !== undefined &&
  to.share > 0.7 &&
  grounds.every((name) => name === 'dark') &&
  !isGrey(figure) &&
  Math.abs(degreesBetween(back.h, figure.h)) < 45
    ? { ...back, h: 192 }
    : back

/** The most chroma of the surroundings: large areas that are brighter glare. */
const LOUD = { yellow: 0.135, other: 0.16 }

/** How much paler a pale ground is behind an orange figure. */
const PALER = 0.07
/** The hue of a yellow figure on a pale ground. */
const MOST_ORANGE = 49

/**
 * Two more hues of the surroundings, for the large shape behind the figure and for the ground. They are near the hue of
 * the sky, or they are that of the clothes.
 */
function otherHues(
  traits: Traits,
  { figure, back, dress, hues }: { figure: Tone; back: Tone; dress: Tone; hues: number },
  rule: PaletteRule
): { shape: number; ground: number } {
  if (hues <= 2) return { shape: back.h, ground: back.h }
  const random = traits.random('surroundings')
  const second = isGrey(dress) ? (isGrey(back) ? figure.h + 150 : back.h + 60) : dress.h
  // Behind a grey figure, and on a grey ground, one strong colour glows.
  if (isGrey(back) && hues > 3) return { shape: second, ground: second }
  const near = back.h + random.pick([-44, 44])
  const [shape, ground] =
    hues === 3
      ? random.pick([
          [second, back.h],
          [back.h, second],
          [second, second]
        ])
      : random.pick([
          [second, back.h],
          [near, back.h],
          [near, near],
          [back.h, near]
        ])
  const share = (rule.back?.share ?? 0) * 0.6
  const pulled = (hue: number) => hue + degreesBetween(hue, rule.back?.h ?? hue) * share
  return { shape: pulled(shape!), ground: pulled(ground!) }
}

/**
 * The ground that suits the figure: a yellow one needs a dark ground, a light figure no mid one. A white figure is
 * white on a deep ground, also by a hand that uses none, if the hand does not set the hue of the ground.
 */
function groundOf(traits: Traits, rule: PaletteRule, figure: Tone, back: Tone): GroundName {
  const random = traits.random('ground')
  const isLight = figure.l > 0.8 || (isWarm(figure) && figure.c > 0.05)
  // Of pastels the ground stays pale, and the figure is darker.
  const isPastel = back.l > PASTEL && figure.l > 0.8 && !isWarm(figure) && !isGrey(figure)
  const suits = (name: GroundName) =>
    !isLight || name === 'deep' || name === 'dark' || (isPastel && name === 'pale')
  const names = rule.grounds.filter(suits)
  if (names.length === 0 && isGrey(figure) && (rule.back?.share ?? 0) < 0.5) return 'deep'
  // On a pale ground a yellow figure is orange, and on a mid one it would be brown.
  const others = rule.grounds.filter((name) => name !== 'mid' || !isWarm(figure))
  const usual = names.length > 0 ? names : others.length > 0 ? others : rule.grounds
  const wanted: GroundName = back.l < 0.4 ? 'dark' : back.c > 0.13 ? (back.l < 0.62 ? 'deep' : 'mid') : 'pale'
  const share = wanted === 'dark' || isPastel ? 0.85 : 0.5
  return usual.includes(wanted) && random.chance(share) ? wanted : random.pick(usual)
}

/** The lightness of a pastel ground. */
const PASTEL = 0.85

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

/** The hue of the shade of a hue: that of a yellow is amber, because a darker yellow is olive. */
function shadeOf(hue: number): number {
  const h = (hue + 360) % 360
  return isYellowish(h) ? Math.max(60, h - AMBER_DEGREES) : hue
}

const shaded = (color: Tone): Tone => (isGrey(color) ? color : { ...color, h: shadeOf(color.h) })

const AMBER_DEGREES = 26

/** Whether a hue from 0 to 360 is brown or olive when it is dark. */
const isMud = (hue: number) => hue >= 36 && hue <= 130

/** The hue of a dark surface: a crimson in place of brown, nearly teal in place of olive and of a dull green. */
function withoutMud(hue: number): number {
  const h = (hue + 360) % 360
  if (isMud(h)) return h < 78 ? 20 : SEA_GREEN
  return h < SEA_GREEN && h > 130 ? (h + SEA_GREEN) / 2 : h
}

const SEA_GREEN = 176

/**
 * The hue of a dark ground: one that looks like the dark sky above it becomes another one, but no mud. Sums of hues
 * differ in their last bits between versions of Node, so none is compared with itself.
 */
export function besideSky(hue: number, sky: number): number {
  const above = withoutMud(sky)
  if (Math.abs(degreesBetween(above, withoutMud(hue))) > ALIKE_DEGREES) return hue
  const turned = (above + BESIDE_DEGREES) % 360
  return isMud(turned) ? (above + 360 - BESIDE_DEGREES) % 360 : turned
}

const ALIKE_DEGREES = 28
/** Neighbours, so that ground and sky go together. */
const BESIDE_DEGREES = 36

/** A contrasting hue: of three hues opposite the figure's, the one nearest to amber, which suits lamps and beaks. */
function warmOpposite(figure: Tone, back: Tone): Tone {
  const base = isGrey(figure) ? back.h : figure.h
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
