/** A colour with its channels moved: all by the same amount, or each by its own. */
export function shifted(color: string, red: number, green = red, blue = red): string {
  const channel = (from: number, by: number) =>
    Math.max(0, Math.min(255, Number.parseInt(color.slice(from, from + 2), 16) + by))
      .toString(16)
      .padStart(2, '0')
  const long = longForm(color)
  return long === color
    ? `#${channel(1, red)}${channel(3, green)}${channel(5, blue)}`
    : shifted(long, red, green, blue)
}

/** The digits of a colour, of which a short form has one a channel. */
const longForm = (color: string) =>
  color.length === 4 ? `#${[1, 2, 3].map((at) => color[at]!.repeat(2)).join('')}` : color

/** The colour at `share` of the way from one to another. */
export function mixedTone(from: string, to: string, share: number): string {
  const [one, other] = [longForm(from), longForm(to)]
  const channel = (at: number) => {
    const [a, b] = [Number.parseInt(one.slice(at, at + 2), 16), Number.parseInt(other.slice(at, at + 2), 16)]
    return Math.round(a + (b - a) * share)
      .toString(16)
      .padStart(2, '0')
  }
  return `#${channel(1)}${channel(3)}${channel(5)}`
}

/** How bright a colour is, from 0 to 1. */
export function brightness(color: string): number {
  const long = longForm(color)
  const channel = (from: number) => Number.parseInt(long.slice(from, from + 2), 16)
  return (0.3 * channel(1) + 0.59 * channel(3) + 0.11 * channel(5)) / 255
}
