// Reads and writes the text of SVG paths.

/** A path as letters and numbers apart, all positions absolute. */
export interface Path {
  /** A letter for each command: M, L, Q, C, A or Z. */
  kinds: string
  /** The numbers of all commands: as many for each as `COUNTS` says. The last two are the position of its end. */
  numbers: number[]
}

export const COUNTS: Readonly<Record<string, number>> = {
  M: 2,
  L: 2,
  H: 1,
  V: 1,
  Q: 4,
  T: 2,
  C: 6,
  A: 7,
  Z: 0
}

const [DOT, MINUS, ZERO, NINE] = [46, 45, 48, 57] as const
const SMALL_LETTER = 97
/** A number with more digits is not exact as a whole number divided by a power of ten. */
const EXACT_DIGITS = 15
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, index) => 10 ** index)

// The functions below run for thousands of numbers in each drawing, so they create no arrays on the way.

/** Reads the numbers of a text one after the other. */
function createReader(text: string) {
  let at = 0
  const reader = {
    /** The next letter; empty if a number or the end comes next. */
    letter(): string {
      while (at < text.length) {
        const code = text.charCodeAt(at)
        if (code === MINUS || code === DOT || (code >= ZERO && code <= NINE)) return ''
        at += 1
        if (code > NINE) return text[at - 1]!
      }
      return ''
    },
    isAtEnd: () => at >= text.length,
    number(): number {
      let code = text.charCodeAt(at)
      while (code !== MINUS && code !== DOT && (code < ZERO || code > NINE)) code = text.charCodeAt(++at)
      const start = at
      const isNegative = code === MINUS
      if (isNegative) at += 1
      let whole = 0
      let digits = 0
      let decimals = -1
      for (; at < text.length; at += 1) {
        code = text.charCodeAt(at)
        if (code >= ZERO && code <= NINE) {
          whole = whole * 10 + code - ZERO
          digits += 1
          if (decimals >= 0) decimals += 1
        } else if (code === DOT && decimals < 0) decimals = 0
        else break
      }
      if (digits > EXACT_DIGITS) return Number(text.slice(start, at))
      const size = decimals > 0 ? whole / POWERS[decimals]! : whole
      return isNegative ? -size : size
    }
  }
  return reader
}

/**
 * Paths by their texts. Many texts are the same in all pictures. When there are too many, all are forgotten: a cache
 * that keeps the last used ones takes as long as to read the paths.
 */
const paths = new Map<string, Path>()
const PATHS_MAX = 3000

/** Reads a path. `H` and `V` are read as `L`, and `T` as `Q`. The result is shared: nobody may change it. */
export function readPath(d: string): Path {
  const known = paths.get(d)
  if (known !== undefined) return known
  const path = parsePath(d)
  if (paths.size === PATHS_MAX) paths.clear()
  paths.set(d, path)
  return path
}

function parsePath(d: string): Path {
  const reader = createReader(d)
  const numbers: number[] = []
  let kinds = ''
  let x = 0
  let y = 0
  let startX = 0
  let startY = 0
  /** The control point that `T` mirrors. */
  let controlX = 0
  let controlY = 0
  let letter = ''
  for (;;) {
    const next = reader.letter()
    if (next !== '') letter = next
    else if (reader.isAtEnd()) break
    else if (letter === 'M') letter = 'L'
    else if (letter === 'm') letter = 'l'
    const isRelative = letter.charCodeAt(0) >= SMALL_LETTER
    const name = isRelative ? letter.toUpperCase() : letter
    if (name === 'Z') {
      kinds += 'Z'
      x = startX
      y = startY
      continue
    }
    if (name === 'A') for (let left = 5; left > 0; left -= 1) numbers.push(reader.number())
    if (name === 'T') numbers.push(2 * x - controlX, 2 * y - controlY)
    const dx = isRelative ? x : 0
    const dy = isRelative ? y : 0
    const positions = name === 'C' ? 3 : name === 'Q' ? 2 : 1
    const first = numbers.length
    let endX = x
    let endY = y
    for (let left = positions; left > 0; left -= 1) {
      if (name !== 'V') endX = reader.number() + dx
      if (name !== 'H') endY = reader.number() + dy
      numbers.push(endX, endY)
    }
    const isQuadratic = name === 'Q' || name === 'T'
    controlX = name === 'T' ? 2 * x - controlX : isQuadratic ? numbers[first]! : endX
    controlY = name === 'T' ? 2 * y - controlY : isQuadratic ? numbers[first + 1]! : endY
    x = endX
    y = endY
    if (name === 'M') {
      startX = x
      startY = y
    }
    kinds += name === 'H' || name === 'V' ? 'L' : name === 'T' ? 'Q' : name
  }
  return { kinds, numbers }
}

/** The shortest text of a path whose numbers are whole. */
export function writePath({ kinds, numbers }: Path): string {
  let text = ''
  let last = ''
  let x = 0
  let y = 0
  let startX = 0
  let startY = 0
  let first = 0
  for (let index = 0; index < kinds.length; index += 1) {
    const kind = kinds[index]!
    if (kind === 'Z') {
      if (last !== 'z') text += 'z'
      last = 'z'
      x = startX
      y = startY
      continue
    }
    const end = first + COUNTS[kind]!
    const endX = numbers[end - 2]!
    const endY = numbers[end - 1]!
    if (kind === 'M') {
      text += `M${endX}${separated(endY)}`
      // Positions after those of a move would be read as absolute lines.
      last = ''
      startX = endX
      startY = endY
    } else if (kind === 'L' && (endX === x || endY === y)) {
      const letter = endY === y ? 'h' : 'v'
      const length = endY === y ? endX - x : endY - y
      text += letter === last ? separated(length) : letter + length
      last = letter
    } else {
      const letter = kind.toLowerCase()
      const positions = kind === 'A' ? end - 2 : first
      let part = ''
      for (let at = first; at < end; at += 1) {
        const origin = at < positions ? 0 : (at - positions) % 2 === 0 ? x : y
        part += separated(numbers[at]! - origin)
      }
      if (letter === last) text += part
      else text += letter + (part.startsWith(' ') ? part.slice(1) : part)
      last = letter
    }
    x = endX
    y = endY
    first = end
  }
  return text
}

/** A number behind another one. */
const separated = (number: number): string => (number < 0 ? String(number) : ` ${number}`)
