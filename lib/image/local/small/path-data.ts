// Reads and writes the text of SVG paths.

/** The lowest and the highest positions of something. */
export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

/** A path as letters and numbers apart, all positions absolute. */
export interface Path {
  /** A letter for each command: M, L, Q, C, A or Z. */
  kinds: string
  /** The numbers of all commands: as many for each as `COUNTS` says. The last two are the position of its end. */
  numbers: number[]
  /** Its box, as soon as `plainBoxOf` has measured it. */
  box?: Box
}

/** The codes of the commands of a path. */
export const [M, L, Q, C, A, Z] = [77, 76, 81, 67, 65, 90] as const
/** How many numbers a command has, by its code. */
export const COUNTS = new Uint8Array(128)
for (const [code, count] of [
  [M, 2],
  [L, 2],
  [Q, 4],
  [C, 6],
  [A, 7]
] as const) {
  COUNTS[code] = count
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

/** Numbers of the path that is read. An array that grows takes more memory than all that is in it. */
const read: number[] = []

function parsePath(d: string): Path {
  const reader = createReader(d)
  let count = 0
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
    if (name === 'A') for (let left = 5; left > 0; left -= 1) read[count++] = reader.number()
    if (name === 'T') {
      read[count++] = 2 * x - controlX
      read[count++] = 2 * y - controlY
    }
    const dx = isRelative ? x : 0
    const dy = isRelative ? y : 0
    const positions = name === 'C' ? 3 : name === 'Q' ? 2 : 1
    const first = count
    let endX = x
    let endY = y
    for (let left = positions; left > 0; left -= 1) {
      if (name !== 'V') endX = reader.number() + dx
      if (name !== 'H') endY = reader.number() + dy
      read[count++] = endX
      read[count++] = endY
    }
    const isQuadratic = name === 'Q' || name === 'T'
    controlX = name === 'T' ? 2 * x - controlX : isQuadratic ? read[first]! : endX
    controlY = name === 'T' ? 2 * y - controlY : isQuadratic ? read[first + 1]! : endY
    x = endX
    y = endY
    if (name === 'M') {
      startX = x
      startY = y
    }
    kinds += name === 'H' || name === 'V' ? 'L' : name === 'T' ? 'Q' : name
  }
  return { kinds, numbers: read.slice(0, count) }
}

/** The shortest text of a path whose numbers are whole. */
export function writePath({ kinds, numbers }: Path): string {
  let text = ''
  let last = 0
  let x = 0
  let y = 0
  let startX = 0
  let startY = 0
  let first = 0
  for (let index = 0; index < kinds.length; index += 1) {
    const kind = kinds.charCodeAt(index)
    if (kind === Z) {
      if (last !== Z) text += 'z'
      last = Z
      x = startX
      y = startY
      continue
    }
    const end = first + COUNTS[kind]!
    const endX = numbers[end - 2]!
    const endY = numbers[end - 1]!
    if (kind === M) {
      text += `M${endX}${separated(endY)}`
      // Positions after those of a move would be read as absolute lines.
      last = 0
      startX = endX
      startY = endY
    } else if (kind === L && (endX === x || endY === y)) {
      const isFlat = endY === y
      const length = isFlat ? endX - x : endY - y
      const letter = isFlat ? H : V
      text += letter === last ? separated(length) : (isFlat ? 'h' : 'v') + String(length)
      last = letter
    } else {
      const positions = kind === A ? end - 2 : first
      if (kind === last) text += separated(numbers[first]! - (first < positions ? 0 : x))
      else text += LETTERS[kind]! + String(numbers[first]! - (first < positions ? 0 : x))
      for (let at = first + 1; at < end; at += 1) {
        text += separated(numbers[at]! - (at < positions ? 0 : (at - positions) % 2 === 0 ? x : y))
      }
      last = kind
    }
    x = endX
    y = endY
    first = end
  }
  return text
}

const [H, V] = [72, 86] as const
/** The letters of relative commands, by the codes of the absolute ones. */
const LETTERS: Readonly<Record<number, string>> = { [L]: 'l', [Q]: 'q', [C]: 'c', [A]: 'a' }

/** The texts of whole numbers behind another one, from -`KEPT_WHOLES` on. */
const KEPT_WHOLES = 2048
const wholeTexts = Array.from({ length: 2 * KEPT_WHOLES + 1 }, (_, index) => behind(index - KEPT_WHOLES))

function behind(number: number): string {
  return number < 0 ? String(number) : ` ${number}`
}

/** A number behind another one. */
const separated = (number: number): string => wholeTexts[number + KEPT_WHOLES] ?? behind(number)
