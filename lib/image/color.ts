import type { Rgb as UnitRgb } from 'culori'
import { loadLater } from '../load-later.ts'

const culori = loadLater<typeof import('culori')>('culori')

/** Red, green and blue from 0 to 255. */
export type Rgb = readonly [number, number, number]

const MAX = 255

export const BLACK: Rgb = [0, 0, 0]
const WHITE: Rgb = [MAX, MAX, MAX]

/** culori counts each channel from 0 to 1. */
function toUnit([r, g, b]: Rgb): UnitRgb {
  return { mode: 'rgb', r: r / MAX, g: g / MAX, b: b / MAX }
}

function fromUnit({ r, g, b }: UnitRgb): Rgb {
  return [r * MAX, g * MAX, b * MAX]
}

/** Parses `#rrggbb`; undefined for any other text, short forms and forms with an alpha channel included. */
export function parseHex(text: string): Rgb | undefined {
  if (!/^#[0-9a-f]{6}$/i.test(text)) return undefined
  const [r, g, b] = fromUnit(culori().parseHex(text) as UnitRgb)
  return [Math.round(r), Math.round(g), Math.round(b)]
}

/** Formats a colour as `#rrggbb`; fractions are rounded. */
export function toHex(color: Rgb): string {
  return culori().formatHex(toUnit(color))
}

/** The colour at `share` (0 to 1) of the way from one colour to the other; channels may have fractions. */
export function mix(from: Rgb, to: Rgb, share: number): Rgb {
  return fromUnit(culori().interpolate([toUnit(from), toUnit(to)], 'rgb')(share))
}

/** Contrast ratio of two colours from 1 to 21, as WCAG 2.2 defines it. */
export function contrast(a: Rgb, b: Rgb): number {
  return culori().wcagContrast(toUnit(a), toUnit(b))
}

/** Black or white, whichever has the higher contrast; it is at least 4.58 on every background. */
export function readableOn(background: Rgb): Rgb {
  return contrast(background, BLACK) >= contrast(background, WHITE) ? BLACK : WHITE
}
