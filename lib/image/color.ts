/** Red, green and blue from 0 to 255. */
export type Rgb = readonly [number, number, number]

export const BLACK: Rgb = [0, 0, 0]
const WHITE: Rgb = [255, 255, 255]

/** A colour from `#rrggbb`, undefined for anything else. */
export function parseHex(text: string): Rgb | undefined {
  const digits = /^#([0-9a-f]{6})$/i.exec(text)?.[1]
  if (digits === undefined) return undefined
  const value = Number.parseInt(digits, 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

export function toHex(color: Rgb): string {
  return `#${color.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`
}

/** The colour that lies `share` (0 to 1) of the way from one to another. */
export function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const blend = (index: 0 | 1 | 2) => from[index] + (to[index] - from[index]) * share
  return [blend(0), blend(1), blend(2)]
}

/** Relative luminance from 0 (black) to 1 (white), as WCAG 2.2 defines it. */
export function luminance(color: Rgb): number {
  const linear = (channel: number) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * linear(color[0]) + 0.7152 * linear(color[1]) + 0.0722 * linear(color[2])
}

/** Contrast of two colours from 1 to 21, as WCAG 2.2 defines it. */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** Black or white, whichever stands out more; the contrast is at least 4.58 on any colour. */
export function readableOn(background: Rgb): Rgb {
  return contrast(background, BLACK) >= contrast(background, WHITE) ? BLACK : WHITE
}
