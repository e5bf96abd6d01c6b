/** A transform of SVG that keeps angles: `x' = a x + c y + e`, `y' = b x + d y + f`. */
export interface Matrix {
  a: number
  b: number
  c: number
  d: number
  e: number
  f: number
  /** How much longer it makes a line. */
  scale: number
}

export const IDENTITY: Matrix = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0, scale: 1 }

/** One step of a transform: its kind is its first letter. */
interface Step {
  kind: string
  numbers: readonly number[]
}

/** The steps of transforms by their texts: the same text is read several times for each picture. */
const stepsByText = new Map<string, readonly Step[]>()
const TEXTS_MAX = 500

function stepsOf(text: string): readonly Step[] {
  const known = stepsByText.get(text)
  if (known !== undefined) return known
  const steps: Step[] = []
  for (let at = 0; ;) {
    const open = text.indexOf('(', at)
    if (open === -1) break
    const close = text.indexOf(')', open)
    steps.push({ kind: text.charAt(at), numbers: numbersBetween(text, open + 1, close) })
    at = close + 2
  }
  if (stepsByText.size === TEXTS_MAX) stepsByText.clear()
  stepsByText.set(text, steps)
  return steps
}

/** The numbers of a part of a text, with a space between each two. */
function numbersBetween(text: string, start: number, end: number): number[] {
  const numbers: number[] = []
  for (let at = start; at < end;) {
    const space = text.indexOf(' ', at)
    const next = space === -1 || space > end ? end : space
    numbers.push(Number(text.slice(at, next)))
    at = next + 1
  }
  return numbers
}

/** The transform of a `transform` attribute, after that of the element's parent. */
export function transformed(parent: Matrix, text: string): Matrix {
  let matrix = parent
  for (const { kind, numbers } of stepsOf(text)) {
    const [first = 0, second, third = 0] = numbers
    if (kind === 't') matrix = multiply(matrix, 1, 0, 0, 1, first, second ?? 0)
    else if (kind === 's') matrix = multiply(matrix, first, 0, 0, second ?? first, 0, 0)
    else {
      const [cos, sin] = [Math.cos((first * Math.PI) / 180), Math.sin((first * Math.PI) / 180)]
      const [x, y] = [second ?? 0, third]
      matrix = multiply(matrix, cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y)
    }
  }
  return matrix
}

/** The matrix after a move. */
export const moved = ({ a, b, c, d, e, f, scale }: Matrix, dx: number, dy: number): Matrix => ({
  a,
  b,
  c,
  d,
  e: a * dx + c * dy + e,
  f: b * dx + d * dy + f,
  scale
})

function multiply(m: Matrix, a: number, b: number, c: number, d: number, e: number, f: number): Matrix {
  const x = m.a * a + m.c * b
  const y = m.b * a + m.d * b
  return {
    a: x,
    b: y,
    c: m.a * c + m.c * d,
    d: m.b * c + m.d * d,
    e: m.a * e + m.c * f + m.e,
    f: m.b * e + m.d * f + m.f,
    scale: Math.hypot(x, y)
  }
}
