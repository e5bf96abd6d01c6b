// Builds the text of SVG paths. Numbers are rounded to one decimal: the text stays short and does not depend on the
// last digits that a machine computes.

/** x and y in units of the frame. */
export type Point = readonly [x: number, y: number]

/** The texts of tenths, from -`KEPT_TENTHS` on. To write a fraction takes ten times as long as to find its text. */
const KEPT_TENTHS = 20_000
const tenthTexts: string[] = Array.from({ length: 2 * KEPT_TENTHS + 1 }, () => '')

/** A number with one decimal at most. */
export function n(value: number): string {
  const tenths = Math.round(value * 10)
  const kept = tenthTexts[tenths + KEPT_TENTHS]
  if (kept === undefined) return String(tenths / 10)
  return kept === '' ? (tenthTexts[tenths + KEPT_TENTHS] = String(tenths / 10)) : kept
}

/** The texts of templates without their line breaks. */
const joinedLines = new WeakMap<TemplateStringsArray, string[]>()

/**
 * Text of a path, each number rounded to one decimal. Line breaks are left out, so that each command can have its own
 * line: path`M${x} ${y}H${right}`.
 */
export function path(texts: TemplateStringsArray, ...numbers: number[]): string {
  const parts = joinedLines.get(texts) ?? texts.map((text) => text.replaceAll(/\s*\n\s*/g, ''))
  joinedLines.set(texts, parts)
  let d = parts[0]!
  for (let index = 0; index < numbers.length; index += 1) d += n(numbers[index]!) + parts[index + 1]!
  return d
}

// The functions below run thousands of times in each drawing, so they create few arrays on the way.

/** A path of straight lines, closed. */
export function polygon(...points: Point[]): string {
  return `${linesThrough(points)}Z`
}

/** A path of straight lines, open. */
export function polyline(...points: Point[]): string {
  return points.length < 2 ? '' : linesThrough(points)
}

function linesThrough(points: readonly Point[]): string {
  let d = 'M'
  for (let index = 0; index < points.length; index += 1) {
    const point = points[index]!
    if (index > 0) d += 'L'
    d += `${n(point[0])} ${n(point[1])}`
  }
  return d
}

/** @param tilt degrees, clockwise */
export function ellipse(x: number, y: number, rx: number, ry = rx, tilt = 0): string {
  const [dx, dy] = [rx * Math.cos((tilt * Math.PI) / 180), rx * Math.sin((tilt * Math.PI) / 180)]
  const arc = `A${n(rx)} ${n(ry)} ${n(tilt)} 1 1 `
  return `M${n(x - dx)} ${n(y - dy)}${arc}${n(x + dx)} ${n(y + dy)}${arc}${n(x - dx)} ${n(y - dy)}Z`
}

export function rectangle(x: number, y: number, width: number, height: number, radius = 0): string {
  if (radius === 0) return `M${n(x)} ${n(y)}h${n(width)}v${n(height)}h${n(-width)}Z`
  const [w, h, r] = [width - 2 * radius, height - 2 * radius, n(radius)]
  const arc = `a${r} ${r} 0 0 1 `
  return [
    `M${n(x + radius)} ${n(y)}h${n(w)}${arc}${r} ${r}v${n(h)}${arc}-${r} ${r}`,
    `h${n(-w)}${arc}-${r} -${r}v${n(-h)}${arc}${r} -${r}Z`
  ].join('')
}

/** A smooth closed curve through the points. */
export function blob(...points: Point[]): string {
  const last = points.at(-1)!
  const first = points[0]!
  let d = `M${n((last[0] + first[0]) / 2)} ${n((last[1] + first[1]) / 2)}`
  for (let index = 0; index < points.length; index += 1) {
    const point = points[index]!
    const next = points[index + 1] ?? first
    d += `Q${n(point[0])} ${n(point[1])} ${n((point[0] + next[0]) / 2)} ${n((point[1] + next[1]) / 2)}`
  }
  return `${d}Z`
}

/** A smooth open curve from the first point to the last; the points between them pull it towards them. */
export function curve(...points: Point[]): string {
  const [first, ...rest] = points
  let d = `M${n(first![0])} ${n(first![1])}`
  rest.forEach((point, index) => {
    const next = rest[index + 1]
    if (next === undefined) {
      if (index === 0) d += `L${n(point[0])} ${n(point[1])}`
      return
    }
    const end: Point = index === rest.length - 2 ? next : [(point[0] + next[0]) / 2, (point[1] + next[1]) / 2]
    d += `Q${n(point[0])} ${n(point[1])} ${n(end[0])} ${n(end[1])}`
  })
  return d
}

/** A path as the continuation of another one. */
export const onward = (d: string): string => d.replace('M', 'L')

/** An open path along one smooth edge and back along the other. Both begin at the same end. */
export const outAndBack = (one: readonly Point[], other: readonly Point[]): string =>
  curve(...one) + onward(curve(...other.toReversed()))

/** The same, closed. */
export const band = (one: readonly Point[], other: readonly Point[]): string => `${outAndBack(one, other)}Z`

/** A closed band along a smooth line through the points; its width changes evenly from one of `widths` to the next. */
export function ribbon(points: readonly Point[], widths: readonly number[], steps = 12): string {
  const { left, right } = sidesOf(points, widths, steps)
  return band(left, right)
}

/** A ribbon whose outline goes clockwise, as that of a blob does: a part of a merged shape. */
export function clockwiseRibbon(points: readonly Point[], widths: readonly number[], steps = 12): string {
  const { left, right } = sidesOf(points, widths, steps)
  return band(right, left)
}

/** A ribbon whose last end is round: an arm without bones, a tail, a leg. */
export function tapering(points: readonly Point[], widths: readonly number[], steps = 12): string {
  const { left, right } = sidesOf(points, widths, steps)
  const end = n(widths.at(-1)! / 2)
  const back = right.reverse()
  const [x, y] = back[0]!
  return `${curve(...left)}A${end} ${end} 0 0 0 ${n(x)} ${n(y)}${onward(curve(...back))}Z`
}

/** The two long edges of a ribbon, both from its first point on. */
export function sidesOf(
  points: readonly Point[],
  widths: readonly number[],
  steps: number
): { left: Point[]; right: Point[] } {
  const xs: number[] = []
  const ys: number[] = []
  for (let step = 0; step <= steps; step += 1) {
    xs.push(alongSpline(points, step / steps, 0))
    ys.push(alongSpline(points, step / steps, 1))
  }
  const left: Point[] = []
  const right: Point[] = []
  for (let step = 0; step <= steps; step += 1) {
    const x = xs[step]!
    const y = ys[step]!
    const before = Math.max(0, step - 1)
    const after = Math.min(steps, step + 1)
    const dx = xs[after]! - xs[before]!
    const dy = ys[after]! - ys[before]!
    const length = Math.hypot(dx, dy) || 1
    const half = widthAt(widths, step / steps) / 2
    left.push([x - (dy / length) * half, y + (dx / length) * half])
    right.push([x + (dy / length) * half, y - (dx / length) * half])
  }
  return { left, right }
}

function widthAt(widths: readonly number[], share: number): number {
  const position = share * (widths.length - 1)
  const low = Math.min(Math.floor(position), widths.length - 2)
  return widths[low]! + (widths[low + 1]! - widths[low]!) * (position - low)
}

/**
 * A coordinate of a point on the smooth line through the points (a Catmull-Rom spline).
 * @param share from 0 at the first point to 1 at the last
 */
function alongSpline(points: readonly Point[], share: number, axis: 0 | 1): number {
  const most = points.length - 1
  const position = share * most
  const index = Math.min(Math.floor(position), points.length - 2)
  const t = position - index
  const a = points[Math.max(0, index - 1)]![axis]
  const b = points[Math.max(0, index)]![axis]
  const c = points[Math.min(most, index + 1)]![axis]
  const d = points[Math.min(most, index + 2)]![axis]
  return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t ** 2 + (3 * b - a - 3 * c + d) * t ** 3)
}

/** A point on the curve from `from` to `tip` that `bend` pulls towards itself. @param t from 0 to 1 along it */
export const alongBend = (from: Point, bend: Point, tip: Point, t: number): Point => [
  from[0] * (1 - t) ** 2 + 2 * bend[0] * t * (1 - t) + tip[0] * t * t,
  from[1] * (1 - t) ** 2 + 2 * bend[1] * t * (1 - t) + tip[1] * t * t
]

/** Evenly spaced points on a circle, clockwise from the top. @param turn degrees of the first point */
export function around(x: number, y: number, radius: number, count: number, turn = 0): Point[] {
  return Array.from({ length: count }, (_, index) => polar(x, y, radius, turn + (index * 360) / count))
}

/** The point at an angle from the top, clockwise, in degrees. */
export function polar(x: number, y: number, radius: number, degrees: number): Point {
  const angle = ((degrees - 90) * Math.PI) / 180
  return [x + Math.cos(angle) * radius, y + Math.sin(angle) * radius]
}

/** A star with `count` points. */
export function star(x: number, y: number, outer: number, inner: number, count: number, turn = 0): string {
  return polygon(
    ...Array.from({ length: count * 2 }, (_, index) =>
      polar(x, y, index % 2 === 0 ? outer : inner, turn + (index * 180) / count)
    )
  )
}

/** @param size from the middle to the lowest point */
export const heart = (x: number, y: number, size: number): string => path`
  M${x} ${y + size}
  C${x - 1.7 * size} ${y - 0.1 * size} ${x - 0.9 * size} ${y - 1.3 * size} ${x} ${y - 0.5 * size}
  C${x + 0.9 * size} ${y - 1.3 * size} ${x + 1.7 * size} ${y - 0.1 * size} ${x} ${y + size}Z
`

export function group(content: string, transform: string): string {
  return `<g transform="${transform}">${content}</g>`
}
